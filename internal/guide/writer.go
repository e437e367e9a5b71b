package guide

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// writer holds what the sections are made from.
type writer struct {
	all     recipe.Recipe // with its variants
	raw     recipe.Recipe // the chosen variant, its templates unfilled
	r       recipe.Recipe // the same, filled as far as the values are known
	answers map[string]string
	advice  map[string]string // recipe.Advice
	o       Options
	flow    string
	product string // as it stands in a sentence
	variant string // the id of the chosen one, "" where there are none
}

// step marks a section that is counted.
const step = 1

func newWriter(all recipe.Recipe, o Options) (*writer, error) {
	raw, err := all.Variant(o.Variant)
	if err != nil {
		return nil, err
	}
	w := &writer{all: all, raw: raw, o: o}
	if w.answers, err = tidy(raw, o.Answers); err != nil {
		return nil, err
	}
	if len(all.Variants) > 0 {
		w.variant = o.Variant
		if w.variant == "" {
			w.variant = all.Variants[0].ID
		}
	}
	filled := raw.Fill(w.values())
	if err := filled.Unfit(); err != nil {
		return nil, fault.New(fault.Usage, "input", "With these answers Salesforce's form would not take a value: "+err.Error()+".", "Give other values with --input.").Because(err)
	}
	w.r = connection.WithFlow(filled, o.Login)
	w.flow, w.advice = w.r.Authorize.Flow, recipe.Advice(w.r)
	w.product = w.productName()
	if w.o.Name == "" {
		w.o.Name = all.ID
	}
	return w, nil
}

// values are all that is known before the sign-in.
func (w *writer) values() map[string]string {
	values := map[string]string{}
	for id, answer := range w.answers {
		values[id] = answer
	}
	if login := w.o.Login; login.String() != "" {
		own := ""
		if login.OwnHost() {
			own = login.String()
			values["instance_url"] = own
		}
		connection.AddAddresses(values, login.String(), own)
	}
	return values
}

// generic tells of the recipe that is for any product.
func (w *writer) generic() bool { return w.all.ID == recipe.Custom }

// productName is the recipe's title, or of any product the name that was given.
func (w *writer) productName() string {
	if !w.generic() {
		return w.all.Title
	}
	names, _ := recipe.Names(w.raw.App.Name)
	if slices.ContainsFunc(names, func(n string) bool { return w.o.Answers[n] != "" }) {
		return w.r.App.Name
	}
	return "a product"
}

// the product as the subject of a sentence.
func (w *writer) subject() string {
	if w.product == "a product" {
		return "The product"
	}
	return w.product
}

// within is the product inside a sentence.
func (w *writer) within() string {
	if w.product == "a product" {
		return "the product"
	}
	return w.product
}

// page is where a step is done: its path in Setup, and the address where the org is known.
func (w *writer) page(p salesforce.SetupPage) (path, url string) {
	if p == "" {
		return "", ""
	}
	return p.Path(), w.o.Login.SetupURL(p)
}

// at puts a section on a Setup page.
func (w *writer) at(p salesforce.SetupPage, s Section) Section {
	s.Path, s.URL = w.page(p)
	return s
}

func (w *writer) public() bool {
	return w.r.Authorize.Public || w.flow == "jwt-bearer" && !w.handsOver("consumer_secret")
}

// handsOver reports whether a value for the product has that result in it.
func (w *writer) handsOver(result string) bool {
	return slices.ContainsFunc(w.fields(), func(f recipe.Field) bool { return strings.Contains(f.Value, "${"+result+"}") })
}

func (w *writer) needsMyDomain() bool {
	return w.r.Authorize.Host == "my_domain" || w.flow == "client-credentials" || w.raw.Uses("my_domain") || w.raw.Uses("subdomain")
}
