package interplay

// #include <interplay/interplay.h>
// #include <stdlib.h>
import "C"

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"unsafe"
)

// cstring is a copy in C's memory, for free. Text with a NUL would end early there, so it is refused.
func cstring(text string) (*C.char, error) {
	if strings.IndexByte(text, 0) >= 0 {
		return nil, failed(InvalidArgument, "expected text without a NUL, found %q", text)
	}
	return C.CString(text), nil
}

func free(text *C.char) { C.free(unsafe.Pointer(text)) }

// document is a JSON argument in C's memory: nil for a nil value, which the library takes for {}.
func document(value any) (*C.char, error) {
	if value == nil || reflect.ValueOf(value).Kind() == reflect.Ptr && reflect.ValueOf(value).IsNil() {
		return nil, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, failed(InvalidArgument, "expected a value that JSON can hold, found %v", err)
	}
	return C.CString(string(text)), nil
}

// bytesOf copies a text and frees it.
func bytesOf(text *C.interplay_text) []byte {
	defer C.interplay_text_free(text)
	size := C.interplay_text_size(text)
	if uint64(size) <= math.MaxInt32 {
		return C.GoBytes(unsafe.Pointer(C.interplay_text_data(text)), C.int(size))
	}
	return append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(C.interplay_text_data(text))), int(size))...)
}

// read makes a document of the library into a value of Go.
func read(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return failed(Internal, "expected a document of the known form from the library, found %v in %.200s", err, text)
	}
	return nil
}

// first is the address of a slice's first element, nil for an empty slice.
func first[T any](slice []T) unsafe.Pointer {
	if len(slice) == 0 {
		return nil
	}
	return unsafe.Pointer(&slice[0])
}

// ranked calls fill with room for the best k, which says how many it found. A k beyond what there is must not take the memory of k.
func ranked(k int, fill func(ids []int64, scores []float32) (int, error)) ([]int64, []float32, error) {
	if k < 0 {
		return nil, nil, failed(InvalidArgument, "expected k of at least 1, found %d", k)
	}
	for room := 4096; ; room *= 16 {
		if room > k || room > math.MaxInt/16 {
			room = k
		}
		ids, scores := make([]int64, room), make([]float32, room)
		n, err := fill(ids, scores)
		if err != nil {
			return nil, nil, err
		}
		if n < room || room == k {
			return ids[:n], scores[:n], nil
		}
	}
}

// Of gives a pointer to a value, for the options where a zero and nothing at all are different: ExcludeSeen: interplay.Of(false).
func Of[T any](value T) *T { return &value }
