package interplay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"interplay.dev/interplay"
)

// What the tests share: a small shop of ratings, and a few ways to insist.

const people, films = 40, 60

var (
	quick = interplay.AutoInt().Epochs(2).EmbeddingDim(8).AttentionDim(8).NumLayers(1)
	// Without a validation part nothing ends a fit early, so this one runs until it is cancelled.
	endless = interplay.AutoInt().Epochs(100000).ValidationFraction(0).EmbeddingDim(8).AttentionDim(8)
	schema  = interplay.Schema{User: "user_id", Item: "movie_id", Label: "rating"}
	bg      = context.Background()
)

// fails demands an *Error with this status, whose message has the text.
func fails(t *testing.T, err error, status interplay.Status, text string) *interplay.Error {
	t.Helper()
	var e *interplay.Error
	if !errors.As(err, &e) || !errors.Is(err, status) || !strings.Contains(e.Message, text) {
		t.Fatalf("expected %s with %q, found %v", status, text, err)
	}
	return e
}

// ratings are about two thirds of all pairs; a user likes items that have his parity.
func ratings() (users, items []int64, labels []float32) {
	for user := int64(1); user <= people; user++ {
		for item := int64(1); item <= films; item++ {
			if (user*7+item*5)%3 != 0 {
				users, items = append(users, user), append(items, item)
				labels = append(labels, float32(2+2*((user+item+1)%2)+(user*item)%2))
			}
		}
	}
	return users, items, labels
}

// everyPair lists people x films.
func everyPair() (users, items []int64) {
	for k := int64(0); k < people*films; k++ {
		users, items = append(users, k/films+1), append(items, k%films+1)
	}
	return users, items
}

func table(columns ...interplay.Column) *interplay.Table {
	made, err := interplay.NewTable(columns...)
	must(err)
	return made
}

// shop has ratings, users with a string and items with a list of strings, and is sealed.
func shop() *interplay.Dataset {
	u, i, r := ratings()
	users, parity := []int64{}, []string{}
	for user := int64(1); user <= people; user++ {
		users, parity = append(users, user), append(parity, []string{"even", "odd"}[user%2])
	}
	items, tags := []int64{}, [][]string{}
	for item := int64(1); item <= films; item++ {
		var some []string
		for tag := int64(0); tag < item%4; tag++ { // every fourth item has an empty list
			some = append(some, fmt.Sprint("tag ", (item+tag)%5))
		}
		items, tags = append(items, item), append(tags, some)
	}
	dataset, err := interplay.NewSealedDataset(schema,
		table(interplay.Col("user_id", u), interplay.Col("movie_id", i), interplay.Col("rating", r)),
		table(interplay.Col("user_id", users), interplay.Col("parity", parity)),
		table(interplay.Col("movie_id", items), interplay.Lists("tags", tags)))
	must(err)
	return dataset
}

// dataset is empty, and not sealed.
func dataset() *interplay.Dataset {
	made, err := interplay.NewDataset(schema)
	must(err)
	return made
}

func rowsOf(data *interplay.Dataset) int {
	text, err := data.Info()
	must(err)
	var info struct{ Rows int }
	must(json.Unmarshal(text, &info))
	return info.Rows
}

func fitted() *interplay.Model {
	dataset := shop()
	defer dataset.Close()
	model, err := interplay.Fit(bg, quick, dataset, nil)
	must(err)
	return model
}

// scores are those of everyPair.
func scores(model *interplay.Model) []float32 {
	u, i := everyPair()
	rows := table(interplay.Col("user_id", u), interplay.Col("movie_id", i))
	defer rows.Close()
	out, err := model.Predict(rows, nil)
	must(err)
	return out
}

// inParallel runs n goroutines at once and gives back the first error.
func inParallel(n int, work func(k int) error) error {
	results := make(chan error, n)
	var start sync.WaitGroup
	start.Add(1)
	for k := 0; k < n; k++ {
		go func(k int) {
			start.Wait()
			results <- work(k)
		}(k)
	}
	start.Done()
	var first error
	for k := 0; k < n; k++ {
		if err := <-results; first == nil {
			first = err
		}
	}
	return first
}
