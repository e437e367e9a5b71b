package practice

import (
	"slices"
	"strings"
	"time"
)

// sobject gives the objects that an audit of the connection asks for: the org, its
// users with what their profiles and permission sets let them do, and the
// approvals. Their fields are the documented ones, not all of them. Not confirmed:
// who sees the permissions of profiles and permission sets (here everybody).
func (o *Org) sobject(name string, by user) (sobject, bool) {
	for _, t := range []struct {
		name string
		rows func(*Org, user) []fields
	}{
		{"Organization", (*Org).organizationRows}, {"User", (*Org).userRows}, {"Profile", (*Org).profileRows},
		{"PermissionSetAssignment", (*Org).assignmentRows}, {"OauthToken", (*Org).oauthTokenRows},
		{"UserPermissionAccess", (*Org).accessRows},
	} {
		if !strings.EqualFold(t.name, name) {
			continue
		}
		s := sobject{t.name, oauthTokenRow(&grant{app: &o.app}), t.rows(o, by)} // of approvals there may be none
		if len(s.rows) > 0 {
			s.columns = s.rows[0]
		}
		return s, true
	}
	return sobject{}, false
}

func (o *Org) organizationRows(user) []fields {
	kind := map[string]string{
		"production": "Enterprise Edition", "sandbox": "Enterprise Edition", "developer": "Developer Edition", "scratch": "Developer Edition",
	}[o.cfg.environment]
	return []fields{{
		{"Id", o.orgID}, {"Name", o.cfg.orgName}, {"IsSandbox", o.cfg.environment == "sandbox" || o.cfg.environment == "scratch"},
		{"OrganizationType", kind}, {"InstanceName", "PRAC1"}, {"TrialExpirationDate", nil}, {"LanguageLocaleKey", "en_US"},
	}}
}

// profile is what a user of a kind may do.
type profile struct{ name, license, suffix string }

func (o *Org) profile(u user) profile {
	switch {
	case o.admin(u):
		return profile{"System Administrator", "Salesforce", "1"}
	case o.integration(u):
		return profile{"Minimum Access - API Only Integrations", "Salesforce Integration", "3"}
	}
	return profile{"Standard User", "Salesforce", "2"}
}

// id is the same in every practice org.
func (p profile) id() string { return id18("00epr000000000" + p.suffix) }

// permissions are the system permissions that tell an integration user from one
// with more rights than an integration needs.
func (o *Org) permissions(u user, prefix string) fields {
	admin := o.admin(u)
	var out fields
	for _, name := range []string{
		"AuthorApex", "CustomizeApplication", "ManageUsers", "ModifyAllData", "ModifyMetadata", "ViewAllData", "ViewSetup",
	} {
		out = append(out, field{prefix + "Permissions" + name, admin})
	}
	return append(out, field{prefix + "PermissionsApiEnabled", true}, field{prefix + "PermissionsApiUserOnly", o.integration(u)})
}

func (o *Org) userRows(user) []fields {
	var rows []fields
	for _, u := range o.users {
		p := o.profile(u)
		rows = append(rows, append(fields{
			{"Id", u.id}, {"Username", u.username}, {"Name", u.name()}, {"FirstName", u.first}, {"LastName", u.last}, {"Email", u.username},
			{"IsActive", true}, {"UserType", "Standard"}, {"ProfileId", p.id()}, {"Profile.Id", p.id()}, {"Profile.Name", p.name},
			{"Profile.UserLicense.Name", p.license},
		}, o.permissions(u, "Profile.")...))
	}
	return rows
}

func (o *Org) profileRows(user) []fields {
	var rows []fields
	for _, u := range o.users {
		p := o.profile(u)
		if slices.ContainsFunc(rows, func(row fields) bool { return row.get("Id") == p.id() }) {
			continue
		}
		rows = append(rows, append(fields{{"Id", p.id()}, {"Name", p.name}, {"UserLicense.Name", p.license}}, o.permissions(u, "")...))
	}
	return rows
}

// assignmentRows: each user has the permission set of the profile, as in every
// org, and no other.
func (o *Org) assignmentRows(user) []fields {
	var rows []fields
	for i, u := range o.users {
		set := id18("0PS" + o.profile(u).id()[3:15])
		rows = append(rows, append(fields{
			{"Id", id18("0Pa00000000000" + string(rune('A'+i)))}, {"AssigneeId", u.id}, {"PermissionSetId", set}, {"PermissionSet.Id", set},
			{"PermissionSet.Name", "X" + set[:15]}, {"PermissionSet.Label", set[:15]}, {"PermissionSet.IsOwnedByProfile", true},
		}, o.permissions(u, "PermissionSet.")...))
	}
	return rows
}

// accessRows is what the asking user may do, from profile and permission sets.
func (o *Org) accessRows(by user) []fields {
	return []fields{append(fields{{"Id", by.id}}, o.permissions(by, "")...)}
}

// oauthTokenRows are the living approvals, oldest first: every user's for who may
// customize the application, else one's own. Id is always null, as documented;
// AccessToken is the refresh token, and DeleteToken revokes. Not confirmed: that
// an approval without a refresh token is among them while its access token lives.
func (o *Org) oauthTokenRows(by user) []fields {
	var rows []fields
	for _, g := range o.grants {
		lives := g.current != nil || slices.ContainsFunc(g.access, o.accessAlive)
		if g.alive() && lives && (o.admin(by) || g.user.id == by.id) {
			rows = append(rows, oauthTokenRow(g))
		}
	}
	return rows
}

func oauthTokenRow(g *grant) fields {
	var token any
	if g.current != nil {
		token = g.current.text
	}
	return fields{
		{"Id", nil}, {"AppName", g.app.cfg.name}, {"AppMenuItemId", nil}, {"UserId", g.user.id}, {"User.Username", g.user.username},
		{"CreatedDate", stamp(g.made)}, {"LastUsedDate", stamp(g.used)}, {"UseCount", g.uses},
		{"AccessToken", token}, {"DeleteToken", token}, {"RequestToken", nil},
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000+0000") }
