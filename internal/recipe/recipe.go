// Package recipe owns integrations as data: the embedded YAML files, the strict
// reading of them and of a stranger's file, the check of an admin's answers and
// the filling of templates. What a person sees of a recipe belongs to wizard,
// and comparing an org with it to check.
package recipe

// Schema is the version of the format that this program reads.
const Schema = 1

// Recipe is one integration: what its External Client App looks like, how to
// authorize and what to hand over. Pointers and empty strings mean "the source
// does not say". Text values may contain ${name}, where name is an input's ID
// or a result (see Results).
type Recipe struct {
	Schema       int               `yaml:"schema"`
	ID           string            `yaml:"id"`
	Title        string            `yaml:"title"`
	Vendor       string            `yaml:"vendor,omitempty"`
	Summary      string            `yaml:"summary,omitempty"` // a few words for the list
	Source       Source            `yaml:"source"`
	Inputs       []Input           `yaml:"inputs,omitempty"`
	Needs        []string          `yaml:"needs,omitempty"` // what the admin must have at hand
	App          App               `yaml:"app"`
	CallbackURLs []string          `yaml:"callback_urls,omitempty"` // the vendor's; ours are added by the wizard
	CallbackUse  string            `yaml:"callback_use,omitempty"`  // used or unused (the form wants one, the product does not use it); empty is used
	Scopes       []string          `yaml:"scopes,omitempty"`        // API values: api, refresh_token
	ScopesMatch  string            `yaml:"scopes_match,omitempty"`  // exact or at_least; empty is exact
	ScopesNever  []string          `yaml:"scopes_never,omitempty"`  // what must not be selected
	Switches     map[string]Switch `yaml:"switches,omitempty"`      // by audit id
	Policies     Policies          `yaml:"policies,omitempty"`
	RunAsUser    RunAsUser         `yaml:"run_as_user,omitempty"`
	Certificate  Certificate       `yaml:"certificate,omitempty"` // with jwt-bearer alone
	Authorize    Authorize         `yaml:"authorize"`
	Steps        []Step            `yaml:"steps,omitempty"` // beyond the form
	Handover     []Field           `yaml:"handover,omitempty"`
	HandoverAt   string            `yaml:"handover_at,omitempty"` // "Quilia › Settings › …"
	HandoverDo   []string          `yaml:"handover_do,omitempty"` // what to do there, one step each
	Cleanup      []string          `yaml:"cleanup,omitempty"`     // what to put back in Salesforce afterwards
	Checks       []FollowUp        `yaml:"checks,omitempty"`      // what to look at once all is handed over
	Notes        []string          `yaml:"notes,omitempty"`       // security notes
	Cautions     map[string]string `yaml:"cautions,omitempty"`    // a remark beside the box, by switch, policy or app field, or by "scopes", "callback_urls"
	Variants     []Variant         `yaml:"variants,omitempty"`    // several methods of one product; the first is the default

	Text string `yaml:"-"` // the YAML that it was read from; a profile keeps a copy
}

// Source says where the facts were read.
type Source struct {
	URL    string      `yaml:"url,omitempty"`
	Date   string      `yaml:"date,omitempty"`   // when: 2026-11-22
	Kind   string      `yaml:"kind,omitempty"`   // external_client_app, or connected_app where it still speaks of one
	Unsaid []string    `yaml:"unsaid,omitempty"` // what the source leaves open
	More   []Reference `yaml:"more,omitempty"`
}

// Reference is a further address, and what was read there.
type Reference struct {
	URL  string `yaml:"url"`
	Date string `yaml:"date,omitempty"`
	For  string `yaml:"for,omitempty"`
}

// Input is a question to the admin. CheckAnswer says what each Kind accepts.
type Input struct {
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	Help     string   `yaml:"help,omitempty"`
	Kind     Kind     `yaml:"kind"`
	Options  []string `yaml:"options,omitempty"` // of a choice
	Pattern  string   `yaml:"pattern,omitempty"` // RE2 for the whole value, of a text alone; an Example is then needed
	Example  string   `yaml:"example,omitempty"` // shown, never filled in
	Default  string   `yaml:"default,omitempty"`
	Optional bool     `yaml:"optional,omitempty"`
	When     string   `yaml:"when,omitempty"` // "other=value" or "other=value|value": asked only if that earlier answer is one of these, else Default stands
}

// Kind is the kind of an Input.
type Kind string

