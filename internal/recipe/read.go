package recipe

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// read puts a YAML node into a Go value of the recipe types and notes every key
// and shape that does not fit. Stricter than a decoder: only plain mappings,
// lists and scalars, every key known and given once, every text a text.
func (p *reader) read(n ast.Node, v reflect.Value, path string) {
	at := nodePlace(n)
	p.at[path] = at
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		p.add(at, "anchors, aliases and tags are not used in recipes")
		return
	case *ast.NullNode:
		p.add(at, "there is no value here: leave the line out")
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		p.readStruct(n, v, path)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		p.eachKey(n, path, func(key string, value ast.Node) {
			item := reflect.New(v.Type().Elem()).Elem()
			p.read(value, item, join(path, key))
			v.SetMapIndex(reflect.ValueOf(key), item)
		})
	case reflect.Slice:
		p.readList(n, v, path)
	case reflect.String:
		if text, ok := scalarText(n); ok {
			v.SetString(text)
		} else {
			p.add(at, "text is wanted here; put it in quotes if it looks like a number or true")
		}
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			p.add(at, "true or false is wanted here")
		}
	case reflect.Int:
		if i, err := strconv.Atoi(n.GetToken().Value); err == nil && n.Type() == ast.IntegerType {
			v.SetInt(int64(i))
		} else {
			p.add(at, "a number is wanted here")
		}
	}
}

func (p *reader) readStruct(n ast.Node, v reflect.Value, path string) {
	fields := map[string]int{}
	var names []string
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); name != "-" {
			fields[name] = i
			names = append(names, name)
		}
	}
	p.eachKey(n, path, func(key string, value ast.Node) {
		if i, known := fields[key]; known {
			p.read(value, v.Field(i), join(path, key))
			return
		}
		p.add(p.at[join(path, key)], "%q is no key here; known are %s", printable(key), strings.Join(names, ", "))
	})
}

// eachKey calls do for every key of a mapping, and notes its place first.
func (p *reader) eachKey(n ast.Node, path string, do func(key string, value ast.Node)) {
	m, ok := n.(ast.MapNode)
	if !ok {
		p.add(nodePlace(n), "keys with values are wanted here")
		return
	}
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		token := it.Key().GetToken()
		key, full := token.Value, join(path, token.Value)
		if seen[key] {
			p.add(tokenPlace(token), "%q is given twice", printable(key))
			continue
		}
		seen[key] = true
		p.at[full] = tokenPlace(token)
		do(key, it.Value())
	}
}

func (p *reader) readList(n ast.Node, v reflect.Value, path string) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		p.add(nodePlace(n), "a list is wanted here")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, len(list.Values))) // an empty one is not the same as none: a variant may say it
	for i, value := range list.Values {
		item := reflect.New(v.Type().Elem()).Elem()
		p.read(value, item, path+"["+strconv.Itoa(i)+"]")
		v.Set(reflect.Append(v, item))
	}
}

func scalarText(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	}
	return "", false
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// sorted gives the problems in file order; what several variants share is named once.
func (p *reader) sorted() Problems {
	slices.SortStableFunc(p.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(p.problems)
}
