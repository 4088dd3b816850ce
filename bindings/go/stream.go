package interplay

// #include <interplay/interplay.h>
import "C"

import "unsafe"

// TableFromArrowStream makes a table of a stream of the Arrow C data interface: stream points to a struct ArrowArrayStream,
// which is moved in and released in every case. For arrow-go, interplay.dev/interplay/arrowtable has records in and out.
//
// Fails with Unsupported (a column type without a meaning here, named) and BadData.
func TableFromArrowStream(stream unsafe.Pointer) (*Table, error) {
	var made *C.interplay_table
	var e *C.interplay_error
	if err := check(C.interplay_table_from_arrow((*C.struct_ArrowArrayStream)(stream), &made, &e), &e); err != nil {
		return nil, err
	}
	return ownTable(made), nil
}

// ToArrowStream writes the table as a stream of one batch into the struct ArrowArrayStream that stream points to, as into a
// fresh object. The stream outlives the table and is released through its own callback.
func (t *Table) ToArrowStream(stream unsafe.Pointer) error {
	p, err := t.h.enter()
	if err != nil {
		return err
	}
	defer t.h.leave()
	var e *C.interplay_error
	return check(C.interplay_table_to_arrow((*C.interplay_table)(p), (*C.struct_ArrowArrayStream)(stream), &e), &e)
}
