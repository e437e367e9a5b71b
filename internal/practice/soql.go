package practice

import (
	"slices"
	"strconv"
	"strings"
)

// soql is a query of one object: the fields, what must hold of them, and how
// many records are wanted.
type soql struct {
	fields []string // empty for COUNT()
	object string
	where  []condition // all must hold
	limit  int         // -1 for no limit
}

type condition struct {
	field   string
	negated bool
	value   any // string, bool or nil
}

// parseSOQL takes SELECT fields or COUNT() FROM object [WHERE field = value [AND
// …]] [ORDER BY …] [LIMIT n]. The order is not looked at: each object has one of
// its own. Where it cannot go on it returns the token that it did not expect.
func parseSOQL(text string) (q soql, unexpected string, ok bool) {
	tokens := tokenize(text)
	take := func() string {
		if len(tokens) == 0 {
			return ""
		}
		t := tokens[0]
		tokens = tokens[1:]
		return t
	}
	next := func(words ...string) bool {
		for i, w := range words {
			if i >= len(tokens) || !strings.EqualFold(tokens[i], w) {
				return false
			}
		}
		tokens = tokens[len(words):]
		return true
	}
	stuck := func() (soql, string, bool) { return soql{}, take(), false }
	q.limit = -1
	if !next("select") {
		return stuck()
	}
	if !next("count", "(", ")") {
		for {
			if len(tokens) == 0 || !isName(tokens[0]) || strings.EqualFold(tokens[0], "from") {
				return stuck()
			}
			q.fields = append(q.fields, take())
			if !next(",") {
				break
			}
		}
	}
	if !next("from") || len(tokens) == 0 || !isName(tokens[0]) {
		return stuck()
	}
	q.object = take()
	for joined := next("where"); joined; joined = next("and") {
		if len(tokens) < 3 || !isName(tokens[0]) || tokens[1] != "=" && tokens[1] != "!=" {
			return stuck()
		}
		c := condition{field: take(), negated: take() == "!="}
		if c.value, ok = literal(take()); !ok {
			return soql{}, c.field, false
		}
		q.where = append(q.where, c)
	}
	if next("order", "by") {
		for len(tokens) > 0 && !strings.EqualFold(tokens[0], "limit") {
			take()
		}
	}
	if next("limit") {
		n, err := strconv.Atoi(take())
		if err != nil || n < 0 {
			return stuck()
		}
		q.limit = n
	}
	if len(tokens) > 0 {
		return stuck()
	}
	return q, "", true
}

// tokenize splits a query into names, quoted texts, numbers and signs.
func tokenize(text string) []string {
	var out []string
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			i++
		case c == '\'':
			end := i + 1
			for end < len(text) && text[end] != '\'' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(text))
			out, i = append(out, text[i:end]), end
		case strings.HasPrefix(text[i:], "!="):
			out, i = append(out, "!="), i+2
		case nameByte(c):
			end := i
			for end < len(text) && nameByte(text[end]) {
				end++
			}
			out, i = append(out, text[i:end]), end
		default:
			out, i = append(out, string(c)), i+1
		}
	}
	return out
}

func nameByte(c byte) bool { return strings.IndexByte(alnum+"_.", c) >= 0 }

func isName(token string) bool { return token != "" && nameByte(token[0]) }

// literal is a value of a condition. Dates and numbers are not among them.
func literal(token string) (any, bool) {
	switch lower := strings.ToLower(token); {
	case lower == "true", lower == "false":
		return lower == "true", true
	case lower == "null":
		return nil, true
	case len(token) >= 2 && token[0] == '\'' && token[len(token)-1] == '\'':
		return strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(token[1 : len(token)-1]), true
	}
	return nil, false
}

// holds compares as Salesforce does: case does not matter, and an id of 15
// characters is that of 18.
func (c condition) holds(value any) bool {
	same := value == c.value
	if text, is := value.(string); is {
		wanted, _ := c.value.(string)
		same = strings.EqualFold(text, wanted) || len(wanted) == 15 && wanted == text[:min(15, len(text))]
	}
	return same != c.negated
}

// column finds a field of a row by its name, without regard to case.
func (f fields) column(name string) (field, bool) {
	i := slices.IndexFunc(f, func(m field) bool { return strings.EqualFold(m.name, name) })
	if i < 0 {
		return field{}, false
	}
	return f[i], true
}
