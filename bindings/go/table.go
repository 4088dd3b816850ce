package interplay

// #include <interplay/interplay.h>
import "C"

import "unsafe"

// Type is that of a column's values.
type Type int32

// The types of columns.
const (
	Int64   Type = C.INTERPLAY_INT64
	Int32   Type = C.INTERPLAY_INT32
	Float32 Type = C.INTERPLAY_FLOAT32
	Float64 Type = C.INTERPLAY_FLOAT64
	Bool    Type = C.INTERPLAY_BOOL8
	String  Type = C.INTERPLAY_STRING
)

var typeNames = map[Type]string{Int64: "INT64", Int32: "INT32", Float32: "FLOAT32", Float64: "FLOAT64", Bool: "BOOL8",
	String: "STRING"}

// String is the name in the C header.
func (t Type) String() string { return typeNames[t] }

// Value is what a column may hold.
type Value interface {
	int64 | int32 | float32 | float64 | bool | string
}

// Column is a named column. Make one with [Col] or [Lists].
type Column struct {
	Name   string
	Values any    // a slice of a Value, one a row; of a list column, a slice of such slices
	Valid  []bool // nil: no nulls; otherwise false for a row that is null (a null list differs from an empty one)
}

// Col is a column with one value a row.
func Col[T Value](name string, values []T) Column { return Column{Name: name, Values: values} }

// Lists is a column with a list of values a row.
func Lists[T Value](name string, lists [][]T) Column { return Column{Name: name, Values: lists} }

// Null makes the rows null where valid is false.
func (c Column) Null(valid []bool) Column {
	c.Valid = valid
	return c
}

// Table is columns of equal length in the library's memory. It never changes.
type Table struct{ h handle }

// NewTable copies columns into a table. The number of rows is that of the first.
//
// Fails with BadData (lengths, text that is not UTF-8) and InvalidArgument (a name that stands twice, a type that no column has).
func NewTable(columns ...Column) (*Table, error) {
	flats, rows := make([]flat, len(columns)), 0
	for i, column := range columns {
		var err error
		if flats[i], err = flatten(column); err != nil {
			return nil, err
		}
	}
	if len(flats) > 0 {
		rows = flats[0].rows
	}
	var made *C.interplay_table
	var e *C.interplay_error
	if err := check(C.interplay_table_new(C.int64_t(rows), &made, &e), &e); err != nil {
		return nil, err
	}
	for i := range flats {
		if err := flats[i].add(made, rows); err != nil {
			C.interplay_table_free(made)
			return nil, err
		}
	}
	return ownTable(made), nil
}

func ownTable(made *C.interplay_table) *Table {
	table := &Table{}
	return own(table, &table.h, unsafe.Pointer(made), "table", func(p unsafe.Pointer) {
		C.interplay_table_free((*C.interplay_table)(p))
	})
}

// Close frees the table. It never fails.
func (t *Table) Close() error {
	t.h.close()
	return nil
}

// TableInfo describes a table.
type TableInfo struct {
	Rows    int64        `json:"rows"`
	Columns []ColumnInfo `json:"columns"`
}

// ColumnInfo describes a column.
type ColumnInfo struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	MultiValued bool   `json:"multi_valued"`
	Nulls       int64  `json:"nulls"`
}

// Info lists the columns.
func (t *Table) Info() (TableInfo, error) {
	var info TableInfo
	p, err := t.h.enter()
	if err != nil {
		return info, err
	}
	defer t.h.leave()
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_table_info((*C.interplay_table)(p), &text, &e), &e); err != nil {
		return info, err
	}
	err = read(bytesOf(text), &info)
	return info, err
}

// Column copies a column out. Fails with NotFound: the message lists those that are there.
func (t *Table) Column(name string) (Column, error) {
	p, err := t.h.enter()
	if err != nil {
		return Column{}, err
	}
	defer t.h.leave()
	label, err := cstring(name)
	if err != nil {
		return Column{}, err
	}
	defer free(label)
	var c C.interplay_column
	var e *C.interplay_error
	if err := check(C.interplay_table_column((*C.interplay_table)(p), label, &c, &e), &e); err != nil {
		return Column{}, err
	}
	return unflatten(name, &c)
}

// Values copies the values of a column with one value a row. Fails with NotFound, and with BadData for another type.
func Values[T Value](t *Table, name string) ([]T, error) { return columnOf[[]T](t, name) }

// ListValues copies the lists of a list column, likewise.
func ListValues[T Value](t *Table, name string) ([][]T, error) { return columnOf[[][]T](t, name) }

func columnOf[S any](t *Table, name string) (S, error) {
	var none S
	column, err := t.Column(name)
	if err != nil {
		return none, err
	}
	values, right := column.Values.(S)
	if !right {
		return none, failed(BadData, "expected column %q to hold %s, found %s", name, typeWord(none), typeWord(column.Values))
	}
	return values, nil
}

// joined is all strings one behind the other, and where each begins: a Go string is a pointer of its own, and an array of
// them must not go to C.
func joined(values []string) (all []byte, offsets []int64) {
	offsets = make([]int64, 1, len(values)+1)
	for _, value := range values {
		all = append(all, value...)
		offsets = append(offsets, int64(len(all)))
	}
	return all, offsets
}
