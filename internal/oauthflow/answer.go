package oauthflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Reasons of NotSalesforce.
const (
	ReasonHTML     = "html"     // a web page
	ReasonEmpty    = "empty"    // no body
	ReasonCut      = "cut"      // the body ends too early
	ReasonHuge     = "huge"     // more than 1 MiB
	ReasonRedirect = "redirect" // sent elsewhere; nothing was followed
	ReasonServer   = "server"   // a status of 500 or more
	ReasonType     = "type"     // anything else that is no OAuth answer
)

const (
	bodyLimit = 1 << 20
	bodyHead  = 512
	mostText  = 8 << 10 // characters of a description
)

// Refused is an OAuth error (RFC 6749 sections 4.1.2.1 and 5.2). Code and
// Description are Salesforce's, without control characters. They may echo what
// was sent: redact them before they are shown, and before they are shortened.
type Refused struct {
	Status      int // of the HTTP answer; 0 when the browser brought the error
	Code        string
	Description string // whole, up to 8192 characters
}

// Error names the code alone.
func (e *Refused) Error() string { return "refused: " + e.Code }

// NotSalesforce is an answer that no Salesforce endpoint gives.
type NotSalesforce struct {
	Status      int
	ContentType string
	Body        []byte // the first 512 bytes, for classification; never to be shown
	Reason      string // one of the Reason constants
	RetryAfter  string // whole seconds; empty when the answer does not say
	Location    string // where a redirect leads; a stranger's text
}

// Error names reason and status, and nothing of the body.
func (e *NotSalesforce) Error() string {
	return fmt.Sprintf("not an answer of Salesforce's: %s, status %d", e.Reason, e.Status)
}

// answer is one HTTP answer, read to its end or to the limit.
type answer struct {
	status int
	header http.Header
	body   []byte
	huge   bool
	cut    bool
}

// collect reads and closes the body. Its error is the network's or the context's.
func collect(ctx context.Context, resp *http.Response) (answer, error) {
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit+1))
	var slow net.Error
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return a, ctx.Err()
	case errors.As(err, &slow) && slow.Timeout():
		return a, err
	default:
		a.cut = true
	}
	if len(body) > bodyLimit {
		a.huge, body = true, body[:bodyLimit]
	}
	a.body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	return a, nil
}

func (a answer) mediaType() string {
	t, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	return t
}

func (a answer) isHTML() bool {
	switch a.mediaType() {
	case "text/html", "application/xhtml+xml":
		return true
	}
	head := bytes.ToLower(a.body[:min(len(a.body), bodyHead)])
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html"))
}

// object is the body as a JSON object. The second result is empty, or the
// reason why there is none. What the body is decides, not what the content type
// says it is: a right answer under a wrong label has still spent the code.
func (a answer) object() (map[string]json.RawMessage, string) {
	switch {
	case a.huge:
		return nil, ReasonHuge
	case a.cut:
		return nil, ReasonCut
	case len(a.body) == 0:
		return nil, ReasonEmpty
	}
	if a.body[0] != '{' {
		if a.isHTML() {
			return nil, ReasonHTML
		}
		return nil, ReasonType
	}
	fields := make(map[string]json.RawMessage)
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	if err := decoder.Decode(&fields); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, ReasonCut
		}
		return nil, ReasonType
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, ReasonType
	}
	return fields, ""
}

// refusal is the OAuth error in the answer, or nil. Salesforce writes it as JSON
// at the token endpoint and as bare form text at the authorize endpoint; either
// is understood in both places. A redirect, a missing page and a broken server
// refuse nothing, whatever their body says.
func (a answer) refusal() *Refused {
	if a.status >= 300 && a.status < 400 || a.status >= 500 || a.status == http.StatusNotFound || a.cut || a.huge {
		return nil
	}
	if fields, _ := a.object(); fields != nil {
		return newRefused(a.status, text(fields["error"]), text(fields["error_description"]))
	}
	var list []struct{ ErrorCode, Message string } // the form of the REST API
	if a.status >= 400 && json.Unmarshal(a.body, &list) == nil && len(list) > 0 {
		return newRefused(a.status, list[0].ErrorCode, list[0].Message)
	}
	if !a.formText() {
		return nil
	}
	return parseForm(string(a.body)).refusal(a.status)
}

// formText reports whether the body may be form text rather than JSON or a page.
func (a answer) formText() bool {
	if len(a.body) == 0 || bytes.IndexByte([]byte(`{["`), a.body[0]) >= 0 {
		return false
	}
	return bytes.HasPrefix(a.body, []byte("error=")) || !bytes.ContainsRune(a.body, '<')
}

// reject makes the error for an answer that is neither success nor refusal.
func (a answer) reject(now func() time.Time) *NotSalesforce {
	_, reason := a.object()
	switch {
	case a.status >= 500:
		reason = ReasonServer
	case a.status >= 300 && a.status < 400:
		reason = ReasonRedirect
	case reason == "":
		reason = ReasonType
	}
	return a.rejectAs(reason, now)
}

func (a answer) rejectAs(reason string, now func() time.Time) *NotSalesforce {
	return &NotSalesforce{
		Status:      a.status,
		ContentType: clean(a.header.Get("Content-Type")),
		Body:        bytes.Clone(a.body[:min(len(a.body), bodyHead)]),
		Reason:      reason,
		RetryAfter:  retryAfter(a.header.Get("Retry-After"), now),
		Location:    a.header.Get("Location"),
	}
}

// retryAfter reads both forms of RFC 9110 section 10.2.3 into seconds.
func retryAfter(value string, now func() time.Time) string {
	if seconds, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31); err == nil {
		return strconv.FormatUint(seconds, 10)
	}
	at, err := http.ParseTime(value)
	if err != nil || now == nil {
		return ""
	}
	return strconv.Itoa(max(0, int(at.Sub(now()).Round(time.Second)/time.Second)))
}

// newRefused is nil unless code looks like an error code.
func newRefused(status int, code, description string) *Refused {
	if code == "" || len(code) > 64 {
		return nil
	}
	for _, r := range code {
		if r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.", r)) {
			return nil
		}
	}
	return &Refused{Status: status, Code: code, Description: whole(description)}
}

// text is a JSON string's value or a number's digits; empty for anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// clean makes one short printable line of text that others wrote.
func clean(s string) string { return oneLine(s, 300) }

// whole is clean without the shortening: what is cut out of a secret is no longer
// recognised as one, so text that may echo one is redacted first. Text of an
// absurd length loses its last word rather than a part of it.
func whole(s string) string {
	line := oneLine(s, mostText)
	short, cut := strings.CutSuffix(line, "…")
	if !cut || utf8.RuneCountInString(short) < mostText {
		return line
	}
	return short[:strings.LastIndexByte(short, ' ')+1] + "…"
}

// oneLine drops control characters, escapes and whatever turns the writing
// direction, makes one blank of many, and cuts after so many characters.
func oneLine(s string, most int) string {
	var b strings.Builder
	n, blank := 0, false
	for _, r := range s {
		// Two format characters are part of ordinary writing: the joiners.
		joiner := r == '\u200c' || r == '\u200d'
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !joiner || r == utf8.RuneError {
			blank = blank || unicode.IsSpace(r)
			continue
		}
		if blank && n > 0 && n < most {
			b.WriteByte(' ')
			n++
		}
		if n == most {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
		n, blank = n+1, false
	}
	return b.String()
}
