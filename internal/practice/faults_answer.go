package practice

import "slices"

// answerFaults spoil a token answer after the grant was spent: what arrives is
// wrong, and asking once more with the same code cannot help.
func answerFaults() []fault {
	edit := func(name, help string, edit func(*Org, *fields)) fault {
		return fault{FaultInfo: FaultInfo{Name: name, Help: help, Surface: "token"}, at: tokenFields, fields: edit}
	}
	less := func(name, help string, keep func([]string) []string) fault {
		return fault{FaultInfo: FaultInfo{Name: name, Help: help, Surface: "token"}, at: tokenGrant, scopes: keep}
	}
	whole := func(name, help string, spoil func(*Org, reply) reply) fault {
		return fault{FaultInfo: FaultInfo{Name: name, Help: help, Surface: "token"}, at: tokenAnswer, whole: spoil}
	}
	return []fault{
		edit("no-refresh-token", "no refresh token comes, although its scope was granted", func(_ *Org, f *fields) { f.drop("refresh_token") }),
		edit("foreign-instance-url", "instance_url is no host of Salesforce's", func(_ *Org, f *fields) {
			f.set("instance_url", "https://practice.my.salesforce.com.example.net")
		}),
		edit("foreign-identity-url", "id is no host of Salesforce's", func(o *Org, f *fields) {
			f.set("id", "https://login.salesforce.com.example.net/id/"+o.orgID+"/"+o.users[0].id)
			o.sign(f, o.app.secret)
		}),
		edit("bad-signature", "signature was made with another secret", func(o *Org, f *fields) { o.sign(f, "another secret") }),
		edit("no-signature", "no signature comes", func(_ *Org, f *fields) { f.drop("signature") }),
		edit("no-access-token", "no access token comes", func(_ *Org, f *fields) { f.drop("access_token") }),
		edit("no-instance-url", "no instance_url comes", func(_ *Org, f *fields) { f.drop("instance_url") }),
		edit("no-identity-url", "no id comes", func(o *Org, f *fields) { f.drop("id"); f.drop("signature") }),
		edit("no-scope", "no scope comes", func(_ *Org, f *fields) { f.drop("scope") }),
		less("fewer-scopes", "only api and refresh_token are granted, or one scope less", fewerScopes),
		less("no-api-scope", "neither api nor full is granted", func(s []string) []string { return without(s, "api", "full") }),
		less("no-refresh-scope", "refresh_token is not granted", func(s []string) []string { return without(s, "refresh_token", "offline_access") }),
		whole("html-token-answer", "the token endpoint answers 200 with a web page", func(o *Org, _ reply) reply { return o.captivePortal() }),
		whole("empty-token-body", "the token endpoint answers 200 with nothing", func(_ *Org, r reply) reply { r.body = nil; return r }),
		whole("cut-token-body", "the token answer ends in the middle", func(_ *Org, r reply) reply { r.body = r.body[:len(r.body)/2]; return r }),
		whole("dropped-token-body", "the connection ends in the middle of the token answer", func(_ *Org, r reply) reply {
			r.promise, r.body = len(r.body)-len(r.body)/2, r.body[:len(r.body)/2]
			return r
		}),
		whole("huge-token-body", "the token answer is 16 MiB long", func(_ *Org, r reply) reply {
			r.body, r.repeat = r.body[:len(r.body)-1], 16<<20
			return r
		}),
		whole("wrong-content-type", "the token answer calls itself plain text", func(_ *Org, r reply) reply {
			r.header.Set("Content-Type", "text/plain;charset=UTF-8")
			return r
		}),
	}
}

func without(scopes []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(gone, s) })
}

func fewerScopes(scopes []string) []string {
	kept := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s != "api" && s != "refresh_token" })
	if len(kept) == len(scopes) {
		return without(scopes, "api")
	}
	return kept
}
