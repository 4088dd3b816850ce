package smoke

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
)

func TestTheLibraryIsOfTheHeadersMajorVersion(t *testing.T) {
	if major, _ := ABI(); major != 1 || Version() == "" {
		t.Fatalf("expected ABI 1, found %d of version %q", major, Version())
	}
}

func TestFourGoroutinesFitOneModelOnOneDatasetAndLearnTheSame(t *testing.T) {
	d := dataset(t)
	defer d.Free()
	created, err := Create("autoint", params)
	must(t, err)
	defer created.Free()
	models := make([]Model, 4)

	must(t, inParallel(len(models), func(k int) (err error) {
		models[k], err = created.Fit(d, fmt.Sprintf(`{"threads": %d}`, k+1), Monitor{})
		return err
	}))

	want := scores(t, models[0])
	for k, model := range models {
		if !reflect.DeepEqual(scores(t, model), want) {
			t.Errorf("model %d, fitted by %d threads, predicts other scores", k, k+1)
		}
		model.Free()
	}
}

func TestEightGoroutinesPredictWithOneModelAndAgree(t *testing.T) {
	model := fitted(t)
	defer model.Free()
	u, i := everyPair()
	want, err := model.PredictPairs(u, i)
	must(t, err)

	must(t, inParallel(8, func(k int) error {
		for round := 0; round < 50; round++ {
			got, err := model.PredictPairs(u, i)
			if err != nil {
				return err
			}
			if !reflect.DeepEqual(got, want) {
				return fmt.Errorf("goroutine %d, round %d: other scores", k, round)
			}
			if round%10 == k {
				runtime.GC()
			}
		}
		return nil
	}))
}

func TestTheShortAndTheLongPredictAgree(t *testing.T) {
	model := fitted(t)
	defer model.Free()
	u, i := everyPair()
	short, err := model.PredictPairs(u, i)
	must(t, err)
	for k, long := range scores(t, model) {
		if math.Abs(float64(long-short[k])) > 1e-5 { // what the design allows between two batch sizes
			t.Fatalf("pair %d: %v by tables, %v by pairs", k, long, short[k])
		}
	}
}

func TestRecommendGivesTheBestUnseenItemsInOrder(t *testing.T) {
	model := fitted(t)
	defer model.Free()
	request := newTable(t, 2)
	defer request.Free()
	must(t, request.AddInts("user_id", []int64{5, 8}, nil, nil))

	out, err := model.Recommend(request, `{"k": 7}`)
	must(t, err)
	item, err := out.Column("movie_id")
	must(t, err)
	row, err := out.Column("row")
	must(t, err)
	rank, err := out.Column("rank")
	must(t, err)
	out.Free()

	u, i, _ := ratings()
	seen := map[[2]int64]bool{}
	for k := range u {
		seen[[2]int64{u[k], i[k]}] = true
	}
	if len(item.Ints) != 14 {
		t.Fatalf("expected 7 items for each of 2 users, found %d rows", len(item.Ints))
	}
	for k := range item.Ints {
		if row.Ints[k] != int64(k/7) || rank.Ints32[k] != int32(k%7+1) {
			t.Errorf("line %d has row %d and rank %d", k, row.Ints[k], rank.Ints32[k])
		}
		if seen[[2]int64{[]int64{5, 8}[k/7], item.Ints[k]}] {
			t.Errorf("line %d recommends an item that the user has seen", k)
		}
	}
	short, values, err := model.RecommendUser(5, 7)
	must(t, err)
	if !reflect.DeepEqual(short, item.Ints[:7]) {
		t.Errorf("by user %v, by table %v", short, item.Ints[:7])
	}
	for k := 1; k < len(values); k++ {
		if values[k] > values[k-1] {
			t.Errorf("scores are not in order: %v", values)
		}
	}
}

