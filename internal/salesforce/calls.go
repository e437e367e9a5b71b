package salesforce

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// Identity is what the identity URL tells about the user of a token.
type Identity struct {
	OrgID       string // 18 characters
	UserID      string // 18 characters
	Username    string
	DisplayName string
}

// Identity asks who the token belongs to. identityURL must have passed
// ParseIdentityURL. Up to two redirects are followed, to the same path on a host
// of Salesforce's; any other is a fault.
func (c Client) Identity(ctx context.Context, identityURL string, token secret.Value) (Identity, error) {
	var body struct {
		OrgID       string `json:"organization_id"`
		UserID      string `json:"user_id"`
		Username    string `json:"username"`
		DisplayName string `json:"display_name"`
	}
	q := call{surface: SurfaceIdentity, stage: "identity", url: identityURL, token: token}
	a, err := c.fetch(ctx, q)
	if err != nil {
		return Identity{}, err
	}
	for range 2 {
		next, ok := followIdentity(q.url, a)
		if !ok {
			break
		}
		q.url = next
		if a, err = c.fetch(ctx, q); err != nil {
			return Identity{}, err
		}
	}
	if err := decode(q, a, &body); err != nil {
		return Identity{}, err
	}
	if !isID(body.OrgID, "00D") || !isID(body.UserID, "005") {
		return Identity{}, incomplete(q, "without an org and a user in it")
	}
	return Identity{OrgID: ID18(body.OrgID), UserID: ID18(body.UserID), Username: cleanText(body.Username), DisplayName: cleanText(body.DisplayName)}, nil
}

// Version is one version of the REST API.
type Version struct {
	Label   string `json:"label"`
	URL     string `json:"url"`
	Version string `json:"version"` // "67.0"
}

// Versions lists the API versions of an instance, newest last. It needs no token.
func (c Client) Versions(ctx context.Context, instanceURL string) ([]Version, error) {
	q := call{surface: SurfaceREST, stage: "api", url: join(instanceURL, "/services/data/")}
	var all []Version
	if err := c.get(ctx, q, &all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(v Version) bool { return !versionForm(v.Version) })
	if len(all) == 0 {
		return nil, incomplete(q, "without an API version in it")
	}
	slices.SortStableFunc(all, func(a, b Version) int { return versionNumber(a.Version) - versionNumber(b.Version) })
	for i := range all {
		all[i].Label, all[i].URL = cleanText(all[i].Label), cleanText(all[i].URL)
	}
	return all, nil
}

// Limit is one of the org's limits.
type Limit struct{ Max, Remaining int }

// Limits holds the org's limits by name, such as DailyApiRequests.
type Limits map[string]Limit

// Limits asks for the org's limits. version is "67.0", with or without a v.
func (c Client) Limits(ctx context.Context, instanceURL, version string, token secret.Value) (Limits, error) {
	q, err := restCall("limits", instanceURL, version, "/limits", token)
	if err != nil {
		return nil, err
	}
	limits := Limits{}
	if err := c.get(ctx, q, &limits); err != nil {
		return nil, err
	}
	if limits == nil {
		return nil, incomplete(q, "without a limit in it")
	}
	return limits, nil
}

// Organization is the org's own record.
type Organization struct {
	ID        string // 18 characters
	Name      string
	IsSandbox bool
}

// Organization reads the org's own record by a query. version is "67.0", with or
// without a v.
func (c Client) Organization(ctx context.Context, instanceURL, version string, token secret.Value) (Organization, error) {
	soql := url.Values{"q": {"SELECT Id, Name, IsSandbox FROM Organization"}}
	q, err := restCall("api", instanceURL, version, "/query?"+soql.Encode(), token)
	if err != nil {
		return Organization{}, err
	}
	var body struct {
		Records []struct {
			ID        string `json:"Id"`
			Name      string
			IsSandbox bool
		} `json:"records"`
	}
	if err := c.get(ctx, q, &body); err != nil {
		return Organization{}, err
	}
	if len(body.Records) == 0 || !isID(body.Records[0].ID, "00D") {
		return Organization{}, incomplete(q, "without the org's own record in it")
	}
	r := body.Records[0]
	return Organization{ID: ID18(r.ID), Name: cleanText(r.Name), IsSandbox: r.IsSandbox}, nil
}

func restCall(stage, instanceURL, version, path string, token secret.Value) (call, error) {
	version = strings.TrimPrefix(version, "v")
	if !versionForm(version) {
		return call{}, fault.New(fault.Internal, stage, "The API version is not a number such as 67.0.", "Report this with the output of --verbose.")
	}
	return call{surface: SurfaceREST, stage: stage, url: join(instanceURL, "/services/data/v"+version+path), token: token}, nil
}

// versionForm reports whether v is written as "67.0".
func versionForm(v string) bool {
	major, minor, ok := strings.Cut(v, ".")
	return ok && major != "" && minor != "" && len(v) <= 8 && strings.Trim(major+minor, "0123456789") == ""
}

// versionNumber orders versions: ten times 67.0. v must have passed versionForm.
func versionNumber(v string) int {
	major, minor, _ := strings.Cut(v, ".")
	a, _ := strconv.Atoi(major)
	b, _ := strconv.Atoi(minor)
	return a*100 + b
}
