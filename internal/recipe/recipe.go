// Package recipe owns integrations as data: the embedded YAML files, the strict
// reading of them and of a stranger's file, the check of an admin's answers and
// the filling of templates. What a person sees of a recipe belongs to wizard,
// and comparing an org with it to check.
package recipe

// Schema is the version of the format that this program reads.
const Schema = 1

// Recipe is one integration: what its External Client App looks like, how to
// authorize and what to hand over. An empty value means "the source does not
// say". Text values may contain ${name}, where name is an input's ID or a result
// (see Results).
//
// The doc tag of a field is its description in the JSON Schema; a key without
// omitempty must be given.
type Recipe struct {
	Schema       int               `yaml:"schema" doc:"The version of this format: 1."`
	ID           string            `yaml:"id" doc:"Small letters, digits and single dashes, such as acme-crm."`
	Title        string            `yaml:"title" doc:"The integration's name."`
	Vendor       string            `yaml:"vendor,omitempty" doc:"Who makes the product."`
	Summary      string            `yaml:"summary,omitempty" doc:"A few words for the list of integrations."`
	Source       Source            `yaml:"source,omitempty" doc:"Where the facts were read."`
	Inputs       []Input           `yaml:"inputs,omitempty" doc:"Questions to the admin. A text elsewhere takes the answer as ${id}."`
	Needs        []string          `yaml:"needs,omitempty" doc:"What the admin must have at hand."`
	App          App               `yaml:"app,omitempty" doc:"The Basic Information section of the form. It needs a name."`
	CallbackURLs []string          `yaml:"callback_urls,omitempty" doc:"The vendor's lines of the Callback URL box. The program adds its own."`
	CallbackUse  string            `yaml:"callback_use,omitempty" doc:"unused: the form wants a callback, and the product does not use it. The default is used."`
	Scopes       []string          `yaml:"scopes,omitempty" doc:"OAuth scopes by their API values, such as api and refresh_token."`
	ScopesMatch  string            `yaml:"scopes_match,omitempty" doc:"at_least: more scopes do no harm. The default is exact: these and no others."`
	ScopesNever  []string          `yaml:"scopes_never,omitempty" doc:"Scopes that must not be selected."`
	Switches     map[string]Switch `yaml:"switches,omitempty" doc:"How the tick boxes should stand. A box that the source does not speak of is left out."`
	Policies     Policies          `yaml:"policies,omitempty" doc:"The app's Policies tab, in the form's own words."`
	RunAsUser    RunAsUser         `yaml:"run_as_user,omitempty" doc:"What the user should be whom the integration acts as."`
	Certificate  Certificate       `yaml:"certificate,omitempty" doc:"What the certificate should be, with the flow jwt-bearer."`
	Authorize    Authorize         `yaml:"authorize,omitempty" doc:"How a login is made. It needs a flow."`
	Steps        []Step            `yaml:"steps,omitempty" doc:"What to do in Salesforce beyond the form."`
	Handover     []Field           `yaml:"handover,omitempty" doc:"The values to enter in the vendor's product, in its order."`
	HandoverAt   string            `yaml:"handover_at,omitempty" doc:"Where in the vendor's product, such as Acme › Settings › Salesforce."`
	HandoverDo   []string          `yaml:"handover_do,omitempty" doc:"What to do there, one action each."`
	Cleanup      []string          `yaml:"cleanup,omitempty" doc:"What to put back in Salesforce afterwards."`
	Checks       []FollowUp        `yaml:"checks,omitempty" doc:"What may show up once all is handed over, and what to do about it."`
	Notes        []string          `yaml:"notes,omitempty" doc:"Remarks for the end, above all on security."`
	Cautions     map[string]string `yaml:"cautions,omitempty" doc:"Remarks beside one box of the form, by its key here: a switch, a policy, a key of app, scopes or callback_urls."`
	Variants     []Variant         `yaml:"variants,omitempty" doc:"Several methods of one product, to choose from. The first is the default."`

	Text string `yaml:"-"` // the YAML that it was read from; a profile keeps a copy
}

// Source says where the facts were read.
type Source struct {
	URL    string      `yaml:"url,omitempty" doc:"The vendor's guide."`
	Date   string      `yaml:"date,omitempty" doc:"When it was read, as 2026-11-22."`
	Kind   string      `yaml:"kind,omitempty" doc:"What it describes. Connected apps can no longer be made; the recipe then says the same for an External Client App."`
	Unsaid []string    `yaml:"unsaid,omitempty" doc:"What the source leaves open."`
	More   []Reference `yaml:"more,omitempty" doc:"Further addresses, and what was read there."`
}

// Reference is a further address, and what was read there.
type Reference struct {
	URL  string `yaml:"url" doc:"The address, with https."`
	Date string `yaml:"date,omitempty" doc:"When it was read, as 2026-11-22."`
	For  string `yaml:"for,omitempty" doc:"What was read there."`
}

