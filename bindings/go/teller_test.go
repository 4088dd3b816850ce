package interplay_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"interplay.dev/interplay"
)

// step is one step of tests/scenario/scenario.json; its README says what the keys mean.
type step struct {
	Say, Call, Engine, Part, Path, Write, Name, Field, Progress, Type string
	Model, Dataset, Train, Valid, Monitor, Assembly, Scorer, Bytes    string
	Table, Candidates                                                 string
	As, Users, Items, Shared, Row, Rows, Values, Value                json.RawMessage
	Labels                                                            []float32
	Params                                                            map[string]any
	Schema, Options, Description                                      json.RawMessage
	User                                                              int64
	K, Column, Cut                                                    int
	Shape                                                             []int64
	Patch                                                             *struct{ Offset, Byte int }
	Expect                                                            []map[string]any
	Error                                                             *expectedError
}

type teller struct {
	tables map[string][]storyColumn
	folder string
	made   map[string]any
	ctx    context.Context
}

// tell does one step; its result as a value that JSON can hold.
func (t *teller) tell(s *step) (any, error) {
	if s.Write != "" {
		must(os.WriteFile(t.path(s), []byte(s.Write), 0o600))
	}
	call, known := calls[s.Call]
	if !known {
		return nil, errors.New("this teller does not know the call")
	}
	result, err := call(t, s)
	var name string
	var names []string
	if len(s.As) > 0 && json.Unmarshal(s.As, &name) == nil {
		t.made[name] = result
	} else if len(s.As) > 0 {
		must(json.Unmarshal(s.As, &names))
		for i, dataset := range result.([]*interplay.Dataset) {
			t.made[names[i]] = dataset
		}
	}
	return result, err
}

func (t *teller) path(s *step) string { return filepath.Join(t.folder, s.Path) }

func (t *teller) model(s *step) *interplay.Model { return t.made[s.Model].(*interplay.Model) }

func (t *teller) dataset(name string) *interplay.Dataset { return t.made[name].(*interplay.Dataset) }

func (t *teller) assembly(s *step) *interplay.Assembly {
	return t.made[s.Assembly].(*interplay.Assembly)
}

func (t *teller) scorer(s *step) *interplay.Scorer { return t.made[s.Scorer].(*interplay.Scorer) }

// table is a table of the story.
func (t *teller) table(name string) (*interplay.Table, error) {
	columns := make([]interplay.Column, len(t.tables[name]))
	for i, column := range t.tables[name] {
		columns[i] = column.made()
	}
	return interplay.NewTable(columns...)
}

// with calls with a table, and closes it.
func with[T any](t *teller, name string, call func(*interplay.Table) (T, error)) (T, error) {
	table, err := t.table(name)
	if err != nil {
		var none T
		return none, err
	}
	defer table.Close()
	return call(table)
}

// named is the table that the raw name names.
func named(raw json.RawMessage) string { return into[string](raw) }

// into reads options strictly: what the typed struct cannot say is an error of the package, or of the story.
func into[T any](raw json.RawMessage) T {
	var value T
	if len(raw) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		must(decoder.Decode(&value))
	}
	return value
}

