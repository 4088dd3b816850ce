package interplay

//go:generate go run ./internal/generate

// #include <interplay/interplay.h>
import "C"

import "encoding/json"

// Params are an engine and its parameters: [AutoInt], [FM], [Popularity], or [Engine] for any.
type Params interface {
	// EngineName is what the library calls the engine.
	EngineName() string
	// Values are the parameters that were set; the library knows the others' defaults.
	Values() map[string]any
}

// setting is the parameters of one engine. with copies, so that a half-built value can be shared.
type setting struct {
	engine string
	values map[string]any
}

func (s setting) EngineName() string     { return s.engine }
func (s setting) Values() map[string]any { return s.values }

// MarshalJSON gives the parameters as the library takes them.
func (s setting) MarshalJSON() ([]byte, error) {
	if s.values == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(s.values)
}

func (s setting) with(key string, value any) setting {
	values := make(map[string]any, len(s.values)+1)
	for k, v := range s.values {
		values[k] = v
	}
	values[key] = value
	return setting{s.engine, values}
}

// Engine is any engine by its name, with parameters by theirs; the library refuses what it does not know.
func Engine(name string, values map[string]any) Params { return setting{name, values} }

// EngineInfo describes an engine.
type EngineInfo struct {
	Name       string          `json:"name"`
	Version    string          `json:"version"`
	Summary    string          `json:"summary"`
	Parameters json.RawMessage `json:"parameters"` // a JSON Schema: type, default, range and description of each; of DescribeEngine alone
}

// Engines lists the engines.
func Engines() ([]EngineInfo, error) {
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_engine_list(&text, &e), &e); err != nil {
		return nil, err
	}
	var engines []EngineInfo
	err := read(bytesOf(text), &engines)
	return engines, err
}

// DescribeEngine describes an engine and its parameters. Fails with NotFound.
func DescribeEngine(name string) (EngineInfo, error) {
	var info EngineInfo
	label, err := cstring(name)
	if err != nil {
		return info, err
	}
	defer free(label)
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_engine_info(label, &text, &e), &e); err != nil {
		return info, err
	}
	err = read(bytesOf(text), &info)
	return info, err
}

// LoadEngine loads an engine from a shared library (a plug-in), which then stays, and gives its name for [Engine]. The path is
// absolute; the same file again changes nothing. A plug-in runs in this process with all its rights, so load what you trust.
// Fails with InvalidArgument (a relative path, a name that is taken), NotFound, which also is fs.ErrNotExist, and Incompatible
// (it is no engine for this library).
func LoadEngine(path string) (string, error) {
	file, err := cstring(path)
	if err != nil {
		return "", err
	}
	defer free(file)
	var name *C.char
	var e *C.interplay_error
	if err := check(C.interplay_engine_load(file, &name, &e), &e); err != nil {
		return "", err
	}
	return C.GoString(name), nil
}

// arguments are an engine's name and parameters in C's memory; free both.
func arguments(params Params) (name, values *C.char, err error) {
	if params == nil {
		return nil, nil, failed(InvalidArgument, "expected parameters, interplay.AutoInt() say, found nil")
	}
	if name, err = cstring(params.EngineName()); err != nil {
		return nil, nil, err
	}
	if given := params.Values(); len(given) > 0 {
		if values, err = document(given); err != nil {
			free(name)
			return nil, nil, err
		}
	}
	return name, values, nil
}
