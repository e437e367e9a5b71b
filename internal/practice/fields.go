package practice

import (
	"bytes"
	"encoding/json"
	"slices"
)

// field is one member of a JSON object.
type field struct {
	name  string
	value any
}

// fields is a JSON object that keeps its order.
type fields []field

// MarshalJSON implements json.Marshaler.
func (f fields) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.name); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // Encode ends each value with a line break
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (f fields) get(name string) string {
	for _, m := range f {
		if text, ok := m.value.(string); ok && m.name == name {
			return text
		}
	}
	return ""
}

// set replaces a member; one that is not there stays away.
func (f fields) set(name string, value any) {
	for i := range f {
		if f[i].name == name {
			f[i].value = value
		}
	}
}

func (f *fields) drop(name string) {
	*f = slices.DeleteFunc(*f, func(m field) bool { return m.name == name })
}
