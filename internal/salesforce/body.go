package salesforce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/fault"
)

// Answer is an answer over HTTP that is not what Salesforce sends.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte // read for its kind alone, never shown
	URL         string // that was asked
	Location    string // where it redirects to; "" for none
	RetryAfter  string // the header of that name
	Cut         bool   // the connection ended before the body did
	Huge        bool   // Body is only the beginning of far too much
}

const hintNotSalesforce = "Check the login URL. Behind a company proxy or a guest network, sign in to that first, or set HTTPS_PROXY."

// Fault says what came instead of an answer of Salesforce's: a page of HTML,
// nothing, half of an answer, too much, a redirect, a failing server. The body is
// never quoted. Its code is not_salesforce; the caller may set the stage.
func (a Answer) Fault() *fault.Fault {
	what, hint := a.describe()
	return fault.New(fault.NotSalesforce, "", hostOf(a.URL)+" "+what+".", hint)
}

func (a Answer) describe() (what, hint string) {
	page := strings.ToLower(string(a.Body[:min(len(a.Body), 64<<10)]))
	switch {
	case a.Status >= 500:
		return a.failing(page)
	case a.Status >= 300 && a.Status < 400:
		return a.redirected()
	case a.Status == http.StatusProxyAuthRequired:
		return "was answered for by a proxy that wants a user name and a password", "Put them into the proxy's address in HTTPS_PROXY: http://user:password@proxy:port."
	case a.Status == http.StatusTooManyRequests:
		return "takes no more requests for now (HTTP 429)" + a.retry(), "Wait and try again."
	case a.Cut:
		return "closed the connection in the middle of its answer", "Try again. If it happens each time, a proxy or a firewall on the way cuts the connection."
	case a.Huge || len(a.Body) > longestBody:
		return "sent an answer of more than 1 MiB where Salesforce's is short", hintNotSalesforce
	case len(bytes.TrimSpace(a.Body)) == 0:
		return fmt.Sprintf("sent an empty answer (HTTP %d)", a.Status), hintNotSalesforce
	case strings.Contains(page, urlGone):
		return "does not know the address that was asked (a page with URL No Longer Exists)", fixURLGone
	case strings.Contains(page, "maintenance") && a.html(page):
		return "is down for maintenance, says the page that it sent", "Wait and try again; https://status.salesforce.com tells how long."
	case a.html(page):
		return fmt.Sprintf("sent a web page instead of data (HTTP %d)", a.Status), "That page comes from something on the way, such as a proxy or the sign-in page of a network, or the host is not Salesforce. " + hintNotSalesforce
	case unfinished(a.Body):
		return "sent only a part of its answer", "Try again. If it happens each time, a proxy or a firewall on the way cuts the connection."
	case a.Status == http.StatusNotFound:
		return "does not know the address that was asked (HTTP 404)", hintNotSalesforce
	}
	return fmt.Sprintf("sent an answer that is not in Salesforce's form (HTTP %d)", a.Status), hintNotSalesforce
}

func (a Answer) failing(page string) (what, hint string) {
	if a.Status == http.StatusServiceUnavailable || strings.Contains(page, "maintenance") {
		return fmt.Sprintf("cannot answer now (HTTP %d): it is overloaded or down for maintenance", a.Status) + a.retry(),
			"Wait and try again; https://status.salesforce.com tells more."
	}
	return fmt.Sprintf("failed to answer (HTTP %d)", a.Status) + a.retry(),
		"Try again. If it goes on, look at https://status.salesforce.com, and ask whoever runs the proxy where there is one."
}

func (a Answer) redirected() (what, hint string) {
	to := ""
	if from, err := url.Parse(a.URL); err == nil {
		if u, err := from.Parse(a.Location); err == nil && a.Location != "" && (plainHost(strings.ToLower(u.Hostname())) || Loopback(u.Hostname())) {
			to = " to " + u.Hostname()
		}
	}
	return "redirected the request" + to + " instead of answering it", "Check the login URL: use your org's My Domain. A proxy or the sign-in page of a network redirects too."
}

// retry words a Retry-After header that gives seconds.
func (a Answer) retry() string {
	n, err := strconv.Atoi(strings.TrimSpace(a.RetryAfter))
	if err != nil || n <= 0 || n > 86400 {
		return ""
	}
	return fmt.Sprintf(", and asks to be tried again after %d s", n)
}

func (a Answer) html(page string) bool {
	return strings.Contains(strings.ToLower(a.ContentType), "html") || strings.Contains(page, "<html") || strings.Contains(page, "<!doctype html")
}

// unfinished reports whether body is the beginning of a JSON text.
func unfinished(body []byte) bool {
	var v any
	err := json.NewDecoder(bytes.NewReader(body)).Decode(&v)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// hostOf names the host of a URL for a sentence.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "The server"
	}
	return u.Host
}
