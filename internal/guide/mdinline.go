package guide

import (
	"strings"
	"unicode"
)

// inline writes a text as Markdown on one line.
func inline(t Text) string { return strings.Join(unbroken(t), " ") }

// cell is inline for a table: there a bar must be escaped even in a code span.
func cell(t Text) string {
	s := inline(t)
	var b strings.Builder
	for i, r := range s {
		if r == '|' && (i == 0 || s[i-1] != '\\') {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unbroken gives the words of a text, in Markdown, between which a line may be
// broken. Spans that touch without a blank between them are one word.
func unbroken(t Text) []string {
	var out []string
	glued := false // the last word goes on
	add := func(word string) {
		if glued && len(out) > 0 {
			out[len(out)-1] += word
		} else {
			out = append(out, word)
		}
		glued = true
	}
	for i := 0; i < len(t); i++ {
		s := t[i]
		switch {
		case s.Code:
			run := s.Shown()
			for ; i+1 < len(t) && t[i+1].Code; i++ { // one value, gaps in it
				run += t[i+1].Shown()
			}
			add(codeSpan(run))
		case s.URL != "":
			if s.URL == s.Words {
				add("<" + s.URL + ">")
			} else {
				add("[" + escapeWord(s.Words) + "](" + s.URL + ")")
			}
		case strings.TrimSpace(s.Words) == "":
			glued = false
		case s.Strong, s.Gap:
			mark := ""
			if s.Strong {
				mark = "**"
			}
			text := s.Shown()
			lead, trail := strings.HasPrefix(text, " "), strings.HasSuffix(text, " ")
			if lead {
				glued = false
			}
			add(mark + escapeWord(strings.TrimSpace(text)) + mark)
			glued = glued && !trail
		default:
			if strings.HasPrefix(s.Words, " ") {
				glued = false
			}
			fields := strings.Fields(s.Words)
			for _, f := range fields {
				add(plainWord(f))
				glued = false
			}
			glued = len(fields) > 0 && !strings.HasSuffix(s.Words, " ")
			if len(fields) == 0 {
				glued = false
			}
		}
	}
	return out
}

// plainWord escapes a word of prose. What a reader's program would turn into a
// link by itself becomes a code span.
func plainWord(s string) string {
	lower := strings.ToLower(s)
	if strings.Contains(lower, "://") || strings.Contains(lower, "www.") || strings.Contains(s, "@") {
		core := strings.TrimRight(s, ".,;:!?)")
		return codeSpan(core) + escapeWord(s[len(core):])
	}
	return escapeWord(s)
}

// escapeWord escapes what is markup anywhere in a line. An underline between
// letters is none (refresh_token).
func escapeWord(s string) string {
	runes := []rune(s)
	letter := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	var b strings.Builder
	for i, r := range runes {
		if strings.ContainsRune("\\`*[]<>|~$", r) || r == '&' && i+1 < len(runes) || r == '_' && !(letter(i-1) && letter(i+1)) || r == '!' && i+1 < len(runes) && runes[i+1] == '[' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// lineStart escapes what is markup at the beginning of a line alone.
func lineStart(line string) string {
	if line == "" {
		return line
	}
	word, _, _ := strings.Cut(line, " ")
	digits := strings.TrimRight(word, ".)")
	switch {
	case strings.Trim(word, "#") == "", strings.Trim(word, "-") == "", strings.Trim(word, "=") == "", word == "+", word[0] == '>', strings.Trim(word, ":-|") == "":
		return "\\" + line
	case digits != word && digits != "" && strings.Trim(digits, "0123456789") == "":
		return digits + "\\" + line[len(digits):]
	}
	return line
}

// codeSpan puts s between as many backticks as it takes.
func codeSpan(s string) string {
	if s == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") && strings.TrimSpace(s) != "" {
		s = " " + s + " "
	}
	return fence + s + fence
}