var calls = map[string]func(*teller, *step) (any, error){
	"version":     func(*teller, *step) (any, error) { return interplay.Version(), nil },
	"engine_list": func(*teller, *step) (any, error) { return interplay.Engines() },
	"engine_info": func(_ *teller, s *step) (any, error) { return interplay.DescribeEngine(s.Engine) },
	"table_info": func(t *teller, s *step) (any, error) {
		return with(t, s.Table, (*interplay.Table).Info)
	},
	"fit_pairs": func(_ *teller, s *step) (any, error) {
		return interplay.FitPairs(interplay.Engine(s.Engine, s.Params), ints(s.Users), ints(s.Items), s.Labels)
	},
	"predict_pairs": func(t *teller, s *step) (any, error) {
		scores, err := t.model(s).PredictPairs(ints(s.Users), ints(s.Items))
		return map[string]any{"scores": scores}, err
	},
	"recommend_user": func(t *teller, s *step) (any, error) {
		items, scores := []int64{}, []float32{}
		best, err := t.model(s).RecommendUser(s.User, s.K)
		for _, one := range best {
			items, scores = append(items, one.Item), append(scores, one.Score)
		}
		return map[string]any{"items": items, "scores": scores}, err
	},
	"dataset_new": func(_ *teller, s *step) (any, error) { return interplay.NewDataset(into[interplay.Schema](s.Schema)) },
	"dataset_append": func(t *teller, s *step) (any, error) {
		return with(t, s.Table, func(table *interplay.Table) (any, error) {
			return nil, t.dataset(s.Dataset).Append(interplay.Part(s.Part), table)
		})
	},
	"dataset_seal": func(t *teller, s *step) (any, error) { return nil, t.dataset(s.Dataset).Seal() },
	"dataset_info": func(t *teller, s *step) (any, error) { return t.dataset(s.Dataset).Info() },
	"dataset_split": func(t *teller, s *step) (any, error) {
		one, other, err := t.dataset(s.Dataset).Split(into[*interplay.SplitOptions](s.Options))
		return []*interplay.Dataset{one, other}, err
	},
	"monitor_new": func(*teller, *step) (any, error) { return interplay.NewMonitor() },
	"monitor_read": func(t *teller, s *step) (any, error) {
		event, err := t.made[s.Monitor].(*interplay.Monitor).Read()
		if event == (interplay.Event{}) { // before the first event
			return map[string]any{}, err
		}
		return event, err
	},
	"monitor_cancel": func(t *teller, s *step) (any, error) { return nil, t.made[s.Monitor].(*interplay.Monitor).Cancel() },
	"model_create":   func(_ *teller, s *step) (any, error) { return interplay.Create(interplay.Engine(s.Engine, s.Params)) },
	"model_fit": func(t *teller, s *step) (any, error) {
		ctx, options := t.ctx, into[interplay.FitOptions](s.Options)
		if s.Valid != "" {
			options.Valid = t.dataset(s.Valid)
		}
		if s.Monitor != "" {
			ctx = interplay.WithMonitor(ctx, t.made[s.Monitor].(*interplay.Monitor))
		}
		if s.Progress == "stop" {
			ctx = interplay.WithProgress(ctx, func(interplay.Event) error { return errors.New("stop") })
		}
		return t.model(s).Fit(ctx, t.dataset(s.Train), &options)
	},
	"model_predict": func(t *teller, s *step) (any, error) {
		return with(t, named(s.Rows), func(rows *interplay.Table) (any, error) {
			if strings.Contains(string(s.Options), `"thread"`) { // misspelt on purpose
				return interplay.PredictWith(t.model(s), rows, s.Options)
			}
			options := into[interplay.PredictOptions](s.Options)
			scores, err := t.model(s).Predict(rows, &options)
			return map[string]any{map[string]string{"": "score"}[options.Output] + options.Output: scores}, err
		})
	},
	"model_recommend": func(t *teller, s *step) (any, error) {
		return with(t, named(s.Users), func(users *interplay.Table) (any, error) {
			options := into[interplay.RecommendOptions](s.Options)
			if s.Candidates != "" {
				var err error
				options.Candidates, err = t.table(s.Candidates)
				must(err)
			}
			out, err := t.model(s).Recommend(t.ctx, users, &options)
			if err != nil {
				return nil, err
			}
			return columnsOf(out), nil
		})
	},
	"model_evaluate": func(t *teller, s *step) (any, error) {
		return t.model(s).Evaluate(t.ctx, t.dataset(s.Dataset), into[*interplay.EvaluateOptions](s.Options))
	},
	"model_explain": func(t *teller, s *step) (any, error) {
		return with(t, named(s.Rows), func(rows *interplay.Table) (any, error) {
			return t.model(s).Explain(t.ctx, rows, into[*interplay.ExplainOptions](s.Options))
		})
	},
	"model_update": func(t *teller, s *step) (any, error) {
		return with(t, s.Table, func(table *interplay.Table) (any, error) {
			action := into[struct{ Action interplay.UpdateAction }](s.Options).Action
			if action == "" {
				action = interplay.Upsert
			}
			return t.model(s).Update(interplay.Part(s.Part), table, action)
		})
	},
	"model_info": func(t *teller, s *step) (any, error) {
		info, err := t.model(s).Info()
		return info.JSON, err
	},
	"model_save": func(t *teller, s *step) (any, error) {
		return nil, t.model(s).Save(t.path(s), into[*interplay.SaveOptions](s.Options))
	},
	"model_load": func(t *teller, s *step) (any, error) {
		return interplay.Load(t.path(s), into[*interplay.LoadOptions](s.Options))
	},
	"file_info":  func(t *teller, s *step) (any, error) { return interplay.FileInfo(t.path(s)) },
	"model_dump": func(t *teller, s *step) (any, error) { return t.model(s).MarshalBinary() },
	"model_parse": func(t *teller, s *step) (any, error) {
		data := append([]byte(nil), t.made[s.Bytes].([]byte)...)
		if s.Cut != 0 {
			data = data[:s.Cut]
		}
		if s.Patch != nil {
			data[s.Patch.Offset] = byte(s.Patch.Byte)
		}
		return interplay.Parse(data, nil)
	},
	"model_tensors": func(t *teller, s *step) (any, error) { return t.model(s).Tensors() },
	"model_tensor": func(t *teller, s *step) (any, error) {
		data, err := t.model(s).Tensor(s.Name)
		values := make([]float32, len(data)/4)
		must(binary.Read(bytes.NewReader(data), binary.LittleEndian, values))
		return map[string]any{"values": values}, err
	},
	"assembly_new": func(_ *teller, s *step) (any, error) {
		return interplay.NewAssembly(interplay.Engine(s.Engine, s.Params), into[interplay.Description](s.Description))
	},
	"assembly_add_values": func(t *teller, s *step) (any, error) {
		return with(t, s.Table, func(table *interplay.Table) (any, error) { return nil, t.assembly(s).AddValues(s.Field, table) })
	},
	"assembly_add_tensor": func(t *teller, s *step) (any, error) {
		return nil, t.assembly(s).AddTensor(s.Name, s.Shape, into[[]float32](s.Values))
	},
	"assembly_finish": func(t *teller, s *step) (any, error) { return t.assembly(s).Finish() },
	"scorer_open": func(t *teller, s *step) (any, error) {
		return t.model(s).OpenScorer(into[[]string](s.Shared), into[[]string](s.Row), into[*interplay.ScorerOptions](s.Options))
	},
	"scorer_score": func(t *teller, s *step) (any, error) {
		scores, err := t.scorer(s).Score(t.cells(s.Shared), t.rows(s.Rows)...)
		return map[string]any{"scores": scores}, err
	},
	"scorer_top": func(t *teller, s *step) (any, error) { return t.top(s) },
	"scorer_resolve": func(t *teller, s *step) (any, error) {
		return t.scorer(s).Resolve(s.Column, t.cell(s.Value))
	},
	"scorer_stats": func(t *teller, s *step) (any, error) { return t.scorer(s).Stats() },
}

func (t *teller) top(s *step) (any, error) {
	var best []interplay.Ranked
	var err error
	if s.Rows != nil {
		best, err = t.scorer(s).TopRows(t.cells(s.Shared), t.rows(s.Rows), s.K)
	} else {
		best, err = t.scorer(s).TopItems(t.cells(s.Shared), s.K)
	}
	index, scores, items := []int64{}, []float32{}, []any{}
	for _, one := range best {
		index, scores = append(index, one.Index), append(scores, one.Score)
		if s.Rows == nil {
			item, err := t.scorer(s).Item(one.Index)
			must(err)
			items = append(items, item)
		}
	}
	return map[string]any{"index": index, "scores": scores, "items": items}, err
}
