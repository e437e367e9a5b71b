package cli

import (
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

type authJSON struct {
	Schema          int      `json:"schema"`
	OK              bool     `json:"ok"`
	Profile         string   `json:"profile"`
	Flow            string   `json:"flow"`
	LoginURL        string   `json:"login_url"`
	Org             orgJSON  `json:"org"`
	User            userJSON `json:"user"`
	Scopes          []string `json:"scopes"`
	HasRefreshToken bool     `json:"has_refresh_token"`
	StoredIn        string   `json:"stored_in"`
}

type orgJSON struct {
	ID          string  `json:"id"`
	InstanceURL string  `json:"instance_url"`
	Name        *string `json:"name"` // null where the API may not be called
	IsSandbox   bool    `json:"is_sandbox"`
}

type userJSON struct {
	ID          string `json:"id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
}

func toAuthJSON(done connection.Login) authJSON {
	p := done.Profile
	return authJSON{
		Schema: 1, OK: true, Profile: done.Name, Flow: p.Flow, LoginURL: p.LoginURL,
		Org: toOrgJSON(p.Org), User: userJSON(p.User),
		Scopes: list(p.Scopes), HasRefreshToken: p.HasRefreshToken, StoredIn: p.StoredIn,
	}
}

func toOrgJSON(o store.Org) orgJSON {
	out := orgJSON{ID: o.ID, InstanceURL: o.InstanceURL, IsSandbox: o.IsSandbox}
	if o.Name != "" {
		out.Name = &o.Name
	}
	return out
}

// list makes a nil list an empty one, so that JSON shows [].
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
