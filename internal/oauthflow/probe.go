package oauthflow

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/url"
	"strings"
)

// Verdicts of a Probe.
const (
	VerdictKnown   = "known"   // Salesforce would go on to its login page
	VerdictRefused = "refused" // Code and Description say why
	VerdictUnclear = "unclear" // it could not be told; never a reason to stop
)

// Probe is what the authorize endpoint says before anybody has logged in.
type Probe struct {
	Verdict, Code, Description string
}

// errorPage is where Salesforce shows an error instead of redirecting it.
const errorPage = "RemoteAccessErrorPage.apexp"

// Probe sends r's authorize request without a login and follows nothing. Where
// the answer is no Salesforce's (404, 5xx, a redirect to a foreign host) the
// error is *NotSalesforce; otherwise errors are the network's or context's own.
func (c Client) Probe(ctx context.Context, r Request) (Probe, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL(), nil)
	if err != nil {
		return Probe{}, err
	}
	req.Header.Set("Accept", "text/html,application/json;q=0.9,text/plain;q=0.8")
	a, err := c.send(req)
	if err != nil {
		return Probe{}, err
	}
	switch {
	case a.status >= 500 || a.status == http.StatusNotFound:
		return Probe{}, a.reject(c.Now)
	case a.status >= 300 && a.status < 400:
		return c.redirected(req.URL, r.CallbackURL, a)
	}
	if refused := a.refusal(); refused != nil {
		return refusedProbe(refused), nil
	}
	if a.status == http.StatusOK && a.isHTML() && len(a.body) > 0 {
		if refused := scriptedRefusal(a); refused != nil {
			return refusedProbe(refused), nil
		}
		return Probe{Verdict: VerdictKnown}, nil
	}
	return Probe{Verdict: VerdictUnclear}, nil
}

func refusedProbe(r *Refused) Probe {
	return Probe{Verdict: VerdictRefused, Code: r.Code, Description: r.Description}
}

func (c Client) redirected(asked *url.URL, callbackURL string, a answer) (Probe, error) {
	location := a.header.Get("Location")
	target, err := asked.Parse(location)
	if location == "" || err != nil {
		return Probe{Verdict: VerdictUnclear}, nil
	}
	refused := parseForm(target.RawQuery).refusal(a.status)
	if sameAddress(target, callbackURL) {
		if refused != nil {
			return refusedProbe(refused), nil
		}
		return Probe{Verdict: VerdictUnclear}, nil
	}
	sameHost := strings.EqualFold(target.Host, asked.Host)
	switch {
	case target.Scheme != "https" && target.Scheme != asked.Scheme,
		!sameHost && (c.Trusted == nil || !c.Trusted(strings.ToLower(target.Hostname()))):
		return Probe{}, a.rejectAs(ReasonRedirect, c.Now)
	case hasPathSuffix(target, errorPage) && refused != nil:
		return refusedProbe(refused), nil
	case target.Path == asked.Path:
		// The same question, put to another host or once more: no answer yet.
		return Probe{Verdict: VerdictUnclear}, nil
	case sameHost || strings.HasPrefix(target.Path, "/setup/secur/") && !hasPathSuffix(target, errorPage):
		return Probe{Verdict: VerdictKnown}, nil
	}
	return Probe{Verdict: VerdictUnclear}, nil
}

func hasPathSuffix(u *url.URL, name string) bool {
	return strings.HasSuffix(strings.ToLower(u.Path), "/"+strings.ToLower(name))
}

// sameAddress reports whether target is the callback, apart from its query.
func sameAddress(target *url.URL, callbackURL string) bool {
	callback, err := url.Parse(callbackURL)
	return err == nil && target.Scheme == callback.Scheme && strings.EqualFold(target.Host, callback.Host) &&
		strings.TrimRight(target.Path, "/") == strings.TrimRight(callback.Path, "/")
}

// scriptedRefusal finds a page that sends the browser to the error page by
// script or markup instead of by status.
func scriptedRefusal(a answer) *Refused {
	_, rest, found := bytes.Cut(a.body, []byte(errorPage+"?"))
	if !found {
		return nil
	}
	if end := bytes.IndexAny(rest, "\"'<> \n\\"); end >= 0 {
		rest = rest[:end]
	}
	return parseForm(html.UnescapeString(string(rest))).refusal(a.status)
}
