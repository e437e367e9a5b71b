package salesforce

import (
	"context"
	"net/url"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// Permissions is what the user of a token may do, as far as an integration's user is
// judged by it.
type Permissions struct {
	APIEnabled, APIOnly           bool
	ModifyAllData, ModifyMetadata bool
}

// Permissions reads what the token's own user may do, from profile and permission sets
// together (the object UserPermissionAccess).
func (c Client) Permissions(ctx context.Context, instanceURL string, token secret.Value) (Permissions, error) {
	var body struct {
		Records []struct {
			APIEnabled     bool `json:"PermissionsApiEnabled"`
			APIOnly        bool `json:"PermissionsApiUserOnly"`
			ModifyAllData  bool `json:"PermissionsModifyAllData"`
			ModifyMetadata bool `json:"PermissionsModifyMetadata"`
		} `json:"records"`
	}
	const soql = "SELECT PermissionsApiEnabled, PermissionsApiUserOnly, PermissionsModifyAllData, PermissionsModifyMetadata FROM UserPermissionAccess"
	if err := c.query(ctx, instanceURL, token, soql, &body); err != nil {
		return Permissions{}, err
	}
	if len(body.Records) == 0 {
		return Permissions{}, incomplete(call{stage: "api", url: instanceURL}, "without the user's permissions in it")
	}
	return Permissions(body.Records[0]), nil
}

// Approvals counts the OAuth tokens of a user by the label of their app (the object
// OauthToken, of which no token is asked for).
func (c Client) Approvals(ctx context.Context, instanceURL, userID string, token secret.Value) (map[string]int, error) {
	if !isID(userID, "005") {
		return nil, fault.New(fault.Internal, "api", "The user's id is none.", "Report this with the output of --verbose.")
	}
	var body struct {
		Records []struct{ AppName string } `json:"records"`
	}
	if err := c.query(ctx, instanceURL, token, "SELECT AppName FROM OauthToken WHERE UserId = '"+userID+"'", &body); err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, r := range body.Records {
		count[strings.TrimSpace(cleanText(r.AppName))]++
	}
	return count, nil
}

func (c Client) query(ctx context.Context, instanceURL string, token secret.Value, soql string, out any) error {
	q, err := restCall("api", instanceURL, metadataVersion, "/query?"+url.Values{"q": {soql}}.Encode(), token)
	if err != nil {
		return err
	}
	return c.get(ctx, q, out)
}
