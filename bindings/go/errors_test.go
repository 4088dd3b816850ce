package interplay_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"interplay.dev/interplay"
)

func TestAWrongParameterIsNamedWithTheNearestAndTheAcceptedOnes(t *testing.T) {
	_, err := interplay.Create(interplay.Engine("autoint", map[string]any{"epoch": 3}))

	e := fails(t, err, interplay.InvalidArgument, "epoch")
	if e.Detail.Key != "epoch" || e.Detail.Nearest != "epochs" || len(e.Detail.Accepted) < 8 {
		t.Errorf("detail %+v", e.Detail)
	}
	if !strings.Contains(e.Error(), "did you mean") {
		t.Errorf("the error does not tell the library's text: %v", e)
	}
}

func TestAValueOutOfRangeNamesItsKey(t *testing.T) {
	_, err := interplay.Create(interplay.AutoInt().Epochs(-1))
	if e := fails(t, err, interplay.InvalidArgument, "epochs"); e.Detail.Key != "epochs" {
		t.Errorf("detail %s", e.Detail.JSON)
	}
}

func TestAStatusMatchesItselfAlone(t *testing.T) {
	_, err := interplay.Create(interplay.Engine("no such engine", nil))
	fails(t, err, interplay.NotFound, "autoint")
	if errors.Is(err, interplay.Corrupt) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an engine that is not there is not a damaged or missing file: %v", err)
	}
}

func TestMissingAndDamagedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "modèle.interplay")
	_, err := interplay.Load(path, nil)
	fails(t, err, interplay.NotFound, path)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected a missing file to be fs.ErrNotExist, found %v", err)
	}
	model := fitted()
	defer model.Close()
	must(model.Save(path, nil))
	written, err := os.ReadFile(path)
	must(err)
	must(os.WriteFile(path, written[:len(written)/2], 0o600))

	_, err = interplay.Load(path, nil)
	fails(t, err, interplay.Corrupt, path)
	_, err = interplay.Load("a\x00b", nil)
	fails(t, err, interplay.InvalidArgument, "NUL")
}

func TestAClosedHandleSaysSo(t *testing.T) {
	model, rows, dataset := fitted(), table(interplay.Col("user_id", []int64{1})), shop()
	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"movie_id"}, nil)
	must(err)
	open := fitted()
	defer open.Close()
	for _, one := range []interface{ Close() error }{model, rows, dataset, scorer} {
		must(one.Close())
		must(one.Close()) // twice is fine
	}

	_, err = model.PredictPair(1, 1)
	fails(t, err, interplay.InvalidState, "closed")
	_, err = model.Fit(bg, dataset, nil)
	fails(t, err, interplay.InvalidState, "model")
	_, err = open.Fit(bg, dataset, nil)
	fails(t, err, interplay.InvalidState, "dataset")
	_, err = open.Predict(rows, nil)
	fails(t, err, interplay.InvalidState, "table")
	_, err = scorer.Score([]interplay.Cell{interplay.Int(1)})
	fails(t, err, interplay.InvalidState, "scorer")
	_, err = (&interplay.Model{}).Info()
	fails(t, err, interplay.InvalidState, "zero")
}

func TestLengthsThatDoNotFitAreRefused(t *testing.T) {
	model := fitted()
	defer model.Close()
	_, err := model.PredictPairs([]int64{1, 2}, []int64{1})
	fails(t, err, interplay.BadData, "length")
	_, err = interplay.FitPairs(quick, []int64{1}, []int64{1}, []float32{})
	fails(t, err, interplay.BadData, "length")
	_, err = interplay.NewTable(interplay.Col("a", []int64{1, 2}), interplay.Lists("b", [][]string{{"x"}}))
	fails(t, err, interplay.BadData, "b")
	_, err = interplay.NewTable(interplay.Col("a", []int64{1, 2}).Null([]bool{true}))
	fails(t, err, interplay.BadData, "a")
	_, err = interplay.NewTable(interplay.Col("latin-1", []string{"\xe9b"}))
	fails(t, err, interplay.BadData, "latin-1")
	_, err = interplay.NewTable(interplay.Col("a", []int64{1}), interplay.Col("a", []int64{1}))
	fails(t, err, interplay.InvalidArgument, "a")
	_, err = interplay.NewTable(interplay.Column{Name: "a", Values: []uint8{1}})
	fails(t, err, interplay.InvalidArgument, "uint8")

	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"movie_id"}, nil)
	must(err)
	defer scorer.Close()
	_, err = scorer.Score(nil, []interplay.Cell{interplay.Int(1)})
	fails(t, err, interplay.BadData, "shared")
	_, err = scorer.Score([]interplay.Cell{interplay.Int(1)}, nil)
	fails(t, err, interplay.BadData, "row 0")
}

func TestANULInAColumnsNameIsRefusedAndDoesNotCutIt(t *testing.T) {
	model := fitted()
	defer model.Close()
	_, err := model.OpenScorer([]string{"user_id\x00x"}, []string{"movie_id"}, nil)
	fails(t, err, interplay.InvalidArgument, "NUL")
	_, err = model.OpenScorer([]string{"user_id"}, []string{"movie_id\x00"}, nil)
	fails(t, err, interplay.InvalidArgument, "NUL")
}

func TestTopOfNoRowsIsNoneAndChecksTheRest(t *testing.T) {
	model := fitted()
	defer model.Close()
	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"movie_id"}, nil)
	must(err)
	user := []interplay.Cell{interplay.Int(1)}
	best, err := scorer.TopRows(user, nil, 3)
	must(err)
	if len(best) != 0 {
		t.Errorf("expected no row of none, found %v", best)
	}
	_, err = scorer.TopRows(nil, nil, 3)
	fails(t, err, interplay.BadData, "shared")
	_, err = scorer.TopRows([]interplay.Cell{interplay.Text("one")}, nil, 3)
	fails(t, err, interplay.BadData, "user_id")
	for _, k := range []int{0, -1} {
		_, err = scorer.TopRows(user, nil, k)
		fails(t, err, interplay.InvalidArgument, "k")
	}
	must(scorer.Close())
	_, err = scorer.TopRows(user, nil, 3)
	fails(t, err, interplay.InvalidState, "closed")
}

func TestCallsOutOfTurnSaySo(t *testing.T) {
	created, err := interplay.Create(quick)
	must(err)
	defer created.Close()
	_, err = created.PredictPairs([]int64{1}, []int64{1})
	fails(t, err, interplay.InvalidState, "fit")
	dataset := shop()
	defer dataset.Close()
	fails(t, dataset.Append(interplay.Users, table(interplay.Col("user_id", []int64{99}))), interplay.InvalidState, "seal")
}

func TestGoroutinesNeverSeeEachOthersErrors(t *testing.T) {
	must(inParallel(16, func(k int) error {
		for round := 0; round < 100; round++ {
			name := fmt.Sprintf("wrong_%d_%d", k, round)
			_, err := interplay.Create(interplay.Engine("autoint", map[string]any{name: 1}))
			runtime.Gosched() // likely to go on, on another thread
			if err == nil || !strings.Contains(err.Error(), name) {
				return fmt.Errorf("expected an error that names %s, found %v", name, err)
			}
		}
		return nil
	}))
}
