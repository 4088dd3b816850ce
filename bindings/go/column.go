package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// flat is a column as C takes it.
type flat struct {
	name    string
	kind    Type
	values  unsafe.Pointer // of numbers
	strings []string
	n       int
	rows    int
	lists   []int64 // nil: one value a row
	valid   []bool
}

// flatten finds the type of a column and joins its lists.
func flatten(c Column) (flat, error) {
	out := flat{name: c.Name, valid: c.Valid}
	switch values := c.Values.(type) {
	case []int64:
		plain(&out, Int64, values)
	case []int32:
		plain(&out, Int32, values)
	case []float32:
		plain(&out, Float32, values)
	case []float64:
		plain(&out, Float64, values)
	case []bool: // one byte each, 0 or 1, as the library has it
		plain(&out, Bool, values)
	case []string:
		plain(&out, String, values)
		out.strings = values
	case [][]int64:
		nested(&out, Int64, values)
	case [][]int32:
		nested(&out, Int32, values)
	case [][]float32:
		nested(&out, Float32, values)
	case [][]float64:
		nested(&out, Float64, values)
	case [][]bool:
		nested(&out, Bool, values)
	case [][]string:
		out.strings = nested(&out, String, values)
	default:
		return out, failed(InvalidArgument, "expected column %q to be a slice of int64, int32, float32, float64, bool or string, "+
			"or of slices of one of them, found %T", c.Name, c.Values)
	}
	return out, nil
}

func plain[T Value](out *flat, kind Type, values []T) {
	out.kind, out.values, out.n, out.rows = kind, first(values), len(values), len(values)
}

func nested[T Value](out *flat, kind Type, lists [][]T) []T {
	var all []T
	out.lists = make([]int64, 1, len(lists)+1)
	for _, list := range lists {
		all = append(all, list...)
		out.lists = append(out.lists, int64(len(all)))
	}
	out.kind, out.values, out.n, out.rows = kind, first(all), len(all), len(lists)
	return all
}

// add copies the column into a table of `rows` rows. C learns one length for values, offsets and validity, so those that C
// cannot compare are compared here.
func (f *flat) add(table *C.interplay_table, rows int) error {
	if f.lists != nil && f.rows != rows || f.valid != nil && len(f.valid) != rows {
		return failed(BadData, "expected column %q to have the table's length of %d rows, found %d lists or values and %d flags of "+
			"validity", f.name, rows, f.rows, len(f.valid))
	}
	name, err := cstring(f.name)
	if err != nil {
		return err
	}
	defer free(name)
	var e *C.interplay_error
	lists, valid := (*C.int64_t)(first(f.lists)), (*C.uint8_t)(first(f.valid))
	if f.kind == String {
		bytes, offsets := joined(f.strings)
		return check(C.interplay_table_add_strings(table, name, (*C.char)(first(bytes)),
			C.int64_t(len(bytes)), (*C.int64_t)(first(offsets)), C.int64_t(f.n), lists, valid, &e), &e)
	}
	return check(C.interplay_table_add(table, name, C.int32_t(f.kind), f.values, C.int64_t(f.n), lists, valid, &e), &e)
}

// unflatten copies a column out of the library's memory.
func unflatten(name string, c *C.interplay_column) (Column, error) {
	out := Column{Name: name, Valid: copied[bool](unsafe.Pointer(c.valid), c.rows)}
	var lists []int64
	if c.row_offsets != nil {
		lists = copied[int64](unsafe.Pointer(c.row_offsets), c.rows+1)
	}
	switch Type(c._type) {
	case Int64:
		out.Values = shaped(copied[int64](c.values, c.n_values), lists)
	case Int32:
		out.Values = shaped(copied[int32](c.values, c.n_values), lists)
	case Float32:
		out.Values = shaped(copied[float32](c.values, c.n_values), lists)
	case Float64:
		out.Values = shaped(copied[float64](c.values, c.n_values), lists)
	case Bool:
		out.Values = shaped(copied[bool](c.values, c.n_values), lists)
	case String:
		all := string(copied[byte](c.values, c.n_bytes))
		offsets := copied[int64](unsafe.Pointer(c.string_offsets), c.n_values+1)
		strings := make([]string, int(c.n_values))
		for i := range strings {
			strings[i] = all[offsets[i]:offsets[i+1]]
		}
		out.Values = shaped(strings, lists)
	default:
		return out, failed(Unsupported, "expected column %q to have a type that this package knows, found %d", name, c._type)
	}
	return out, nil
}

// copied makes a slice of n elements at p.
func copied[T any](p unsafe.Pointer, n C.int64_t) []T {
	if p == nil {
		return nil
	}
	return append(make([]T, 0, int(n)), unsafe.Slice((*T)(p), int(n))...)
}

// shaped divides values into lists where there are any.
func shaped[T any](values []T, lists []int64) any {
	if lists == nil {
		if values == nil {
			values = []T{}
		}
		return values
	}
	out := make([][]T, len(lists)-1)
	for i := range out {
		out[i] = values[lists[i]:lists[i+1]:lists[i+1]]
	}
	return out
}

func typeWord(values any) string { return fmt.Sprintf("%T", values) }
