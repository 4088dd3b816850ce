package arrowtable_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"interplay.dev/interplay"
	"interplay.dev/interplay/arrowtable"
)

var ratings = arrow.NewSchema([]arrow.Field{
	{Name: "user_id", Type: arrow.PrimitiveTypes.Int64},
	{Name: "film", Type: arrow.BinaryTypes.String},
	{Name: "stars", Type: arrow.PrimitiveTypes.Float32, Nullable: true},
	{Name: "tags", Type: arrow.ListOf(arrow.BinaryTypes.String)},
}, nil)

// record has three ratings; the second has no stars.
func record() arrow.RecordBatch {
	builder := array.NewRecordBuilder(memory.DefaultAllocator, ratings)
	defer builder.Release()
	builder.Field(0).(*array.Int64Builder).AppendValues([]int64{1, 1, 2}, nil)
	builder.Field(1).(*array.StringBuilder).AppendValues([]string{"Heat", "Éden", "Heat"}, nil)
	builder.Field(2).(*array.Float32Builder).AppendValues([]float32{5, 0, 2}, []bool{true, false, true})
	tags := builder.Field(3).(*array.ListBuilder)
	for _, tag := range []string{"crime", "drama", "crime"} {
		tags.Append(true)
		tags.ValueBuilder().(*array.StringBuilder).Append(tag)
	}
	return builder.NewRecordBatch()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestARecordGoesInAndOutAsItWas(t *testing.T) {
	in := record()
	defer in.Release()
	table, err := arrowtable.FromRecords(ratings, in)
	must(t, err)
	runtime.GC() // nothing of Go's is left with C
	names, err := interplay.Values[string](table, "film")
	must(t, err)
	if len(names) != 3 || names[1] != "Éden" {
		t.Errorf("films: %q", names)
	}

	out, err := arrowtable.ToRecord(table)
	must(t, err)
	defer out.Release()
	must(t, table.Close())
	runtime.GC()
	if out.NumRows() != 3 || out.NumCols() != 4 {
		t.Fatalf("expected 3 rows and 4 columns, found %v", out)
	}
	users, stars := out.Column(0).(*array.Int64), out.Column(2).(*array.Float32)
	films, tags := out.Column(1).(array.StringLike), out.Column(3).(array.ListLike)
	if users.Value(2) != 2 || films.Value(1) != "Éden" || !stars.IsNull(1) || stars.Value(2) != 2 {
		t.Errorf("users %v, films %v, stars %v", users, films, stars)
	}
	if begin, end := tags.ValueOffsets(1); end-begin != 1 || tags.ListValues().(array.StringLike).Value(int(begin)) != "drama" {
		t.Errorf("tags %v", tags)
	}
}

func TestNoRecordIsATableWithoutRows(t *testing.T) {
	table, err := arrowtable.FromRecords(ratings)
	must(t, err)
	defer table.Close()
	if info, err := table.Info(); err != nil || info.Rows != 0 || len(info.Columns) != 4 {
		t.Errorf("expected no row and 4 columns, found %+v, %v", info, err)
	}
}

func TestSeveralRecordsAreJoined(t *testing.T) {
	in := record()
	defer in.Release()
	table, err := arrowtable.FromRecords(ratings, in, in)
	must(t, err)
	defer table.Close()
	if users, err := interplay.Values[int64](table, "user_id"); err != nil || len(users) != 6 || users[5] != 2 {
		t.Errorf("users %v, %v", users, err)
	}
}

func TestAColumnWithoutAMeaningIsNamed(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "span", Type: arrow.FixedWidthTypes.MonthInterval}}, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	builder.Field(0).AppendNull()
	in := builder.NewRecordBatch()
	defer in.Release()
	if _, err := arrowtable.FromRecords(schema, in); !errors.Is(err, interplay.Unsupported) {
		t.Errorf("expected UNSUPPORTED, found %v", err)
	}
}

func TestRecordsTrainAndRecommendationsAreARecord(t *testing.T) {
	in := record()
	defer in.Release()
	full := in.NewSlice(2, 3) // offsets within the buffers count too
	defer full.Release()
	first := in.NewSlice(0, 1)
	defer first.Release()
	table, err := arrowtable.FromRecords(ratings, first, full)
	must(t, err)
	defer table.Close()
	data, err := interplay.NewSealedDataset(interplay.Schema{User: "user_id", Item: "film", Label: "stars"}, table, nil, nil)
	must(t, err)
	defer data.Close()
	model, err := interplay.Fit(context.Background(), interplay.Popularity().ValidationFraction(0), data, nil)
	must(t, err)
	defer model.Close()
	users, err := interplay.NewTable(interplay.Col("user_id", []int64{9}))
	must(t, err)
	defer users.Close()
	best, err := model.Recommend(context.Background(), users, nil)
	must(t, err)
	out, err := arrowtable.ToRecord(best)
	must(t, err)
	defer out.Release()
	if film := out.Column(out.Schema().FieldIndices("film")[0]).(array.StringLike); film.Value(0) != "Heat" {
		t.Errorf("expected Heat, found %v", film)
	}
}
