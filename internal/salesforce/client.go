package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// longestBody bounds what is read of an answer.
const longestBody = 1 << 20

// Client makes the calls that need no knowledge of OAuth. Its errors are a
// *Refusal where Salesforce answered with an error of its own, else a
// *fault.Fault: dns, tcp, tls, proxy or interrupted for the way there,
// not_salesforce for an answer that is not Salesforce's. It is safe for
// concurrent use; time limits come with the context.
type Client struct {
	HTTP *http.Client // nil: one with the defaults of net/http
}

// call is one GET.
type call struct {
	surface Surface
	stage   string
	url     string
	token   secret.Value // empty: no Authorization header
}

// get makes the call and decodes the JSON of a 2xx answer into out.
func (c Client) get(ctx context.Context, q call, out any) error {
	a, err := c.fetch(ctx, q)
	if err != nil {
		return err
	}
	return decode(q, a, out)
}

// fetch sends the request without following a redirect and reads the answer.
func (c Client) fetch(ctx context.Context, q call) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, q.url, nil)
	if err != nil {
		return Answer{}, fault.New(fault.Internal, q.stage, "An address for a call to Salesforce could not be made.", "Report this with the output of --verbose.").Because(err)
	}
	r.Header.Set("Accept", "application/json")
	if !q.token.Empty() {
		r.Header.Set("Authorization", "Bearer "+q.token.Reveal())
	}
	return c.send(r, q)
}

// send makes the request r of q.
func (c Client) send(r *http.Request, q call) (Answer, error) {
	h := http.Client{}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := h.Do(r)
	if err != nil {
		return Answer{}, q.networkFault(err)
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, ContentType: resp.Header.Get("Content-Type"), URL: q.url,
		Location: resp.Header.Get("Location"), RetryAfter: resp.Header.Get("Retry-After")}
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, longestBody+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		a.Cut = true
	case err != nil:
		return Answer{}, q.networkFault(err)
	}
	if a.Cut || len(a.Body) > longestBody {
		return Answer{}, a.staged(q.stage)
	}
	return a, nil
}

// networkFault gives the stage of the call to a fault that has none of its own.
func (q call) networkFault(err error) *fault.Fault {
	f := NetworkFault(err, q.url)
	if f.Code == fault.NotSalesforce {
		f.Stage = q.stage
	}
	return f
}

// staged is the answer's fault with the stage at which it came.
func (a Answer) staged(stage string) *fault.Fault {
	f := a.Fault().Because(statusError(a.Status))
	f.Stage = stage
	return f
}

// statusError is the status of an answer that was not Salesforce's.
type statusError int

// Error implements error.
func (s statusError) Error() string { return fmt.Sprintf("HTTP status %d", int(s)) }

// NotThere reports whether err is the answer 404 of a server, in whatever form.
func NotThere(err error) bool {
	var refusal *Refusal
	var status statusError
	return errors.As(err, &refusal) && refusal.Status == http.StatusNotFound || errors.As(err, &status) && status == http.StatusNotFound
}

// readRefusal recognises the forms in which Salesforce refuses: a JSON array
// with errorCode, a JSON object with error, and the bare word of the identity
// service. nil when the answer has none of them.
func readRefusal(s Surface, a Answer) *Refusal {
	if a.Status < 400 || a.Status >= 500 {
		return nil
	}
	r := &Refusal{Surface: s, Status: a.Status}
	var list []struct{ Message, ErrorCode string }
	var object struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	switch {
	case json.Unmarshal(a.Body, &list) == nil && len(list) > 0:
		r.Code, r.Description = list[0].ErrorCode, list[0].Message
	case json.Unmarshal(a.Body, &object) == nil:
		r.Code, r.Description = object.Error, object.Description
	default:
		if word := strings.TrimSpace(string(a.Body)); bareWord(word) {
			r.Code = word
		}
	}
	r.Code, r.Description = cleanCode(r.Code), cleanWhole(r.Description)
	if r.Code == "" {
		return nil
	}
	return r
}

// bareWord reports whether s is one of the identity service's answers, such as
// Bad_OAuth_Token.
func bareWord(s string) bool {
	return len(s) <= 40 && strings.Contains(s, "_") && alnum(strings.ReplaceAll(s, "_", ""))
}

// join puts path behind an origin.
func join(origin, path string) string { return strings.TrimSuffix(origin, "/") + path }

// followIdentity gives the address that an identity answer redirects to, when
// the token may go there: the same path on a host of Salesforce's, or on this
// machine where the call began here, at a practice org. Salesforce's generic hosts
// may send the caller on to the org's own. A query is left out.
func followIdentity(from string, a Answer) (string, bool) {
	switch a.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", false
	}
	u, fromHost, _, ok := cutOrigin(from)
	if !ok {
		return "", false
	}
	ref, err := url.Parse(a.Location)
	if err != nil {
		return "", false
	}
	target, host, port, ok := cutOrigin(u.ResolveReference(ref).String())
	if !ok || target.Path != u.Path {
		return "", false
	}
	target.RawQuery, target.ForceQuery = "", false
	if Loopback(fromHost) {
		return target.String(), Loopback(host)
	}
	return target.String(), target.Scheme == "https" && port == "" && Owned(host)
}

// decode is get's second half, for an answer that was already fetched.
func decode(q call, a Answer, out any) error {
	if a.Status >= 200 && a.Status < 300 {
		if json.Unmarshal(a.Body, out) == nil {
			return nil
		}
	} else if r := readRefusal(q.surface, a); r != nil {
		return r
	}
	return a.staged(q.stage)
}

// incomplete is the fault for JSON that lacks what Salesforce always sends.
func incomplete(q call, what string) *fault.Fault {
	return fault.New(fault.NotSalesforce, q.stage, hostOf(q.url)+" answered "+what+", as Salesforce would not.", hintNotSalesforce)
}
