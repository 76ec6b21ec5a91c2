// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object whose keys keep their order.
type object []member

type member struct {
	key   string
	value any
}

// with returns the object with a key more; without it, if the value is "" or an empty object.
func (o object) with(key string, value any) object {
	if text, ok := value.(string); ok && text == "" {
		return o
	}
	if inner, ok := value.(object); ok && len(inner) == 0 {
		return o
	}
	return append(o, member{key, value})
}

// MarshalJSON writes the keys in order. What browsers would take for HTML is left as it is.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		for _, part := range []struct {
			value any
			end   string
		}{{m.key, ":"}, {m.value, ""}} {
			text, err := encodeJSON(part.value, "")
			if err != nil {
				return nil, err
			}
			out.Write(bytes.TrimSuffix(text, []byte("\n")))
			out.WriteString(part.end)
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encodeJSON returns a value as JSON, and a newline.
func encodeJSON(v any, indent string) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	err := encoder.Encode(v)
	return out.Bytes(), err
}
