package salesforce

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// SurfaceMetadata is the Metadata API.
const SurfaceMetadata Surface = "metadata"

// metadataVersion has every member of the External Client App types that is read
// (the youngest is of 61.0); each org offers it.
const metadataVersion = "66.0"

// What one call takes (Metadata API guide, listMetadata and readMetadata).
const (
	MostQueries = 3
	MostNames   = 10
)

// Component is one component of an org's metadata.
type Component struct {
	Type, FullName string
	Fields         map[string]string // members that are plain texts; never a secret
}

// Bool reads a member that is true or false; told is false where it is missing.
func (c Component) Bool(name string) (value, told bool) {
	text := c.Fields[name]
	return text == "true", text == "true" || text == "false"
}

// ListMetadata names the components of up to MostQueries types, in the order of the
// org. Errors are as for the other calls; a SOAP fault is a *Refusal whose Code is
// the fault's without its prefix, such as INSUFFICIENT_ACCESS.
func (c Client) ListMetadata(ctx context.Context, instanceURL string, token secret.Value, types ...string) ([]Component, error) {
	var b bytes.Buffer
	for _, t := range types {
		b.WriteString("<met:queries>" + element("type", t) + "</met:queries>")
	}
	b.WriteString(element("asOfVersion", metadataVersion))
	records, err := c.metadata(ctx, instanceURL, token, "listMetadata", b.String())
	if err != nil {
		return nil, err
	}
	var out []Component
	for _, r := range records {
		out = append(out, Component{Type: r.at("type"), FullName: r.at("fullName")})
	}
	return out, nil
}

// ReadMetadata reads up to MostNames components of one type. A name that the org
// does not have, or does not show to this user, is left out.
func (c Client) ReadMetadata(ctx context.Context, instanceURL string, token secret.Value, kind string, names ...string) ([]Component, error) {
	body := element("type", kind)
	for _, name := range names {
		body += element("fullNames", name)
	}
	results, err := c.metadata(ctx, instanceURL, token, "readMetadata", body)
	if err != nil {
		return nil, err
	}
	var out []Component
	for _, result := range results {
		for _, record := range result.Nodes {
			found := Component{Type: kind, FullName: record.at("fullName"), Fields: map[string]string{}}
			for _, member := range record.Nodes {
				if len(member.Nodes) == 0 && !holdsSecret(member.XMLName.Local) {
					found.Fields[member.XMLName.Local] = cleanLines(member.Text)
				}
			}
			if record.XMLName.Local == "records" && found.FullName != "" {
				out = append(out, found)
			}
		}
	}
	return out, nil
}

// holdsSecret names the members that are dropped as they are read: some orgs give
// the Consumer Secret in clear.
func holdsSecret(member string) bool {
	return strings.Contains(strings.ToLower(member), "secret") && !strings.HasPrefix(member, "is")
}

// node is any element of an answer.
type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

// at is the text of the first child of that name.
func (n node) at(name string) string {
	for _, child := range n.Nodes {
		if child.XMLName.Local == name {
			return cleanText(child.Text)
		}
	}
	return ""
}

// metadata makes one call of the Metadata API and gives the children of its
// answer. The session travels in the envelope, the one place where the API takes
// it; bodies are never logged.
func (c Client) metadata(ctx context.Context, instanceURL string, token secret.Value, operation, body string) ([]node, error) {
	q := call{surface: SurfaceMetadata, stage: "api", url: join(instanceURL, "/services/Soap/m/"+metadataVersion)}
	envelope := `<?xml version="1.0" encoding="UTF-8"?>` +
		`<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:met="http://soap.sforce.com/2006/04/metadata">` +
		`<env:Header><met:SessionHeader>` + element("sessionId", token.Reveal()) + `</met:SessionHeader></env:Header>` +
		`<env:Body><met:` + operation + `>` + body + `</met:` + operation + `></env:Body></env:Envelope>`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, q.url, strings.NewReader(envelope))
	if err != nil {
		return nil, fault.New(fault.Internal, q.stage, "An address for a call to Salesforce could not be made.", "Report this with the output of --verbose.").Because(err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	r.Header.Set("SOAPAction", `""`) // without the header Salesforce refuses the call
	a, err := c.send(r, q)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Body struct {
			Fault *struct {
				Code string `xml:"faultcode"`
				Text string `xml:"faultstring"`
			} `xml:"Fault"`
			Nodes []node `xml:",any"`
		} `xml:"Body"`
	}
	if err := xml.NewDecoder(bytes.NewReader(a.Body)).Decode(&answer); err != nil && !errors.Is(err, io.EOF) {
		return nil, a.staged(q.stage)
	}
	if f := answer.Body.Fault; f != nil {
		return nil, soapRefusal(a.Status, f.Code, f.Text)
	}
	if a.Status != http.StatusOK || len(answer.Body.Nodes) != 1 || answer.Body.Nodes[0].XMLName.Local != operation+"Response" {
		return nil, a.staged(q.stage)
	}
	return answer.Body.Nodes[0].Nodes, nil
}

// soapRefusal reads a fault: its code has a prefix, and its text begins with the code.
func soapRefusal(status int, code, text string) *Refusal {
	_, bare, prefixed := strings.Cut(strings.TrimSpace(code), ":")
	if !prefixed {
		bare = strings.TrimSpace(code)
	}
	bare = cleanCode(bare)
	return &Refusal{Surface: SurfaceMetadata, Status: status, Code: bare, Description: strings.TrimPrefix(cleanWhole(text), bare+": ")}
}

func element(name, text string) string {
	var b bytes.Buffer
	b.WriteString("<met:" + name + ">")
	_ = xml.EscapeText(&b, []byte(text)) // a Buffer does not fail
	b.WriteString("</met:" + name + ">")
	return b.String()
}

// cleanLines is cleanWhole line by line, without empty ones.
func cleanLines(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = cleanWhole(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
