// Package arrowtable hands records of arrow-go to interplay and back, over the Arrow C data interface. It is a module of its
// own, so that who does not use Arrow does not load it.
package arrowtable

import (
	"fmt"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/cdata"

	"interplay.dev/interplay"
)

// FromReader makes a table of all records that are left in reader. A single record is used where it lies, pinned until the
// table is closed; several are joined once. The reader is retained for the call and released.
//
// Fails with interplay.Unsupported (a column type without a meaning here, named) and interplay.BadData.
func FromReader(reader array.RecordReader) (*interplay.Table, error) {
	var stream cdata.CArrowArrayStream // its pointers are C's; the library moves it out
	cdata.ExportRecordReader(reader, &stream)
	return interplay.TableFromArrowStream(unsafe.Pointer(&stream))
}

// FromRecords makes a table of records of one schema.
func FromRecords(schema *arrow.Schema, records ...arrow.RecordBatch) (*interplay.Table, error) {
	reader, err := array.NewRecordReader(schema, records)
	if err != nil {
		return nil, err
	}
	defer reader.Release()
	return FromReader(reader)
}

// ToRecord gives a table as a record, to be released. It lies in the library's memory and outlives the table.
func ToRecord(table *interplay.Table) (arrow.RecordBatch, error) {
	var stream cdata.CArrowArrayStream
	if err := table.ToArrowStream(unsafe.Pointer(&stream)); err != nil {
		return nil, err
	}
	reader, err := cdata.ImportCRecordReader(&stream, nil)
	if err != nil {
		return nil, err
	}
	if closer, can := reader.(interface{ Release() }); can {
		defer closer.Release()
	}
	record, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("expected a stream of one batch from the library: %w", err)
	}
	record.Retain() // the reader lets go of it when it is released
	return record, nil
}
