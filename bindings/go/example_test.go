package interplay_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"interplay.dev/interplay"
)

// Two users and three items; the popularity engine, whose numbers are plain means.
var (
	someUsers   = []int64{1, 1, 2, 2, 3}
	someItems   = []int64{10, 20, 10, 30, 20}
	someRatings = []float32{5, 1, 4, 2, 1}
)

func Example() {
	model, err := interplay.FitPairs(interplay.Popularity().ValidationFraction(0), someUsers, someItems, someRatings)
	if err != nil {
		panic(err)
	}
	defer model.Close()
	best, err := model.RecommendUser(3, 2)
	if err != nil {
		panic(err)
	}
	for _, one := range best {
		fmt.Println(one.Item)
	}
	// Output:
	// 10
	// 30
}

func ExampleError() {
	_, err := interplay.Create(interplay.Engine("autoint", map[string]any{"epoch": 3}))
	var e *interplay.Error
	if errors.As(err, &e) {
		fmt.Println(errors.Is(err, interplay.InvalidArgument), e.Detail.Key, e.Detail.Nearest)
	}
	// Output: true epoch epochs
}

func ExampleModel_Fit() {
	ratings, err := interplay.NewTable(interplay.Col("user", someUsers), interplay.Col("film", someItems),
		interplay.Col("stars", someRatings))
	if err != nil {
		panic(err)
	}
	data, err := interplay.NewSealedDataset(interplay.Schema{User: "user", Item: "film", Label: "stars"}, ratings, nil, nil)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err = interplay.Fit(ctx, interplay.AutoInt().Epochs(100000).ValidationFraction(0), data, nil)
	fmt.Println(errors.Is(err, interplay.Cancelled), errors.Is(err, context.DeadlineExceeded))
	// Output: true true
}

func ExampleWithProgress() {
	ratings, err := interplay.NewTable(interplay.Col("user", someUsers), interplay.Col("film", someItems))
	if err != nil {
		panic(err)
	}
	data, err := interplay.NewSealedDataset(interplay.Schema{User: "user", Item: "film"}, ratings, nil, nil)
	if err != nil {
		panic(err)
	}
	ctx := interplay.WithProgress(context.Background(), func(event interplay.Event) error {
		if event.EpochEnd {
			fmt.Println("epoch", event.Epoch, "of", event.Epochs)
		}
		return nil
	})
	if _, err := interplay.Fit(ctx, interplay.FM().Epochs(2).ValidationFraction(0), data, nil); err != nil {
		panic(err)
	}
	// Output:
	// epoch 1 of 2
	// epoch 2 of 2
}

func ExampleModel_OpenScorer() {
	model, err := interplay.FitPairs(interplay.Popularity().ValidationFraction(0), someUsers, someItems, someRatings)
	if err != nil {
		panic(err)
	}
	defer model.Close()
	scorer, err := model.OpenScorer([]string{"user_id"}, []string{"item_id"}, nil)
	if err != nil {
		panic(err)
	}
	defer scorer.Close()
	best, err := scorer.TopItems([]interplay.Cell{interplay.Int(3)}, 1)
	if err != nil {
		panic(err)
	}
	fmt.Println(scorer.Item(best[0].Index))
	// Output: 10 <nil>
}

func ExampleModel_Save() {
	model, err := interplay.FitPairs(interplay.Popularity(), someUsers, someItems, someRatings)
	if err != nil {
		panic(err)
	}
	defer model.Close()
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "shop.interplay")
	if err := model.Save(path, &interplay.SaveOptions{Seen: interplay.Of(false)}); err != nil {
		panic(err)
	}
	again, err := interplay.Load(path, nil)
	fmt.Println(err)
	again.Close()
	// Output: <nil>
}
