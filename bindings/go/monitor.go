package interplay

/*
#include <interplay/interplay.h>
#include <stdlib.h>

// What //export makes has no const, so it is declared as cgo will define it, and cast where it is passed on.
int32_t interplayGoProgress(void *user_data, char *event_json);
*/
import "C"

import (
	"context"
	"fmt"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// Event is how far a long call has come.
type Event struct {
	Stage         string   `json:"stage"` // fit, say
	Epoch         int      `json:"epoch"`
	Epochs        int      `json:"epochs"`
	EpochEnd      bool     `json:"epoch_end"`
	Rows          int64    `json:"rows"`
	RowsTotal     int64    `json:"rows_total"`
	Loss          float64  `json:"loss"`
	ValidLoss     *float64 `json:"valid_loss"` // at the end of an epoch, where a validation set is
	Metric        string   `json:"metric"`
	ValidMetric   *float64 `json:"valid_metric"`
	BestEpoch     int      `json:"best_epoch"`
	RowsPerSecond float64  `json:"rows_per_second"`
	Seconds       float64  `json:"seconds"`
	SecondsLeft   float64  `json:"seconds_left"`
}

// Monitor watches long calls from outside: any goroutine may read it or cancel what it watches. A context and [WithProgress]
// are enough for most; this is for looking now and then. It is given to a call by [WithMonitor].
type Monitor struct{ h handle }

// NewMonitor makes a monitor.
func NewMonitor() (*Monitor, error) {
	made, err := newMonitor(nil, nil)
	if err != nil {
		return nil, err
	}
	monitor := &Monitor{}
	return own(monitor, &monitor.h, unsafe.Pointer(made), "monitor", func(p unsafe.Pointer) {
		C.interplay_monitor_free((*C.interplay_monitor)(p))
	}), nil
}

func newMonitor(callback C.interplay_progress, data unsafe.Pointer) (*C.interplay_monitor, error) {
	var made *C.interplay_monitor
	var e *C.interplay_error
	err := check(C.interplay_monitor_new(callback, data, &made, &e), &e)
	return made, err
}

// Close frees the monitor. It never fails.
func (m *Monitor) Close() error {
	m.h.close()
	return nil
}

// Cancel asks the watched call, and every later one with this monitor, to stop with Cancelled.
func (m *Monitor) Cancel() error {
	p, err := m.h.enter()
	if err != nil {
		return err
	}
	defer m.h.leave()
	C.interplay_monitor_cancel((*C.interplay_monitor)(p))
	return nil
}

// Read gives the newest event; an empty one before the first.
func (m *Monitor) Read() (Event, error) {
	var event Event
	p, err := m.h.enter()
	if err != nil {
		return event, err
	}
	defer m.h.leave()
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_monitor_read((*C.interplay_monitor)(p), &text, &e), &e); err != nil {
		return event, err
	}
	err = read(bytesOf(text), &event)
	return event, err
}

type watchKey struct{}

type watch struct {
	monitor  *Monitor
	progress func(Event) error
}

// WithProgress gives a context whose long calls report to progress: about four times a second and at the end of every epoch,
// while the caller waits. An error stops the call, which then fails with Cancelled and wraps that error.
func WithProgress(ctx context.Context, progress func(Event) error) context.Context {
	return context.WithValue(ctx, watchKey{}, watch{progress: progress})
}

// WithMonitor gives a context whose long calls are watched by monitor, in place of a progress function.
func WithMonitor(ctx context.Context, monitor *Monitor) context.Context {
	return context.WithValue(ctx, watchKey{}, watch{monitor: monitor})
}

// reporter carries what happens in a progress function out of the call: nothing of Go may fly through C.
type reporter struct {
	progress func(Event) error
	err      error
	panicked any
}

func (r *reporter) report(text string) (stop C.int32_t) {
	stop = 1
	defer func() { r.panicked = recover() }()
	var event Event
	if r.err = read([]byte(text), &event); r.err == nil {
		r.err = r.progress(event)
	}
	if r.err == nil {
		stop = 0
	}
	return stop
}

//export interplayGoProgress
func interplayGoProgress(data unsafe.Pointer, event *C.char) C.int32_t {
	return cgo.Handle(*(*C.uintptr_t)(data)).Value().(*reporter).report(C.GoString(event))
}

// watched runs a long call under a monitor that the context's end cancels. The call gets nil where nothing is to be watched.
func watched(ctx context.Context, call func(*C.interplay_monitor) error) error {
	seen, _ := ctx.Value(watchKey{}).(watch)
	if seen.monitor != nil {
		p, err := seen.monitor.h.enter()
		if err != nil {
			return err
		}
		defer seen.monitor.h.leave()
		return cancelledBy(ctx, (*C.interplay_monitor)(p), call)
	}
	if seen.progress == nil {
		if ctx.Done() == nil {
			return call(nil)
		}
		monitor, err := newMonitor(nil, nil)
		if err != nil {
			return err
		}
		defer C.interplay_monitor_free(monitor)
		return cancelledBy(ctx, monitor, call)
	}
	return reporting(ctx, &reporter{progress: seen.progress}, call)
}

// reporting runs a call whose events go to r.
func reporting(ctx context.Context, r *reporter, call func(*C.interplay_monitor) error) error {
	self := cgo.NewHandle(r)
	defer self.Delete()
	data := (*C.uintptr_t)(C.malloc(C.size_t(unsafe.Sizeof(C.uintptr_t(0))))) // user_data must not point to Go's memory
	defer C.free(unsafe.Pointer(data))
	*data = C.uintptr_t(self)
	monitor, err := newMonitor(C.interplay_progress(C.interplayGoProgress), unsafe.Pointer(data))
	if err != nil {
		return err
	}
	defer C.interplay_monitor_free(monitor)
	err = cancelledBy(ctx, monitor, call)
	if r.panicked != nil {
		panic(fmt.Sprintf("interplay: the progress function panicked: %v", r.panicked))
	}
	return because(err, r.err)
}

// cancelledBy runs a call and cancels it when the context ends before it.
func cancelledBy(ctx context.Context, monitor *C.interplay_monitor, call func(*C.interplay_monitor) error) error {
	if ctx.Err() != nil {
		C.interplay_monitor_cancel(monitor)
	} else if ctx.Done() != nil {
		var waiting sync.WaitGroup
		over := make(chan struct{})
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			select {
			case <-ctx.Done():
				C.interplay_monitor_cancel(monitor)
			case <-over:
			}
		}()
		defer waiting.Wait()
		defer close(over)
	}
	return because(call(monitor), ctx.Err())
}

// because puts what stopped a call behind its error.
func because(err, cause error) error {
	if e, is := err.(*Error); is && e.Status == Cancelled && e.cause == nil {
		e.cause = cause
	}
	return err
}
