package practice

import (
	"encoding/xml"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// metadataPrefix is where the Metadata API is: PREFIX + version [/ org id].
const metadataPrefix = "/services/Soap/m/"

// metadataNamespace is the namespace of everything in its bodies.
const metadataNamespace = "http://soap.sforce.com/2006/04/metadata"

// soapNode is any element of a request.
type soapNode struct {
	XMLName xml.Name
	Text    string     `xml:",chardata"`
	Nodes   []soapNode `xml:",any"`
}

// at goes down by local names; an element that is not there is an empty one.
func (n soapNode) at(names ...string) soapNode {
	for _, name := range names {
		found := soapNode{}
		for _, child := range n.Nodes {
			if child.XMLName.Local == name {
				found = child
				break
			}
		}
		n = found
	}
	return n
}

// texts are the texts of all children of a name.
func (n soapNode) texts(name string) []string {
	var out []string
	for _, child := range n.Nodes {
		if child.XMLName.Local == name {
			out = append(out, strings.TrimSpace(child.Text))
		}
	}
	return out
}

// soap is the Metadata API, as far as it reads External Client Apps. Every fault
// has status 500. Seen in public: the faults of a dead session, of a user without
// the permission (forcedotcom cli issue 3048), of a missing SOAPAction, of an
// unknown type and of more than ten names. Not confirmed: the order of the checks,
// the answers to another method, to another org's id in the path and on the login
// host, and the words for a token without the scope api. That JWT-format tokens
// do not work here is said by vendors' guides; in which words they are refused is
// not confirmed either.
func (o *Org) soap(c *call) reply {
	if f := o.fault(c, metadataAt, ""); f != nil {
		return f.whole(o, reply{})
	}
	if c.Method != http.MethodPost {
		return methodNotAllowed("POST")
	}
	if c.host != hostDomain {
		return soapFault("sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: Destination URL not reset. The URL returned from login must be set in the SforceService")
	}
	version, org, _ := strings.Cut(strings.TrimPrefix(c.URL.Path, metadataPrefix), "/")
	n, err := strconv.ParseFloat(version, 64)
	if err != nil || n < oldestVersion || n > newestVersion || n != float64(int(n)) {
		return soapFault("sf:UNSUPPORTED_API_VERSION", "UNSUPPORTED_API_VERSION: Invalid Api version specified on URL")
	}
	if len(c.Header.Values("SOAPAction")) == 0 {
		return soapFault("soapenv:Client", "SOAPAction HTTP header missing")
	}
	var envelope soapNode
	if err := xml.Unmarshal(c.text, &envelope); err != nil || envelope.XMLName.Local != "Envelope" || len(envelope.at("Body").Nodes) != 1 {
		return soapFault("soapenv:Client", "The request is no SOAP envelope with one call in its body")
	}
	a := o.access[strings.TrimSpace(envelope.at("Header", "SessionHeader", "sessionId").Text)]
	operation := envelope.at("Body").Nodes[0]
	c.seen.Operation = strings.TrimSpace(operation.XMLName.Local + " " + strings.Join(append(operation.texts("type"), operation.at("queries").texts("type")...), " "))
	switch {
	case a == nil, !o.accessAlive(a), a.jwt, org != "" && (len(org) < 15 || org[:15] != o.orgID[:15]):
		return soapFault("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session")
	case !covered("api", a.grant.scopes):
		return soapFault("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: This session is not valid for use with the API")
	case o.ledger.RESTCalls+o.ledger.MetadataCalls >= o.cfg.dailyCalls:
		return soapFault("sf:REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.")
	case !o.mayMetadata(a.grant.user):
		return soapFault("sf:INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions")
	}
	o.ledger.MetadataCalls++
	switch operation.XMLName.Local {
	case "readMetadata":
		return o.readMetadata(operation, int(n))
	case "listMetadata":
		return o.listMetadata(operation, int(n))
	}
	o.ledger.Writes++ // whatever else there is may change the org; this org does none of it
	return soapFault("sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: the practice org has readMetadata and listMetadata only")
}

// mayMetadata reports whether a user has the permission for any call.
func (o *Org) mayMetadata(u user) bool {
	switch o.cfg.metadataAccess {
	case "none":
		return false
	case "as_user":
		return o.admin(u)
	}
	return true
}

// soapBody is a good answer.
func soapBody(operation, inside string) reply {
	return soapReply(http.StatusOK, `xmlns="`+metadataNamespace+`" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
		"<"+operation+"Response>"+inside+"</"+operation+"Response>")
}

func soapFault(code, text string) reply {
	r := soapReply(http.StatusInternalServerError, `xmlns:sf="`+metadataNamespace+`"`,
		"<soapenv:Fault>"+element("faultcode", code)+element("faultstring", text)+"</soapenv:Fault>")
	_, r.code, _ = strings.Cut(code, ":")
	return r
}

func soapReply(status int, namespaces, body string) reply {
	return reply{status: status, header: header("text/xml;charset=UTF-8"), body: []byte(
		`<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ` + namespaces +
			`><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`)}
}

// element is one element with a text; its line breaks stay as they are.
func element(name, text string) string {
	var b strings.Builder
	b.WriteString("<" + name + ">")
	_ = xml.EscapeText(lineKeeper{&b}, []byte(text)) // a Builder does not fail
	b.WriteString("</" + name + ">")
	return b.String()
}

// lineKeeper undoes the escape that xml.EscapeText makes of a line break.
type lineKeeper struct{ io.Writer }

// Write implements io.Writer; EscapeText writes each escape by itself.
func (k lineKeeper) Write(p []byte) (int, error) {
	if string(p) == "&#xA;" {
		_, err := k.Writer.Write([]byte("\n"))
		return len(p), err
	}
	return k.Writer.Write(p)
}
