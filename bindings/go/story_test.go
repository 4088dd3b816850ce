package interplay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"interplay.dev/interplay"
)

type expectedError struct {
	Status, Text, By string
	Detail           map[string]any
}

// story reads tests/scenario/scenario.json, from where INTERPLAY_SCENARIO says when these tests are not in their tree.
func story(t *testing.T) (out struct {
	ABIMajor     int `json:"abi_major"`
	Within       float64
	Enumerations map[string]map[string]int
	Tables       map[string][]storyColumn
	Steps        []step
}) {
	t.Helper()
	path := os.Getenv("INTERPLAY_SCENARIO")
	if path == "" {
		path = "../../tests/scenario/scenario.json"
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("INTERPLAY_SCENARIO names no story, and there is none in the tree: %v", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	must(decoder.Decode(&out))
	return out
}

func TestTheEnumerationsAreTheStorys(t *testing.T) {
	if want, found := story(t).Enumerations, interplay.Names(); !reflect.DeepEqual(found, want) {
		t.Errorf("expected %v, found %v", want, found)
	}
}

func TestEveryStatusIsAnErrorOfItsOwnAndTheFuturesAreInternal(t *testing.T) {
	for name, number := range story(t).Enumerations["status"] {
		status := interplay.StatusOf(int32(number))
		if status.String() != name || !errors.Is(&interplay.Error{Status: status}, status) {
			t.Errorf("%s has the number %d, found %s", name, number, status)
		}
	}
	if status := interplay.StatusOf(99); status != interplay.Internal {
		t.Errorf("expected 99 to count as INTERNAL, found %s", status)
	}
}

func TestTheStory(t *testing.T) {
	told := story(t)
	if major, _ := interplay.ABIVersion(); major != told.ABIMajor || len(told.Steps) < 100 {
		t.Fatalf("expected ABI %d and a hundred steps, found %d and %d", told.ABIMajor, major, len(told.Steps))
	}
	teller := &teller{tables: told.Tables, folder: t.TempDir(), made: map[string]any{}, ctx: context.Background()}
	for number := range told.Steps {
		s := &told.Steps[number]
		t.Run(fmt.Sprintf("%03d_%s", number, s.Call), func(t *testing.T) {
			t.Log(s.Say)
			result, err := teller.tell(s)
			if s.Error != nil {
				wants(t, err, s.Error)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Expect) == 0 {
				return
			}
			document := plain(result)
			for _, check := range s.Expect {
				if found := at(document, check["at"].(string)); !holds(check, found, told.Within) {
					t.Errorf("expected %v, found %v", check, found)
				}
			}
		})
	}
}

func wants(t *testing.T, err error, expected *expectedError) {
	t.Helper()
	var e *interplay.Error
	if !errors.As(err, &e) {
		t.Fatalf("expected %+v, found %v", expected, err)
	}
	if expected.By == "binding" {
		return
	}
	if e.Status.String() != expected.Status || !strings.Contains(e.Message, expected.Text) {
		t.Errorf("expected %+v, found %s: %s", expected, e.Status, e.Message)
	}
	var detail map[string]any
	must(json.Unmarshal(e.Detail.JSON, &detail))
	for key, value := range expected.Detail {
		if fmt.Sprint(detail[key]) != fmt.Sprint(value) {
			t.Errorf("expected detail %q to be %v, found %s", key, value, e.Detail.JSON)
		}
	}
}

// plain is a result as JSON has it, with whole numbers whole. What came as JSON is taken as it came.
func plain(result any) any {
	switch kept := result.(type) {
	case *interplay.Report:
		result = kept.JSON
	case *interplay.Explanation:
		result = kept.JSON
	}
	text, err := json.Marshal(result)
	must(err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var out any
	must(decoder.Decode(&out))
	return out
}

func at(document any, pointer string) any {
	for _, part := range strings.Split(pointer, "/")[1:] {
		if list, is := document.([]any); is {
			i, err := strconv.Atoi(part)
			must(err)
			document = list[i]
		} else {
			document = document.(map[string]any)[part]
		}
	}
	return document
}

// holds tells whether a check is true; one that is not known is not.
func holds(check map[string]any, found any, within float64) bool {
	if own, given := check["within"]; given {
		within = float(own)
	}
	for kind, expected := range check {
		switch kind {
		case "equals":
			return same(found, expected)
		case "near":
			return near(found, expected, within)
		case "has":
			return strings.Contains(found.(string), expected.(string))
		case "length":
			return strconv.Itoa(len(found.([]any))) == fmt.Sprint(expected)
		case "below":
			return float(found) < float(expected)
		case "above":
			return float(found) > float(expected)
		}
	}
	return false
}

func same(found, expected any) bool {
	if list, is := expected.([]any); is {
		other, is := found.([]any)
		if !is || len(other) != len(list) {
			return false
		}
		for i := range list {
			if !same(other[i], list[i]) {
				return false
			}
		}
		return true
	}
	if number, is := found.(json.Number); is {
		return number.String() == fmt.Sprint(expected) || float(found) == float(expected)
	}
	return reflect.DeepEqual(found, expected)
}

func near(found, expected any, within float64) bool {
	if list, is := expected.([]any); is {
		other, is := found.([]any)
		if !is || len(other) != len(list) {
			return false
		}
		for i := range list {
			if !near(other[i], list[i], within) {
				return false
			}
		}
		return true
	}
	want := float(expected)
	return math.Abs(float(found)-want) <= within*math.Max(1, math.Abs(want))
}

// float is NaN, near nothing and equal to nothing, for what is no number.
func float(value any) float64 {
	number, is := value.(json.Number)
	if !is {
		return math.NaN()
	}
	out, err := number.Float64()
	must(err)
	return out
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
