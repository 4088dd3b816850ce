package smoke

/*
#include <interplay/interplay.h>
#include <stdlib.h>

// What //export makes has no const, so it is declared as cgo will define it, and cast where it is passed on.
int32_t smokeProgress(void *user_data, char *event_json);
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// Monitor is an interplay_monitor.
type Monitor struct {
	c    *C.interplay_monitor
	data *C.uintptr_t // the handle of the Go callback, in C memory: user_data must not point to Go's
}

// NewMonitor makes a monitor to be polled, or, with a callback, one that calls back; false cancels.
func NewMonitor(callback func(event string) bool) (Monitor, error) {
	var m Monitor
	var function C.interplay_progress
	if callback != nil {
		m.data = (*C.uintptr_t)(C.malloc(C.size_t(unsafe.Sizeof(C.uintptr_t(0)))))
		*m.data = C.uintptr_t(cgo.NewHandle(callback))
		function = C.interplay_progress(C.smokeProgress)
	}
	var e *C.interplay_error
	err := check(C.interplay_monitor_new(function, unsafe.Pointer(m.data), &m.c, &e), e)
	return m, err
}

//export smokeProgress
func smokeProgress(data unsafe.Pointer, event *C.char) C.int32_t {
	callback := cgo.Handle(*(*C.uintptr_t)(data)).Value().(func(string) bool)
	if callback(C.GoString(event)) {
		return 0
	}
	return 1
}

func (m Monitor) Cancel() { C.interplay_monitor_cancel(m.c) }

func (m Monitor) Read() (string, error) {
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_monitor_read(m.c, &text, &e), e); err != nil {
		return "", err
	}
	return takeText(text), nil
}

func (m Monitor) Free() {
	C.interplay_monitor_free(m.c)
	if m.data != nil {
		cgo.Handle(*m.data).Delete()
		C.free(unsafe.Pointer(m.data))
	}
}
