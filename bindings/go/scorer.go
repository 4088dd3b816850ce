package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"encoding/json"
	"sync"
	"unsafe"
)

// Scorer is the hot path: one goroutine's scratch for scoring one model, which it keeps alive. Open it once, then score row
// after row; another goroutine opens another. A call that is warm allocates nothing in C.
type Scorer struct {
	h      handle
	mu     sync.Mutex // a C scorer is for one thread at a time
	shared int
	row    int
	wire   encoder
}

// ScorerOptions are what OpenScorer may be told; nil is fine.
type ScorerOptions struct {
	Output      string `json:"output,omitempty"`       // score or logit
	MaxRows     int    `json:"max_rows,omitempty"`     // of one block, whose memory is taken now
	ExcludeSeen *bool  `json:"exclude_seen,omitempty"` // of Top; by default in rankings of the catalogue
}

// OpenScorer opens a scorer. The cells of the shared columns, typically the user's, are given once a call; those of the row
// columns for each row. Fails with NotFound (a column that is none of the model's; the error has the nearest).
func (m *Model) OpenScorer(shared, row []string, options *ScorerOptions) (*Scorer, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	text, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(text)
	// Pointers to names must lie in C's memory, and so must the array of them.
	names := (**C.char)(nil)
	if n := len(shared) + len(row); n > 0 {
		if names, err = cstringArray(append(append([]string(nil), shared...), row...)); err != nil {
			return nil, err
		}
		defer freeArray(names, n)
	}
	var made *C.interplay_scorer
	var e *C.interplay_error
	if err := check(C.interplay_scorer_open(c, names, C.uint32_t(len(shared)), C.uint32_t(len(row)), text, &made, &e), &e); err != nil {
		return nil, err
	}
	scorer := &Scorer{shared: len(shared), row: len(row)}
	return own(scorer, &scorer.h, unsafe.Pointer(made), "scorer", func(p unsafe.Pointer) {
		C.interplay_scorer_free((*C.interplay_scorer)(p))
	}), nil
}

// Close frees the scorer. It never fails.
func (s *Scorer) Close() error {
	s.h.close()
	return nil
}

func (s *Scorer) enter() (*C.interplay_scorer, error) {
	p, err := s.h.enter()
	if err == nil {
		s.mu.Lock()
	}
	return (*C.interplay_scorer)(p), err
}

func (s *Scorer) leave() {
	s.mu.Unlock()
	s.h.leave()
}

// Score scores rows: the numbers are those of [Model.Predict] for the same rows.
//
// Fails with BadData, naming column and row, when a cell is of another type. The scorer can be used on.
func (s *Scorer) Score(shared []Cell, rows ...[]Cell) ([]float32, error) {
	cells, err := s.flat(rows)
	if err != nil {
		return nil, err
	}
	scores := make([]float32, len(rows))
	return scores, s.ScoreInto(scores, shared, cells)
}

// ScoreInto scores len(scores) rows whose cells lie row by row in one slice, without an allocation for scores or rows.
func (s *Scorer) ScoreInto(scores []float32, shared, rows []Cell) error {
	c, err := s.enter()
	if err != nil {
		return err
	}
	defer s.leave()
	if err := s.load(shared, rows, len(scores)); err != nil {
		return err
	}
	var e *C.interplay_error
	common, cells, heap, size := s.wire.pointers(s.shared)
	return check(C.interplay_scorer_score(c, common, cells, C.size_t(len(scores)), heap, size,
		(*C.float)(first(scores)), &e), &e)
}

// Ranked is a row and its score.
type Ranked struct {
	Index int64 // the row's number; of the catalogue, see [Scorer.Item]
	Score float32
}

// TopItems gives the k best items of the catalogue, best first, for the shared cells, which must have the user's.
func (s *Scorer) TopItems(shared []Cell, k int) ([]Ranked, error) { return s.top(shared, nil, 0, k) }

// TopRows gives the k best of the rows, best first.
func (s *Scorer) TopRows(shared []Cell, rows [][]Cell, k int) ([]Ranked, error) {
	cells, err := s.flat(rows)
	if err != nil {
		return nil, err
	}
	return s.top(shared, cells, len(rows), k)
}

func (s *Scorer) top(shared, rows []Cell, n, k int) ([]Ranked, error) {
	c, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer s.leave()
	if err := s.load(shared, rows, n); err != nil {
		return nil, err
	}
	common, among, heap, size := s.wire.pointers(s.shared)
	if rows != nil && among == nil {
		among = &C.interplay_cell{} // none of the rows' cells: C takes nil for the catalogue
	}
	index, scores, err := ranked(k, func(index []int64, scores []float32) (int, error) {
		var found C.size_t
		var e *C.interplay_error
		err := check(C.interplay_scorer_top(c, common, among, C.size_t(n), heap, size, C.size_t(len(index)), (*C.int64_t)(first(index)),
			(*C.float)(first(scores)), &found, &e), &e)
		return int(found), err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Ranked, len(index))
	for i := range out {
		out[i] = Ranked{index[i], scores[i]}
	}
	return out, nil
}

// Resolve looks a value up once, so that a hot loop need not: the cell that it gives stands for the value in this column, in
// any scorer of the same model. column counts the shared columns first.
func (s *Scorer) Resolve(column int, value Cell) (Cell, error) {
	c, err := s.enter()
	if err != nil {
		return Null, err
	}
	defer s.leave()
	s.wire.reset()
	s.wire.add([]Cell{value})
	var out C.interplay_cell
	var e *C.interplay_error
	cell, _, heap, size := s.wire.pointers(1)
	if err := check(C.interplay_scorer_resolve(c, C.uint32_t(column), cell, heap, size, &out, &e), &e); err != nil {
		return Null, err
	}
	if out._type != C.INTERPLAY_CELL_ID {
		return value, nil
	}
	return Cell{kind: CellID, size: uint32(out.size), bits: uint64(out.value)}, nil
}

// Item gives the item at an index of the catalogue: an int64 or a string.
func (s *Scorer) Item(index int64) (any, error) {
	c, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer s.leave()
	var item C.interplay_cell
	var text *C.char
	var e *C.interplay_error
	if err := check(C.interplay_scorer_item(c, C.int64_t(index), &item, &text, &e), &e); err != nil {
		return nil, err
	}
	if item._type == C.INTERPLAY_CELL_STRING {
		return C.GoStringN(text, C.int(item.size)), nil
	}
	return int64(item.value), nil
}

// ScorerStats says how much was unknown: so a broken join shows.
type ScorerStats struct {
	Rows    int64            `json:"rows"`
	Unknown map[string]int64 `json:"unknown"` // rows, of each column
}

// Stats counts since the scorer was opened.
func (s *Scorer) Stats() (ScorerStats, error) {
	var stats ScorerStats
	c, err := s.enter()
	if err != nil {
		return stats, err
	}
	defer s.leave()
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_scorer_stats(c, &text, &e), &e); err != nil {
		return stats, err
	}
	err = json.Unmarshal(bytesOf(text), &stats)
	return stats, err
}
