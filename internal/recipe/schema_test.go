package recipe

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("recipe.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("recipe.json") // checks it against the draft's own schema, too
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits is what an editor would say of a recipe.
func fits(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestEmbeddedRecipesFitTheSchema(t *testing.T) {
	s := compiled(t)
	for _, id := range ids() {
		if err := fits(t, s, text(id)); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for name, sample := range map[string]string{"small": small, "two ways": twoWays} {
		if err := fits(t, s, sample); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What an editor must mark: each of these is a fault for Parse as well.
func TestSchemaRefuses(t *testing.T) {
	s := compiled(t)
	for name, c := range map[string][2]string{
		"an unknown key":        {"  name: Acme", "  colour: red"},
		"an unknown switch":     {"scopes:", "switches: {pkce: on}\nscopes:"},
		"a switch's value":      {"scopes:", "switches: {pkce_required: maybe}\nscopes:"},
		"an unknown scope":      {"[api]", "[everything]"},
		"a policy":              {"scopes:", "policies: {ip_relaxation: Never}\nscopes:"},
		"a flow":                {"flow: web", "flow: device"},
		"an http link":          {"source: {}", "source: {url: http://acme.example}"},
		"a number for a text":   {"title: Acme", "title: 1"},
		"a bool for a switch":   {"scopes:", "switches: {pkce_required: true}\nscopes:"},
		"another schema":        {"schema: 1", "schema: 2"},
		"a caution for no box":  {"scopes:", "cautions: {nothing: x}\nscopes:"},
		"an input's kind":       {"scopes:", "inputs: [{id: a, label: A, kind: number}]\nscopes:"},
		"an input without kind": {"scopes:", "inputs: [{id: a, label: A}]\nscopes:"},
		"neither app nor more":  {"app:\n  name: Acme\n", ""},
		"a step's page":         {"scopes:", "steps: [{at: before, title: T, do: [x], page: home}]\nscopes:"},
		"a step with nothing":   {"scopes:", "steps: [{at: before, title: T, do: []}]\nscopes:"},
		"a key's size":          {"scopes:", "certificate: {key_size: 1024}\nscopes:"},
		"no variants":           {"scopes:", "variants: []\nscopes:"},
		"a variant's head":      {"scopes:", "variants: [{id: a, title: A, vendor: B}]\nscopes:"},
		"an id":                 {"id: acme", "id: Acme"},
	} {
		changed := strings.Replace(small, c[0], c[1], 1)
		if changed == small {
			t.Errorf("%s: %q is not in the sample", name, c[0])
		}
		if fits(t, s, changed) == nil {
			t.Errorf("%s fits the schema", name)
		}
		if _, err := Parse("f", []byte(changed)); err == nil {
			t.Errorf("%s is accepted by Parse", name)
		}
	}
}

// The schema and the reader know the same keys, and each key says what it is.
func TestSchemaKnowsTheKeys(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	compare(t, root, reflect.TypeFor[Recipe](), "recipe")
}

func compare(t *testing.T, schema map[string]any, v reflect.Type, path string) {
	switch v.Kind() {
	case reflect.Slice:
		compare(t, schema["items"].(map[string]any), v.Elem(), path+"[]")
	case reflect.Map:
		if closed, ok := schema["additionalProperties"].(bool); !ok || closed {
			t.Errorf("%s takes any key", path)
		}
	case reflect.Struct:
		if closed, ok := schema["additionalProperties"].(bool); !ok || closed {
			t.Errorf("%s takes any key", path)
		}
		properties := schema["properties"].(map[string]any)
		known := 0
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Field(i).Tag.Get("yaml"), ",")
			if name == "-" {
				continue
			}
			known++
			property, ok := properties[name].(map[string]any)
			if !ok {
				t.Errorf("the schema lacks %s.%s", path, name)
				continue
			}
			if doc, _ := property["description"].(string); !strings.HasSuffix(doc, ".") {
				t.Errorf("%s.%s is described as %q", path, name, doc)
			}
			compare(t, property, v.Field(i).Type, path+"."+name)
		}
		if known != len(properties) {
			t.Errorf("the schema has more keys at %s than the reader: %v", path, properties)
		}
	}
}

// The choices of the schema are those that the reader accepts.
func TestSchemaAndReaderAgreeOnChoices(t *testing.T) {
	for _, path := range []string{"source.kind", "inputs[].kind", "app.distribution_state", "callback_use", "scopes[]", "scopes_never[]",
		"scopes_match", "switches.*", "authorize.flow", "authorize.host", "steps[].at", "steps[].page", "checks[].page"} {
		if choices(path) == nil {
			t.Errorf("%s has no choices", path)
		}
		if !slices.Equal(choices("variants[3]."+path), choices(path)) {
			t.Errorf("%s of a variant has others", path)
		}
	}
}
