package interplay_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"interplay.dev/interplay"
)

func TestTheEndOfTheContextStopsFitAndTheOldModelStillWorks(t *testing.T) {
	dataset, old := shop(), fitted()
	defer dataset.Close()
	defer old.Close()
	before := scores(old)
	ctx, cancel := context.WithTimeout(bg, 200*time.Millisecond)
	defer cancel()
	began := time.Now()

	model, err := interplay.Fit(ctx, endless, dataset, nil)

	fails(t, err, interplay.Cancelled, "cancelled")
	if model != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected no model and DeadlineExceeded, found %v and %v", model, err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("expected fit to stop within moments, it took %v", took)
	}
	_, err = old.Fit(ctx, dataset, nil) // has ended before the call
	fails(t, err, interplay.Cancelled, "cancelled")
	if !reflect.DeepEqual(scores(old), before) {
		t.Error("the model that a cancelled fit went on from predicts other scores")
	}
}

func TestCancelFromAnotherGoroutineStopsRecommendAndEvaluate(t *testing.T) {
	model, dataset := fitted(), shop()
	defer model.Close()
	defer dataset.Close()
	ctx, cancel := context.WithCancel(bg)
	cancel()
	users := table(interplay.Col("user_id", []int64{1}))
	defer users.Close()

	_, recommend := model.Recommend(ctx, users, nil)
	_, evaluate := model.Evaluate(ctx, dataset, nil)
	_, explain := model.Explain(ctx, users, nil)
	for _, err := range []error{recommend, evaluate, explain} {
		fails(t, err, interplay.Cancelled, "cancelled")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("expected context.Canceled, found %v", err)
		}
	}
}

func TestProgressSeesEveryEpochAndItsErrorStops(t *testing.T) {
	dataset := shop()
	defer dataset.Close()
	var epochs []int
	ctx := interplay.WithProgress(bg, func(event interplay.Event) error {
		if event.Stage != "fit" || event.Epochs != 2 {
			t.Errorf("an odd event: %+v", event)
		}
		if event.EpochEnd {
			epochs = append(epochs, event.Epoch)
		}
		runtime.GC() // the collector may run while C is on the stack
		return nil
	})
	model, err := interplay.Fit(ctx, quick, dataset, nil)
	must(err)
	must(model.Close())
	if !reflect.DeepEqual(epochs, []int{1, 2}) {
		t.Errorf("expected the ends of epochs 1 and 2, found %v", epochs)
	}

	enough := errors.New("enough")
	_, err = interplay.Fit(interplay.WithProgress(bg, func(interplay.Event) error { return enough }), endless, dataset, nil)
	fails(t, err, interplay.Cancelled, "cancelled")
	if !errors.Is(err, enough) {
		t.Errorf("expected the function's own error behind Cancelled, found %v", err)
	}
}

func TestAPanicOfProgressArrivesBehindTheCall(t *testing.T) {
	dataset := shop()
	defer dataset.Close()
	defer func() {
		if found, _ := recover().(string); !strings.Contains(found, "progress function panicked: ouch") {
			t.Errorf("expected a panic of ours, raised behind the call, with ouch, found %q", found)
		}
		model, err := interplay.Fit(bg, interplay.Popularity(), dataset, nil) // the library is as before
		must(err)
		must(model.Close())
	}()
	_, _ = interplay.Fit(interplay.WithProgress(bg, func(interplay.Event) error { panic("ouch") }), endless, dataset, nil)
}

func TestAMonitorCanBeReadWhileFitRuns(t *testing.T) {
	dataset := shop()
	defer dataset.Close()
	monitor, err := interplay.NewMonitor()
	must(err)
	defer monitor.Close()
	done := make(chan error, 1)
	go func() {
		_, err := interplay.Fit(interplay.WithMonitor(bg, monitor), endless, dataset, nil)
		done <- err
	}()

	var event interplay.Event
	for deadline := time.Now().Add(30 * time.Second); event.Epoch < 2 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		event, err = monitor.Read()
		must(err)
	}
	must(monitor.Cancel())

	fails(t, <-done, interplay.Cancelled, "cancelled")
	if event.Stage != "fit" || event.Epochs != 100000 || event.Loss <= 0 {
		t.Errorf("expected an event of fit, found %+v", event)
	}
}

func TestFourGoroutinesFitOneModelOnOneDatasetAndLearnTheSame(t *testing.T) {
	dataset := shop()
	defer dataset.Close()
	created, err := interplay.Create(quick)
	must(err)
	defer created.Close()
	models := make([]*interplay.Model, 4)

	must(inParallel(len(models), func(k int) (err error) {
		models[k], err = created.Fit(bg, dataset, &interplay.FitOptions{Threads: k + 1})
		return err
	}))

	want := scores(models[0])
	for k, model := range models {
		if !reflect.DeepEqual(scores(model), want) {
			t.Errorf("model %d, fitted by %d threads, predicts other scores", k, k+1)
		}
		must(model.Close())
	}
}
