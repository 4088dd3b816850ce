package smoke

import (
	"encoding/json"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestFinalizersMayFreeOnTheCollectorsThread(t *testing.T) {
	freed := make(chan bool, 1000)
	for k := 0; k < 1000; k++ {
		table := newTable(t, 3)
		must(t, table.AddInts("x", []int64{1, 2, 3}, nil, nil))
		owner := &struct{ Table }{table}
		runtime.SetFinalizer(owner, func(o *struct{ Table }) {
			o.Table.Free()
			freed <- true
		})
	}
	for k := 0; k < 100 && len(freed) < 900; k++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	if len(freed) < 900 {
		t.Errorf("only %d of 1000 tables were finalized", len(freed))
	}
}

func TestStringsListsAndNullsComeOutAsTheyWentIn(t *testing.T) {
	table := newTable(t, 4)
	strs := []string{"", "Miserables, Les", "\u00e9\u00e8 \U0001f3ac", "x"}
	lists := []int64{0, 2, 2, 3, 4}
	valid := []byte{1, 0, 1, 1}
	must(t, table.AddStrings("title", strs, nil, valid))
	must(t, table.AddStrings("genres", []string{"Drama", "", "War", "Drama"}, lists, nil))
	must(t, table.AddInts("years", []int64{1995, -1, 1 << 62, 0}, lists, []byte{1, 1, 0, 1}))
	must(t, table.AddFloats("price", []float32{0, 1.5, -2, 3e30}))
	info, err := table.Info()
	must(t, err)

	columns := map[string]Column{}
	for _, name := range []string{"title", "genres", "years", "price"} {
		columns[name], err = table.Column(name)
		must(t, err)
	}
	_, err = table.Column("titel")
	table.Free() // the copies stay

	e := fails(t, err, NotFound)
	if !strings.Contains(e.Message, "title") {
		t.Errorf("the message does not list the columns: %s", e.Message)
	}
	if c := columns["title"]; !reflect.DeepEqual(c.Strings, strs) || !reflect.DeepEqual(c.Valid, valid) ||
		c.Lists != nil {
		t.Errorf("title: %+v", c)
	}
	if c := columns["genres"]; !reflect.DeepEqual(c.Strings, []string{"Drama", "", "War", "Drama"}) ||
		!reflect.DeepEqual(c.Lists, lists) || c.Valid != nil {
		t.Errorf("genres: %+v", c)
	}
	if c := columns["price"]; !reflect.DeepEqual(c.Floats, []float32{0, 1.5, -2, 3e30}) {
		t.Errorf("price: %+v", c)
	}
	if c := columns["years"]; !reflect.DeepEqual(c.Lists, lists) ||
		!reflect.DeepEqual(c.Valid, []byte{1, 1, 0, 1}) {
		t.Errorf("years: %+v", c)
	}
	var parsed struct {
		Rows    int
		Columns []struct {
			Name, Type  string
			MultiValued bool `json:"multi_valued"`
		}
	}
	must(t, json.Unmarshal([]byte(info), &parsed))
	if parsed.Rows != 4 || len(parsed.Columns) != 4 || parsed.Columns[1].Name != "genres" ||
		parsed.Columns[1].Type != "string" || !parsed.Columns[1].MultiValued {
		t.Errorf("info: %s", info)
	}
}

func TestEmptySlicesAreNullPointersAndFine(t *testing.T) {
	table := newTable(t, 0)
	defer table.Free()
	must(t, table.AddInts("user_id", nil, nil, nil))
	must(t, table.AddStrings("name", nil, nil, nil))
	must(t, table.AddStrings("lists", nil, []int64{0}, nil))
	blank := newTable(t, 2)
	defer blank.Free()
	must(t, blank.AddStrings("blank", []string{"", ""}, nil, nil))
	must(t, blank.AddStrings("empty lists", nil, []int64{0, 0, 0}, nil))

	model := fitted(t)
	defer model.Free()
	got, err := model.PredictPairs(nil, nil)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("something came of nothing: %v", got)
	}
}

func TestLengthsAndOffsetsThatDoNotFitAreRefused(t *testing.T) {
	table := newTable(t, 2)
	defer table.Free()
	fails(t, table.AddInts("short", []int64{1}, nil, nil), BadData)
	fails(t, table.AddInts("beyond", []int64{1, 2}, []int64{0, 1, 3}, nil), BadData)
	fails(t, table.AddInts("backwards", []int64{1, 2}, []int64{0, 2, 1}, nil), BadData)
	fails(t, table.AddRawStrings("beyond", []byte("abc"), []int64{0, 1, 4}, 2, nil, nil), BadData)
	fails(t, table.AddRawStrings("latin-1", []byte("\xe9b"), []int64{0, 1, 2}, 2, nil, nil), BadData)
	must(t, table.AddInts("fine", []int64{1, 2}, nil, nil))
	fails(t, table.AddInts("fine", []int64{1, 2}, nil, nil), InvalidArgument)
}
