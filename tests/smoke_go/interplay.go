// Package smoke calls interplay.h the way a Go program must: from goroutines that change threads, with memory
// that a garbage collector owns. It is a test of the header and not a binding; that is in bindings/go.
//
// cgo cannot be used in _test.go files, so the thin wrapping is here and the promises are in smoke_test.go.
package smoke

/*
#include <interplay/interplay.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// The statuses that the tests name.
const (
	InvalidArgument = C.INTERPLAY_INVALID_ARGUMENT
	InvalidState    = C.INTERPLAY_INVALID_STATE
	BadData         = C.INTERPLAY_BAD_DATA
	NotFound        = C.INTERPLAY_NOT_FOUND
	Corrupt         = C.INTERPLAY_CORRUPT
	Cancelled       = C.INTERPLAY_CANCELLED
)

// Error is an interplay_error, copied out and freed.
type Error struct {
	Status          int
	Message, Detail string
}

func (e *Error) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Message) }

// check turns what a call returned into a Go error. The error object came with the call, so it does not
// matter on which thread the goroutine runs by now.
func check(status C.interplay_status, e *C.interplay_error) error {
	if status == C.INTERPLAY_OK {
		if e != nil {
			panic("an error object beside INTERPLAY_OK")
		}
		return nil
	}
	defer C.interplay_error_free(e)
	if C.interplay_error_status(e) != status {
		panic("the error object has another status than the call")
	}
	message, detail := C.interplay_error_message(e), C.interplay_error_detail(e)
	return &Error{int(status), C.GoString(message), C.GoString(detail)}
}

// cstring gives a NUL-terminated copy in C memory, NULL for "": JSON arguments may be NULL. To be freed.
func cstring(text string) *C.char {
	if text == "" {
		return nil
	}
	return C.CString(text)
}

func free(text *C.char) { C.free(unsafe.Pointer(text)) }

// first is the address of a slice's first element, nil for an empty slice, whose &s[0] would panic.
func first[T any](s []T) *T {
	if len(s) == 0 {
		return nil
	}
	return &s[0]
}

func ints(s []int64) *C.int64_t { return (*C.int64_t)(first(s)) }

// takeText copies a text and frees it.
func takeText(t *C.interplay_text) string {
	defer C.interplay_text_free(t)
	return C.GoStringN(C.interplay_text_data(t), C.int(C.interplay_text_size(t)))
}

// Version is the library's release.
func Version() string { return C.GoString(C.interplay_version()) }

// ABI is major and minor of the library that was loaded.
func ABI() (major, minor uint32) {
	v := uint32(C.interplay_abi_version())
	return v >> 16, v & 0xffff
}

// ---- models

// Model is an interplay_model. Copies of the struct share one reference; Free it once.
type Model struct{ c *C.interplay_model }

func Create(engine, params string) (Model, error) {
	name, json := C.CString(engine), cstring(params)
	defer free(name)
	defer free(json)
	var m Model
	var e *C.interplay_error
	return m, check(C.interplay_model_create(name, json, &m.c, &e), e)
}

// CreateWithoutError is Create with NULL for the error.
func CreateWithoutError(engine, params string) int {
	name, json := C.CString(engine), cstring(params)
	defer free(name)
	defer free(json)
	var m *C.interplay_model
	return int(C.interplay_model_create(name, json, &m, nil))
}

func FitPairs(params string, users, items []int64, labels []float32) (Model, error) {
	name, json := C.CString("autoint"), cstring(params)
	defer free(name)
	defer free(json)
	var m Model
	var e *C.interplay_error
	status := C.interplay_fit_pairs(name, json, C.size_t(len(users)), ints(users), ints(items),
		(*C.float)(first(labels)), &m.c, &e)
	return m, check(status, e)
}

// Fit learns; monitor may be empty.
func (m Model) Fit(train Dataset, options string, monitor Monitor) (Model, error) {
	json := cstring(options)
	defer free(json)
	var out Model
	var e *C.interplay_error
	return out, check(C.interplay_model_fit(m.c, train.c, nil, json, monitor.c, nil, &out.c, &e), e)
}

func (m Model) PredictPairs(users, items []int64) ([]float32, error) {
	scores := make([]float32, len(users))
	var e *C.interplay_error
	status := C.interplay_predict_pairs(m.c, C.size_t(len(users)), ints(users), ints(items),
		(*C.float)(first(scores)), &e)
	return scores, check(status, e)
}

func (m Model) RecommendUser(user int64, k int) ([]int64, []float32, error) {
	items, scores := make([]int64, k), make([]float32, k)
	var n C.size_t
	var e *C.interplay_error
	status := C.interplay_recommend_user(m.c, C.int64_t(user), C.size_t(k), ints(items),
		(*C.float)(first(scores)), &n, &e)
	return items[:n], scores[:n], check(status, e)
}

func (m Model) Predict(rows Table, options string) (Table, error) {
	json := cstring(options)
	defer free(json)
	var out Table
	var e *C.interplay_error
	return out, check(C.interplay_model_predict(m.c, rows.c, json, &out.c, &e), e)
}

func (m Model) Recommend(users Table, options string) (Table, error) {
	json := cstring(options)
	defer free(json)
	var out Table
	var e *C.interplay_error
	return out, check(C.interplay_model_recommend(m.c, users.c, nil, json, nil, &out.c, &e), e)
}

func (m Model) Evaluate(d Dataset) (string, error) {
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_model_evaluate(m.c, d.c, nil, nil, &text, &e), e); err != nil {
		return "", err
	}
	return takeText(text), nil
}

func (m Model) Save(path string) error {
	name := C.CString(path)
	defer free(name)
	var e *C.interplay_error
	return check(C.interplay_model_save(m.c, name, nil, &e), e)
}

func Load(path string) (Model, error) {
	name := C.CString(path)
	defer free(name)
	var m Model
	var e *C.interplay_error
	return m, check(C.interplay_model_load(name, nil, &m.c, &e), e)
}

// Dump copies the bytes into Go's memory.
func (m Model) Dump() ([]byte, error) {
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_model_dump(m.c, nil, &text, &e), e); err != nil {
		return nil, err
	}
	return []byte(takeText(text)), nil
}

func Parse(bytes []byte) (Model, error) {
	var m Model
	var e *C.interplay_error
	status := C.interplay_model_parse(unsafe.Pointer(first(bytes)), C.size_t(len(bytes)), nil, &m.c, &e)
	return m, check(status, e)
}

func (m Model) Retain() Model { return Model{C.interplay_model_retain(m.c)} }
func (m Model) Free()         { C.interplay_model_free(m.c) }
func (m Model) IsNull() bool  { return m.c == nil }
