package interplay_test

import (
	"math"
	"reflect"
	"testing"

	"interplay.dev/interplay"
)

func TestTheShortAndTheLongPredictAgree(t *testing.T) {
	model := fitted()
	defer model.Close()
	u, i := everyPair()
	short, err := model.PredictPairs(u, i)
	must(err)
	one, err := model.PredictPair(u[7], i[7])
	must(err)
	long := scores(model)
	for k := range long {
		if math.Abs(float64(long[k]-short[k])) > 1e-5 { // what the design allows between two batch sizes
			t.Fatalf("pair %d: %v by tables, %v by pairs", k, long[k], short[k])
		}
	}
	if math.Abs(float64(one-short[7])) > 1e-5 {
		t.Errorf("pair 7: %v alone, %v among others", one, short[7])
	}
}

func TestRecommendGivesTheBestUnseenItemsInOrder(t *testing.T) {
	model := fitted()
	defer model.Close()
	users := []int64{5, 8}
	request := table(interplay.Col("user_id", users))
	defer request.Close()
	out, err := model.Recommend(bg, request, &interplay.RecommendOptions{K: 7})
	must(err)
	defer out.Close()
	items, err := interplay.Values[int64](out, "movie_id")
	must(err)
	row, err := interplay.Values[int64](out, "row")
	must(err)
	rank, err := interplay.Values[int32](out, "rank")
	must(err)

	u, i, _ := ratings()
	seen := map[[2]int64]bool{}
	for k := range u {
		seen[[2]int64{u[k], i[k]}] = true
	}
	if len(items) != 14 {
		t.Fatalf("expected 7 items for each of 2 users, found %d rows", len(items))
	}
	for k := range items {
		if row[k] != int64(k/7) || rank[k] != int32(k%7+1) || seen[[2]int64{users[k/7], items[k]}] {
			t.Errorf("line %d: row %d, rank %d, item %d, which was to be unseen", k, row[k], rank[k], items[k])
		}
	}
	short, err := model.RecommendUser(5, 7)
	must(err)
	for k := range short {
		if short[k].Item != items[k] || k > 0 && short[k].Score > short[k-1].Score {
			t.Errorf("place %d: %+v by user, item %d by table", k, short[k], items[k])
		}
	}
	for _, k := range []int{1000, math.MaxInt} { // a k from a request must not take the memory of k
		all, err := model.RecommendUser(5, k)
		must(err)
		if len(all) != films/3 {
			t.Errorf("expected the %d items that user 5 has not rated, found %d", films/3, len(all))
		}
	}
}

func TestEvaluateGivesTheRMSEOfTheScores(t *testing.T) {
	model, dataset := fitted(), shop()
	defer model.Close()
	defer dataset.Close()
	report, err := model.Evaluate(bg, dataset, nil)
	must(err)
	u, i, r := ratings()
	got, err := model.PredictPairs(u, i)
	must(err)
	var sum float64
	for k := range r {
		sum += math.Pow(float64(got[k]-r[k]), 2)
	}
	if want := math.Sqrt(sum / float64(len(r))); math.Abs(report.Metrics["rmse"]-want) > 1e-4 {
		t.Errorf("Evaluate says %v, by hand it is %v", report.Metrics["rmse"], want)
	}
	if _, there := report.Metrics["auc"]; there || report.Rows != int64(len(r)) {
		t.Errorf("expected %d rows and no auc for ratings, found %+v", len(r), report)
	}
}

func TestExplainHasAttentionWhoseRowsSumToOne(t *testing.T) {
	model := fitted()
	defer model.Close()
	rows := table(interplay.Col("user_id", []int64{1, 2}), interplay.Col("movie_id", []int64{3, 4}))
	defer rows.Close()
	found, err := model.Explain(bg, rows, &interplay.ExplainOptions{What: []string{"attention", "fields", "pairs"}, PerRow: true})
	must(err)
	for _, row := range found.Attention.Mean[0][0] {
		var sum float64
		for _, share := range row {
			sum += share
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("expected 1, found %v", sum)
		}
	}
	if len(found.Fields) != 4 || len(found.Contributions) != 4 || len(found.Pairs) != 6 || len(found.PerRow) != 2 {
		t.Errorf("expected 4 fields, 6 pairs and 2 rows, found %s", found.JSON)
	}
}

