package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"context"
	"unsafe"
)

// Model is what an engine has learned, or is to learn. It never changes: Fit and Update give a new one.
type Model struct{ h handle }

func ownModel(made *C.interplay_model) *Model {
	model := &Model{}
	return own(model, &model.h, unsafe.Pointer(made), "model", func(p unsafe.Pointer) {
		C.interplay_model_free((*C.interplay_model)(p))
	})
}

// model is what every call that makes a model ends with.
func madeModel(made *C.interplay_model, err error) (*Model, error) {
	if err != nil {
		return nil, err
	}
	return ownModel(made), nil
}

func (m *Model) enter() (*C.interplay_model, error) {
	p, err := m.h.enter()
	return (*C.interplay_model)(p), err
}

// Close frees the model. It never fails.
func (m *Model) Close() error {
	m.h.close()
	return nil
}

// Clone gives one more reference to the same model, to be closed on its own.
func (m *Model) Clone() (*Model, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	return ownModel(C.interplay_model_retain(c)), nil
}

// Create makes a model that has learned nothing yet. Fails with NotFound (the engine) and InvalidArgument (a parameter, named).
func Create(params Params) (*Model, error) {
	name, values, err := arguments(params)
	if err != nil {
		return nil, err
	}
	defer free(name)
	defer free(values)
	var made *C.interplay_model
	var e *C.interplay_error
	err = check(C.interplay_model_create(name, values, &made, &e), &e)
	return madeModel(made, err)
}

// FitPairs creates and fits in one call. Where labels is nil every pair is a positive one, and unseen items are drawn as
// negatives. The schema is Schema{User: "user_id", Item: "item_id", Label: "rating"}. To watch or cancel, use [Fit].
func FitPairs(params Params, users, items []int64, labels []float32) (*Model, error) {
	if len(items) != len(users) || labels != nil && len(labels) != len(users) {
		return nil, failed(BadData, "expected users, items and labels of one length, found %d, %d and %d", len(users), len(items),
			len(labels))
	}
	name, values, err := arguments(params)
	if err != nil {
		return nil, err
	}
	defer free(name)
	defer free(values)
	var made *C.interplay_model
	var e *C.interplay_error
	err = check(C.interplay_fit_pairs(name, values, C.size_t(len(users)), (*C.int64_t)(first(users)), (*C.int64_t)(first(items)),
		(*C.float)(first(labels)), &made, &e), &e)
	return madeModel(made, err)
}

// Fit creates a model and fits it: see [Model.Fit].
func Fit(ctx context.Context, params Params, train *Dataset, options *FitOptions) (*Model, error) {
	created, err := Create(params)
	if err != nil {
		return nil, err
	}
	defer created.Close()
	return created.Fit(ctx, train, options)
}

// FitOptions are what Fit may be told; nil is fine.
type FitOptions struct {
	Threads int      `json:"threads,omitempty"` // 0: what affinity and CPU quota allow. The result does not depend on it
	Valid   *Dataset `json:"-"`                 // nil: a share of train is held out at random
}

// Fit learns from a sealed dataset and gives what was learned as a new model; m stays as it is, also when the call fails. A
// fitted m goes on learning. The end of ctx stops it within a moment: the error is Cancelled and what ctx.Err says.
func (m *Model) Fit(ctx context.Context, train *Dataset, options *FitOptions) (*Model, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	data, err := train.enter()
	if err != nil {
		return nil, err
	}
	defer train.h.leave()
	var valid *C.interplay_dataset
	if options != nil && options.Valid != nil {
		if valid, err = options.Valid.enter(); err != nil {
			return nil, err
		}
		defer options.Valid.h.leave()
	}
	text, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_model
	err = watched(ctx, func(monitor *C.interplay_monitor) error {
		var e *C.interplay_error
		return check(C.interplay_model_fit(c, data, valid, text, monitor, nil, &made, &e), &e)
	})
	return madeModel(made, err)
}

// UpdateAction is what Update does with the rows.
type UpdateAction string

// The actions of Update.
const (
	Upsert  UpdateAction = "upsert"  // add or overwrite rows
	Replace UpdateAction = "replace" // the table becomes the whole part
	Remove  UpdateAction = "remove"  // needs only the id columns
)

// Update changes the catalogue and not the weights: a new model that shares every tensor with m. Parts: Users, Items, Seen.
func (m *Model) Update(part Part, table *Table, action UpdateAction) (*Model, error) {
	c, err := m.enter()
	if err != nil {
		return nil, err
	}
	defer m.h.leave()
	t, err := table.h.enter()
	if err != nil {
		return nil, err
	}
	defer table.h.leave()
	name, err := cstring(string(part))
	if err != nil {
		return nil, err
	}
	defer free(name)
	text, err := document(map[string]UpdateAction{"action": action})
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_model
	var e *C.interplay_error
	err = check(C.interplay_model_update(c, name, (*C.interplay_table)(t), text, &made, &e), &e)
	return madeModel(made, err)
}
