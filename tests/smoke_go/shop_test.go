// What the tests share: a small shop of ratings, and a few ways to insist.

package smoke

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

const (
	users, items = 40, 60
	params       = `{"epochs": 2, "embedding_dim": 8, "attention_dim": 8, "num_layers": 1}`
	// Without a validation part nothing ends a fit early, so this one runs until it is cancelled.
	longRun = `{"epochs": 100000, "validation_fraction": 0, "embedding_dim": 8, "attention_dim": 8}`
	schema  = `{"user": "user_id", "item": "movie_id", "label": "rating"}`
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails demands an *Error with this status.
func fails(t *testing.T, err error, status int) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Status != status {
		t.Fatalf("expected an error with status %d, found %v", status, err)
	}
	return e
}

// ratings are about two thirds of all pairs; a user likes items that have his parity.
func ratings() (u, i []int64, r []float32) {
	for user := int64(1); user <= users; user++ {
		for item := int64(1); item <= items; item++ {
			if (user*7+item*5)%3 != 0 {
				u, i = append(u, user), append(i, item)
				r = append(r, float32(2+2*((user+item+1)%2)+(user*item)%2))
			}
		}
	}
	return u, i, r
}

// everyPair lists users x items.
func everyPair() (u, i []int64) {
	for k := int64(0); k < users*items; k++ {
		u, i = append(u, k/items+1), append(i, k%items+1)
	}
	return u, i
}

func newTable(t *testing.T, rows int) Table {
	t.Helper()
	table, err := NewTable(rows)
	must(t, err)
	return table
}

// pairsTable has user_id and movie_id and, unless labels is nil, rating.
func pairsTable(t *testing.T, u, i []int64, labels []float32) Table {
	t.Helper()
	table := newTable(t, len(u))
	must(t, table.AddInts("user_id", u, nil, nil))
	must(t, table.AddInts("movie_id", i, nil, nil))
	if labels != nil {
		must(t, table.AddFloats("rating", labels))
	}
	return table
}

func appendPart(t *testing.T, d Dataset, part string, table Table) {
	t.Helper()
	must(t, d.Append(part, table))
	table.Free() // the dataset has its own copy
}

// dataset has ratings, users with a string and items with a list of strings, and is sealed.
func dataset(t *testing.T) Dataset {
	t.Helper()
	d, err := NewDataset(schema)
	must(t, err)
	u, i, r := ratings()
	appendPart(t, d, "interactions", pairsTable(t, u, i, r))

	ids, parity := []int64{}, []string{}
	for user := int64(1); user <= users; user++ {
		ids, parity = append(ids, user), append(parity, []string{"even", "odd"}[user%2])
	}
	people := newTable(t, users)
	must(t, people.AddInts("user_id", ids, nil, nil))
	must(t, people.AddStrings("parity", parity, nil, nil))
	appendPart(t, d, "users", people)

	ids, tags, lists := nil, []string{}, []int64{0}
	for item := int64(1); item <= items; item++ {
		ids = append(ids, item)
		for tag := int64(0); tag < item%4; tag++ { // every fourth item has an empty list
			tags = append(tags, fmt.Sprint("tag ", (item+tag)%5))
		}
		lists = append(lists, int64(len(tags)))
	}
	films := newTable(t, items)
	must(t, films.AddInts("movie_id", ids, nil, nil))
	must(t, films.AddStrings("tags", tags, lists, nil))
	appendPart(t, d, "items", films)
	must(t, d.Seal())
	return d
}

// fitted is a model on dataset; its test frees it.
func fitted(t *testing.T) Model {
	t.Helper()
	d := dataset(t)
	defer d.Free()
	created, err := Create("autoint", params)
	must(t, err)
	defer created.Free()
	model, err := created.Fit(d, "", Monitor{})
	must(t, err)
	return model
}

// scores are those of everyPair.
func scores(t *testing.T, model Model) []float32 {
	t.Helper()
	u, i := everyPair()
	rows := pairsTable(t, u, i, nil)
	defer rows.Free()
	out, err := model.Predict(rows, "")
	must(t, err)
	defer out.Free()
	column, err := out.Column("score")
	must(t, err)
	return column.Floats
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
