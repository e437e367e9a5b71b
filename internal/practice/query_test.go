package practice

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// ask queries and gives the records as texts of JSON, or the error code.
func (w *world) ask(token, soql string) []string {
	w.Helper()
	a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/query?q="+url.QueryEscape(soql), token)
	var answer struct {
		TotalSize int
		Records   []json.RawMessage
	}
	if a.StatusCode != 200 {
		var list []struct{ Message, ErrorCode string }
		if err := json.Unmarshal([]byte(a.text), &list); err != nil || len(list) != 1 {
			w.Fatalf("%v %s", err, a.text)
		}
		return []string{list[0].ErrorCode + ": " + list[0].Message}
	}
	if err := json.Unmarshal([]byte(a.text), &answer); err != nil {
		w.Fatal(err)
	}
	if strings.Contains(strings.ToUpper(soql), "COUNT()") {
		return make([]string, answer.TotalSize)
	}
	var out []string
	for _, r := range answer.Records {
		out = append(out, string(r))
	}
	if len(out) != answer.TotalSize {
		w.Errorf("%d records of %d", len(out), answer.TotalSize)
	}
	return out
}

func TestUsersSayWhatTheyMayDo(t *testing.T) {
	for kind, want := range map[string]string{
		"admin":       `"Profile":{"attributes":{"type":"Profile"},"Name":"System Administrator","UserLicense":{"attributes":{"type":"UserLicense"},"Name":"Salesforce"},"PermissionsApiUserOnly":false,"PermissionsModifyAllData":true}`,
		"standard":    `"Profile":{"attributes":{"type":"Profile"},"Name":"Standard User","UserLicense":{"attributes":{"type":"UserLicense"},"Name":"Salesforce"},"PermissionsApiUserOnly":false,"PermissionsModifyAllData":false}`,
		"integration": `"Profile":{"attributes":{"type":"Profile"},"Name":"Minimum Access - API Only Integrations","UserLicense":{"attributes":{"type":"UserLicense"},"Name":"Salesforce Integration"},"PermissionsApiUserOnly":true,"PermissionsModifyAllData":false}`,
	} {
		w := start(t, map[string]string{"user_kind": kind})
		token := w.Org.IssueAccessToken()
		got := w.ask(token, "SELECT Id, Profile.Name, Profile.UserLicense.Name, Profile.PermissionsApiUserOnly, Profile.PermissionsModifyAllData FROM User WHERE Id = '"+w.facts.UserID+"'")
		if len(got) != 1 || !strings.HasSuffix(got[0], `"Id":"`+w.facts.UserID+`",`+want+"}") {
			t.Errorf("%s: %s", kind, got)
		}
		sets := w.ask(token, "SELECT PermissionSet.PermissionsModifyAllData FROM PermissionSetAssignment WHERE AssigneeId = '"+w.facts.UserID[:15]+"'")
		if modify := strings.Contains(strings.Join(sets, ""), `"PermissionsModifyAllData":true`); len(sets) != 1 || modify != (kind == "admin") {
			t.Errorf("%s: %s", kind, sets)
		}
		if got := w.ask(token, "SELECT Name FROM Profile"); len(got) != map[string]int{"admin": 2, "standard": 1, "integration": 2}[kind] {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

func TestApprovalsPileUp(t *testing.T) {
	w := start(t, nil)
	token := w.Org.IssueAccessToken()
	w.Org.IssueForeignTokens()
	for range 3 {
		w.Org.IssueRefreshToken()
	}
	count := "SELECT COUNT() FROM OauthToken WHERE AppName = 'Practice Integration'"
	if got := len(w.ask(token, count+" AND UserId = '"+w.facts.UserID+"'")); got != 4 {
		t.Errorf("%d approvals", got)
	}
	if got := len(w.ask(token, count+" AND AccessToken != null")); got != 3 {
		t.Errorf("%d approvals with a refresh token", got)
	}
	rows := w.ask(token, "SELECT AppName, UseCount, LastUsedDate FROM OauthToken ORDER BY LastUsedDate DESC LIMIT 2")
	if len(rows) != 2 || !strings.Contains(rows[0], `"AppName":"Practice Integration","UseCount":1,"LastUsedDate":"2026-11-22T09:30:00.000+0000"`) || !strings.Contains(rows[1], "Another Integration") {
		t.Error(rows)
	}
	w.Org.mu.Lock()
	standard := w.Org.newAccessToken(w.Org.newGrant("issued", w.Org.users[1], []string{"api"}, false), "issued").text
	w.Org.mu.Unlock()
	if got := w.ask(standard, "SELECT UserId FROM OauthToken"); len(got) != 1 || strings.Contains(got[0], w.facts.UserID) {
		t.Error("a standard user sees more than the own approvals:", got)
	}
	if got := w.ask(token, "SELECT UserId FROM OauthToken"); len(got) != 6 {
		t.Errorf("an administrator sees %d approvals", len(got))
	}
}

// DeleteToken is what the revoke endpoint takes: who prints it hands the org over.
func TestDeleteTokenRevokes(t *testing.T) {
	w := start(t, nil)
	refresh := w.Org.IssueRefreshToken()
	rows := w.ask(w.Org.IssueAccessToken(), "SELECT DeleteToken FROM OauthToken WHERE DeleteToken != null")
	if len(rows) != 1 || !strings.Contains(rows[0], refresh) {
		t.Fatal(rows)
	}
	w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {refresh}})
	if rows := w.ask(w.Org.IssueAccessToken(), "SELECT AppName FROM OauthToken WHERE DeleteToken != null"); rows != nil {
		t.Error(rows)
	}
}

func TestSOQL(t *testing.T) {
	w := start(t, map[string]string{"username": "o'hara@acme.example"})
	token := w.Org.IssueAccessToken()
	for soql, want := range map[string]string{
		"select ID from user where USERNAME = 'O\\'Hara@acme.example' and isactive = true": w.facts.UserID,
		"SELECT Id FROM User WHERE Username!='o\\'hara@acme.example' LIMIT 5":              `"Id":"005`,
		"SELECT Id FROM User LIMIT 0":                             "",
		"SELECT Id FROM User WHERE Id = '005000000000000'":        "",
		"SELECT Nope FROM User":                                   "INVALID_FIELD: No such column 'Nope' on entity 'User'.",
		"SELECT Id FROM User WHERE Nope = 'x'":                    "INVALID_FIELD: No such column 'Nope' on entity 'User'.",
		"SELECT Id FROM Nope":                                     "INVALID_TYPE: sObject type 'Nope' is not supported.",
		"SELECT Id FROM User WHERE Id LIKE 'x'":                   "MALFORMED_QUERY: unexpected token: 'Id'",
		"SELECT Id FROM User LIMIT x":                             "MALFORMED_QUERY: unexpected token: '<EOF>'",
		"SELECT FROM User":                                        "MALFORMED_QUERY: unexpected token: 'FROM'",
		"SELECT Id, FROM User":                                    "MALFORMED_QUERY: unexpected token: 'FROM'",
		"SELECT * FROM User":                                      "MALFORMED_QUERY: unexpected token: '*'",
		"DELETE FROM User":                                        "MALFORMED_QUERY: unexpected token: 'DELETE'",
		"SELECT Id FROM User garbage":                             "MALFORMED_QUERY: unexpected token: 'garbage'",
		"SELECT Id FROM OauthToken WHERE AppName = 'No such app'": "",
	} {
		got := strings.Join(w.ask(token, soql), "")
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s, want %s", soql, got, want)
		}
	}
}

// An integration user cannot finish an approval in the browser.
func TestIntegrationUserCannotApprove(t *testing.T) {
	w := start(t, map[string]string{"user_kind": "integration"})
	if at := w.through(w.facts.MyDomainURL, "approve"); at.Path != errorPath || at.Query().Get("error") != "OAUTH_APPROVAL_ERROR_GENERIC" {
		t.Error(at)
	}
}
