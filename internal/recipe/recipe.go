package recipe

// Recipe is one integration: what its External Client App looks like, how to
// authorize and what to hand over. Pointers and empty strings mean "the source
// does not say". Text values may contain ${name}, where name is an input's ID
// or a result (consumer_key, consumer_secret, login_url, instance_url,
// my_domain, refresh_token, username, org_id).
type Recipe struct {
	Schema       int               `yaml:"schema"`
	ID           string            `yaml:"id"`
	Title        string            `yaml:"title"`
	Vendor       string            `yaml:"vendor,omitempty"`
	Summary      string            `yaml:"summary,omitempty"` // a few words for the list
	Source       Source            `yaml:"source"`
	Inputs       []Input           `yaml:"inputs,omitempty"`
	App          App               `yaml:"app"`
	CallbackURLs []string          `yaml:"callback_urls,omitempty"` // the vendor's; ours are added by the wizard
	Scopes       []string          `yaml:"scopes,omitempty"`        // API values: api, refresh_token
	Switches     map[string]Switch `yaml:"switches,omitempty"`      // by audit id
	Policies     Policies          `yaml:"policies,omitempty"`
	Authorize    Authorize         `yaml:"authorize"`
	Handover     []Field           `yaml:"handover,omitempty"`
	HandoverAt   string            `yaml:"handover_at,omitempty"` // "Quilia › Settings › …"
	Cleanup      []string          `yaml:"cleanup,omitempty"`
	Notes        []string          `yaml:"notes,omitempty"`    // security notes
	Cautions     map[string]string `yaml:"cautions,omitempty"` // by switch or policy id: a remark beside the box
}

// Source says where the facts were read.
type Source struct {
	URL    string   `yaml:"url,omitempty"`
	Date   string   `yaml:"date,omitempty"`
	Unsaid []string `yaml:"unsaid,omitempty"` // what the source leaves open
}

// Input is a question to the admin. Kind is text, email, url, phone, choice, bool or scopes.
type Input struct {
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	Help     string   `yaml:"help,omitempty"`
	Kind     string   `yaml:"kind"`
	Options  []string `yaml:"options,omitempty"`
	Default  string   `yaml:"default,omitempty"`
	Optional bool     `yaml:"optional,omitempty"`
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
	RunAs              string `yaml:"run_as,omitempty"`
}

// Authorize says how a login is made. Host is "any" or "my_domain".
type Authorize struct {
	Flow   string `yaml:"flow"` // web
	Host   string `yaml:"host,omitempty"`
	Prompt string `yaml:"prompt,omitempty"`
}

// Field is one value of the hand-over.
type Field struct {
	Label  string `yaml:"label"`
	Value  string `yaml:"value"`            // a template
	Where  string `yaml:"where,omitempty"`  // where in the vendor's product
	Secret bool   `yaml:"secret,omitempty"` // hidden until asked for
}
