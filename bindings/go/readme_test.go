package interplay_test

import (
	"context"
	"log"
	"os"
	"strings"
	"testing"
	"time"

	"interplay.dev/interplay"
)

// The blocks of README.md but the first, which run_tests runs, each in a function that gives it what its text takes for granted.

func readmeFeatures(users, movies []int64, stars []float32, ids []int64, genres [][]string, years []float64, known []bool) (*interplay.Report, error) {
	ratings, err := interplay.NewTable(interplay.Col("user_id", users), interplay.Col("movie_id", movies), interplay.Col("rating", stars))
	films, err := interplay.NewTable(interplay.Col("movie_id", ids), interplay.Lists("genres", genres), interplay.Col("year", years).Null(known))
	schema := interplay.Schema{User: "user_id", Item: "movie_id", Label: "rating"}
	data, err := interplay.NewSealedDataset(schema, ratings, nil, films)
	train, test, err := data.Split(&interplay.SplitOptions{Method: "random", Fraction: interplay.Of(0.2)})

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ctx = interplay.WithProgress(ctx, func(event interplay.Event) error { log.Print(event.Epoch, event.Loss); return nil })
	model, err := interplay.Fit(ctx, interplay.AutoInt().Epochs(5), train, nil)
	report, err := model.Evaluate(ctx, test, &interplay.EvaluateOptions{K: 10})
	return report, err
}

func readmePlugin(users, items []int64, ratings []float32) (*interplay.Model, error) {
	name, err := interplay.LoadEngine("/opt/shop/engine.so") // once, before its models are made or loaded
	model, err := interplay.FitPairs(interplay.Engine(name, map[string]any{"damping": 5}), users, items, ratings)
	return model, err
}

func readmeHotPath(model *interplay.Model) ([]float32, []interplay.Ranked, error) {
	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"item_id"}, nil) // FitPairs calls its columns so
	scores, err := scorer.Score([]interplay.Cell{interplay.Int(1)}, []interplay.Cell{interplay.Int(10)}, []interplay.Cell{interplay.Int(20)})
	best, err := scorer.TopItems([]interplay.Cell{interplay.Int(1)}, 10)
	return scores, best, err
}

func TestTheBlocksOfTheReadmeAreTheOnesThatAreCompiledHere(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	must(err)
	here, err := os.ReadFile("readme_test.go")
	must(err)
	blocks := strings.Split(string(readme), "\n```go\n")[2:]
	if len(blocks) < 3 {
		t.Fatalf("expected three blocks behind the first, found %d: has the README's form changed?", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "\n```")
		indented := strings.ReplaceAll("\n\t"+strings.ReplaceAll(block, "\n", "\n\t")+"\n", "\n\t\n", "\n\n")
		if !strings.Contains(string(here), indented) {
			t.Errorf("README.md has a block that is not compiled: put it into a function of readme_test.go, as it is:\n%s", block)
		}
	}
}

func TestTheBlocksOfTheReadmeWork(t *testing.T) {
	users, movies, stars := ratings()
	report, err := readmeFeatures(users, movies, stars, []int64{1, 2}, [][]string{{"noir"}, {}}, []float64{1942, 0}, []bool{true, false})
	must(err)
	if report.Metrics["rmse"] <= 0 || report.Metrics["hr@10"] <= 0 {
		t.Errorf("expected rmse and hr@10, found %v", report.Metrics)
	}
	model, err := interplay.FitPairs(interplay.Popularity(), []int64{1, 1, 2}, []int64{10, 20, 10}, []float32{5, 1, 4})
	must(err)
	defer model.Close()
	scores, best, err := readmeHotPath(model)
	must(err)
	if len(scores) != 2 || len(best) != 0 { // user 1 has seen both
		t.Errorf("expected two scores and no item that is new to the user, found %v and %v", scores, best)
	}
	_, err = readmePlugin(users, movies, stars)
	fails(t, err, interplay.NotFound, "engine") // no such file: the block is here to be compiled
}
