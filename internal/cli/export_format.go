package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"example.com/sfconnect/internal/connection"
)

// exportPrefix stands before the names of the environment.
const exportPrefix = "SALESFORCE_"

// pair is one credential by its name in the environment, without the prefix.
type pair struct{ name, value string }

// pairs are what a profile has, in the order of the formats env and json.
func pairs(c connection.Credentials) []pair {
	p := c.Profile
	all := []pair{
		{"LOGIN_URL", p.LoginURL}, {"INSTANCE_URL", p.Org.InstanceURL}, {"CLIENT_ID", p.ConsumerKey},
		{"CLIENT_SECRET", c.ConsumerSecret.Reveal()}, {"REFRESH_TOKEN", c.RefreshToken.Reveal()},
	}
	if !c.PrivateKey.Empty() {
		all = append(all, pair{"USERNAME", p.JWT.Username}, pair{"AUDIENCE", p.JWT.Audience}, pair{"PRIVATE_KEY", c.PrivateKey.Reveal()})
	}
	var out []pair
	for _, one := range all {
		if one.value != "" {
			out = append(out, one)
		}
	}
	return out
}

func envExport(name string, c connection.Credentials) exported {
	var text strings.Builder
	env := map[string]string{}
	for _, one := range pairs(c) {
		env[exportPrefix+one.name] = one.value
		fmt.Fprintf(&text, "%s%s=%s\n", exportPrefix, one.name, connection.POSIXWord(one.value))
	}
	return exported{text: text.String(), document: struct {
		Schema  int               `json:"schema"`
		OK      bool              `json:"ok"`
		Profile string            `json:"profile"`
		Env     map[string]string `json:"env"`
	}{1, true, name, env}}
}

// jsonExport keeps the order of env, which a map would not.
func jsonExport(c connection.Credentials) (exported, error) {
	var text bytes.Buffer
	for _, one := range pairs(c) {
		value, err := json.Marshal(one.value)
		if err != nil {
			return exported{}, err
		}
		fmt.Fprintf(&text, ",%q:%s", strings.ToLower(one.name), value)
	}
	document := "{" + strings.TrimPrefix(text.String(), ",") + "}"
	return exported{text: document + "\n", document: json.RawMessage(document)}, nil
}

// sfdxWord reports whether the Salesforce CLI takes s as a part of an sfdx-url before
// the host: AuthInfo.parseSfdxAuthUrl of @salesforce/core 8.32 has
// [a-zA-Z0-9._-]*={0,2} (forcedotcom/sfdx-core:src/org/authInfo.ts). It takes an empty
// secret for a public client, and puts https:// before the host by itself.
func sfdxWord(s string) bool {
	return sfdxHost(strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")) && !strings.Contains(s, ":")
}

// sfdxHost is sfdxWord for the host, which may have a port.
func sfdxHost(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-:", r))
	})
}

func sfdxExport(name string, c connection.Credentials) (exported, error) {
	for _, part := range []struct{ name, value string }{
		{"Consumer Key", c.Profile.ConsumerKey}, {"Consumer Secret", c.ConsumerSecret.Reveal()}, {"refresh token", c.RefreshToken.Reveal()},
	} {
		if !sfdxWord(part.value) {
			return exported{}, usage("Profile %q cannot be written as an sfdx-url: its %s has a character that the Salesforce CLI does not take there. Take --format env or json.", name, part.name)
		}
	}
	u, err := url.Parse(c.Profile.Org.InstanceURL)
	if err != nil || u.Host == "" || !sfdxHost(u.Host) {
		return exported{}, usage("Profile %q cannot be written as an sfdx-url: the Salesforce CLI takes no host such as that of %s there. Take --format env or json.", name, c.Profile.Org.InstanceURL)
	}
	text := "force://" + c.Profile.ConsumerKey + ":" + c.ConsumerSecret.Reveal() + ":" + c.RefreshToken.Reveal() + "@" + u.Host
	out := exported{text: text + "\n", document: struct {
		Schema  int    `json:"schema"`
		OK      bool   `json:"ok"`
		Profile string `json:"profile"`
		URL     string `json:"sfdxAuthUrl"` // where the Salesforce CLI looks in a .json file
	}{1, true, name, text}}
	out.note = "The Salesforce CLI does not keep a refresh token that rotation brings: where the app rotates, its login ends at its second refresh."
	if u.Scheme != "https" {
		out.head = "Note: the Salesforce CLI speaks https alone, and this org answers on " + u.Scheme + "."
	}
	return out, nil
}

type handoverJSON struct {
	Label   string  `json:"label"`
	Value   *string `json:"value"` // null where it is missing
	Where   string  `json:"where"`
	Secret  bool    `json:"secret"`
	Missing string  `json:"missing,omitempty"` // the result that is not to be had
	Note    string  `json:"note,omitempty"`    // how it is had after all
}

// handoverExport is label and value for people, and a document for scripts.
func handoverExport(name string, given connection.Handover) exported {
	out := exported{profile: given.Profile, token: given.Gives("refresh_token")}
	if at := given.Recipe.HandoverAt; at != "" {
		out.head = "Enter these in " + at + ":"
	}
	labels := 0
	for _, v := range given.Values {
		labels = max(labels, utf8.RuneCountInString(v.Label))
	}
	var text strings.Builder
	document := []handoverJSON{}
	for _, v := range given.Values {
		value := clean(v.Text) // an org may have any name
		if v.Secret {
			value = v.Hidden.Reveal()
		}
		row := handoverJSON{Label: v.Label, Value: &value, Where: v.Where, Secret: v.Secret, Missing: v.Missing, Note: v.Note()}
		lead := v.Label + strings.Repeat(" ", labels+2-utf8.RuneCountInString(v.Label))
		switch {
		case v.Missing != "":
			row.Value = nil
			out.missing = append(out.missing, v.Label+" is missing: "+v.Note()+".")
			fmt.Fprintf(&text, "%s(missing: %s)\n", lead, v.Note())
		case strings.Contains(value, "\n"):
			fmt.Fprintf(&text, "%s\n%s\n", v.Label, strings.TrimRight(value, "\n"))
		default:
			fmt.Fprintf(&text, "%s%s\n", lead, value)
		}
		if v.Where != "" {
			fmt.Fprintf(&text, "%s(%s)\n", strings.Repeat(" ", labels+2), clean(v.Where))
		}
		document = append(document, row)
	}
	out.text = text.String()
	out.document = struct {
		Schema   int            `json:"schema"`
		OK       bool           `json:"ok"`
		Profile  string         `json:"profile"`
		Recipe   string         `json:"recipe"`
		At       string         `json:"at"`
		Handover []handoverJSON `json:"handover"`
	}{1, true, name, given.Profile.Recipe.ID, given.Recipe.HandoverAt, document}
	return out
}
