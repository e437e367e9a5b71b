package practice

import (
	"slices"
	"strings"
)

// mostNames is how many components one readMetadata may name.
const mostNames = 10

// member is one element of a component; since is the version that brought it.
type member struct {
	name, text string
	since      int
}

// metadataType is one type of component that the Metadata API knows here.
type metadataType struct {
	name, folder, suffix string
	since                int
	// full is the full name of an app's component; a type of the org has one component
	// and no use for the app.
	full    func(*Org, *app) string
	members func(*Org, *app) []member
	ofOrg   bool
}

func (o *Org) metadataType(name string, version int) (metadataType, bool) {
	for _, t := range metadataTypes() {
		if t.name == name && version >= t.since {
			return t, true
		}
	}
	return metadataType{}, false
}

// components are the apps that have a component of the type; the one of the org
// counts as the first app's.
func (t metadataType) components(o *Org) []*app {
	if t.ofOrg {
		return []*app{&o.app}
	}
	return o.apps()
}

// readMetadata answers with a record for each name, in their order; a name that
// there is not gives a record that is nil, as real orgs do. That a user without
// the permission for the global OAuth settings gets nil records of them is not
// confirmed.
func (o *Org) readMetadata(call soapNode, version int) reply {
	t, known := o.metadataType(strings.TrimSpace(call.at("type").Text), version)
	names := call.texts("fullNames")
	switch {
	case !known:
		return soapFault("sf:INVALID_TYPE", "INVALID_TYPE: This type of metadata is not available for this organization")
	case len(names) > mostNames:
		return soapFault("sf:EXCEEDED_ID_LIMIT", "EXCEEDED_ID_LIMIT: record limit reached. cannot submit more than 10 records in this operation")
	}
	var b strings.Builder
	for _, name := range names {
		b.WriteString(o.record(t, name, version))
	}
	return soapBody("readMetadata", "<result>"+b.String()+"</result>")
}

func (o *Org) record(t metadataType, name string, version int) string {
	apps := t.components(o)
	i := slices.IndexFunc(apps, func(a *app) bool { return t.full(o, a) == name })
	if i < 0 || t.name == "ExtlClntAppGlobalOauthSettings" && o.cfg.metadataAccess == "no_global" {
		return `<records xsi:nil="true"/>`
	}
	var b strings.Builder
	b.WriteString(`<records xsi:type="` + t.name + `">` + element("fullName", name))
	for _, m := range t.members(o, apps[i]) {
		if version >= m.since {
			b.WriteString(element(m.name, m.text))
		}
	}
	return b.String() + "</records>"
}

// listMetadata answers with the properties of each component of up to three
// types. A type without components gives no result; an unknown one is a fault.
func (o *Org) listMetadata(call soapNode, version int) reply {
	var types []metadataType
	for _, query := range call.Nodes {
		if query.XMLName.Local != "queries" {
			continue
		}
		name := strings.TrimSpace(query.at("type").Text)
		t, known := o.metadataType(name, version)
		if !known {
			return soapFault("sf:INVALID_TYPE", "INVALID_TYPE: Unknown type:"+name)
		}
		types = append(types, t)
	}
	if len(types) > 3 {
		return soapFault("sf:INVALID_QUERY_LOCATOR", "INVALID_QUERY_LOCATOR: at most 3 queries may be made in one listMetadata") // words not confirmed
	}
	var b strings.Builder
	for _, t := range types {
		for _, a := range t.components(o) {
			b.WriteString("<result>" + o.fileProperties(t, a) + "</result>")
		}
	}
	return soapBody("listMetadata", b.String())
}

func (o *Org) fileProperties(t metadataType, a *app) string {
	full, admin := t.full(o, a), o.users[0]
	day := o.born.UTC().Format("2006-01-02T15:04:05.000Z")
	id := ""
	if t.name == "ExternalClientApplication" {
		id = a.id // ids of the other types are not known
	}
	return element("createdById", admin.id) + element("createdByName", admin.name()) + element("createdDate", day) +
		element("fileName", t.folder+"/"+full+"."+t.suffix) + element("fullName", full) + element("id", id) +
		element("lastModifiedById", admin.id) + element("lastModifiedByName", admin.name()) + element("lastModifiedDate", day) +
		element("manageableState", "unmanaged") + element("type", t.name)
}
