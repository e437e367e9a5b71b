package practice

import (
	"net/http"
	"strings"
)

// sobject is a queryable object. Every row has its columns; a column of a related
// object is named with a dot.
type sobject struct {
	name    string
	columns fields
	rows    []fields
}

// query answers a SOQL query of one of the org's objects as a user sees them.
// Messages of refused queries are Salesforce's in kind, not in every word.
func (o *Org) query(text, root string, by user) reply {
	q, unexpected, ok := parseSOQL(text)
	if !ok {
		if unexpected == "" {
			unexpected = "<EOF>"
		}
		return restError(http.StatusBadRequest, "MALFORMED_QUERY", "unexpected token: '"+unexpected+"'")
	}
	table, known := o.sobject(q.object, by)
	if !known {
		return restError(http.StatusBadRequest, "INVALID_TYPE", "sObject type '"+q.object+"' is not supported.")
	}
	names := append([]string(nil), q.fields...)
	for _, c := range q.where {
		names = append(names, c.field)
	}
	for _, name := range names {
		if _, there := table.columns.column(name); !there {
			return restError(http.StatusBadRequest, "INVALID_FIELD", "No such column '"+name+"' on entity '"+table.name+"'.")
		}
	}
	records := []fields{}
	for _, row := range table.rows {
		if matches(q.where, row) && (q.limit < 0 || len(records) < q.limit) {
			records = append(records, table.record(row, q.fields, root))
		}
	}
	total := len(records)
	if len(q.fields) == 0 {
		records = records[:0]
	}
	return jsonReply(http.StatusOK, fields{{"totalSize", total}, {"done", true}, {"records", records}})
}

func matches(where []condition, row fields) bool {
	for _, c := range where {
		m, _ := row.column(c.field)
		if !c.holds(m.value) {
			return false
		}
	}
	return true
}

// record is a row with the wanted fields, those of related objects nested.
func (t sobject) record(row fields, wanted []string, root string) fields {
	id, _ := row.column("Id")
	address := root + "/sobjects/" + t.name + "/"
	if text, is := id.value.(string); is {
		address += text
	}
	out := fields{{"attributes", fields{{"type", t.name}, {"url", address}}}}
	for _, name := range wanted {
		m, _ := row.column(name)
		out = nest(out, strings.Split(m.name, "."), m.value)
	}
	return out
}

// nest puts a value below the objects that its path names.
func nest(f fields, path []string, value any) fields {
	if len(path) == 1 {
		return append(f, field{path[0], value})
	}
	for i, m := range f {
		if inner, is := m.value.(fields); is && m.name == path[0] {
			f[i].value = nest(inner, path[1:], value)
			return f
		}
	}
	return append(f, field{path[0], nest(fields{{"attributes", fields{{"type", path[0]}}}}, path[1:], value)})
}
