package interplay_test

import (
	"encoding/json"
	"strconv"

	"interplay.dev/interplay"
)

// storyColumn is a column of the story's tables.
type storyColumn struct {
	Name, Type    string
	Values, Lists []json.RawMessage
}

func (c storyColumn) made() interplay.Column {
	switch c.Type {
	case "int64":
		return columnOf(c, func(text json.RawMessage) int64 { return whole(text) })
	case "int32":
		return columnOf(c, func(text json.RawMessage) int32 { return int32(whole(text)) })
	case "float32":
		return columnOf(c, func(text json.RawMessage) float32 { return float32(real(text)) })
	case "float64":
		return columnOf(c, real)
	case "bool8":
		return columnOf(c, func(text json.RawMessage) bool { return whole(text) != 0 })
	case "string":
		return columnOf(c, func(text json.RawMessage) string { return into[string](text) })
	}
	panic("no such type: " + c.Type)
}

func columnOf[T interplay.Value](c storyColumn, read func(json.RawMessage) T) interplay.Column {
	cells := c.Values
	if c.Lists != nil {
		cells = c.Lists
	}
	values, lists, valid, nulls := make([]T, len(cells)), make([][]T, len(cells)), make([]bool, len(cells)), false
	for i, cell := range cells {
		valid[i] = string(cell) != "null"
		nulls = nulls || !valid[i]
		switch {
		case !valid[i]:
		case c.Lists == nil:
			values[i] = read(cell)
		default:
			for _, one := range into[[]json.RawMessage](cell) {
				lists[i] = append(lists[i], read(one))
			}
		}
	}
	if !nulls {
		valid = nil
	}
	if c.Lists != nil {
		return interplay.Lists(c.Name, lists).Null(valid)
	}
	return interplay.Col(c.Name, values).Null(valid)
}

// whole and real read numbers that may be written as strings.
func whole(text json.RawMessage) int64 {
	out, err := strconv.ParseInt(bare(text), 10, 64)
	must(err)
	return out
}

func real(text json.RawMessage) float64 {
	out, err := strconv.ParseFloat(bare(text), 64)
	must(err)
	return out
}

func bare(text json.RawMessage) string {
	if text[0] == '"' {
		return into[string](text)
	}
	return string(text)
}

func ints(raw json.RawMessage) []int64 {
	var out []int64
	for _, one := range into[[]json.RawMessage](raw) {
		out = append(out, whole(one))
	}
	return out
}

// columnsOf is a table as {column: values}.
func columnsOf(table *interplay.Table) map[string]any {
	defer table.Close()
	info, err := table.Info()
	must(err)
	out := map[string]any{}
	for _, column := range info.Columns {
		found, err := table.Column(column.Name)
		must(err)
		out[column.Name] = found.Values
	}
	return out
}

func (t *teller) rows(raw json.RawMessage) [][]interplay.Cell {
	var out [][]interplay.Cell
	for _, row := range into[[]json.RawMessage](raw) {
		out = append(out, t.cells(row))
	}
	return out
}

func (t *teller) cells(raw json.RawMessage) []interplay.Cell {
	var out []interplay.Cell
	for _, one := range into[[]json.RawMessage](raw) {
		out = append(out, t.cell(one))
	}
	return out
}

func (t *teller) cell(raw json.RawMessage) interplay.Cell {
	for kind, value := range into[map[string]json.RawMessage](raw) { // one, or none for null
		switch kind {
		case "int64":
			return interplay.Int(whole(value))
		case "float64":
			return interplay.Float(real(value))
		case "string":
			return interplay.Text(into[string](value))
		case "list":
			return interplay.List(t.cells(value)...)
		case "id":
			return t.made[into[string](value)].(interplay.Cell)
		}
		panic("no such cell: " + kind)
	}
	return interplay.Null
}
