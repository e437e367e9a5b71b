package cli

import (
	"fmt"

	"example.com/sfconnect/internal/check"
)

// plannedJSON is what --dry-run prints for scripts.
type plannedJSON struct {
	Schema   int           `json:"schema"`
	OK       bool          `json:"ok"`
	Profile  string        `json:"profile"`
	Requests []requestJSON `json:"requests"`
}

type requestJSON struct {
	Method  string   `json:"method"`
	URL     string   `json:"url"`
	Sends   string   `json:"sends"`
	Times   int      `json:"times"`
	Perhaps string   `json:"perhaps"` // on what it depends; "" where it is sent in any case
	For     []string `json:"for"`
}

// planAudit lists what an audit would send, by address.
func (a *app) planAudit(audit check.Audit) error {
	plan, err := audit.Plan()
	if err != nil {
		return err
	}
	out := plannedJSON{Schema: 1, OK: true, Profile: audit.Profile, Requests: []requestJSON{}}
	var order []string
	byAddress, total, perhaps := map[string][]string{}, 0, 0
	for _, p := range plan {
		times := max(p.Times, 1)
		out.Requests = append(out.Requests, requestJSON{p.Method, p.URL, p.Sends, times, p.Perhaps, list(p.For)})
		line := p.Sends
		if times > 1 {
			line = fmt.Sprintf("%d times: %s", times, line)
		}
		if p.Perhaps != "" {
			line = p.Perhaps + ": " + line
			perhaps += times
		} else {
			total += times
		}
		address := p.Method + " " + p.URL
		if byAddress[address] == nil {
			order = append(order, address)
		}
		byAddress[address] = append(byAddress[address], line)
	}
	if a.global.json {
		a.printJSON(out)
		return nil
	}
	printer := a.people(a.Stdout, a.StdoutTTY)
	for _, address := range order {
		printer.Items(address, byAddress[address])
	}
	a.note("Nothing was sent. An audit sends these %d requests, and at most %d more. No code or refresh token of anybody's is shown to Salesforce, but in the refresh itself.", total, perhaps)
	return nil
}
