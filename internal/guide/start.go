package guide

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

func (w *writer) lead() []Text {
	enter := "copy its Consumer Key and Secret"
	if w.public() {
		enter = "copy its Consumer Key"
	}
	if w.flow == "jwt-bearer" {
		enter += ", upload a certificate"
	}
	return []Text{
		words("This guide is for a Salesforce admin. You create an External Client App in Salesforce, " + enter + " and enter the values in " + w.within() + ". Every value that is needed stands here."),
		words("The command ", code(w.initCommand()), " walks you through the same steps and checks each value with Salesforce. This guide does without it."),
	}
}

func (w *writer) initCommand() string {
	if w.all.ID == recipe.Custom && w.o.Name == recipe.Custom {
		return "sfconnect init"
	}
	return w.named("sfconnect init --recipe")
}

// named is a command about this recipe, and this variant where that must be said.
func (w *writer) named(command string) string {
	command += " " + shell(w.o.Name)
	if w.variant != "" {
		command += " --variant " + shell(w.variant)
	}
	return command
}

func (w *writer) facts() []Fact {
	var facts []Fact
	add := func(name string, about Text) {
		if len(about) > 0 && !w.generic() {
			facts = append(facts, Fact{words(name), about})
		}
	}
	add("Product", said(w.all.Title))
	if w.all.Vendor != w.all.Title {
		add("Vendor", said(w.all.Vendor))
	}
	add("What it is", said(w.all.Summary))
	for _, v := range w.all.Variants {
		if v.ID == w.variant {
			facts = append(facts, Fact{words("Method"), said(v.Title)})
		}
	}
	facts = append(facts, Fact{words("How it signs in"), w.how()}, Fact{words("Login URL"), w.whichHost()})
	if w.r.Authorize.Prompt != "" {
		facts = append(facts, Fact{words("Asks at the sign-in"), words(value(w.r.Authorize.Prompt), " (sent to Salesforce as ", code("prompt"), ")")})
	}
	if labels := w.handoverLabels(); len(labels) > 0 {
		facts = append(facts, Fact{words("You hand over"), join(labels)})
	}
	add("Source", w.source(w.r.Source.URL, w.r.Source.Date))
	return facts
}

func (w *writer) how() Text {
	flow := words(" (flow ", code(w.flow), ")")
	switch w.flow {
	case "paste":
		return words("Somebody signs in to Salesforce once, allows the app, and takes the result from the address bar", flow)
	case "client-credentials":
		return words("As one fixed user; nobody signs in", flow)
	case "jwt-bearer":
		return words("With a certificate, as one named user; nobody signs in", flow)
	case "refresh-token":
		return words("With a refresh token that another tool obtained", flow)
	}
	if w.r.Authorize.Public {
		return words("Somebody signs in to Salesforce in the browser and allows the app; no Consumer Secret", flow)
	}
	return words("Somebody signs in to Salesforce in the browser and allows the app", flow)
}

func (w *writer) whichHost() Text {
	switch {
	case w.o.Login.String() != "":
		return code(w.o.Login.String())
	case w.needsMyDomain():
		return words("your own My Domain address, such as ", code("https://acme.my.salesforce.com"))
	}
	return words("your My Domain address, or ", code("https://login.salesforce.com"))
}

func (w *writer) start() Section {
	s := Section{ID: "start", Title: "Before you start"}
	needs := saidEach(w.r.Needs)
	needs = append(needs, words("Salesforce in Lightning Experience"), words("up to 10 minutes of waiting, until Salesforce knows the new app"))
	s.Blocks = append(s.Blocks, Block{Para: words("You need:")}, Block{List: needs})
	s.Blocks = append(s.Blocks, w.methods()...)
	s.Blocks = append(s.Blocks, w.inputs()...)
	return s
}

// methods lists the variants, and how to get the guide of another one.
func (w *writer) methods() []Block {
	if w.variant == "" {
		return nil
	}
	var list []Text
	for _, v := range w.all.Variants {
		t := words(strong(v.Title))
		if v.Summary != "" {
			t = append(t, words(": ", said(v.Summary))...)
		}
		if v.ID == w.variant {
			t = append(t, words(" (this guide)")...)
		} else {
			t = append(t, words(" (", code("sfconnect recipe guide "+shell(w.o.Name)+" --variant "+shell(v.ID)), ")")...)
		}
		list = append(list, t)
	}
	return []Block{{Para: words(w.subject() + " can sign in in several ways:")}, {List: list}}
}

// inputs lists what differs from org to org.
func (w *writer) inputs() []Block {
	var rows []Fact
	open := false
	for _, in := range w.r.Inputs {
		if !recipe.Asked(in, w.answers) {
			continue
		}
		answer := value(w.answers[in.ID])
		_, whole := answer.Whole()
		about := describe(in)
		switch {
		case len(answer) == 0:
			about = sentence(about, words("Left out in this guide."))
		case !whole:
			open = true
		case w.o.Answers[in.ID] != "":
			about = sentence(about, words("Here it is ", answer, "."))
		default:
			about = sentence(about, words("Here it is ", answer, ", as usual."))
		}
		rows = append(rows, Fact{Text{{Words: in.ID, Gap: true}}, about})
	}
	if len(rows) == 0 {
		return nil
	}
	blocks := []Block{{Para: words("These values are yours to choose:")}, {Signs: rows}}
	if open {
		blocks = append(blocks, Block{Para: words("Where one of them stands in the guide, in ", Text{{Words: "brackets", Gap: true}}, ", put your own value. To have it filled in: ",
			code(w.named("sfconnect recipe guide")+" --input NAME=VALUE"))})
	}
	return blocks
}

// describe tells of an input: its question, its help and what it may be.
func describe(in recipe.Input) Text {
	t := said(in.Label)
	if in.Help != "" {
		t = sentence(t, said(in.Help))
	}
	if len(in.Options) > 0 {
		var options []Text
		for _, o := range in.Options {
			options = append(options, value(o))
		}
		t = sentence(t, words("One of ", join(options), "."))
	}
	if in.Example != "" {
		t = sentence(t, words("For example ", value(in.Example), "."))
	}
	if in.Pattern != "" {
		t = sentence(t, words("Its form, as a regular expression: ", value(in.Pattern), "."))
	}
	if in.Optional {
		t = sentence(t, words("It may be left out."))
	}
	return t
}

// sentence adds a further sentence to a text.
func sentence(t, next Text) Text {
	end := ". "
	if p := t.Plain(); strings.HasSuffix(p, ".") || strings.HasSuffix(p, "?") || strings.HasSuffix(p, "!") {
		end = " "
	}
	return words(t, end, next)
}

// join makes "a, b and c".
func join(list []Text) Text {
	var t Text
	for i, item := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			t = append(t, words(" and ")...)
		default:
			t = append(t, words(", ")...)
		}
		t = append(t, item...)
	}
	return t
}

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
