package secret_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"example.com/sfconnect/internal/secret"
)

func TestValueNeverPrintsItself(t *testing.T) {
	v := secret.New("hunter2-hunter2")
	type box struct {
		V secret.Value
		P *secret.Value
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %v"} {
		for _, arg := range []any{v, &v, box{v, &v}, []secret.Value{v}, map[string]secret.Value{"k": v}} {
			if got := fmt.Sprintf(verb, arg); strings.Contains(got, "hunter2") || strings.Contains(got, "68756e746572") {
				t.Errorf("%s of %T shows the text: %s", verb, arg, got)
			}
		}
	}
	if got, err := json.Marshal(box{v, &v}); err != nil || strings.Contains(string(got), "hunter2") {
		t.Errorf("JSON: %s, %v", got, err)
	}
	if v.Reveal() != "hunter2-hunter2" || v.Empty() || !(secret.Value{}).Empty() {
		t.Error("Reveal or Empty is wrong")
	}
	if !v.Equal(secret.New("hunter2-hunter2")) || v.Equal(secret.New("hunter2-hunter3")) {
		t.Error("Equal is wrong")
	}
}

func TestRedactor(t *testing.T) {
	var r secret.Redactor
	long := "S3cr3t/+= value"
	r.Hide(secret.New(long), secret.New("S3cr3t"), secret.New(""), secret.New("ab"))
	for _, form := range []string{long, url.QueryEscape(long), url.PathEscape(long), base64.StdEncoding.EncodeToString([]byte(long)), "xS3cr3tx"} {
		if got := r.Redact("before " + form + " after ab"); strings.Contains(got, "S3cr3t") || strings.Contains(got, form) || !strings.HasSuffix(got, " after ab") {
			t.Errorf("Redact(%q) = %q", form, got)
		}
	}
	if got, want := r.Redact("a "+long+" b"), "a "+secret.Hidden+" b"; got != want {
		t.Errorf("a secret within a secret leaves a tail: %q", got)
	}
	for _, token := range []string{
		"00D500000000IZ3!AQ0AQPgEuGMwFRuDTkMlJNFmmGqOYLqzQQnlTqGBVYXLOBGLnJCqWQjXqA.nFzWBAdQ7gGJbC6wjHx",
		"5Aep861abcdefghijklmnopqrstuvwxyz0123456789",
		"aPrxabcdefghijklmnopqrstuvwxyz01234567==",
		"eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4",
	} {
		if got := r.Redact("token=" + token + "&x=1"); strings.Contains(got, token[:20]) || !strings.HasSuffix(got, "&x=1") {
			t.Errorf("a token that nobody named survives: %q", got)
		}
	}
	plain := "Salesforce refused 00D500000000IZ3EAW at https://acme.my.salesforce.com."
	if got := r.Redact(plain); got != plain {
		t.Errorf("harmless text is changed: %q", got)
	}
}