func TestModelsWithoutLabelsAndUpdates(t *testing.T) {
	u, i, _ := ratings()
	implicit, err := interplay.FitPairs(quick, u, i, nil) // every pair is a positive one
	must(err)
	defer implicit.Close()
	best, err := implicit.RecommendUser(1, 1)
	must(err)
	gone := table(interplay.Col("item_id", []int64{best[0].Item}))
	defer gone.Close()

	without, err := implicit.Update(interplay.Items, gone, interplay.Remove)
	must(err)
	defer without.Close()
	after, err := without.RecommendUser(1, films)
	must(err)
	for _, one := range after {
		if one.Item == best[0].Item {
			t.Errorf("item %d was removed, and recommended", one.Item)
		}
	}
	info, err := without.Info()
	must(err)
	if !info.Fitted || info.Parent == nil || info.Engine.Name != "autoint" || info.Parameters["embedding_dim"] != 8.0 {
		t.Errorf("found %s", info.JSON)
	}
}

func TestTensorsHaveTheSizeOfTheirShape(t *testing.T) {
	u, i, r := ratings()
	params := interplay.AutoInt().Epochs(1).EmbeddingDim(8).AttentionDim(8).NumLayers(1)
	model, err := interplay.FitPairs(params, u, i, r)
	must(err)
	defer model.Close()
	tensors, err := model.Tensors()
	must(err)
	found, err := model.Tensor(tensors[0].Name)
	must(err)
	if size := tensors[0].Shape[0] * tensors[0].Shape[1] * 4; int64(len(found)) != size || tensors[0].Type != "float32" {
		t.Errorf("expected %d bytes of float32, found %d of %s", size, len(found), tensors[0].Type)
	}
	assembly, err := interplay.NewAssembly(params, interplay.Description{
		Schema:    interplay.Schema{User: "user_id"},
		Fields:    []interplay.AssembledField{{Name: "user_id", Of: "user", Kind: "category"}},
		Objective: interplay.Objective{Kind: "regression"},
	})
	must(err)
	defer assembly.Close()
	err = assembly.AddTensor("tables/0", []int64{2, 8}, []float32{1})
	fails(t, err, interplay.InvalidArgument, "16")
}

func TestValuesComeOutAsTheyWentIn(t *testing.T) {
	titles := []string{"", "Miserables, Les", "éè \U0001f3ac", "x"}
	years := [][]int64{{1995, -1}, {}, {1 << 62}, {0}}
	mixed := table(interplay.Col("title", titles).Null([]bool{true, false, true, true}),
		interplay.Lists("genres", [][]string{{"Drama", ""}, {}, {"War"}, {"Drama"}}),
		interplay.Lists("years", years).Null([]bool{true, true, true, false}),
		interplay.Col("price", []float32{0, 1.5, -2, 3e30}), interplay.Col("new", []bool{true, false, false, true}),
		interplay.Col("size", []int32{1, 2, 3, -4}), interplay.Col("weight", []float64{1, 2, 3, 1e300}))
	defer mixed.Close()

	title, err := mixed.Column("title")
	must(err)
	if !reflect.DeepEqual(title.Values, titles) || !reflect.DeepEqual(title.Valid, []bool{true, false, true, true}) {
		t.Errorf("title: %+v", title)
	}
	lists, err := interplay.ListValues[int64](mixed, "years")
	must(err)
	if !reflect.DeepEqual(lists, years) {
		t.Errorf("years: %v", lists)
	}
	weights, err := interplay.Values[float64](mixed, "weight")
	must(err)
	flags, err := interplay.Values[bool](mixed, "new")
	must(err)
	if weights[3] != 1e300 || !reflect.DeepEqual(flags, []bool{true, false, false, true}) {
		t.Errorf("weight %v, new %v", weights, flags)
	}
	_, err = interplay.Values[int64](mixed, "title")
	fails(t, err, interplay.BadData, "[]string")
	_, err = mixed.Column("titel")
	fails(t, err, interplay.NotFound, "title")
}

func TestEmptySlicesAreFine(t *testing.T) {
	table(interplay.Col[int64]("user_id", nil), interplay.Col[string]("name", nil), interplay.Lists[string]("l", nil)).Close()
	table(interplay.Col("blank", []string{"", ""}), interplay.Lists("empty", [][]string{{}, {}})).Close()
	model := fitted()
	defer model.Close()
	got, err := model.PredictPairs(nil, nil)
	must(err)
	if len(got) != 0 {
		t.Errorf("something came of nothing: %v", got)
	}
}
