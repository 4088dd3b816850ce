package smoke

/*
#include <interplay/interplay.h>
*/
import "C"

import (
	"reflect"
	"unsafe"
)

// Table is an interplay_table.
type Table struct{ c *C.interplay_table }

func NewTable(rows int) (Table, error) {
	var t Table
	var e *C.interplay_error
	return t, check(C.interplay_table_new(C.int64_t(rows), &t.c, &e), e)
}

func (t Table) add(name string, kind C.int32_t, values unsafe.Pointer, n int,
	lists []int64, valid []byte) error {
	label := C.CString(name)
	defer free(label)
	var e *C.interplay_error
	return check(C.interplay_table_add(t.c, label, kind, values, C.int64_t(n), ints(lists),
		(*C.uint8_t)(first(valid)), &e), e)
}

// AddInts adds int64 values; lists and valid may be nil.
func (t Table) AddInts(name string, values, lists []int64, valid []byte) error {
	return t.add(name, C.INTERPLAY_INT64, unsafe.Pointer(first(values)), len(values), lists, valid)
}

func (t Table) AddFloats(name string, values []float32) error {
	return t.add(name, C.INTERPLAY_FLOAT32, unsafe.Pointer(first(values)), len(values), nil, nil)
}

// AddStrings joins the strings: a Go string is a pointer of its own, and an array of them must not go to C.
func (t Table) AddStrings(name string, values []string, lists []int64, valid []byte) error {
	bytes, offsets := []byte{}, make([]int64, 1, len(values)+1)
	for _, value := range values {
		bytes = append(bytes, value...)
		offsets = append(offsets, int64(len(bytes)))
	}
	return t.AddRawStrings(name, bytes, offsets, len(values), lists, valid)
}

// AddRawStrings passes on whatever it is given.
func (t Table) AddRawStrings(name string, bytes []byte, offsets []int64, n int,
	lists []int64, valid []byte) error {
	label := C.CString(name)
	defer free(label)
	var e *C.interplay_error
	return check(C.interplay_table_add_strings(t.c, label, (*C.char)(unsafe.Pointer(first(bytes))),
		C.int64_t(len(bytes)), ints(offsets), C.int64_t(n), ints(lists), (*C.uint8_t)(first(valid)), &e), e)
}

// Column is a copy of an interplay_column: it outlives the table.
type Column struct {
	Ints    []int64
	Ints32  []int32
	Floats  []float32
	Strings []string
	Lists   []int64
	Valid   []byte
}

// copied makes a Go slice of n elements at p.
func copied[T any](p unsafe.Pointer, n C.int64_t) []T {
	if p == nil {
		return nil
	}
	return append(make([]T, 0, int(n)), unsafe.Slice((*T)(p), int(n))...)
}

// Column copies a column out of the table. C's `type` is a keyword in Go, so cgo calls the field _type.
func (t Table) Column(name string) (Column, error) {
	label := C.CString(name)
	defer free(label)
	var c C.interplay_column // Go's memory; the library writes C pointers into it and keeps none to it
	var e *C.interplay_error
	if err := check(C.interplay_table_column(t.c, label, &c, &e), e); err != nil {
		if !reflect.ValueOf(c).IsZero() {
			panic("the out struct was not cleared on failure")
		}
		return Column{}, err
	}
	out := Column{Valid: copied[byte](unsafe.Pointer(c.valid), c.rows)}
	if c.row_offsets != nil {
		out.Lists = copied[int64](unsafe.Pointer(c.row_offsets), c.rows+1)
	}
	switch c._type {
	case C.INTERPLAY_INT64:
		out.Ints = copied[int64](c.values, c.n_values)
	case C.INTERPLAY_INT32:
		out.Ints32 = copied[int32](c.values, c.n_values)
	case C.INTERPLAY_FLOAT32:
		out.Floats = copied[float32](c.values, c.n_values)
	case C.INTERPLAY_STRING:
		bytes := string(copied[byte](c.values, c.n_bytes))
		offsets := copied[int64](unsafe.Pointer(c.string_offsets), c.n_values+1)
		for i := 0; i < int(c.n_values); i++ {
			out.Strings = append(out.Strings, bytes[offsets[i]:offsets[i+1]])
		}
	}
	return out, nil
}

// Info is the table's description.
func (t Table) Info() (string, error) {
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_table_info(t.c, &text, &e), e); err != nil {
		return "", err
	}
	return takeText(text), nil
}

func (t Table) Free() { C.interplay_table_free(t.c) }

// Dataset is an interplay_dataset.
type Dataset struct{ c *C.interplay_dataset }

func NewDataset(schema string) (Dataset, error) {
	json := cstring(schema)
	defer free(json)
	var d Dataset
	var e *C.interplay_error
	return d, check(C.interplay_dataset_new(json, &d.c, &e), e)
}

func (d Dataset) Append(part string, t Table) error {
	label := C.CString(part)
	defer free(label)
	var e *C.interplay_error
	return check(C.interplay_dataset_append(d.c, label, t.c, &e), e)
}

func (d Dataset) Seal() error {
	var e *C.interplay_error
	return check(C.interplay_dataset_seal(d.c, &e), e)
}

func (d Dataset) Free() { C.interplay_dataset_free(d.c) }
