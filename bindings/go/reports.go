package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"context"
	"encoding/json"
)

// EvaluateOptions are what Evaluate may be told; nil is fine.
type EvaluateOptions struct {
	K        int      `json:"k,omitempty"`        // also hr, ndcg, recall, mrr and coverage at k
	Relevant *float64 `json:"relevant,omitempty"` // the label from which on a row is relevant
	Threads  int      `json:"threads,omitempty"`
}

// Report is metrics. What is not defined for the data has no entry.
type Report struct {
	Rows      int64            `json:"rows"`
	Metrics   Metrics          `json:"metrics"`   // rmse, mae, calibration_error, auc, hr@10, ...
	Baselines Metrics          `json:"baselines"` // what global_mean and biases, learned from the training rows, reach
	Unknown   map[string]int64 `json:"unknown"`   // rows with an unknown value, of each column
	JSON      json.RawMessage  `json:"-"`         // all of it, as it came
}

// Metrics are numbers by their names.
type Metrics map[string]float64

// UnmarshalJSON leaves out what is null: a zero would be a claim.
func (m *Metrics) UnmarshalJSON(text []byte) error {
	var given map[string]*float64
	if err := json.Unmarshal(text, &given); err != nil {
		return err
	}
	*m = Metrics{}
	for name, value := range given {
		if value != nil {
			(*m)[name] = *value
		}
	}
	return nil
}

// Evaluate measures the model on a sealed dataset.
func (m *Model) Evaluate(ctx context.Context, dataset *Dataset, options *EvaluateOptions) (*Report, error) {
	d, err := dataset.enter()
	if err != nil {
		return nil, err
	}
	defer dataset.h.leave()
	text, err := m.report(ctx, options, func(c *C.interplay_model, options *C.char, monitor *C.interplay_monitor,
		out **C.interplay_text, e **C.interplay_error) C.interplay_status {
		return C.interplay_model_evaluate(c, d, options, monitor, out, e)
	})
	if err != nil {
		return nil, err
	}
	report := &Report{JSON: text}
	return report, read(text, report)
}

// ExplainOptions are what Explain may be told; nil is fine.
type ExplainOptions struct {
	What    []string `json:"what,omitempty"` // attention, fields, pairs
	PerRow  bool     `json:"per_row,omitempty"`
	Top     int      `json:"top,omitempty"`     // of the pairs
	Replace string   `json:"replace,omitempty"` // unknown or shuffle: what a field that is left out has instead
	Threads int      `json:"threads,omitempty"`
}

// Explanation is what made the scores of some rows. What was not asked for is empty.
type Explanation struct {
	Rows   int64    `json:"rows"`
	Score  float64  `json:"score"` // the mean
	Logit  *float64 `json:"logit"` // the mean; nil where the engine has none
	Fields []struct {
		Name string `json:"name"`
		Of   string `json:"of"` // user, item or context
	} `json:"fields"`
	Attention *struct {
		Layers int             `json:"layers"`
		Heads  int             `json:"heads"`
		Mean   [][][][]float64 `json:"mean"` // [layer][head][field][attended field]; the last sums to 1
	} `json:"attention"`
	Contributions []struct {
		Field   string  `json:"field"`
		MeanAbs float64 `json:"mean_abs"`
		Mean    float64 `json:"mean"` // the row's logit less that with the field left out
	} `json:"contributions"`
	Pairs []struct {
		Fields   [2]string `json:"fields"`
		Strength float64   `json:"strength"`
		Mean     float64   `json:"mean"`
	} `json:"pairs"`
	PerRow []struct {
		Score         float64         `json:"score"`
		Logit         *float64        `json:"logit"`
		Contributions []float64       `json:"contributions"`
		Attention     [][][][]float64 `json:"attention"`
	} `json:"per_row"`
	JSON json.RawMessage `json:"-"` // all of it, as it came
}

// Explain says what made the scores of the rows. Fails with Unsupported when attention is asked for and the engine has none.
func (m *Model) Explain(ctx context.Context, rows *Table, options *ExplainOptions) (*Explanation, error) {
	t, err := rows.h.enter()
	if err != nil {
		return nil, err
	}
	defer rows.h.leave()
	text, err := m.report(ctx, options, func(c *C.interplay_model, options *C.char, monitor *C.interplay_monitor,
		out **C.interplay_text, e **C.interplay_error) C.interplay_status {
		return C.interplay_model_explain(c, (*C.interplay_table)(t), options, monitor, out, e)
	})
	if err != nil {
		return nil, err
	}
	explanation := &Explanation{JSON: text}
	return explanation, read(text, explanation)
}

// report is a watched call that gives a document.
func (m *Model) report(ctx context.Context, options any, call func(*C.interplay_model, *C.char, *C.interplay_monitor,
	**C.interplay_text, **C.interplay_error) C.interplay_status) ([]byte, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	given, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(given)
	var text *C.interplay_text
	err = watched(ctx, func(monitor *C.interplay_monitor) error {
		var e *C.interplay_error
		return check(call(c, given, monitor, &text, &e), &e)
	})
	if err != nil {
		return nil, err
	}
	return bytesOf(text), nil
}

// ModelInfo is what a model says of itself.
type ModelInfo struct {
	ID     string  `json:"id"`     // a hash of the content
	Parent *string `json:"parent"` // of the model that it came from
	Fitted bool    `json:"fitted"`
	Engine struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"engine"`
	Parameters map[string]any  `json:"parameters"`
	Warnings   []any           `json:"warnings"`
	JSON       json.RawMessage `json:"-"` // all of it: schema, fields, catalogue, training; the keys stand in interplay.h
}

// Info is what the model says of itself.
func (m *Model) Info() (*ModelInfo, error) {
	text, err := m.text(func(c *C.interplay_model, out **C.interplay_text, e **C.interplay_error) C.interplay_status {
		return C.interplay_model_info(c, out, e)
	})
	if err != nil {
		return nil, err
	}
	info := &ModelInfo{JSON: text}
	return info, read(text, info)
}

// text is a call that gives bytes.
func (m *Model) text(call func(*C.interplay_model, **C.interplay_text, **C.interplay_error) C.interplay_status) ([]byte, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(call(c, &text, &e), &e); err != nil {
		return nil, err
	}
	return bytesOf(text), nil
}
