package interplay

// #include <interplay/interplay.h>
import "C"

import "context"

// PredictPair scores one pair. An id that the model does not know scores through the unknown value.
func (m *Model) PredictPair(user, item int64) (float32, error) {
	c, err := m.enter()
	if err != nil {
		return 0, err
	}
	defer m.h.leave()
	u, i := C.int64_t(user), C.int64_t(item)
	var score C.float
	var e *C.interplay_error
	err = check(C.interplay_predict_pairs(c, 1, &u, &i, &score, &e), &e)
	return float32(score), err
}

// PredictPairs scores pairs on the calling thread: probabilities for a model of 0/1 labels, otherwise in the label's unit.
func (m *Model) PredictPairs(users, items []int64) ([]float32, error) {
	if len(users) != len(items) {
		return nil, failed(BadData, "expected users and items of one length, found %d and %d", len(users), len(items))
	}
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	scores := make([]float32, len(users))
	var e *C.interplay_error
	err = check(C.interplay_predict_pairs(c, C.size_t(len(users)), (*C.int64_t)(first(users)), (*C.int64_t)(first(items)),
		(*C.float)(first(scores)), &e), &e)
	if err != nil {
		return nil, err
	}
	return scores, nil
}

// Recommendation is an item and its score.
type Recommendation struct {
	Item  int64
	Score float32
}

// RecommendUser gives the k best items of the catalogue that the user has not seen, best first; fewer where there are no more. A k
// below 1 is InvalidArgument.
func (m *Model) RecommendUser(user int64, k int) ([]Recommendation, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	items, scores, err := ranked(k, func(items []int64, scores []float32) (int, error) {
		var n C.size_t
		var e *C.interplay_error
		err := check(C.interplay_recommend_user(c, C.int64_t(user), C.size_t(len(items)), (*C.int64_t)(first(items)),
			(*C.float)(first(scores)), &n, &e), &e)
		return int(n), err
	})
	if err != nil {
		return nil, err
	}
	best := make([]Recommendation, len(items))
	for i := range best {
		best[i] = Recommendation{items[i], scores[i]}
	}
	return best, nil
}

// PredictOptions are what Predict may be told; nil is fine.
type PredictOptions struct {
	Threads int    `json:"threads,omitempty"` // 1 by default
	Output  string `json:"output,omitempty"`  // score or logit
}

// Predict scores the rows of a table, with columns under the schema's names. What a row does not bring comes from the
// catalogue. Fails with BadData when an id or value has another type than in training.
func (m *Model) Predict(rows *Table, options *PredictOptions) ([]float32, error) {
	output := "score"
	if options != nil && options.Output != "" {
		output = options.Output
	}
	out, err := m.predict(rows, options)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	return Values[float32](out, output)
}

func (m *Model) predict(rows *Table, options any) (*Table, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	t, err := rows.h.enter()
	if err != nil {
		return nil, err
	}
	defer rows.h.leave()
	text, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_table
	var e *C.interplay_error
	if err := check(C.interplay_model_predict(c, (*C.interplay_table)(t), text, &made, &e), &e); err != nil {
		return nil, err
	}
	return ownTable(made), nil
}

// RecommendOptions are what Recommend may be told; nil is fine. A zero is the library's default, as in all options: a K of 0 is 10,
// where [Model.RecommendUser] refuses a k of 0.
type RecommendOptions struct {
	K           int    `json:"k,omitempty"`            // 0: 10
	ExcludeSeen *bool  `json:"exclude_seen,omitempty"` // true by default; Of(false) for all items
	Exclude     string `json:"exclude,omitempty"`      // a list column of users with item ids
	Threads     int    `json:"threads,omitempty"`      // 1 by default
	Candidates  *Table `json:"-"`                      // nil: the catalogue; otherwise the item column, and any of its features
}

// Recommend gives the best items of many users, one row a request: the columns "row" (int64, the row of users), the item
// column, "score" (float32) and "rank" (int32, from 1), grouped by row, best first.
func (m *Model) Recommend(ctx context.Context, users *Table, options *RecommendOptions) (*Table, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	t, err := users.h.enter()
	if err != nil {
		return nil, err
	}
	defer users.h.leave()
	var among *C.interplay_table
	if options != nil && options.Candidates != nil {
		p, err := options.Candidates.h.enter()
		if err != nil {
			return nil, err
		}
		defer options.Candidates.h.leave()
		among = (*C.interplay_table)(p)
	}
	text, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_table
	err = watched(ctx, func(monitor *C.interplay_monitor) error {
		var e *C.interplay_error
		return check(C.interplay_model_recommend(c, (*C.interplay_table)(t), among, text, monitor, &made, &e), &e)
	})
	if err != nil {
		return nil, err
	}
	return ownTable(made), nil
}
