package term

import (
	"strings"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

// sheet is the form on a Page as text.
type sheet struct {
	style  style
	rows   []wizard.Row
	items  []item
	screen int // the width of a terminal that breaks what is wider; 0 where none does
}

// item is something on a sheet that can be copied.
type item struct {
	row    int // index in rows
	label  string
	value  string
	secret secret.Value // instead of value
}

func (i item) text() string {
	if !i.secret.Empty() {
		return i.secret.Reveal()
	}
	return i.value
}

func newSheet(s style, rows []wizard.Row) sheet {
	out := sheet{style: s, rows: rows}
	for n, row := range rows {
		i := item{row: n, label: clean(row.Label)}
		switch row.Kind {
		case wizard.RowField:
			i.value = strings.Join(cleaned(append([]string{row.Value}, row.Values...)), "\n")
			i.value = strings.Trim(i.value, "\n")
		case wizard.RowLines:
			// All at once: they go into one text box.
			i.value = strings.Join(cleaned(row.Values), "\n")
		case wizard.RowSecret:
			i.secret = row.Secret
		}
		if i.text() != "" {
			out.items = append(out.items, i)
		}
	}
	return out
}

// number is the key that copies row n's value, or "".
func (s sheet) number(n int) string {
	for i, item := range s.items {
		if item.row == n && i < 9 {
			return itoa(i + 1)
		}
	}
	return ""
}

func (s sheet) hasSecret() bool {
	for _, i := range s.items {
		if !i.secret.Empty() {
			return true
		}
	}
	return false
}

// Columns of a sheet: the indentation with the number in it, then labels, then
// values. On a narrow screen values stand below their labels.
const (
	margin       = 5
	widestLabel  = 26
	narrowScreen = 60
)

func (s sheet) labelColumn() int {
	longest := 0
	for _, row := range s.rows {
		switch row.Kind {
		case wizard.RowCheck, wizard.RowDo, wizard.RowHeading, wizard.RowCaution:
			continue
		}
		longest = max(longest, width(clean(row.Label)))
		if len(row.Values) > 1 {
			longest = max(longest, width(remark(row.Kind)))
		}
	}
	return min(longest, widestLabel)
}

// lines draws the sheet in w columns on a screen of full columns; secrets are
// hidden unless shown.
func (s sheet) lines(w, full int, shown bool) []string {
	var out []string
	labels := s.labelColumn()
	for n, row := range s.rows {
		switch row.Kind {
		case wizard.RowHeading:
			if n > 0 {
				out = append(out, "")
			}
			out = append(out, hang(indent, each(s.style.bold.Render, fit(row.Label, w-4)))...)
			out = append(out, s.note(row.Note, len(indent), w)...)
		case wizard.RowCheck:
			out = append(out, s.boxed(s.box(row.On), row, w)...)
		case wizard.RowDo:
			out = append(out, s.boxed(s.style.accent.Render("→"), row, w)...)
		case wizard.RowCaution:
			out = append(out, s.boxed(s.style.warn.Render("(!)"), row, w)...)
		default:
			out = append(out, s.labelled(s.number(n), row, labels, shown, w, full)...)
		}
	}
	return out
}
