package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"encoding/json"
	"sync"
	"unsafe"
)

// Part is where a table belongs.
type Part string

// The parts of a dataset, and of a model's catalogue.
const (
	Interactions Part = "interactions" // one row an event
	Users        Part = "users"        // one row a user, with the id column
	Items        Part = "items"        // one row an item, with the id column
	Seen         Part = "seen"         // pairs that a user has met; of [Model.Update] alone
)

// Schema names the columns that have a role; every other column is a feature. What the keys mean stands at
// interplay_dataset_new in interplay.h.
type Schema struct {
	User      string           `json:"user,omitempty"`
	Item      string           `json:"item,omitempty"`
	Label     string           `json:"label,omitempty"` // none: every row is a positive one
	Weight    string           `json:"weight,omitempty"`
	Time      string           `json:"time,omitempty"`
	Group     string           `json:"group,omitempty"`
	Features  []string         `json:"features,omitempty"`
	Ignore    []string         `json:"ignore,omitempty"`
	Fields    map[string]Field `json:"fields,omitempty"`
	Histories any              `json:"histories,omitempty"` // true, or an object
}

// Field says how a column is read.
type Field struct {
	Kind        string `json:"kind,omitempty"` // category, categories or number
	MinCount    int    `json:"min_count,omitempty"`
	HashBuckets int    `json:"hash_buckets,omitempty"`
	Transform   any    `json:"transform,omitempty"` // none, standardise, log, log2, or {"buckets": 10}
	Unknown     string `json:"unknown,omitempty"`   // bucket, error or hash
	Weights     string `json:"weights,omitempty"`   // the column with the weights of a list
	Combiner    string `json:"combiner,omitempty"`  // mean, sum or sqrtn
}

// Dataset is interactions, and features of users and items. Append, then Seal; a sealed one may be shared.
type Dataset struct {
	h      handle
	mu     sync.Mutex // appending is for one goroutine at a time
	sealed bool       // under mu; it never goes back
}

// NewDataset makes an empty dataset. Fails with InvalidArgument, naming the key.
func NewDataset(schema Schema) (*Dataset, error) {
	text, err := document(schema)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_dataset
	var e *C.interplay_error
	if err := check(C.interplay_dataset_new(text, &made, &e), &e); err != nil {
		return nil, err
	}
	return ownDataset(made, false), nil
}

// NewSealedDataset makes a dataset of interactions, and of users and items where they are not nil, and seals it.
func NewSealedDataset(schema Schema, interactions, users, items *Table) (*Dataset, error) {
	dataset, err := NewDataset(schema)
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name  Part
		table *Table
	}{{Interactions, interactions}, {Users, users}, {Items, items}} {
		if part.table != nil && err == nil {
			err = dataset.Append(part.name, part.table)
		}
	}
	if err == nil {
		err = dataset.Seal()
	}
	if err != nil {
		dataset.Close()
		return nil, err
	}
	return dataset, nil
}

func ownDataset(made *C.interplay_dataset, sealed bool) *Dataset {
	dataset := &Dataset{sealed: sealed}
	return own(dataset, &dataset.h, unsafe.Pointer(made), "dataset", func(p unsafe.Pointer) {
		C.interplay_dataset_free((*C.interplay_dataset)(p))
	})
}

// Close frees the dataset. It never fails. Models that learned from it stay.
func (d *Dataset) Close() error {
	d.h.close()
	return nil
}

// with runs a call that changes the dataset.
func (d *Dataset) with(call func(*C.interplay_dataset) error) error {
	p, err := d.h.enter()
	if err != nil {
		return err
	}
	defer d.h.leave()
	d.mu.Lock()
	defer d.mu.Unlock()
	return call((*C.interplay_dataset)(p))
}

// enter gives a sealed dataset to a call that only reads it, as long as it likes, and h.leave must end. An unsealed one gets no
// further: the library knows by a flag without a lock, which another goroutine's Seal may be writing. A sealed one does not change.
func (d *Dataset) enter() (*C.interplay_dataset, error) {
	p, err := d.h.enter()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.sealed {
		d.h.leave()
		return nil, failed(InvalidState, "expected a sealed dataset, found one that may still grow; call Seal first")
	}
	return (*C.interplay_dataset)(p), nil
}

// Append copies a table behind a part, as often as there are chunks. On failure the dataset is as it was before.
//
// Fails with BadData (a column missing or of another type, a null id, a NaN label, a duplicate user or item), and with
// InvalidState after Seal.
func (d *Dataset) Append(part Part, table *Table) error {
	t, err := table.h.enter()
	if err != nil {
		return err
	}
	defer table.h.leave()
	name, err := cstring(string(part))
	if err != nil {
		return err
	}
	defer free(name)
	return d.with(func(c *C.interplay_dataset) error {
		var e *C.interplay_error
		return check(C.interplay_dataset_append(c, name, (*C.interplay_table)(t), &e), &e)
	})
}

// Seal ends appending: from here the dataset may be shared, fitted and split.
func (d *Dataset) Seal() error {
	return d.with(func(c *C.interplay_dataset) error {
		var e *C.interplay_error
		err := check(C.interplay_dataset_seal(c, &e), &e)
		d.sealed = d.sealed || err == nil
		return err
	})
}

// SplitOptions say how a dataset is divided.
type SplitOptions struct {
	Method   string   `json:"method,omitempty"`   // random, last (each user's last rows), time (the last rows of all) or users
	Fraction *float64 `json:"fraction,omitempty"` // the share of the second part
	Seed     *int64   `json:"seed,omitempty"`
}

// Split divides the interactions of a sealed dataset in two, to learn from the first and to measure on the second. Close both.
func (d *Dataset) Split(options *SplitOptions) (train, test *Dataset, err error) {
	c, err := d.enter()
	if err != nil {
		return nil, nil, err
	}
	defer d.h.leave()
	text, err := document(options)
	if err != nil {
		return nil, nil, err
	}
	defer free(text)
	var one, other *C.interplay_dataset
	var e *C.interplay_error
	if err := check(C.interplay_dataset_split(c, text, &one, &other, &e), &e); err != nil {
		return nil, nil, err
	}
	return ownDataset(one, true), ownDataset(other, true), nil
}

// Info describes the dataset: rows, users, items, label, fields, warnings. The keys stand in interplay.h.
func (d *Dataset) Info() (json.RawMessage, error) {
	var text *C.interplay_text
	err := d.with(func(c *C.interplay_dataset) error {
		var e *C.interplay_error
		return check(C.interplay_dataset_info(c, &text, &e), &e)
	})
	if err != nil {
		return nil, err
	}
	return bytesOf(text), nil
}
