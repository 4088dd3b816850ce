package interplay

// #include <interplay/interplay.h>
// #include <stdlib.h>
import "C"

import (
	"math"
	"unsafe"
)

// CellKind is that of a cell.
type CellKind int32

// The kinds of cells.
const (
	CellNull    CellKind = C.INTERPLAY_CELL_NULL
	CellInt64   CellKind = C.INTERPLAY_CELL_INT64
	CellFloat64 CellKind = C.INTERPLAY_CELL_FLOAT64
	CellString  CellKind = C.INTERPLAY_CELL_STRING
	CellList    CellKind = C.INTERPLAY_CELL_LIST
	CellID      CellKind = C.INTERPLAY_CELL_ID // what Scorer.Resolve gives
)

var cellNames = map[CellKind]string{CellNull: "NULL", CellInt64: "INT64", CellFloat64: "FLOAT64", CellString: "STRING",
	CellList: "LIST", CellID: "ID"}

// String is the name in the C header.
func (k CellKind) String() string { return cellNames[k] }

// Cell is one value for a [Scorer]. The zero value is Null.
type Cell struct {
	kind CellKind
	size uint32
	bits uint64
	text string
	list []Cell
}

// Null is a missing value.
var Null = Cell{}

// Int is an id or a category.
func Int(value int64) Cell { return Cell{kind: CellInt64, bits: uint64(value)} }

// Float is a number.
func Float(value float64) Cell { return Cell{kind: CellFloat64, bits: math.Float64bits(value)} }

// Text is an id or a category, in UTF-8.
func Text(value string) Cell { return Cell{kind: CellString, text: value} }

// List is the values of a list or history.
func List(values ...Cell) Cell { return Cell{kind: CellList, list: values} }

// Kind is that of the cell.
func (c Cell) Kind() CellKind { return c.kind }

// encoder makes the cells of one call as C has them: no pointers, strings and lists in one heap. It keeps its memory.
type encoder struct {
	cells []C.interplay_cell
	heap  []byte
}

const cellSize = int(unsafe.Sizeof(C.interplay_cell{}))

func (w *encoder) reset() { w.cells, w.heap = w.cells[:0], w.heap[:0] }

func (w *encoder) add(cells []Cell) {
	for i := range cells {
		w.cells = append(w.cells, w.encoded(&cells[i]))
	}
}

func (w *encoder) encoded(c *Cell) C.interplay_cell {
	out := C.interplay_cell{_type: C.int32_t(c.kind), size: C.uint32_t(c.size), value: C.uint64_t(c.bits)}
	switch c.kind {
	case CellString:
		out.size, out.value = C.uint32_t(len(c.text)), C.uint64_t(len(w.heap))
		w.heap = append(w.heap, c.text...)
	case CellList:
		for len(w.heap)%8 != 0 {
			w.heap = append(w.heap, 0)
		}
		begin := len(w.heap)
		w.heap = append(w.heap, make([]byte, cellSize*len(c.list))...)
		for i := range c.list {
			inner := w.encoded(&c.list[i]) // may move the heap
			copy(w.heap[begin+i*cellSize:], unsafe.Slice((*byte)(unsafe.Pointer(&inner)), cellSize))
		}
		out.size, out.value = C.uint32_t(len(c.list)), C.uint64_t(begin)
	}
	return out
}

// pointers are those to the first n cells, to the others, and to the heap; nil for none.
func (w *encoder) pointers(n int) (shared, rows *C.interplay_cell, heap unsafe.Pointer, size C.size_t) {
	return (*C.interplay_cell)(first(w.cells[:n])), (*C.interplay_cell)(first(w.cells[n:])), first(w.heap), C.size_t(len(w.heap))
}

// flat lays the cells of rows one behind the other.
func (s *Scorer) flat(rows [][]Cell) ([]Cell, error) {
	cells := make([]Cell, 0, len(rows)*s.row)
	for i, row := range rows {
		if len(row) != s.row {
			return nil, failed(BadData, "expected %d cells a row, as columns were opened, found %d in row %d", s.row, len(row), i)
		}
		cells = append(cells, row...)
	}
	return cells, nil
}

// load encodes the cells of one call, shared ones first. C takes their number for granted, so it is looked at here.
func (s *Scorer) load(shared, rows []Cell, n int) error {
	if len(shared) != s.shared || len(rows) != n*s.row {
		return failed(BadData, "expected %d shared cells and %d rows of %d cells, found %d and %d cells", s.shared, n, s.row,
			len(shared), len(rows))
	}
	s.wire.reset()
	s.wire.add(shared)
	s.wire.add(rows)
	return nil
}

// cstringArray is an array of names, and the names, in C's memory, for freeArray. A name with a NUL is refused, as by cstring.
func cstringArray(names []string) (**C.char, error) {
	array := (**C.char)(C.malloc(C.size_t(len(names)) * C.size_t(unsafe.Sizeof(uintptr(0)))))
	for i, name := range names {
		text, err := cstring(name)
		if err != nil {
			freeArray(array, i)
			return nil, err
		}
		unsafe.Slice(array, len(names))[i] = text
	}
	return array, nil
}

func freeArray(array **C.char, n int) {
	for _, name := range unsafe.Slice(array, n) {
		free(name)
	}
	C.free(unsafe.Pointer(array))
}
