package practice

import (
	"net/http"
	"strings"
)

// query answers SELECT … FROM Organization, the one object that this org has.
// Messages of other queries are Salesforce's in kind, not in every word.
func (o *Org) query(soql, root string) reply {
	wanted, object, ok := parseQuery(soql)
	if !ok {
		return restError(http.StatusBadRequest, "MALFORMED_QUERY", "unexpected token: '"+firstWord(soql)+"'")
	}
	if !strings.EqualFold(object, "Organization") {
		return restError(http.StatusBadRequest, "INVALID_TYPE", "sObject type '"+object+"' is not supported.")
	}
	kind := map[string]string{
		"production": "Enterprise Edition", "sandbox": "Enterprise Edition", "developer": "Developer Edition", "scratch": "Developer Edition",
	}[o.cfg.environment]
	columns := fields{
		{"Id", o.orgID}, {"Name", o.cfg.orgName}, {"IsSandbox", o.cfg.environment == "sandbox" || o.cfg.environment == "scratch"},
		{"OrganizationType", kind}, {"InstanceName", "PRAC1"}, {"TrialExpirationDate", nil}, {"LanguageLocaleKey", "en_US"},
	}
	record := fields{{"attributes", fields{{"type", "Organization"}, {"url", root + "/sobjects/Organization/" + o.orgID}}}}
	for _, name := range wanted {
		found := false
		for _, column := range columns {
			if strings.EqualFold(column.name, name) {
				record, found = append(record, column), true
			}
		}
		if !found {
			return restError(http.StatusBadRequest, "INVALID_FIELD", "No such column '"+name+"' on entity 'Organization'.")
		}
	}
	return jsonReply(http.StatusOK, fields{{"totalSize", 1}, {"done", true}, {"records", []fields{record}}})
}

// parseQuery takes "SELECT a, b FROM c" with anything behind.
func parseQuery(soql string) (columns []string, object string, ok bool) {
	w := strings.Fields(strings.ReplaceAll(soql, ",", " "))
	if len(w) < 4 || !strings.EqualFold(w[0], "select") {
		return nil, "", false
	}
	for i := 1; i < len(w)-1; i++ {
		if strings.EqualFold(w[i], "from") {
			return w[1:i], w[i+1], i > 1
		}
	}
	return nil, "", false
}

func firstWord(s string) string {
	if w := strings.Fields(s); len(w) > 0 {
		return w[0]
	}
	return "<EOF>"
}
