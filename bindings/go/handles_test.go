package interplay_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"interplay.dev/interplay"
)

func TestEightGoroutinesPredictWithOneModelAndAgree(t *testing.T) {
	model := fitted()
	defer model.Close()
	u, i := everyPair()
	want, err := model.PredictPairs(u, i)
	must(err)

	must(inParallel(8, func(k int) error {
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

func TestClosingUnderAnotherGoroutinesCallIsSafe(t *testing.T) {
	u, i := everyPair()
	for round := 0; round < 20; round++ {
		model := fitted()
		must(inParallel(4, func(k int) error {
			if k == 0 {
				return model.Close()
			}
			for {
				found, err := model.PredictPairs(u, i)
				if err != nil {
					fails(t, err, interplay.InvalidState, "closed")
					return nil
				}
				if len(found) != len(u) {
					return fmt.Errorf("expected %d scores, found %d", len(u), len(found))
				}
			}
		}))
	}
}

func TestWhatReadsADatasetWaitsForTheGoroutineThatChangesIt(t *testing.T) {
	model := fitted()
	defer model.Close()
	sealed, data := shop(), dataset()
	defer sealed.Close()
	defer data.Close()
	readers := map[string]func() error{
		"Split": func() error { _, _, err := data.Split(nil); return err },
		"Fit":   func() error { _, err := interplay.Fit(bg, quick, data, nil); return err },
		"Fit's valid": func() error {
			_, err := interplay.Fit(bg, quick, sealed, &interplay.FitOptions{Valid: data})
			return err
		},
		"Fit with both": func() error { _, err := interplay.Fit(bg, quick, data, &interplay.FitOptions{Valid: data}); return err },
		"Evaluate":      func() error { _, err := model.Evaluate(bg, data, nil); return err },
	}
	for name, read := range readers {
		answer := make(chan error, 1)
		interplay.Changing(data, func() {
			go func() { answer <- read() }()
			select {
			case err := <-answer:
				t.Errorf("%s: expected it to wait for the change, it answered %v", name, err)
				answer <- err
			case <-time.After(50 * time.Millisecond):
			}
		})
		fails(t, <-answer, interplay.InvalidState, "call Seal first")
	}
}

func TestADatasetIsSplitWholeOrNotAtAllWhileItIsFilledAndSealed(t *testing.T) {
	u, i, r := ratings()
	rows := table(interplay.Col("user_id", u), interplay.Col("movie_id", i), interplay.Col("rating", r))
	defer rows.Close()
	for round := 0; round < 20; round++ {
		data := dataset()
		must(inParallel(4, func(k int) error {
			if k == 0 {
				must(data.Append(interplay.Interactions, rows))
				must(data.Seal())
				if err := data.Append(interplay.Interactions, rows); !errors.Is(err, interplay.InvalidState) {
					return fmt.Errorf("expected append after seal to be refused, found %v", err)
				}
				return data.Seal()
			}
			for {
				train, test, err := data.Split(nil)
				if errors.Is(err, interplay.InvalidState) {
					runtime.Gosched()
					continue
				}
				must(err)
				defer train.Close()
				defer test.Close()
				if found := rowsOf(train) + rowsOf(test); found != len(u) {
					return fmt.Errorf("expected %d rows, found %d", len(u), found)
				}
				return nil
			}
		}))
		must(data.Close())
	}
}

func TestHandlesMayBeClosedInAnyOrder(t *testing.T) {
	dataset := shop()
	created, err := interplay.Create(quick)
	must(err)
	model, err := created.Fit(bg, dataset, nil)
	must(err)
	want := scores(model)
	second, err := model.Clone()
	must(err)
	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"movie_id"}, nil)
	must(err)

	must(created.Close())
	must(dataset.Close())
	must(model.Close())

	if !reflect.DeepEqual(scores(second), want) {
		t.Error("scores changed when other handles were closed")
	}
	must(second.Close())
	got, err := scorer.Score([]interplay.Cell{interplay.Int(1)}, []interplay.Cell{interplay.Int(1)})
	must(err)
	if got[0] != want[0] {
		t.Errorf("expected the scorer to keep its model: %v, found %v", want[0], got[0])
	}
	must(scorer.Close())
}

func TestWhatWasForgottenIsFreedByTheCollector(t *testing.T) {
	const size = 1 << 20 // 8 MB a table; 1.6 GB if none were freed
	values := make([]int64, size)
	begin := resident(t)
	for k := 0; k < 200; k++ {
		table(interplay.Col("x", values))
		if k%10 == 9 {
			runtime.GC()
			time.Sleep(time.Millisecond) // finalizers have a goroutine of their own
		}
	}
	if grown := resident(t) - begin; grown > 600 {
		t.Errorf("expected tables to be finalized, found %d MB more", grown)
	}
}

func TestAMillionCallsHoldMemoryFlat(t *testing.T) {
	model := fitted()
	defer model.Close()
	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"movie_id"}, &interplay.ScorerOptions{MaxRows: 1})
	must(err)
	defer scorer.Close()
	score, shared, row := make([]float32, 1), make([]interplay.Cell, 1), make([]interplay.Cell, 1)
	run := func(n int64) {
		for k := int64(0); k < n; k++ {
			_, err := model.PredictPair(k%people+1, k%films+1)
			must(err)
			shared[0], row[0] = interplay.Int(k%people+1), interplay.Int(k%films+1)
			must(scorer.ScoreInto(score, shared, row))
			if k%10 == 0 {
				_, err := interplay.Create(interplay.AutoInt().Epochs(-1)) // an error object each
				fails(t, err, interplay.InvalidArgument, "epochs")
			}
		}
	}
	run(20_000)
	runtime.GC()
	begin := resident(t)
	calls := int64(1_000_000)
	if testing.Short() {
		calls = 50_000
	}
	run(calls)
	runtime.GC()
	if grown := resident(t) - begin; grown > 16 {
		t.Errorf("expected memory to stay as it was, found %d MB more after %d calls", grown, calls)
	}
}

// resident is the memory of the process in MB.
func resident(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc/self/statm here, which tells the memory of the process")
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	must(err)
	return pages * int64(os.Getpagesize()) >> 20
}

func TestAModelGoesThroughGosMemoryAndThroughAFile(t *testing.T) {
	model := fitted()
	defer model.Close()
	want := scores(model)
	dumped, err := model.MarshalBinary()
	must(err)
	path := t.TempDir() + "/mod\u00e8le.interplay"
	must(model.Save(path, nil))
	written, err := os.ReadFile(path)
	must(err)
	if !bytes.Equal(written, dumped) {
		t.Error("Save and MarshalBinary give other bytes")
	}

	parsed, err := interplay.Parse(dumped, nil)
	must(err)
	defer parsed.Close()
	for k := range dumped {
		dumped[k] = 0 // the bytes are copied
	}
	loaded, err := interplay.Load(path, &interplay.LoadOptions{MMap: true, Prefault: true})
	must(err)
	defer loaded.Close()
	if !reflect.DeepEqual(scores(parsed), want) || !reflect.DeepEqual(scores(loaded), want) {
		t.Error("the model predicts other scores after a round trip")
	}

	must(model.Save(path+"8", &interplay.SaveOptions{Tables: "int8"}))
	narrow, err := interplay.Load(path+"8", nil)
	must(err)
	defer narrow.Close()
	info, err := narrow.Info()
	must(err)
	var kept struct{ Tables string }
	must(json.Unmarshal(info.JSON, &kept))
	if kept.Tables != "int8" {
		t.Errorf("expected tables in int8, found %q", kept.Tables)
	}
}
