package store

import (
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.com/sfconnect/internal/fault"
)

// Schema is the version of the profiles file that this program reads and writes.
const Schema = 1

// Profile is one saved connection. It never holds a secret: those are kept by
// Secrets under ID. No field is left out of the JSON when it is empty.
type Profile struct {
	ID                string    `json:"id"` // random, chosen at creation with NewID, unique in a Set
	LoginURL          string    `json:"login_url"`
	ConsumerKey       string    `json:"consumer_key"`
	Flow              string    `json:"flow"`
	StoredIn          string    `json:"stored_in"` // Secrets.Name at the time of saving; never empty in a Set that was loaded
	CallbackURL       string    `json:"callback_url"`
	Org               Org       `json:"org"`
	User              User      `json:"user"`
	IdentityURL       string    `json:"identity_url"`
	JWT               JWT       `json:"jwt"`           // zero for every other flow
	Scopes            []string  `json:"scopes"`        // granted
	WantedScopes      []string  `json:"wanted_scopes"` // asked for, or by the recipe
	HasRefreshToken   bool      `json:"has_refresh_token"`
	HasConsumerSecret bool      `json:"has_consumer_secret"`
	Rotation          Rotation  `json:"refresh_token_rotation"`
	HandedOver        bool      `json:"refresh_token_handed_over"` // somebody else has the refresh token too
	Recipe            RecipeRef `json:"recipe"`
	TrustHost         bool      `json:"trust_host"`
	CreatedAt         time.Time `json:"created_at"`
	UpdatedAt         time.Time `json:"updated_at"`
	RefreshedAt       time.Time `json:"refreshed_at"` // when the refresh token was last used or given out, to the day; zero where that is not known
}

// Clone is the profile with maps and lists of its own.
func (p Profile) Clone() Profile {
	p.Recipe.Inputs = maps.Clone(p.Recipe.Inputs)
	p.Scopes, p.WantedScopes = slices.Clone(p.Scopes), slices.Clone(p.WantedScopes)
	return p
}

// Rotation is what refreshes have shown of the app's Refresh Token Rotation.
type Rotation string

// The values of Rotation.
const (
	RotationUnknown Rotation = ""
	RotationOn      Rotation = "on"
	RotationOff     Rotation = "off"
)

// Org is the Salesforce org of a profile.
type Org struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	InstanceURL string `json:"instance_url"`
	IsSandbox   bool   `json:"is_sandbox"`
}

// User is the Salesforce user that a profile acts as.
type User struct {
	ID          string `json:"id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
}

// JWT is what the JWT bearer flow needs besides its private key.
type JWT struct {
	Username        string    `json:"username"`
	Audience        string    `json:"audience"`
	Certificate     string    `json:"certificate"`      // in PEM, the public half; empty where it is not known
	CertificateEnds time.Time `json:"certificate_ends"` // zero where that is not known
}

// RecipeRef is the recipe that a profile was made with.
type RecipeRef struct {
	ID     string            `json:"id"`
	Source string            `json:"source"` // a copy of the YAML, so that a later program version changes nothing
	Inputs map[string]string `json:"inputs"` // the admin's answers
}

// Set is the content of the profiles file. It is a plain value; a copy shares
// the map.
type Set struct {
	Schema   int                `json:"schema"`
	Default  string             `json:"default"` // chosen with `use`; empty when none was
	Profiles map[string]Profile `json:"profiles"`
	// Rescue has, by the name of a store, the public key to which a secret is
	// encrypted that the store did not take. The store itself keeps its other half.
	Rescue map[string]string `json:"rescue"`
}

// Names gives the profile names in alphabetical order.
func (s Set) Names() []string {
	names := make([]string, 0, len(s.Profiles))
	for name := range s.Profiles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// NameOf is the name of the profile with that ID; "" where there is none.
func (s Set) NameOf(id string) string {
	for name, p := range s.Profiles {
		if p.ID == id {
			return name
		}
	}
	return ""
}

// Find gives the profile called name, for the caller's own, or a fault profile_not_found that names
// the profiles there are.
func (s Set) Find(name string) (Profile, error) {
	if p, ok := s.Profiles[name]; ok {
		return p.Clone(), nil
	}
	hint := "Nothing is saved yet. Connect an org with: sfconnect init"
	if names := s.Names(); len(names) > 0 {
		const most = 10
		more := ""
		if len(names) > most {
			more = fmt.Sprintf(" and %d more (sfconnect list)", len(names)-most)
			names = names[:most]
		}
		hint = "Saved profiles: " + strings.Join(names, ", ") + more + ".\nChoose one with --profile NAME, or connect a new one with: sfconnect init"
	}
	return Profile{}, fault.New(fault.ProfileNotFound, "store", fmt.Sprintf("There is no saved profile called %q.", name), hint).Because(UnknownProfile{name, s.Names()})
}

// UnknownProfile is the cause of profile_not_found, for who suggests another name.
type UnknownProfile struct {
	Name  string
	Known []string
}

// Error implements error.
func (u UnknownProfile) Error() string { return fmt.Sprintf("profile %q is not saved", u.Name) }

// Put saves p under name in the set. The first profile becomes the default.
func (s *Set) Put(name string, p Profile) {
	if s.Profiles == nil {
		s.Profiles = map[string]Profile{}
	}
	if len(s.Profiles) == 0 {
		s.Default = name
	}
	s.Profiles[name] = p.Clone()
}

// PutRescue notes the public key of a store's rescue place; "" forgets it.
func (s *Set) PutRescue(store, recipient string) {
	if recipient == "" {
		delete(s.Rescue, store)
		return
	}
	if s.Rescue == nil {
		s.Rescue = map[string]string{}
	}
	s.Rescue[store] = recipient
}

// Remove takes name out of the set; a missing one is fine. Where it was the
// default, there is none until the next `use`.
func (s *Set) Remove(name string) {
	delete(s.Profiles, name)
	if s.Default == name {
		s.Default = ""
	}
}

// NewID draws a profile's ID: 128 random bits in lower-case hex.
func NewID(rand io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("draw a profile id: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// longestName is in characters (runes).
const longestName = 100

// CheckName accepts any text of 1 to 100 characters as a profile's name, blanks
// inside and any script included, as long as it can be shown on one line of a
// terminal: no control characters, no line separators, no direction overrides,
// no blank at either end. Else the fault is usage, stage input.
func CheckName(name string) error {
	refuse := func(why, hint string) error {
		return fault.New(fault.Usage, "input", "The profile name was not accepted: "+why+".", hint)
	}
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return refuse("it is empty", "Give the profile a name, for example: --profile acme")
	case !utf8.ValidString(name):
		return refuse("it is not valid UTF-8 text", "Type the name again, for example: --profile acme")
	case n > longestName:
		return refuse(fmt.Sprintf("it has %d characters, and %d is the most", n, longestName), "Choose a shorter name.")
	case strings.TrimSpace(name) != name:
		return refuse("it begins or ends with a space", fmt.Sprintf("Write it without: --profile %q", strings.TrimSpace(name)))
	case strings.ContainsFunc(name, unshowable):
		return refuse("it contains a control character", "Use letters, digits, spaces and signs only.")
	}
	return nil
}

// unshowable reports characters that would garble or disguise a line of output.
func unshowable(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
