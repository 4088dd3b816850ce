package interplay_test

import (
	"os"
	"testing"

	"interplay.dev/interplay"
)

// The lines of bindings/README.md: go test -run '^$' -bench Overhead -count 15, with OVERHEAD_MODEL from bindings/overhead/run.
func overheadModel(b *testing.B) *interplay.Model {
	b.Helper()
	path := os.Getenv("OVERHEAD_MODEL")
	if path == "" {
		b.Skip("OVERHEAD_MODEL names no model; bindings/overhead/run makes one")
	}
	model, err := interplay.Load(path, nil)
	must(err)
	return model
}

func BenchmarkOverheadPredictPair(b *testing.B) {
	model := overheadModel(b)
	b.ReportAllocs()
	for i := int64(0); i < int64(b.N); i++ {
		_, err := model.PredictPair(i%900+1, i%1600+1)
		must(err)
	}
}

func BenchmarkOverheadScorer(b *testing.B) {
	scorer, err := overheadModel(b).OpenScorer([]string{"user_id"}, []string{"item_id"}, &interplay.ScorerOptions{MaxRows: 1})
	must(err)
	score, shared, row := make([]float32, 1), make([]interplay.Cell, 1), make([]interplay.Cell, 1)
	b.ReportAllocs()
	for i := int64(0); i < int64(b.N); i++ {
		shared[0], row[0] = interplay.Int(i%900+1), interplay.Int(i%1600+1)
		must(scorer.ScoreInto(score, shared, row))
	}
}

func BenchmarkOverheadBatch(b *testing.B) {
	model := overheadModel(b)
	users, items := make([]int64, 10000), make([]int64, 10000)
	for i := range users {
		users[i], items[i] = int64(i%900+1), int64(i%1600+1)
	}
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		_, err := model.PredictPairs(users, items)
		must(err)
	}
}
