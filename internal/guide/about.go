package guide

import (
	"strings"
)

func (w *writer) cleanup() Section {
	s := Section{ID: "clean-up", Title: "Clean up"}
	if do := saidEach(w.r.Cleanup); len(do) > 0 {
		s.Number, s.Blocks = step, []Block{{Do: do}}
	}
	return s
}

func (w *writer) safety() Section {
	s := Section{ID: "safety", Title: "Keep it safe"}
	list := saidEach(w.r.Notes)
	list = append(list, words("To end the connection at once: ", strong("Setup › Connected Apps OAuth Usage"), ", or delete the app in ", strong("Setup › External Client App Manager"), "."))
	s.Blocks = []Block{{List: list}}
	return s
}

func (w *writer) about() Section {
	s := Section{ID: "about", Title: "About this guide"}
	src := w.r.Source
	if src.URL != "" || src.Date != "" {
		s.Blocks = append(s.Blocks, Block{Para: words("The values come from ", w.source(src.URL, src.Date), ".")})
	}
	var more []Text
	for _, m := range src.More {
		t := w.source(m.URL, m.Date)
		if m.For != "" {
			t = append(t, words(": ", said(m.For))...)
		}
		more = append(more, t)
	}
	if len(more) > 0 {
		s.Blocks = append(s.Blocks, Block{Para: words("Read there as well:")}, Block{List: more})
	}
	switch src.Kind {
	case "connected_app":
		s.Blocks = append(s.Blocks, Block{Para: words("The source speaks of a connected app; this guide says the same in the terms of an External Client App.")})
	case "external_client_app":
		s.Blocks = append(s.Blocks, Block{Para: words("The source speaks of an External Client App, as this guide does.")})
	}
	if len(src.Unsaid) > 0 {
		s.Blocks = append(s.Blocks, Block{Para: words("The source does not say:")}, Block{List: saidEach(src.Unsaid)})
	}
	s.Blocks = append(s.Blocks, Block{Para: words("Written by ", code("sfconnect recipe guide"), " from the recipe ", code(w.all.ID), ". Salesforce's screens differ a little between orgs and releases; the names in them count. Salesforce is a trademark of Salesforce, Inc., which has nothing to do with this guide.")})
	return s
}

// source names an address, and when it was read.
func (w *writer) source(address, date string) Text {
	var t Text
	if strings.HasPrefix(address, "https://") {
		t = link(address, address)
	} else {
		t = said(address)
	}
	switch {
	case len(t) == 0 && date == "":
		return nil
	case len(t) == 0:
		return words("what was known on ", date)
	case date != "":
		t = append(t, words(", read on ", date)...)
	}
	return t
}
