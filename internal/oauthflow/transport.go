package oauthflow

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// judge turns an answer into what the HTTP client and its caller get to see:
// an error or a response with status 200, so never a redirect to follow.
type judge func(answer) (*http.Response, error)

// transport reads each answer whole before anybody else sees it, so that
// neither the HTTP client (redirects) nor x/oauth2 (odd bodies, whose text it
// would put into its errors) draws conclusions of its own.
type transport struct {
	base  http.RoundTripper
	judge judge
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	a, err := collect(req.Context(), resp)
	if err != nil {
		return nil, err
	}
	seen, err := t.judge(a)
	if err != nil {
		return nil, err
	}
	seen.Request, seen.Proto, seen.ProtoMajor, seen.ProtoMinor = req, "HTTP/1.1", 1, 1
	return seen, nil
}

func (c Client) client(j judge) *http.Client {
	base := c.HTTP.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	return &http.Client{Transport: transport{base, j}, Timeout: c.HTTP.Timeout}
}

// send makes one request and returns its answer, whatever that is.
func (c Client) send(req *http.Request) (answer, error) {
	var got answer
	resp, err := c.client(func(a answer) (*http.Response, error) {
		got = a
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}, nil
	}).Do(req)
	if err != nil {
		return answer{}, err
	}
	return got, resp.Body.Close()
}

func (c Client) post(ctx context.Context, address string, form url.Values) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	return c.send(req)
}