// The kinds of an Input.
const (
	KindText   Kind = "text"
	KindEmail  Kind = "email"
	KindURL    Kind = "url"  // one https address
	KindURLs   Kind = "urls" // callback addresses, separated by blanks
	KindPhone  Kind = "phone"
	KindChoice Kind = "choice" // one of Options
	KindBool   Kind = "bool"   // on or off
	KindSwitch Kind = "switch" // on, off or default: how a tick box should stand
	KindScopes Kind = "scopes" // API values, separated by blanks
	KindHost   Kind = "host"   // acme.example.com, without scheme, port or slash
	KindName   Kind = "name"   // an API Name
)

// Kinds lists the kinds of an Input.
func Kinds() []Kind {
	return []Kind{KindText, KindEmail, KindURL, KindURLs, KindPhone, KindChoice, KindBool, KindSwitch, KindScopes, KindHost, KindName}
}

// App is the Basic Information section of the form.
type App struct {
	Name              string `yaml:"name,omitempty"`
	APIName           string `yaml:"api_name,omitempty"`
	DistributionState string `yaml:"distribution_state,omitempty"`
	ContactEmail      string `yaml:"contact_email,omitempty"`
	ContactPhone      string `yaml:"contact_phone,omitempty"`
	InfoURL           string `yaml:"info_url,omitempty"`
	LogoURL           string `yaml:"logo_url,omitempty"`
	IconURL           string `yaml:"icon_url,omitempty"`
	Description       string `yaml:"description,omitempty"`
}

// Switch is how one tick box should stand: on, off, default (the form's own) or
// ${input}. The zero value means that the source does not say.
type Switch string

// The values of a Switch.
const (
	SwitchOn      Switch = "on"
	SwitchOff     Switch = "off"
	SwitchDefault Switch = "default"
	SwitchUnsaid  Switch = ""
)

// Policies holds the form's own labels, e.g. "Relax IP restrictions".
type Policies struct {
	PermittedUsers     string `yaml:"permitted_users,omitempty"`
	IPRelaxation       string `yaml:"ip_relaxation,omitempty"`
	RefreshTokenPolicy string `yaml:"refresh_token_policy,omitempty"`
	RunAs              string `yaml:"run_as,omitempty"` // the Username (not the email) that a flow without a person runs as
}

// RunAsUser is what the user should be whom the integration acts as.
type RunAsUser struct {
	Advice         string   `yaml:"advice,omitempty"` // one sentence
	License        string   `yaml:"license,omitempty"`
	Profile        string   `yaml:"profile,omitempty"`
	Permissions    []string `yaml:"permissions,omitempty"` // system permissions
	PermissionSets []string `yaml:"permission_sets,omitempty"`
}

// Certificate is what a JWT bearer app's certificate should be; zero values are
// left to the program.
type Certificate struct {
	Days    int `yaml:"days,omitempty"`
	KeySize int `yaml:"key_size,omitempty"` // of the RSA key, in bits
}

// Step is something to do beyond the form.
type Step struct {
	At      string   `yaml:"at"` // before the app is made, or after the policies
	Title   string   `yaml:"title"`
	Page    string   `yaml:"page,omitempty"` // one of SetupPages
	Do      []string `yaml:"do"`             // one action each
	Caution string   `yaml:"caution,omitempty"`
}

// FollowUp is a symptom that may show later, and what to do about it.
type FollowUp struct {
	Sign string `yaml:"sign"`
	Do   string `yaml:"do"`
	Page string `yaml:"page,omitempty"` // one of SetupPages
}

// Authorize says how a login is made.
type Authorize struct {
	Flow   string `yaml:"flow"`             // one of Flows, or a ${input} that chooses one
	Public bool   `yaml:"public,omitempty"` // the product has no Consumer Secret: web and paste alone
	Host   string `yaml:"host,omitempty"`   // any or my_domain; empty is any
	Prompt string `yaml:"prompt,omitempty"` // sent to Salesforce as it stands
}

// Field is one value of the hand-over.
type Field struct {
	Label  string `yaml:"label"`
	Value  string `yaml:"value"`            // a template
	Usual  string `yaml:"usual,omitempty"`  // what the source calls the usual value
	Where  string `yaml:"where,omitempty"`  // where in the vendor's product
	Secret bool   `yaml:"secret,omitempty"` // hidden until asked for; left out where the flow has no such secret
	When   string `yaml:"when,omitempty"`   // as of an Input: left out where it does not hold
}
