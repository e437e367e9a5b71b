package practice

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The versions that the org offers.
const (
	oldestVersion = 31
	newestVersion = 68
)

// rest serves /services/data. Only the list of versions needs no token. The
// /limits body and the header Sforce-Limit-Info are not confirmed.
func (o *Org) rest(c *call) reply {
	path := strings.Trim(strings.TrimPrefix(c.URL.Path, "/services/data"), "/")
	if path == "" {
		return jsonReply(http.StatusOK, versions())
	}
	if f := o.fault(c, restAt, ""); f != nil {
		if f.whole != nil {
			return f.whole(o, reply{})
		}
		return restError(f.status, f.Code, f.Description)
	}
	if c.host != hostDomain {
		return restError(http.StatusBadRequest, "URL_NOT_RESET", "Destination URL not reset. The URL returned from login must be set")
	}
	a, live := o.bearer(c)
	switch {
	case !live:
		return restError(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
	case !covered("api", a.grant.scopes):
		return restError(http.StatusUnauthorized, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")
	case o.ledger.RESTCalls >= o.cfg.dailyCalls:
		return restError(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	}
	o.ledger.RESTCalls++
	r := o.resource(c, path, a.grant)
	r.header.Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", o.ledger.RESTCalls, o.cfg.dailyCalls))
	return r
}

func (o *Org) resource(c *call, path string, g *grant) reply {
	version, rest, _ := strings.Cut(path, "/")
	n := newestVersion
	if version != "latest" {
		text, ok := strings.CutSuffix(strings.TrimPrefix(version, "v"), ".0")
		var err error
		if n, err = strconv.Atoi(text); !ok || err != nil || version[0] != 'v' || n < oldestVersion || n > newestVersion {
			return restError(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		}
	}
	root := fmt.Sprintf("/services/data/v%d.0", n)
	if c.Method != http.MethodGet && c.Method != http.MethodHead {
		return restError(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method '"+c.Method+"' not allowed. Allowed are GET,HEAD")
	}
	switch rest {
	case "":
		return jsonReply(http.StatusOK, fields{
			{"limits", root + "/limits"}, {"query", root + "/query"}, {"sobjects", root + "/sobjects"},
			{"identity", o.identityURL(g.user)},
		})
	case "limits":
		left := o.cfg.dailyCalls - o.ledger.RESTCalls
		return jsonReply(http.StatusOK, fields{
			{"DailyApiRequests", fields{{"Max", o.cfg.dailyCalls}, {"Remaining", left}}},
			{"DataStorageMB", fields{{"Max", 1024}, {"Remaining", 1019}}},
			{"FileStorageMB", fields{{"Max", 1024}, {"Remaining", 1024}}},
		})
	case "query":
		return o.query(c.query.Get("q"), root, g.user)
	}
	return restError(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
}

// versions is every version in ascending order. Three a year, named by season:
// v31.0 is Summer '14.
func versions() []fields {
	var out []fields
	for n := oldestVersion; n <= newestVersion; n++ {
		season, year := "Summer", 14+(n-31)/3
		switch (n - 31) % 3 {
		case 1:
			season, year = "Winter", year+1
		case 2:
			season, year = "Spring", year+1
		}
		out = append(out, fields{
			{"label", fmt.Sprintf("%s '%d", season, year)}, {"url", fmt.Sprintf("/services/data/v%d.0", n)}, {"version", fmt.Sprintf("%d.0", n)},
		})
	}
	return out
}

// bearer finds the live access token of a request.
func (o *Org) bearer(c *call) (*accessToken, bool) {
	kind, text, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if !slices.Contains([]string{"bearer", "oauth"}, strings.ToLower(kind)) {
		return nil, false
	}
	a := o.access[strings.TrimSpace(text)]
	return a, a != nil && o.accessAlive(a)
}

func restError(status int, code, message string) reply {
	r := jsonReply(status, []fields{{{"message", message}, {"errorCode", code}}})
	r.code = code
	return r
}
