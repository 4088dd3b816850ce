package smoke

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestAWrongParameterIsNamedWithTheNearestAndTheAcceptedOnes(t *testing.T) {
	model, err := Create("autoint", `{"epoch": 3}`)
	e := fails(t, err, InvalidArgument)

	var detail struct {
		Key, Nearest string
		Accepted     []string
	}
	must(t, json.Unmarshal([]byte(e.Detail), &detail))
	if !model.IsNull() || !strings.Contains(e.Message, `epoch`) || detail.Key != "epoch" ||
		detail.Nearest != "epochs" || len(detail.Accepted) < 8 {
		t.Errorf("message %q, detail %s", e.Message, e.Detail)
	}
}

func TestAValueOutOfRangeNamesItsKey(t *testing.T) {
	for _, wrong := range []string{`{"epochs": -1}`, `{"epochs": "many"}`} {
		_, err := Create("autoint", wrong)
		e := fails(t, err, InvalidArgument)
		var detail struct{ Key string }
		must(t, json.Unmarshal([]byte(e.Detail), &detail))
		if detail.Key != "epochs" || !strings.Contains(e.Message, "epochs") {
			t.Errorf("%s: message %q, detail %s", wrong, e.Message, e.Detail)
		}
	}
}

func TestAnErrorMayBeIgnored(t *testing.T) {
	if status := CreateWithoutError("no such engine", ""); status != NotFound {
		t.Errorf("expected status %d, found %d", NotFound, status)
	}
}

func TestGoroutinesNeverSeeEachOthersErrors(t *testing.T) {
	must(t, inParallel(16, func(k int) error {
		for round := 0; round < 100; round++ {
			name := fmt.Sprintf("wrong_%d_%d", k, round)
			_, err := Create("autoint", fmt.Sprintf(`{"%s": 1}`, name))
			runtime.Gosched() // likely to go on, on another thread
			if err == nil || !strings.Contains(err.Error(), name) {
				return fmt.Errorf("expected an error that names %s, found %v", name, err)
			}
		}
		return nil
	}))
}

func TestCallsOutOfTurnSaySo(t *testing.T) {
	created, err := Create("autoint", params)
	must(t, err)
	defer created.Free()
	_, err = created.PredictPairs([]int64{1}, []int64{1})
	fails(t, err, InvalidState)

	d := dataset(t)
	defer d.Free()
	u, i, r := ratings()
	late := pairsTable(t, u, i, r)
	defer late.Free()
	fails(t, d.Append("interactions", late), InvalidState)
}
