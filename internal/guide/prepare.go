package guide

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// steps are the recipe's own, before or after the app is made.
func (w *writer) steps(at string) []Section {
	var sections []Section
	for i, st := range w.r.Steps {
		if st.At != at {
			continue
		}
		s := w.at(salesforce.SetupPageOf(st.Page), Section{ID: "step-" + at + "-" + itoa(i+1), Title: st.Title, Number: step, Blocks: []Block{{Do: saidEach(st.Do)}}})
		if st.Caution != "" {
			s.Blocks = append(s.Blocks, Block{Remark: &Remark{Caution: true, Text: said(st.Caution)}})
		}
		sections = append(sections, s)
	}
	return sections
}

// The names of the files in the guide's commands.
const (
	keyFile         = "private.key"
	certificateFile = "certificate.crt"
)

func (w *writer) certificate() Section {
	if w.flow != "jwt-bearer" {
		return Section{}
	}
	days, bits := w.r.Certificate.Days, w.r.Certificate.KeySize
	if days == 0 {
		days = 365
	}
	if bits == 0 {
		bits = 2048
	}
	name := strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, w.all.ID)
	return Section{ID: "certificate", Title: "Make a key and a certificate", Number: step, Blocks: []Block{
		{Para: words(w.subject() + " proves who it is with a private key. Salesforce gets the certificate that belongs to it. sfconnect init makes both; by hand it is this command, where OpenSSL is installed:")},
		{Commands: &Commands{Lines: []string{
			"openssl req -x509 -sha256 -nodes -newkey rsa:" + itoa(bits) + " -days " + itoa(days) + " \\",
			"  -subj /CN=" + name + " -keyout " + keyFile + " -out " + certificateFile,
		}}},
		{List: []Text{
			words(code(certificateFile), " is no secret: you upload it in Salesforce's form. It has an RSA key of ", code(itoa(bits)), " bits."),
			words(code(keyFile), " is one: whoever has it can act as the user. It never goes to Salesforce."),
			words("The certificate is valid for ", code(itoa(days)), " days. Note when it ends: before that, make a new pair and upload the new certificate."),
		}},
	}}
}

func (w *writer) user() Section {
	u := w.r.RunAsUser
	nobody := w.flow == "client-credentials" || w.flow == "jwt-bearer"
	var list []Text
	add := func(label string, values ...string) {
		values = slices.DeleteFunc(values, func(s string) bool { return s == "" })
		if len(values) > 0 {
			var texts []Text
			for _, v := range values {
				texts = append(texts, value(v))
			}
			list = append(list, words(label+": ", join(texts)))
		}
	}
	add("User license", u.License)
	add("Profile", u.Profile)
	add("Permission", u.Permissions...)
	add("Permission set", u.PermissionSets...)
	if !nobody && u.Advice == "" && len(list) == 0 {
		return Section{}
	}
	s := w.at(salesforce.PageUsers, Section{ID: "user", Title: "Choose the user that the integration acts as", Number: step})
	intro := words("The integration sees and changes what this user may see and change, and it stops when the user is deactivated. A user of its own is best, with no more rights than it needs.")
	if u.Advice != "" {
		intro = said(u.Advice)
	} else if w.flow == "client-credentials" {
		intro = append(intro, words(" Salesforce's own guide asks for one with the API Only User permission.")...)
	}
	s.Blocks = append(s.Blocks, Block{Para: intro})
	if len(list) > 0 {
		s.Blocks = append(s.Blocks, Block{Para: words("The user should have:")}, Block{List: list})
	}
	if text := w.advice["run_as"]; text != "" {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Text: words(text)}})
	}
	s.Blocks = append(s.Blocks, Block{Do: []Text{words("Create or choose the user, and note its ", strong("Username"), ". It is not always the email address.")}})
	return s
}

func (w *writer) open() Section {
	s := w.at(salesforce.PageAppManager, Section{ID: "open", Title: "Open the form", Number: step, Blocks: []Block{
		{Do: []Text{
			words("Sign in to Salesforce, click the gear icon and open ", strong("Setup"), "."),
			words("Type App Manager in the ", strong("Quick Find"), " box and choose ", strong("App Manager"), "."),
			words("Click ", strong("New External Client App"), "."),
		}},
		{Para: words("No such button? It is also on ", strong("Setup › External Client App Manager"), ". It needs Lightning Experience.")},
	}})
	if text := w.advice[recipe.AdviceApp]; text != "" {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Text: words(text)}})
	}
	return s
}
