package interplay

// What the story needs and the package's own signatures could not say.

// PredictWith takes any options, also wrong ones.
func PredictWith(m *Model, rows *Table, options any) (*Table, error) { return m.predict(rows, options) }

// StatusOf makes a status of the library's code.
func StatusOf(code int32) Status { return statusOf(code) }

// Names are the enumerations by the names of the C header.
func Names() map[string]map[string]int {
	out := map[string]map[string]int{"status": {}, "type": {}, "cell": {}}
	for value, name := range statusNames {
		out["status"][name] = int(value)
	}
	for value, name := range typeNames {
		out["type"][name] = int(value)
	}
	for value, name := range cellNames {
		out["cell"][name] = int(value)
	}
	return out
}

// Changing runs a function where a call that changes the dataset would be inside the library.
func Changing(d *Dataset, call func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	call()
}
