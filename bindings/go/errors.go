package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Status says what kind of failure an [Error] is. It is an error itself, so that errors.Is(err, interplay.NotFound) works.
type Status int32

// The statuses of the library.
const (
	OK              Status = C.INTERPLAY_OK
	InvalidArgument Status = C.INTERPLAY_INVALID_ARGUMENT // an unknown key, a value out of range: the call is wrong
	InvalidState    Status = C.INTERPLAY_INVALID_STATE    // predict before fit, append after seal, use after Close
	BadData         Status = C.INTERPLAY_BAD_DATA         // the content of a table: lengths, a NaN label, an id of the wrong type
	NotFound        Status = C.INTERPLAY_NOT_FOUND        // an engine, a column or a file that is not there; a file also is fs.ErrNotExist
	Unsupported     Status = C.INTERPLAY_UNSUPPORTED      // sensible, but this engine, model or build does not do it
	Corrupt         Status = C.INTERPLAY_CORRUPT          // a damaged model file
	Incompatible    Status = C.INTERPLAY_INCOMPATIBLE     // a model file of another version
	IO              Status = C.INTERPLAY_IO               // the operating system refused
	NoMemory        Status = C.INTERPLAY_NO_MEMORY
	Cancelled       Status = C.INTERPLAY_CANCELLED // the context, a monitor or a progress function stopped the call
	Internal        Status = C.INTERPLAY_INTERNAL  // a defect of the library: please report it
)

var statusNames = map[Status]string{OK: "OK", InvalidArgument: "INVALID_ARGUMENT", InvalidState: "INVALID_STATE",
	BadData: "BAD_DATA", NotFound: "NOT_FOUND", Unsupported: "UNSUPPORTED", Corrupt: "CORRUPT", Incompatible: "INCOMPATIBLE",
	IO: "IO", NoMemory: "NO_MEMORY", Cancelled: "CANCELLED", Internal: "INTERNAL"}

// String is the name in the C header, INVALID_ARGUMENT say. A status that this package does not know counts as INTERNAL.
func (s Status) String() string {
	if name, known := statusNames[s]; known {
		return name
	}
	return statusNames[Internal]
}

// Error is the name in words.
func (s Status) Error() string {
	return "interplay: " + strings.ReplaceAll(strings.ToLower(s.String()), "_", " ")
}

// Error is why a call failed.
type Error struct {
	Status  Status
	Message string // what was expected, what was found, where, what to do
	Detail  Detail
	cause   error
}

// Detail is what an error says to programs; empty where it has nothing to say.
type Detail struct {
	Key      string          `json:"key"`      // the parameter or option
	Accepted []string        `json:"accepted"` // what would have been right
	Nearest  string          `json:"nearest"`  // what was probably meant
	Column   string          `json:"column"`
	Row      *int64          `json:"row"`
	Path     string          `json:"path"`
	JSON     json.RawMessage `json:"-"` // all of it, as it came
}

func (e *Error) Error() string { return "interplay: " + e.Message }

// Is tells whether target is the error's status. A file that is not there is fs.ErrNotExist too.
func (e *Error) Is(target error) bool {
	return target == e.Status || target == fs.ErrNotExist && e.Status == NotFound && e.Detail.Path != ""
}

// Unwrap is the error of the context or of the progress function that stopped the call, or nil.
func (e *Error) Unwrap() error { return e.cause }

// failed is an error of this package's own, for what C cannot be asked.
func failed(status Status, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...), Detail: Detail{JSON: json.RawMessage("{}")}}
}

// check makes an error of what a call returned, and frees the library's. The error object came with the call, so it does not
// matter on which thread the goroutine runs by now. It takes where the error is: Go may evaluate a variable e before the call
// beside it that sets e.
func check(status C.interplay_status, at **C.interplay_error) error {
	if status == C.INTERPLAY_OK {
		return nil
	}
	e := *at
	defer C.interplay_error_free(e)
	made := &Error{Status: statusOf(int32(status)), Message: C.GoString(C.interplay_error_message(e))}
	made.Detail.JSON = json.RawMessage(C.GoString(C.interplay_error_detail(e)))
	// What does not fit stays in JSON.
	_ = json.Unmarshal(made.Detail.JSON, &made.Detail)
	return made
}

// statusOf counts a code of a later library as Internal.
func statusOf(code int32) Status {
	if _, known := statusNames[Status(code)]; known {
		return Status(code)
	}
	return Internal
}
