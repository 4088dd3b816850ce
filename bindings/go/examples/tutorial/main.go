// Command tutorial is the whole way on MovieLens: fit with progress, predict, recommend, measure, save, load.
// Usage: tutorial FOLDER   (ratings.csv of ml-100k, with a heading)
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"

	"interplay.dev/interplay"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: tutorial FOLDER, where ratings.csv is")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt) // Ctrl-C stops the fit
	defer stop()
	if err := run(ctx, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "tutorial:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string) error {
	train, test, err := read(filepath.Join(folder, "ratings.csv"))
	if err != nil {
		return err
	}
	defer train.Close()
	defer test.Close()

	params := interplay.AutoInt().EmbeddingDim(32).AttentionDim(32).NumHeads(2).NumLayers(3).
		Dropout(0.1).Epochs(20).BatchSize(256).LearningRate(0.001)
	model, err := interplay.Fit(interplay.WithProgress(ctx, func(event interplay.Event) error {
		if event.EpochEnd {
			fmt.Fprintf(os.Stderr, "epoch %d of %d, loss %.4f\n", event.Epoch, event.Epochs, event.Loss)
		}
		return nil
	}), params, train, nil)
	if err != nil {
		return err
	}
	defer model.Close()
	if err := look(ctx, model, test); err != nil {
		return err
	}

	path := filepath.Join(os.TempDir(), fmt.Sprintf("movies-%d.interplay", os.Getpid()))
	defer os.Remove(path)
	if err := model.Save(path, nil); err != nil {
		return err
	}
	loaded, err := interplay.Load(path, nil)
	if err != nil {
		return err
	}
	defer loaded.Close()
	score, err := loaded.PredictPair(1, 10)
	fmt.Printf("loaded: user 1, movie 10: %.2f\n", score)
	return err
}

// look shows what the model knows.
func look(ctx context.Context, model *interplay.Model, test *interplay.Dataset) error {
	score, err := model.PredictPair(1, 10)
	if err != nil {
		return err
	}
	fmt.Printf("user 1, movie 10: %.2f\n", score)
	scores, err := model.PredictPairs([]int64{1, 1, 2}, []int64{10, 20, 10})
	if err != nil {
		return err
	}
	fmt.Println("three pairs:", scores)
	best, err := model.RecommendUser(1, 10)
	if err != nil {
		return err
	}
	for place, one := range best {
		fmt.Printf("%2d. movie %d, %.2f\n", place+1, one.Item, one.Score)
	}
	report, err := model.Evaluate(ctx, test, nil)
	if err != nil {
		return err
	}
	fmt.Printf("RMSE on %d held-out rows: %.4f (biases alone: %.4f)\n", report.Rows, report.Metrics["rmse"], report.Baselines["biases"])

	_, err = interplay.Create(interplay.Engine("autoint", map[string]any{"epoch": 20}))
	if !errors.Is(err, interplay.InvalidArgument) {
		return fmt.Errorf("expected a wrong parameter to be refused, found %v", err)
	}
	fmt.Println("a wrong parameter:", err)
	return nil
}

// read gives four fifths of the ratings to learn from, and the rest.
func read(path string) (train, test *interplay.Dataset, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	var users, items []int64
	var ratings []float32
	rows := csv.NewReader(file)
	for row, err := rows.Read(); err != io.EOF; row, err = rows.Read() {
		if err != nil {
			return nil, nil, err
		}
		user, wrong := strconv.ParseInt(row[0], 10, 64)
		if wrong != nil { // the heading
			continue
		}
		item, _ := strconv.ParseInt(row[1], 10, 64)
		rating, _ := strconv.ParseFloat(row[2], 32)
		users, items, ratings = append(users, user), append(items, item), append(ratings, float32(rating))
	}
	table, err := interplay.NewTable(interplay.Col("user_id", users), interplay.Col("item_id", items), interplay.Col("rating", ratings))
	if err != nil {
		return nil, nil, err
	}
	defer table.Close()
	schema := interplay.Schema{User: "user_id", Item: "item_id", Label: "rating"}
	all, err := interplay.NewSealedDataset(schema, table, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	defer all.Close()
	return all.Split(&interplay.SplitOptions{Method: "random", Fraction: interplay.Of(0.2), Seed: interplay.Of(int64(1))})
}