func TestRecommendStopsAtTheEndOfTheCatalogue(t *testing.T) {
	model := fitted(t)
	defer model.Free()
	got, _, err := model.RecommendUser(5, 1000)
	must(t, err)
	if len(got) != items/3 {
		t.Fatalf("expected the %d items that user 5 has not rated, found %d", items/3, len(got))
	}
}

func TestHandlesAreFreedInAnyOrder(t *testing.T) {
	d := dataset(t)
	created, err := Create("autoint", params)
	must(t, err)
	monitor, err := NewMonitor(func(string) bool { return true })
	must(t, err)
	model, err := created.Fit(d, "", monitor)
	must(t, err)
	want := scores(t, model)
	second := model.Retain()
	rows := pairsTable(t, []int64{1}, []int64{2}, nil)
	out, err := second.Predict(rows, "")
	must(t, err)

	created.Free()
	d.Free()
	monitor.Free()
	model.Free()
	rows.Free()
	got := scores(t, second) // everything that it came from is gone
	second.Free()
	score, err := out.Column("score") // and the model that made this table
	must(t, err)
	out.Free()

	if !reflect.DeepEqual(got, want) || math.Abs(float64(score.Floats[0]-got[1])) > 1e-5 {
		t.Error("scores changed when other handles were freed")
	}
	Model{}.Free() // NULL everywhere
	Table{}.Free()
	Dataset{}.Free()
	Monitor{}.Free()
	if !(Model{}).Retain().IsNull() {
		t.Error("retain(NULL) is not NULL")
	}
}

func TestAModelGoesThroughGosMemoryAndThroughAFile(t *testing.T) {
	model := fitted(t)
	defer model.Free()
	want := scores(t, model)
	dumped, err := model.Dump()
	must(t, err)
	path := filepath.Join(t.TempDir(), "mod\u00e8le.interplay")
	must(t, model.Save(path))
	written, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(written, dumped) {
		t.Error("save and dump give other bytes")
	}

	parsed, err := Parse(dumped)
	must(t, err)
	defer parsed.Free()
	for k := range dumped {
		dumped[k] = 0 // "which are copied"
	}
	loaded, err := Load(path)
	must(t, err)
	defer loaded.Free()
	if !reflect.DeepEqual(scores(t, parsed), want) || !reflect.DeepEqual(scores(t, loaded), want) {
		t.Error("the model predicts other scores after a round trip")
	}
	_, err = Parse(written[:len(written)/2])
	fails(t, err, Corrupt)
	_, err = Load(path + ".not")
	fails(t, err, NotFound)
}

func TestTheShortCallsMakeAnOrdinaryModel(t *testing.T) {
	u, i, r := ratings()
	model, err := FitPairs(params, u, i, r)
	must(t, err)
	defer model.Free()
	rows := newTable(t, 1)
	defer rows.Free()
	must(t, rows.AddInts("user_id", []int64{3}, nil, nil))
	must(t, rows.AddInts("item_id", []int64{4}, nil, nil))
	out, err := model.Predict(rows, "")
	must(t, err)
	out.Free()

	implicit, err := FitPairs(params, u, i, nil) // no labels: every pair is a positive one
	must(t, err)
	implicit.Free()
}

func TestEvaluateGivesTheRMSEOfTheScores(t *testing.T) {
	model := fitted(t)
	defer model.Free()
	d := dataset(t)
	defer d.Free()
	text, err := model.Evaluate(d)
	must(t, err)
	var result struct{ Metrics struct{ RMSE float64 } }
	must(t, json.Unmarshal([]byte(text), &result))

	u, i, r := ratings()
	got, err := model.PredictPairs(u, i)
	must(t, err)
	var sum float64
	for k := range r {
		sum += math.Pow(float64(got[k]-r[k]), 2)
	}
	if want := math.Sqrt(sum / float64(len(r))); math.Abs(result.Metrics.RMSE-want) > 1e-4 {
		t.Errorf("evaluate says %v, by hand it is %v", result.Metrics.RMSE, want)
	}
}
