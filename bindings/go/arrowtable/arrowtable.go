// Package arrowtable hands records of arrow-go to interplay and back, over the Arrow C data interface. It is a module of its
// own, so that who does not use Arrow does not load it.
package arrowtable

import (
	"fmt"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/cdata"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"

	"interplay.dev/interplay"
)

// FromReader makes a table of all records that are left in reader, which stays the caller's to release. They are copied once,
// joined, into C's memory, where the library then uses them: memory of Go's must not stay with C behind a call.
//
// Fails with interplay.Unsupported (a column type without a meaning here, named), interplay.BadData, and what the reader fails with.
func FromReader(reader array.RecordReader) (*interplay.Table, error) {
	var records []arrow.RecordBatch
	defer func() {
		for _, record := range records {
			record.Release()
		}
	}()
	for reader.Next() {
		record := reader.RecordBatch()
		record.Retain()
		records = append(records, record)
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	joined, err := inC(reader.Schema(), records)
	if err != nil {
		return nil, err
	}
	defer joined.Release() // the stream holds it as long as the library needs it
	one, err := array.NewRecordReader(reader.Schema(), []arrow.RecordBatch{joined})
	if err != nil {
		return nil, err
	}
	defer one.Release()
	var stream cdata.CArrowArrayStream // its pointers are C's; the library moves it out
	cdata.ExportRecordReader(one, &stream)
	return interplay.TableFromArrowStream(unsafe.Pointer(&stream))
}

// inC joins records into one whose buffers are in C's memory.
func inC(schema *arrow.Schema, records []arrow.RecordBatch) (arrow.RecordBatch, error) {
	c, rows := mallocator.NewMallocator(), int64(0)
	for _, record := range records {
		rows += record.NumRows()
	}
	columns := make([]arrow.Array, 0, schema.NumFields())
	defer func() {
		for _, column := range columns {
			column.Release()
		}
	}()
	for i, field := range schema.Fields() {
		chunks := make([]arrow.Array, len(records))
		for k, record := range records {
			chunks[k] = record.Column(i)
		}
		if len(chunks) == 0 {
			columns = append(columns, array.MakeArrayOfNull(c, field.Type, 0))
			continue
		}
		column, err := array.Concatenate(chunks, c)
		if err != nil {
			return nil, fmt.Errorf("expected column %q to be one that arrow-go can join: %w", field.Name, err)
		}
		columns = append(columns, column)
	}
	return array.NewRecordBatch(schema, columns, rows), nil
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
