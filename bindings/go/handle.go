package interplay

import (
	"io"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// handle owns one object of the library. Its state is twice the number of calls that are inside, plus one when closed: so the
// last one out frees, and Close need not wait for a fit that takes an hour.
type handle struct {
	state atomic.Int64
	p     unsafe.Pointer
	free  func(unsafe.Pointer)
	noun  string
}

// own makes owner's handle and puts a finalizer behind it, which must not hold the owner itself.
func own[T any](owner *T, h *handle, p unsafe.Pointer, noun string, free func(unsafe.Pointer)) *T {
	h.p, h.noun, h.free = p, noun, free
	runtime.SetFinalizer(owner, func(owner *T) { _ = any(owner).(io.Closer).Close() })
	return owner
}

// enter gives the object for one call, which leave must end.
func (h *handle) enter() (unsafe.Pointer, error) {
	for {
		state := h.state.Load()
		if h.p == nil {
			return nil, failed(InvalidState, "expected what one of this package's functions made, found a zero value")
		}
		if state&1 != 0 {
			return nil, failed(InvalidState, "expected an open %s, found a closed one; make or load another", h.noun)
		}
		if h.state.CompareAndSwap(state, state+2) {
			return h.p, nil
		}
	}
}

func (h *handle) leave() {
	if h.state.Add(-2) == 1 {
		h.free(h.p)
	}
}

func (h *handle) close() {
	for {
		state := h.state.Load()
		if state&1 != 0 || h.p == nil {
			return
		}
		if h.state.CompareAndSwap(state, state|1) {
			if state == 0 {
				h.free(h.p)
			}
			return
		}
	}
}
