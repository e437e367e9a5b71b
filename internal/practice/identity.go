package practice

import (
	"net/http"
	"strings"
)

// identity is the service behind the id of a token answer. A bad token gives 403
// with a plain text, not the 401 of REST. The texts other than Bad_OAuth_Token
// are not confirmed, nor is that a token without the scope id may ask.
func (o *Org) identity(c *call) reply {
	u, r, ok := o.identityUser(c)
	if !ok {
		return r
	}
	parts := strings.Split(strings.TrimPrefix(c.URL.Path, "/id/"), "/")
	switch {
	case len(parts) != 2 || len(parts[1]) < 15 || parts[1][:15] != u.id[:15]:
		return identityError(http.StatusNotFound, "Bad_Id")
	case len(parts[0]) < 15 || parts[0][:15] != o.orgID[:15]:
		return identityError(http.StatusForbidden, "Wrong_Org")
	}
	o.ledger.IdentityCalls++
	self := o.identityURL(u)
	return jsonReply(http.StatusOK, fields{
		{"id", self}, {"asserted_user", true}, {"user_id", u.id}, {"organization_id", o.orgID}, {"username", u.username},
		{"nick_name", strings.ToLower(u.first)}, {"display_name", u.name()}, {"email", u.username}, {"email_verified", true},
		{"first_name", u.first}, {"last_name", u.last}, {"timezone", "America/Los_Angeles"}, {"photos", o.photos()},
		{"addr_street", nil}, {"addr_city", nil}, {"addr_state", nil}, {"addr_country", nil}, {"addr_zip", nil},
		{"mobile_phone", nil}, {"mobile_phone_verified", false}, {"is_lightning_login_user", false},
		{"status", fields{{"created_date", nil}, {"body", nil}}}, {"urls", o.urls(u)}, {"active", true}, {"user_type", "STANDARD"},
		{"language", "en_US"}, {"locale", "en_US"}, {"utcOffset", -28800000},
		{"last_modified_date", stamp(o.born)}, {"is_app_installed", true},
	})
}

// userinfo is the OpenID Connect twin. The order of members and utcOffset are
// not confirmed.
func (o *Org) userinfo(c *call) reply {
	u, r, ok := o.identityUser(c)
	if !ok {
		return r
	}
	o.ledger.IdentityCalls++
	photos := o.photos()
	return jsonReply(http.StatusOK, fields{
		{"sub", o.identityURL(u)}, {"user_id", u.id}, {"organization_id", o.orgID}, {"preferred_username", u.username},
		{"nickname", strings.ToLower(u.first)}, {"name", u.name()}, {"email", u.username}, {"email_verified", true},
		{"given_name", u.first}, {"family_name", u.last}, {"zoneinfo", "America/Los_Angeles"}, {"photos", photos},
		{"profile", o.myDomain.String() + "/" + u.id}, {"picture", photos.get("picture")}, {"address", fields{}},
		{"urls", o.urls(u)}, {"active", true}, {"user_type", "STANDARD"}, {"language", "en_US"}, {"locale", "en_US"},
		{"utcOffset", -28800000}, {"updated_at", o.born.UTC().Format("2006-01-02T15:04:05Z")}, {"is_app_installed", true},
	})
}

// identityUser checks the token of an identity or userinfo request.
func (o *Org) identityUser(c *call) (user, reply, bool) {
	if f := o.fault(c, identityAt, ""); f != nil {
		if f.whole != nil {
			return user{}, f.whole(o, reply{}), false
		}
		return user{}, identityError(f.status, f.Code), false
	}
	if c.Header.Get("Authorization") == "" {
		return user{}, identityError(http.StatusForbidden, "Missing_OAuth_Token"), false
	}
	a, live := o.bearer(c)
	if !live {
		return user{}, identityError(http.StatusForbidden, "Bad_OAuth_Token"), false
	}
	return a.grant.user, reply{}, true
}

func identityError(status int, text string) reply {
	r := plainReply(status, text)
	r.code = text
	return r
}

func (o *Org) photos() fields {
	base := o.myDomain.String() + "/profilephoto/005/"
	return fields{{"picture", base + "F"}, {"thumbnail", base + "T"}}
}

// urls keep the literal {version}, and the short org id where SOAP has it.
func (o *Org) urls(u user) fields {
	base := o.myDomain.String()
	data := base + "/services/data/v{version}"
	return fields{
		{"enterprise", base + "/services/Soap/c/{version}/" + o.orgID[:15]},
		{"metadata", base + "/services/Soap/m/{version}/" + o.orgID[:15]},
		{"partner", base + "/services/Soap/u/{version}/" + o.orgID[:15]},
		{"rest", data + "/"}, {"sobjects", data + "/sobjects/"}, {"search", data + "/search/"}, {"query", data + "/query/"},
		{"recent", data + "/recent/"}, {"profile", base + "/" + u.id}, {"feeds", data + "/chatter/feeds"},
		{"groups", data + "/chatter/groups"}, {"users", data + "/chatter/users"}, {"feed_items", data + "/chatter/feed-items"},
		{"custom_domain", base},
	}
}
