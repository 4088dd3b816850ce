package interplay

// #include <interplay/interplay.h>
import "C"

import "encoding/json"

// SaveOptions are what Save may be told; nil is fine.
type SaveOptions struct {
	Seen      *bool  `json:"seen,omitempty"`      // Of(false) leaves out what users have seen, which is personal data
	Optimizer bool   `json:"optimizer,omitempty"` // keep what going on with training needs
	Tables    string `json:"tables,omitempty"`    // embeddings as "float32", "bfloat16" or "int8", here and when loaded; "": as they are
}

// Save writes the model to a file: aside, synced and renamed, so that the old file or the new one is always whole.
func (m *Model) Save(path string, options *SaveOptions) error {
	c, err := m.enter()
	if err != nil {
		return err
	}
	defer m.h.leave()
	name, err := cstring(path)
	if err != nil {
		return err
	}
	defer free(name)
	text, err := document(options)
	if err != nil {
		return err
	}
	defer free(text)
	var e *C.interplay_error
	return check(C.interplay_model_save(c, name, text, &e), &e)
}

// MarshalBinary gives the bytes that Save would write.
func (m *Model) MarshalBinary() ([]byte, error) {
	return m.text(func(c *C.interplay_model, out **C.interplay_text, e **C.interplay_error) C.interplay_status {
		return C.interplay_model_dump(c, nil, out, e)
	})
}

// LoadOptions are what Load and Parse may be told; nil is fine.
type LoadOptions struct {
	MMap     bool  `json:"mmap,omitempty"`      // map the file instead of reading it; it must not change while the model lives
	Prefault bool  `json:"prefault,omitempty"`  // with MMap: read all of the file at once, not when it is used
	Verify   *bool `json:"verify,omitempty"`    // checksums; true by default unless mapped
	MaxBytes int64 `json:"max_bytes,omitempty"` // refuse larger files; 0: no limit
}

// Load reads a model from a file. A file from anywhere may be tried: it loads or fails. Fails with NotFound, which also is
// fs.ErrNotExist, Corrupt and Incompatible.
func Load(path string, options *LoadOptions) (*Model, error) {
	name, err := cstring(path)
	if err != nil {
		return nil, err
	}
	defer free(name)
	text, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_model
	var e *C.interplay_error
	err = check(C.interplay_model_load(name, text, &made, &e), &e)
	return madeModel(made, err)
}

// Parse makes a model from the bytes of a file, go:embed's say.
func Parse(data []byte, options *LoadOptions) (*Model, error) {
	text, err := document(options)
	if err != nil {
		return nil, err
	}
	defer free(text)
	var made *C.interplay_model
	var e *C.interplay_error
	err = check(C.interplay_model_parse(first(data), C.size_t(len(data)), text, &made, &e), &e)
	return madeModel(made, err)
}

// FileInfo is what a model file says of itself, as [Model.Info], with "format" and "sections": it needs no engine.
func FileInfo(path string) (json.RawMessage, error) {
	name, err := cstring(path)
	if err != nil {
		return nil, err
	}
	defer free(name)
	var text *C.interplay_text
	var e *C.interplay_error
	if err := check(C.interplay_file_info(name, &text, &e), &e); err != nil {
		return nil, err
	}
	return bytesOf(text), nil
}
