package interplay

// #include <interplay/interplay.h>
import "C"

import (
	"sync"
	"unsafe"
)

// Description says what the tensors of an [Assembly] stand for.
type Description struct {
	Schema    Schema           `json:"schema"`
	Fields    []AssembledField `json:"fields"` // in the order of the tensors
	Objective Objective        `json:"objective"`
}

// AssembledField is a field of a [Description].
type AssembledField struct {
	Name      string   `json:"name"`
	Of        string   `json:"of"`                  // user, item or context
	Kind      string   `json:"kind"`                // category, categories or number
	Transform string   `json:"transform,omitempty"` // of a number: the engine sees (transform(x) - shift) / scale
	Shift     *float64 `json:"shift,omitempty"`
	Scale     *float64 `json:"scale,omitempty"`
}

// Objective is what the scores are.
type Objective struct {
	Kind string   `json:"kind"` // binary, rating or regression
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
	Mean *float64 `json:"mean,omitempty"`
}

// Assembly is a model in the making, from tensors that were trained elsewhere.
type Assembly struct {
	h  handle
	mu sync.Mutex
}

// NewAssembly begins one. The sizes in the parameters are those of the tensors.
func NewAssembly(params Params, description Description) (*Assembly, error) {
	name, values, err := arguments(params)
	if err != nil {
		return nil, err
	}
	defer free(name)
	defer free(values)
	text, err := document(description)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_assembly
	var e *C.interplay_error
	if err := check(C.interplay_assembly_new(name, values, text, &made, &e), &e); err != nil {
		return nil, err
	}
	assembly := &Assembly{}
	return own(assembly, &assembly.h, unsafe.Pointer(made), "assembly", func(p unsafe.Pointer) {
		C.interplay_assembly_free((*C.interplay_assembly)(p))
	}), nil
}

// Close frees the assembly. It never fails.
func (a *Assembly) Close() error {
	a.h.close()
	return nil
}

// with runs a call with a name.
func (a *Assembly) with(name string, call func(*C.interplay_assembly, *C.char) error) error {
	p, err := a.h.enter()
	if err != nil {
		return err
	}
	defer a.h.leave()
	label, err := cstring(name)
	if err != nil {
		return err
	}
	defer free(label)
	a.mu.Lock()
	defer a.mu.Unlock()
	return call((*C.interplay_assembly)(p), label)
}

// AddValues gives the values of a category or categories field, once for each: the column "value" of a table. The value of
// row i is row i + 1 of the field's tensor; row 0 is the unknown value.
func (a *Assembly) AddValues(field string, values *Table) error {
	t, err := values.h.enter()
	if err != nil {
		return err
	}
	defer values.h.leave()
	return a.with(field, func(c *C.interplay_assembly, name *C.char) error {
		var e *C.interplay_error
		return check(C.interplay_assembly_add_values(c, name, (*C.interplay_table)(t), &e), &e)
	})
}

// AddTensor copies a tensor, row-major. Values is a slice of int64, int32, float32, float64 or bool. Names and shapes are the
// engine's.
func (a *Assembly) AddTensor(name string, shape []int64, values any) error {
	numbers, err := flatten(Column{Name: name, Values: values})
	if err != nil {
		return err
	}
	size := int64(1)
	for _, length := range shape {
		size *= length
	}
	if numbers.kind == String || numbers.lists != nil || size != int64(numbers.n) {
		return failed(InvalidArgument, "expected tensor %q to be a slice of %d numbers, found %T with %d", name, size, values, numbers.n)
	}
	return a.with(name, func(c *C.interplay_assembly, label *C.char) error {
		var e *C.interplay_error
		return check(C.interplay_assembly_add_tensor(c, label, C.int32_t(numbers.kind), numbers.values, C.int32_t(len(shape)),
			(*C.int64_t)(first(shape)), &e), &e)
	})
}

// Finish makes the model. The assembly stays: mend it after a failure, finish it again.
func (a *Assembly) Finish() (*Model, error) {
	var made *C.interplay_model
	err := a.with("", func(c *C.interplay_assembly, _ *C.char) error {
		var e *C.interplay_error
		return check(C.interplay_assembly_finish(c, &made, &e), &e)
	})
	return madeModel(made, err)
}

// TensorInfo describes a tensor.
type TensorInfo struct {
	Name  string  `json:"name"`
	Type  string  `json:"type"` // int64, int32, float32, float64 or bytes
	Shape []int64 `json:"shape"`
}

// Tensors lists what the engine has learned, under the names, types and shapes that [Assembly.AddTensor] takes.
func (m *Model) Tensors() ([]TensorInfo, error) {
	text, err := m.text(func(c *C.interplay_model, out **C.interplay_text, e **C.interplay_error) C.interplay_status {
		return C.interplay_model_tensors(c, out, e)
	})
	if err != nil {
		return nil, err
	}
	var tensors []TensorInfo
	err = read(text, &tensors)
	return tensors, err
}

// Tensor copies the numbers of one, row-major, in the machine's byte order; its type stands in [Model.Tensors].
func (m *Model) Tensor(name string) ([]byte, error) {
	label, err := cstring(name)
	if err != nil {
		return nil, err
	}
	defer free(label)
	return m.text(func(c *C.interplay_model, out **C.interplay_text, e **C.interplay_error) C.interplay_status {
		return C.interplay_model_tensor(c, label, out, e)
	})
}
