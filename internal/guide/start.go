package guide

import (
	"example.com/sfconnect/internal/recipe"
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