// Input is a question to the admin. CheckAnswer says what each Kind accepts.
type Input struct {
	ID       string   `yaml:"id" doc:"Small letters, digits and _, such as contact_email."`
	Label    string   `yaml:"label" doc:"The question."`
	Help     string   `yaml:"help,omitempty" doc:"A sentence below it."`
	Kind     Kind     `yaml:"kind" doc:"What is accepted: text, an email address, an https address, several callback addresses, a phone number, one of the options, on or off, on off or default, scopes, a host without https://, an API name."`
	Options  []string `yaml:"options,omitempty" doc:"What a choice chooses from."`
	Pattern  string   `yaml:"pattern,omitempty" doc:"A regular expression (RE2) for the whole of a text. It needs an example."`
	Example  string   `yaml:"example,omitempty" doc:"An answer as it may look. It is shown, and never filled in."`
	Default  string   `yaml:"default,omitempty" doc:"The answer to begin with."`
	Optional bool     `yaml:"optional,omitempty" doc:"Whether it may stay empty."`
	When     string   `yaml:"when,omitempty" doc:"earlier_input=value, or earlier_input=value|value: asked only then; otherwise the default stands."`
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
	Name              string `yaml:"name,omitempty" doc:"External Client App Name."`
	APIName           string `yaml:"api_name,omitempty" doc:"API Name: letters, digits and _; it starts with a letter."`
	DistributionState string `yaml:"distribution_state,omitempty" doc:"Distribution State: Local is this org alone."`
	ContactEmail      string `yaml:"contact_email,omitempty" doc:"Contact Email, which the form wants: an address, or an input's ${id}."`
	ContactPhone      string `yaml:"contact_phone,omitempty" doc:"Contact Phone."`
	InfoURL           string `yaml:"info_url,omitempty" doc:"Info URL, with https."`
	LogoURL           string `yaml:"logo_url,omitempty" doc:"Logo Image URL, with https."`
	IconURL           string `yaml:"icon_url,omitempty" doc:"Icon URL, with https."`
	Description       string `yaml:"description,omitempty" doc:"Description."`
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
	PermittedUsers     string `yaml:"permitted_users,omitempty" doc:"Permitted Users."`
	IPRelaxation       string `yaml:"ip_relaxation,omitempty" doc:"IP Relaxation."`
	RefreshTokenPolicy string `yaml:"refresh_token_policy,omitempty" doc:"Refresh Token Policy; a number and its unit stand for n."`
	RunAs              string `yaml:"run_as,omitempty" doc:"Run As: the Username, not the email address, that client credentials act as."`
}

// RunAsUser is what the user should be whom the integration acts as.
type RunAsUser struct {
	Advice         string   `yaml:"advice,omitempty" doc:"One sentence to the admin."`
	License        string   `yaml:"license,omitempty" doc:"Such as Salesforce Integration."`
	Profile        string   `yaml:"profile,omitempty" doc:"Such as Minimum Access - API Only Integrations."`
	Permissions    []string `yaml:"permissions,omitempty" doc:"System permissions, such as API Only User."`
	PermissionSets []string `yaml:"permission_sets,omitempty" doc:"Permission sets to assign."`
}

// Certificate is what a JWT bearer app's certificate should be; zero values are
// left to the program.
type Certificate struct {
	Days    int `yaml:"days,omitempty" doc:"For how many days it is valid."`
	KeySize int `yaml:"key_size,omitempty" doc:"The bits of its RSA key."`
}

// Step is something to do beyond the form.
type Step struct {
	At      string   `yaml:"at" doc:"before the app is made, or after its policies are set."`
	Title   string   `yaml:"title" doc:"What it is."`
	Page    string   `yaml:"page,omitempty" doc:"The page of Setup where it is done; the program makes a link of it."`
	Do      []string `yaml:"do" doc:"One action each."`
	Caution string   `yaml:"caution,omitempty" doc:"What to look out for."`
}

// FollowUp is a symptom that may show later, and what to do about it.
type FollowUp struct {
	Sign string `yaml:"sign" doc:"What shows, such as INSUFFICIENT_ACCESS in the logs."`
	Do   string `yaml:"do" doc:"What to do then."`
	Page string `yaml:"page,omitempty" doc:"The page of Setup where it is done; the program makes a link of it."`
}

// Authorize says how a login is made.
type Authorize struct {
	Flow   string `yaml:"flow,omitempty" doc:"How the product signs in, or the ${id} of a choice among these. paste is web with a callback that is a page of somebody else's."`
	Public bool   `yaml:"public,omitempty" doc:"The product has no Consumer Secret."`
	Host   string `yaml:"host,omitempty" doc:"my_domain: only the org's own host will do. The default is any."`
	Prompt string `yaml:"prompt,omitempty" doc:"Sent to Salesforce as it stands: login, consent, select_account or several of them."`
}

// Field is one value of the hand-over.
type Field struct {
	Label  string `yaml:"label" doc:"The box in the vendor's product."`
	Value  string `yaml:"value" doc:"What goes into it, such as ${consumer_key}."`
	Usual  string `yaml:"usual,omitempty" doc:"What the source calls the usual value."`
	Where  string `yaml:"where,omitempty" doc:"Where in the product, or in which form."`
	Secret bool   `yaml:"secret,omitempty" doc:"Hidden until it is asked for, and left out where the flow has no such secret."`
	When   string `yaml:"when,omitempty" doc:"input=value, or input=value|value: left out otherwise."`
}
