package recipe

import (
	"encoding/json"
	"reflect"
	"strings"
)

// choices lists what may stand at a path of a recipe ("steps[0].at", and the same
// within a variant), or is nil where that is no matter of choosing. Where a template
// may stand as well, that is checked elsewhere.
func choices(path string) []string {
	switch generic(path) {
	case "source.kind":
		return []string{"external_client_app", "connected_app"}
	case "inputs[].kind":
		return names(Kinds())
	case "app.distribution_state":
		return []string{"Local", "Packaged"}
	case "callback_use":
		return []string{"used", "unused"}
	case "scopes[]", "scopes_never[]":
		return Scopes()
	case "scopes_match":
		return []string{"exact", "at_least"}
	case "switches.*":
		return names([]Switch{SwitchOn, SwitchOff, SwitchDefault})
	case "authorize.flow":
		return Flows()
	case "authorize.host":
		return []string{"any", "my_domain"}
	case "steps[].at":
		return []string{"before", "after"}
	case "steps[].page", "checks[].page":
		return SetupPages()
	}
	return nil
}

// generic is a path without the numbers of its items and without the variant's part.
func generic(path string) string {
	var b strings.Builder
	for i, part := range strings.Split(path, "[") {
		if i > 0 {
			_, rest, _ := strings.Cut(part, "]")
			part = "[]" + rest
		}
		b.WriteString(part)
	}
	return strings.TrimPrefix(b.String(), "variants[].")
}

func names[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// JSONSchema describes the format for editors: JSON Schema, draft 2020-12. It is
// less strict than Parse: what depends on two places is left to the latter.
func JSONSchema() []byte {
	root := schemaOf(reflect.TypeFor[Recipe](), "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "sfconnect recipe"
	root["description"] = "One integration with Salesforce: what its External Client App looks like, how to authorize and what to hand over. A text may contain ${name}, where name is an input's id or a result of the set-up: " + strings.Join(Results(), ", ") + "."
	root["anyOf"] = []node{{"required": []string{"app", "authorize"}}, {"required": []string{"variants"}}}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // only strings, numbers, lists and maps go in
	}
	return append(text, '\n')
}

// node is a part of a JSON Schema.
type node = map[string]any

// aTemplate fits a text that is one ${name}, or has one in it.
const aTemplate = `\$\{[a-z][a-z0-9_]*\}`

func schemaOf(t reflect.Type, path string) node {
	switch t.Kind() {
	case reflect.Struct:
		return objectSchema(t, path)
	case reflect.Slice:
		n := node{"type": "array", "items": schemaOf(t.Elem(), path+"[]")}
		if generic(path) == "variants" || generic(path) == "steps[].do" || generic(path) == "inputs[].options" {
			n["minItems"] = 1
		}
		return n
	case reflect.Map:
		properties := node{}
		for _, key := range mapKeys(path) {
			value := schemaOf(t.Elem(), join(path, "*"))
			if label := SwitchLabel(key); label != "" {
				value["description"] = label + "."
			}
			properties[key] = value
		}
		return node{"type": "object", "properties": properties, "additionalProperties": false}
	case reflect.Int:
		return intSchema(path)
	case reflect.Bool:
		return node{"type": "boolean"}
	}
	return textSchema(path)
}

func objectSchema(t reflect.Type, path string) node {
	properties, required := node{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, more, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "-" {
			continue
		}
		property := schemaOf(f.Type, join(path, name))
		property["description"] = described(f)
		properties[name] = property
		if more != "omitempty" {
			required = append(required, name)
		}
	}
	n := node{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		n["required"] = required
	}
	return n
}

// described is a field's doc tag; a variant's field may leave it to the recipe's.
func described(f reflect.StructField) string {
	if doc := f.Tag.Get("doc"); doc != "" {
		return doc
	}
	of, _ := reflect.TypeFor[Recipe]().FieldByName(f.Name)
	return of.Tag.Get("doc")
}

func intSchema(path string) node {
	switch generic(path) {
	case "certificate.days":
		return node{"type": "integer", "minimum": 1, "maximum": 3650}
	case "certificate.key_size":
		return node{"type": "integer", "enum": []int{2048, 3072, 4096}}
	}
	return node{"const": Schema}
}

// textSchema knows what is written in one way, and where a template may stand instead.
func textSchema(path string) node {
	at := generic(path)
	n := node{"type": "string", "maxLength": longest}
	switch at {
	case "id", "variants[].id":
		n["pattern"] = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
	case "inputs[].id":
		n["pattern"] = "^[a-z][a-z0-9_]*$"
	case "source.date", "source.more[].date":
		n["pattern"] = `^\d{4}-\d{2}-\d{2}$`
	case "source.url", "source.more[].url":
		n["pattern"] = "^https://"
	case "app.info_url", "app.logo_url", "app.icon_url":
		n["pattern"] = `^(https://|\$\{)`
	}
	options := choices(path)
	if id, ok := strings.CutPrefix(at, "policies."); ok && PolicyLabels(id) != nil {
		options = PolicyLabels(id)
	}
	switch {
	case options == nil:
		return n
	case strings.HasPrefix(at, "policies."):
		return node{"anyOf": []node{{"enum": options}, {"type": "string", "pattern": aTemplate + "|^Expire refresh token "}}}
	case at == "scopes[]", at == "switches.*", at == "authorize.flow":
		return node{"anyOf": []node{{"enum": options}, {"type": "string", "pattern": "^" + aTemplate + "$"}}}
	}
	return node{"enum": options}
}

// mapKeys are the keys that a map of the format may have.
func mapKeys(path string) []string {
	if generic(path) == "switches" {
		return SwitchIDs()
	}
	return Boxes()
}
