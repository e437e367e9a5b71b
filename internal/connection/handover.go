package connection

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Handover is what the recipe of a profile hands over.
type Handover struct {
	Profile store.Profile
	Recipe  recipe.Recipe // filled in, but for the secrets
	Values  []HandoverValue
}

// Gives reports whether a result is among the values.
func (h Handover) Gives(result string) bool {
	return slices.ContainsFunc(h.Values, func(v HandoverValue) bool { return v.Missing == "" && slices.Contains(v.results, result) })
}

// HandoverValue is one value that the admin enters in the product.
type HandoverValue struct {
	Label, Where, Usual string       // as the recipe has them, filled in
	Secret              bool         // Hidden holds the value, not Text
	Text                string       // may have several lines
	Hidden              secret.Value // likewise
	Missing             string       // the result that is not to be had, such as "refresh_token"; "" when all is there

	results []string // that are in it
	never   bool     // sfconnect has never had what is missing
}

// Note says why a value is missing and how it is had after all; "" when it is not.
func (v HandoverValue) Note() string {
	switch v.Missing {
	case "":
		return ""
	case "consumer_secret":
		if v.never {
			return "copy it from Salesforce, beside the Consumer Key"
		}
		return "not kept any more; copy it from Salesforce"
	case "refresh_token":
		return "not kept any more; sign in again with sfconnect init"
	case "private_key", "private_key_base64":
		return "not kept any more; make a new one: sign in again with sfconnect init"
	case "certificate":
		return "not kept; it is the file that was uploaded in the app"
	case "my_domain", "subdomain":
		return "not known; see " + salesforce.PageMyDomain.Path()
	case "org_name":
		return "not known; see " + salesforce.PageCompany.Path()
	case "username":
		return "not known; see " + salesforce.PageUsers.Path()
	}
	return "not known"
}

// Handover fills in what the recipe of a profile hands over, in the recipe's order.
// Left out is what the profile's flow or the admin's answers leave no use for. Where
// the refresh token is among the values, the living one is given, and the profile is
// marked as handed over before Handover returns. Nothing is sent, unless a newer token
// may wait where it cannot be seen. A profile without a recipe is a fault of code usage.
func (m *Machine) Handover(ctx context.Context, name string) (Handover, error) {
	var out Handover
	var asked fields
	prepare := func(p store.Profile) (refresh bool, err error) {
		asked, err = newFields(name, p)
		return slices.ContainsFunc(asked.list, func(f field) bool { return f.uses("refresh_token") }), err
	}
	err := m.give(ctx, name, prepare, func(s *Session, at place) error {
		out = Handover{Profile: at.profile, Recipe: asked.recipe}
		for _, f := range asked.list {
			v, err := s.handoverValue(ctx, at.profile, f, asked.values)
			if err != nil {
				return err
			}
			out.Values = append(out.Values, v)
		}
		return nil
	})
	if err != nil {
		return Handover{}, err
	}
	out.Profile.HandedOver = out.Profile.HandedOver || out.Gives("refresh_token")
	return out, nil
}

// fields are those of a profile's recipe that apply to the profile.
type fields struct {
	recipe recipe.Recipe // filled in
	list   []field
	values map[string]string // for their templates, without secrets
}

// field is one of them, filled in, with its value as it was before: what an org or a
// person calls itself must not be read as a template.
type field struct {
	recipe.Field
	template string
}

func (f field) uses(results ...string) bool {
	names, _ := recipe.Names(f.template)
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(results, name) })
}

func newFields(name string, p store.Profile) (h fields, err error) {
	if p.Recipe.Source == "" {
		return h, fault.New(fault.Usage, "input", fmt.Sprintf("Profile %q was made without a recipe, which says what is handed over and in which form.", name),
			"Take another format: env, json or sfdx-url.\nOr sign in again with the recipe of the product: sfconnect init --profile "+ShellWord(name))
	}
	r, err := recipe.Parse(p.Recipe.ID+".yaml", []byte(p.Recipe.Source))
	if err == nil {
		r, err = r.Variant(p.Recipe.Inputs[recipe.VariantAnswer])
	}
	var problems recipe.Problems
	if errors.As(err, &problems) {
		return h, problems.Fault()
	}
	if err != nil {
		return h, err
	}
	h.values = r.Answers(Results(p))
	h.recipe = r.Fill(h.values)
	for i, filled := range h.recipe.Handover {
		f := field{filled, r.Handover[i].Value}
		if recipe.Holds(f.When, h.values) && !needless(p, f) {
			h.list = append(h.list, f)
		}
	}
	return h, nil
}

// needless reports whether a field is for something that the profile's flow never has.
// With the JWT bearer flow the app has a Consumer Secret, and only the product may want it.
func needless(p store.Profile, f field) bool {
	jwt := Flow(p.Flow) == FlowJWTBearer
	return f.uses("consumer_secret") && !p.HasConsumerSecret && !jwt ||
		f.uses("private_key", "private_key_base64", "certificate") && !jwt ||
		f.uses("refresh_token") && !p.HasRefreshToken
}

// handoverValue fills in a field, the secrets out of the store.
func (s *Session) handoverValue(ctx context.Context, p store.Profile, f field, values map[string]string) (HandoverValue, error) {
	v := HandoverValue{Label: f.Label, Where: f.Where, Usual: f.Usual}
	v.results, _ = recipe.Names(f.template)
	v.Secret = f.Secret || slices.ContainsFunc(v.results, recipe.IsSecret)
	found := map[string]string{}
	for _, name := range v.results {
		found[name] = values[name]
		if recipe.IsSecret(name) {
			held, err := s.m.of(p).Secrets.Get(ctx, p.ID, itemOf(name))
			if err != nil && !isNotFound(err) {
				return v, err
			}
			if name == "private_key_base64" {
				held = secret.New(base64.StdEncoding.EncodeToString([]byte(held.Reveal())))
			}
			s.m.Redactor.Hide(held)
			found[name] = held.Reveal()
		}
		if found[name] == "" && slices.Contains(recipe.Results(), name) {
			v.Missing, v.never = name, name == "consumer_secret" && !p.HasConsumerSecret
			return v, nil
		}
	}
	text := recipe.Expand(f.template, func(name string) (string, bool) { v, ok := found[name]; return v, ok })
	if !v.Secret {
		v.Text = text
		return v, nil
	}
	v.Hidden = secret.New(text)
	return v, nil
}

// itemOf is where the store has a secret result.
func itemOf(result string) store.Item {
	switch result {
	case "refresh_token":
		return store.RefreshToken
	case "private_key", "private_key_base64":
		return store.PrivateKey
	}
	return store.ConsumerSecret
}
