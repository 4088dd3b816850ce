package smoke

import (
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"testing"
	"time"
)

// waitForEvent polls until fit has reported something.
func waitForEvent(monitor Monitor) (string, error) {
	deadline := time.Now().Add(30 * time.Second)
	for ; time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if event, err := monitor.Read(); err != nil || event != "{}" {
			return event, err
		}
	}
	return "", errors.New("no event within 30 seconds")
}

func TestCancelFromAnotherGoroutineStopsFitAndTheOldModelStillWorks(t *testing.T) {
	d := dataset(t)
	defer d.Free()
	created, err := Create("autoint", longRun)
	must(t, err)
	defer created.Free()
	old := fitted(t)
	defer old.Free()
	before := scores(t, old)
	monitor, err := NewMonitor(nil)
	must(t, err)
	defer monitor.Free()

	other := make(chan error, 1)
	go func() {
		_, err := waitForEvent(monitor)
		monitor.Cancel()
		other <- err
	}()
	began := time.Now()
	model, err := created.Fit(d, "", monitor)
	must(t, <-other)

	fails(t, err, Cancelled)
	if !model.IsNull() {
		t.Error("a cancelled fit gave a model")
	}
	if !reflect.DeepEqual(scores(t, old), before) {
		t.Error("the fitted model predicts other scores after another fit was cancelled")
	}
	t.Logf("stopped after %v", time.Since(began))
	_, err = old.Fit(d, "", monitor) // "and every later one with this monitor"
	fails(t, err, Cancelled)
	if !reflect.DeepEqual(scores(t, old), before) {
		t.Error("the model that a cancelled fit went on from predicts other scores")
	}
}

func TestACallbackSeesEveryEpochAndFalseCancels(t *testing.T) {
	d := dataset(t)
	defer d.Free()
	created, err := Create("autoint", params)
	must(t, err)
	defer created.Free()
	var epochs []int
	monitor, err := NewMonitor(func(event string) bool {
		var e struct {
			Stage    string
			Epoch    int
			EpochEnd bool `json:"epoch_end"`
		}
		if err := json.Unmarshal([]byte(event), &e); err != nil || e.Stage != "fit" {
			t.Errorf("an odd event: %s", event)
		}
		if e.EpochEnd {
			epochs = append(epochs, e.Epoch)
		}
		runtime.GC() // the collector may run while C is on the stack
		return true
	})
	must(t, err)
	defer monitor.Free()
	model, err := created.Fit(d, "", monitor)
	must(t, err)
	model.Free()
	if !reflect.DeepEqual(epochs, []int{1, 2}) {
		t.Errorf("expected the ends of epochs 1 and 2, found %v", epochs)
	}

	stop, err := NewMonitor(func(string) bool { return false })
	must(t, err)
	defer stop.Free()
	_, err = created.Fit(d, "", stop)
	fails(t, err, Cancelled)
}

func TestProgressCanBePolledWhileFitRuns(t *testing.T) {
	d := dataset(t)
	defer d.Free()
	created, err := Create("autoint", longRun)
	must(t, err)
	defer created.Free()
	monitor, err := NewMonitor(nil)
	must(t, err)
	defer monitor.Free()
	event, err := monitor.Read()
	must(t, err)
	if event != "{}" {
		t.Errorf("expected {} before the first event, found %s", event)
	}

	done := make(chan error, 1)
	go func() {
		model, err := created.Fit(d, "", monitor)
		model.Free() // NULL after a failure
		done <- err
	}()
	event, err = waitForEvent(monitor)
	monitor.Cancel()
	fails(t, <-done, Cancelled)

	must(t, err)
	var fields map[string]any
	must(t, json.Unmarshal([]byte(event), &fields))
	for _, key := range []string{"stage", "epoch", "epochs", "epoch_end", "loss"} {
		if _, there := fields[key]; !there {
			t.Errorf("the event has no %q: %s", key, event)
		}
	}
}
