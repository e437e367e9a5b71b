package recipe

import (
	"bufio"
	"cmp"
	"embed"
	"path"
	"slices"
	"strings"

	"example.com/sfconnect/internal/fault"
)

//go:embed recipes/*.yaml starter.yaml
var embedded embed.FS

// Custom is the id of the recipe that asks the admin for everything.
const Custom = "custom"

// Starter is a valid recipe to start from, with a remark at every key.
func Starter() string {
	data, _ := embedded.ReadFile("starter.yaml")
	return string(data)
}

// Summary is what a list shows of a recipe.
type Summary struct{ ID, Title, Vendor, Summary, Flow string }

// List gives the embedded recipes by title, custom last. It reads the heads of
// the files without parsing them, so that a list stays quick.
func List() []Summary {
	var list []Summary
	for _, id := range ids() {
		list = append(list, head(id, text(id)))
	}
	slices.SortStableFunc(list, func(a, b Summary) int {
		if (a.ID == Custom) != (b.ID == Custom) {
			if a.ID == Custom {
				return 1
			}
			return -1
		}
		return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	return list
}

// All parses every embedded recipe, in List's order.
func All() ([]Recipe, error) {
	var all []Recipe
	for _, s := range List() {
		r, err := Find(s.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// Find returns the embedded recipe of that id; an unknown one is a fault with
// code usage that names the known ones.
func Find(id string) (Recipe, error) {
	if !slices.Contains(ids(), id) {
		return Recipe{}, fault.New(fault.Usage, "input", "There is no recipe "+quoted(id)+".", "Known recipes: "+strings.Join(ids(), ", ")+".")
	}
	r, err := Parse(id+".yaml", []byte(text(id)))
	if err != nil {
		return Recipe{}, fault.From(err)
	}
	return r, nil
}

func ids() []string {
	entries, _ := embedded.ReadDir("recipes")
	var list []string
	for _, e := range entries {
		list = append(list, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return list
}

func text(id string) string {
	data, _ := embedded.ReadFile(path.Join("recipes", id+".yaml"))
	return string(data)
}

// head reads the plain one-line values of an embedded file. A test compares it
// with the parser.
func head(id, text string) Summary {
	s := Summary{ID: id}
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ": ")
		switch key {
		case "title":
			s.Title = value
		case "vendor":
			s.Vendor = value
		case "summary":
			s.Summary = value
		case "  flow":
			s.Flow = value
		}
	}
	return s
}

func quoted(s string) string { return `"` + printable(s) + `"` }
