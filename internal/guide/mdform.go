package guide

// form writes a form as lists: a tick box as [x] or [ ], and what is left as it
// is in one line at the end of its section.
func (m *markdown) form(f *Form) {
	if f.Picture {
		return
	}
	for i, g := range f.Groups {
		if i > 0 {
			m.gap()
		}
		m.line("### " + inline(words(g.Title)))
		m.gap()
		var alone []Text // not to be touched
		for _, c := range g.Rows {
			if c.Leave && len(c.Notes) == 0 || c.Default && len(c.Notes) == 0 {
				alone = append(alone, words(c.Label))
				continue
			}
			m.control(c)
		}
		if len(alone) > 0 {
			m.wrap("- ", "  ", words("Leave as it is: ", join(alone), "."))
		}
	}
	if f.Submit != "" {
		m.gap()
		m.wrap("", "", words("At the end of the form click ", strong(f.Submit), "."))
	}
}

func (m *markdown) control(c Control) {
	indent := "  "
	if c.Sub {
		indent = "    "
	}
	bullet := indent[2:] + "- "
	label := words(strong(c.Label))
	if c.Required {
		label = append(label, words(" (required)")...)
	}
	var list []Text // below the line
	switch {
	case c.Kind == KindHeading:
		return
	case c.Kind == KindTick && len(c.Decide) > 0:
		label = words(label, ": as you choose, ", c.Decide)
	case c.Leave || c.Default:
		label = words(label, ": leave it as it is")
	case c.Kind == KindTick:
		bullet += map[bool]string{true: "[x] ", false: "[ ] "}[c.On]
		label = words(c.Label)
	case c.Kind == KindButton:
		label = words("Click ", label)
	case c.Kind == KindPicker:
		label = words(label, ": move what is listed here from Available to Selected")
		for _, p := range c.Selected {
			list = append(list, p.Label)
		}
		if never := never(c); len(never) > 0 {
			list = append(list, words(strong("Never"), " ", join(never)))
		}
	case c.Kind == KindArea && len(c.Lines) > 1:
		label, list = words(label, ": these lines"), c.Lines
	case c.Kind == KindArea:
		label = words(label, ": ", c.Lines[0])
	case c.Kind == KindList, c.Kind == KindRadio:
		label = words(label, ": choose ", asValue(c.Value))
	case c.Kind == KindUpload:
		label = words(label, ": choose the file ", c.Value)
	default:
		label = words(label, ": ", c.Value)
	}
	for i, n := range c.Notes {
		if i == 0 {
			label = append(label, words(".")...)
		}
		label = append(label, words(" ", n)...)
	}
	m.wrap(bullet, indent, label)
	for _, l := range list {
		m.wrap(indent+"- ", indent+"  ", l)
	}
}

func never(c Control) []Text {
	var never []Text
	for _, p := range c.Left {
		if p.Never {
			never = append(never, p.Label)
		}
	}
	return never
}

// asValue makes a choice look like a value.
func asValue(t Text) Text {
	var out Text
	for _, s := range t {
		s.Code = true
		out = append(out, s)
	}
	return out
}
