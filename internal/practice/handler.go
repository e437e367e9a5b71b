package practice

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// largestBody is how much of a request's body is read.
const largestBody = 1 << 20

// call is one request, read in full before the org is locked.
type call struct {
	*http.Request
	host  hostKind
	query url.Values
	body  url.Values // of a form body; empty for any other content type
	form  bool       // the body was a form
	text  []byte     // of the body
	seen  *Request   // its line in the ledger
}

// param looks in the body first, then in the query.
func (c *call) param(name string) string {
	if v := c.body.Get(name); v != "" {
		return v
	}
	return c.query.Get(name)
}

// reply is an answer, computed while the org is locked and written afterwards.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	code    string // Salesforce's error code, for the ledger and the log
	stall   bool   // never answer
	promise int    // announce that many bytes more than are sent
	repeat  int    // send body[0] that many times more, for huge answers
}

// Handler returns the org as an http.Handler. It tells its hosts apart by the
// Host header; a request for any other host gets 421.
func (o *Org) Handler() http.Handler { return http.HandlerFunc(o.serve) }

func (o *Org) serve(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r, host: o.hostKind(r.Host), query: r.URL.Query(), body: url.Values{}}
	text, err := io.ReadAll(io.LimitReader(r.Body, largestBody))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest) // cut off, or no HTTP body at all
		return
	}
	c.text = text
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		c.form = true
		c.body, _ = url.ParseQuery(string(text))
	}
	answer := o.answer(c)
	if answer.stall {
		<-r.Context().Done()
		return
	}
	write(w, answer)
}

// answer routes, and keeps the ledger, under the lock.
func (o *Org) answer(c *call) reply {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forgetOld()
	if c.host == hostDomain && strings.HasPrefix(c.URL.Path, controlPrefix) {
		answer := o.control(c)
		o.log(c.host.String() + "  " + c.Method + " " + strconv.QuoteToGraphic(c.URL.Path) + "  " + strconv.Itoa(answer.status))
		return answer
	}
	c.seen = &Request{
		Time: o.now(), Host: c.host.String(), Method: c.Method, Path: c.URL.Path,
		Query: slices.Sorted(maps.Keys(c.query)), Body: slices.Sorted(maps.Keys(c.body)), Auth: authStyle(c), Agent: c.UserAgent(),
	}
	answer := o.route(c)
	c.seen.Status, c.seen.Error = answer.status, answer.code
	o.ledger.Requests = append(o.ledger.Requests, *c.seen)
	line := c.seen.Host + "  " + c.Method + " " + strconv.QuoteToGraphic(c.URL.Path) + "  " + strconv.Itoa(answer.status)
	if answer.code != "" {
		line += "  " + answer.code
	}
	if c.seen.Fault != "" {
		line += "  (fault " + c.seen.Fault + ")"
	}
	o.log(line)
	return answer
}

func authStyle(c *call) string {
	header := strings.ToLower(c.Header.Get("Authorization"))
	switch {
	case strings.HasPrefix(header, "bearer "):
		return "bearer"
	case strings.HasPrefix(header, "basic "):
		return "basic"
	case c.body.Has("client_secret"):
		return "body"
	}
	return "none"
}

// forgetOld keeps a long-running org from growing: unfinished and spent
// authorizations go after an hour, the ledger's lines after ten thousand. Once a minute
// is enough to look, so that a request costs the same however many there are.
func (o *Org) forgetOld() {
	if n := len(o.ledger.Requests); n > 10000 {
		o.ledger.Requests = slices.Clone(o.ledger.Requests[n-5000:])
	}
	now := o.now()
	if since := now.Sub(o.tidied); since >= 0 && since < time.Minute {
		return
	}
	o.tidied = now
	limit := now.Add(-time.Hour)
	for id, p := range o.pending {
		if p.made.Before(limit) {
			delete(o.pending, id)
		}
	}
	for id, d := range o.devices {
		if d.made.Before(limit) {
			delete(o.devices, id)
		}
	}
	for id, c := range o.codes {
		if c.issued.Before(limit) {
			delete(o.codes, id)
		}
	}
}

func (k hostKind) String() string {
	return [...]string{"other", "login", "my_domain", "setup", "lightning", "other"}[k]
}

func write(w http.ResponseWriter, answer reply) {
	h := w.Header()
	maps.Copy(h, answer.header)
	if answer.promise > 0 {
		h.Set("Content-Length", strconv.Itoa(len(answer.body)+answer.promise))
	}
	w.WriteHeader(answer.status)
	_, err := w.Write(answer.body)
	for chunk := bytes.Repeat([]byte{' '}, 1<<16); answer.repeat > 0 && err == nil; answer.repeat -= len(chunk) {
		_, err = w.Write(chunk)
	}
	if answer.promise > 0 {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // the connection ends in the middle of the body
	}
}

func header(contentType string) http.Header {
	return http.Header{"Content-Type": {contentType}, "Cache-Control": {"no-cache, no-store"}, "X-Content-Type-Options": {"nosniff"}}
}

func plainReply(status int, text string) reply {
	return reply{status: status, header: header("text/plain;charset=UTF-8"), body: []byte(text)}
}

func jsonReply(status int, v any) reply {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return plainReply(http.StatusInternalServerError, "practice org: "+err.Error())
	}
	return reply{status: status, header: header("application/json;charset=UTF-8"), body: bytes.TrimSuffix(b.Bytes(), []byte("\n"))}
}

func redirect(target string) reply {
	h := header("text/html;charset=UTF-8")
	h.Set("Location", target)
	h.Set("Referrer-Policy", "no-referrer") // the code in the address must not travel on
	return reply{status: http.StatusFound, header: h}
}
