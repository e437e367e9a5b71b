package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// Visitor is a person with a browser: an HTTP client with cookies that reads the
// practice org's pages, signs in and decides. The zero Visitor signs in as the
// user that the login page suggests, and presses Allow.
type Visitor struct {
	Username, Password string // empty: what the login page suggests
	Deny               bool   // press Deny
	// Transport carries the requests; nil is a plain one without a proxy that
	// reaches loopback hosts only, so that a Visitor never leaves this machine.
	Transport http.RoundTripper
}

// Address opens address and goes on as Visit does until the browser is sent to
// the redirect_uri of address or to Salesforce's error page. It returns where
// that leads without going there: what a person would copy out of the address
// bar. The redirect_uri may have any scheme and host. It is an error when the
// person would not get there.
func (v Visitor) Address(ctx context.Context, address string) (string, error) {
	start, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	callback, err := url.Parse(start.Query().Get("redirect_uri"))
	if err != nil || callback.Scheme == "" {
		return "", fmt.Errorf("practice visitor: %s names no callback", start.Path)
	}
	at, page, err := v.walk(ctx, address, func(next *url.URL) bool {
		return next.Path == errorPath || bare(next) == bare(callback)
	})
	if err != nil {
		return "", err
	}
	if page != "" {
		return "", fmt.Errorf("practice visitor: stopped at %s, short of the callback: %.200s", at.Path, page)
	}
	return at.String(), nil
}

// Visit opens address and follows wherever the pages lead. It returns nil once
// it has read a page that asks nothing, of whatever status: as a rule the app's
// callback page, for which it waits as a browser does; call it on a goroutine of
// its own. It is an error when the person would be stuck: on Salesforce's error
// page, or at a login that is refused.
func (v Visitor) Visit(ctx context.Context, address string) error {
	at, _, err := v.walk(ctx, address, nil)
	if err == nil && at.Path == errorPath {
		err = fmt.Errorf("practice visitor: stuck on %s (%s : %s)", at.Path, at.Query().Get("error"), at.Query().Get("error_description"))
	}
	return err
}

// bare is an address without its parameters.
func bare(u *url.URL) string {
	b := *u
	b.RawQuery, b.Fragment = "", ""
	return b.String()
}

// walk goes to the first page that asks nothing, and returns its address and
// text. Where stop says so of a redirect, it returns that address and no text.
func (v Visitor) walk(ctx context.Context, address string, stop func(*url.URL) bool) (*url.URL, string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, "", err
	}
	transport := v.Transport
	if transport == nil {
		plain := &http.Transport{}
		defer plain.CloseIdleConnections()
		transport = loopbackOnly{plain}
	}
	var stopped *url.URL
	client := &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		switch {
		case stop != nil && stop(next.URL):
			stopped = next.URL
			return http.ErrUseLastResponse
		case len(via) > 10:
			return errors.New("too many redirects")
		}
		return nil
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	signedIn, connecting := false, false
	for range 10 {
		request.Header.Set("Accept", "text/html")
		request.Header.Set("User-Agent", "practice-visitor")
		at, page, err := fetch(client, request)
		if err != nil {
			return nil, "", err
		}
		if stopped != nil {
			return stopped, "", nil
		}
		form, found := readForm(page)
		switch {
		case !found || form.id != "login_form" && form.id != "approve_form" && form.id != "connect_form":
			return at, page, nil
		case form.id == "login_form" && signedIn:
			return nil, "", errors.New("practice visitor: the login was refused")
		case form.id == "login_form":
			signedIn = true
			form.fill("username", v.Username)
			form.fill("pw", v.Password)
		case form.id == "connect_form" && connecting:
			return nil, "", errors.New("practice visitor: no device waits with that code")
		case form.id == "connect_form":
			connecting = true
		case v.Deny:
			form.press("oadeny")
		default:
			form.press("oaapprove")
		}
		target, err := at.Parse(form.action)
		if err != nil {
			return nil, "", err
		}
		request, err = http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(form.values.Encode()))
		if err != nil {
			return nil, "", err
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return nil, "", errors.New("practice visitor: the pages go in circles")
}

func fetch(client *http.Client, request *http.Request) (*url.URL, string, error) {
	answer, err := client.Do(request)
	if err != nil {
		return nil, "", fmt.Errorf("practice visitor: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return nil, "", fmt.Errorf("practice visitor: read %s: %w", answer.Request.URL.Path, err)
	}
	return answer.Request.URL, string(text), nil
}

// loopbackOnly refuses to carry a request to another machine.
type loopbackOnly struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (l loopbackOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if !loopback(r.URL.Hostname()) {
		return nil, fmt.Errorf("%s is not on this machine", r.URL.Hostname())
	}
	return l.RoundTripper.RoundTrip(r)
}
