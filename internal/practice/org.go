package practice

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/recipe"
)

// Options describe an Org.
type Options struct {
	Recipe   *recipe.Recipe    // presets the app as that recipe asks; nil is a neutral app
	Settings map[string]string // by name, see SettingNames; they win over the recipe
	Faults   []string          // by name, see FaultNames

	// LoginURL and MyDomainURL are the origins under which clients reach the
	// org. Serve fills them in; empty they are Salesforce's own generic host
	// and a My Domain that fits the environment.
	LoginURL, MyDomainURL string

	Now  func() time.Time // required
	Rand io.Reader        // required; read once, 32 bytes
	Log  func(string)     // one line for each request, without secrets; may be nil; must not call the Org
}

// Org is one simulated org with two External Client Apps, of which clients use
// the first, and two users. All methods are safe for concurrent use.
type Org struct {
	login, myDomain origin
	now             func() time.Time
	log             func(string)
	style           string // the pages' style sheet
	csp             string // and the policy that allows it alone
	signingKey      func() *rsa.PrivateKey
	selfSigned      func() *x509.Certificate // the org's own certificate

	mu         sync.Mutex // guards everything below
	dice       dice
	cfg        config
	app        app // the one that clients are set up with
	other      app // a second one, with a key of its own, which is not theirs
	faults     []*activeFault
	born       time.Time
	users      []user
	orgID      string
	controlKey string // see control
	seq        int    // counts events, so that "later than" needs no clock

	sessions map[string]session
	pending  map[string]*pending
	codes    map[string]*grantedCode
	devices  map[string]*deviceRequest // by device code
	tidied   time.Time                 // when these were last looked through for what is old
	grants   []*grant
	access   map[string]*accessToken
	refresh  map[string]*refreshToken
	logins   []loginRecord
	made     []func(*Org) Token // every token of late, as it stands when asked
	ledger   Ledger
}

// app is what tells one External Client App from another. What its Setup form
// holds is in cfg.
type app struct {
	id, consumerID, key, secret string
	cfg                         *config
}

// apps is every app of the org, in the order in which lists have them.
func (o *Org) apps() []*app { return []*app{&o.other, &o.app} }

type user struct {
	id, username, first, last string
	admin                     bool // is what user_kind says; the other one is a standard user
}

// admin reports whether a user is an administrator now.
func (o *Org) admin(u user) bool { return u.admin && o.cfg.userKind == "admin" }

// integration reports whether a user is an API-only integration user now.
func (o *Org) integration(u user) bool { return u.admin && o.cfg.userKind == "integration" }

func (u user) name() string { return u.first + " " + u.last }

// New makes an Org. An unknown setting or fault is an error that lists the
// known ones; so is a value that a setting does not take.
func New(o Options) (*Org, error) {
	if o.Now == nil || o.Rand == nil {
		return nil, errors.New("practice org: Now and Rand are required")
	}
	var seed [32]byte
	if _, err := io.ReadFull(o.Rand, seed[:]); err != nil {
		return nil, fmt.Errorf("practice org: read 32 random bytes: %w", err)
	}
	org := &Org{
		now: o.Now, log: o.Log, signingKey: sync.OnceValue(fixedKey),
		dice:     dice{rand.NewChaCha8(seed)},
		sessions: map[string]session{}, pending: map[string]*pending{}, codes: map[string]*grantedCode{}, devices: map[string]*deviceRequest{},
		access: map[string]*accessToken{}, refresh: map[string]*refreshToken{},
	}
	if org.log == nil {
		org.log = func(string) {}
	}
	org.style, org.csp = styleSheet()
	org.cfg = neutral()
	otherCfg := anotherApp()
	org.app.cfg, org.other.cfg = &org.cfg, &otherCfg
	if o.Recipe != nil {
		org.preset(o.Recipe)
	}
	var errs []error
	for _, name := range sortedKeys(o.Settings) {
		errs = append(errs, org.cfg.set(name, o.Settings[name]))
	}
	errs = append(errs, org.setFaults(o.Faults))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := org.setHosts(o.LoginURL, o.MyDomainURL); err != nil {
		return nil, err
	}
	org.born = org.now()
	org.selfSigned = sync.OnceValue(func() *x509.Certificate { return selfSign(org.signingKey(), org.born) })
	org.orgID = org.dice.id("00D")
	org.app.id, org.app.consumerID = org.dice.id("0xI"), org.dice.id("888")
	org.app.key, org.app.secret = org.dice.consumerKey(), org.dice.secret()
	org.users = []user{
		{id: org.dice.id("005"), username: org.cfg.username, first: "Ada", last: "Admin", admin: true},
		{id: org.dice.id("005"), username: "ben@" + afterAt(org.cfg.username), first: "Ben", last: "Buyer"},
	}
	if _, chosen := o.Settings["run_as"]; !chosen {
		org.presetRunAs(o.Recipe)
	}
	org.other.id, org.other.consumerID = org.dice.id("0xI"), org.dice.id("888")
	org.other.key, org.other.secret = org.dice.consumerKey(), org.dice.secret()
	org.other.cfg.runAs = org.users[1].username
	org.controlKey = org.dice.text(alnum, 32)
	return org, nil
}

// Set changes one setting while the org runs, as an admin would in Setup.
func (o *Org) Set(name, value string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.change(map[string]string{name: value})
}

// SetFaults replaces the active faults; none heals the org.
func (o *Org) SetFaults(names ...string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.setFaults(names)
}

// Facts is what a person or script needs to use a practice org. Its JSON form
// is the line that `sfconnect practice --json` prints.
type Facts struct {
	LoginURL       string            `json:"login_url"`
	MyDomainURL    string            `json:"my_domain_url"`
	SetupURL       string            `json:"setup_url"`
	ConsumerKey    string            `json:"consumer_key"`
	ConsumerSecret string            `json:"consumer_secret"`
	CallbackURLs   []string          `json:"callback_urls"`
	Scopes         []string          `json:"scopes"`
	AppName        string            `json:"app_name"`
	Username       string            `json:"username"`
	Password       string            `json:"password"`
	OtherUsername  string            `json:"other_username"` // a second user, same password
	UserID         string            `json:"user_id"`
	OrgID          string            `json:"org_id"`
	OrgName        string            `json:"org_name"`
	InstanceURL    string            `json:"instance_url"`
	PrivateKey     string            `json:"private_key,omitempty"` // PEM, for the JWT bearer flow; empty unless the app uses the org's own certificate
	Environment    string            `json:"environment"`
	ControlURL     string            `json:"control_url"` // settings, faults and ledger are below it
	ControlKey     string            `json:"control_key"` // opens them, as a bearer token
	Settings       map[string]string `json:"settings"`
	Faults         []string          `json:"faults"`
}

// Facts describes the org as it stands now.
func (o *Org) Facts() Facts {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := Facts{
		LoginURL: o.login.String(), MyDomainURL: o.myDomain.String(), SetupURL: o.myDomain.String() + setupHome,
		ConsumerKey: o.app.key, ConsumerSecret: o.app.secret,
		CallbackURLs: slices.Clone(o.cfg.callbacks), Scopes: slices.Clone(o.cfg.scopes), AppName: o.cfg.name,
		Username: o.users[0].username, Password: o.cfg.password, OtherUsername: o.users[1].username,
		UserID: o.users[0].id, OrgID: o.orgID, OrgName: o.cfg.orgName,
		InstanceURL: o.myDomain.String(), PrivateKey: o.privateKey(), Environment: o.cfg.environment,
		ControlURL: o.myDomain.String() + controlPrefix, ControlKey: o.controlKey,
		Settings: o.settingValues(), Faults: o.faultNames(),
	}
	return f
}

func (o *Org) userByName(username string) (user, bool) {
	for _, u := range o.users {
		if strings.EqualFold(u.username, strings.TrimSpace(username)) {
			return u, true
		}
	}
	return user{}, false
}

// setHosts fills in and checks the two origins.
func (o *Org) setHosts(login, myDomain string) (err error) {
	generic, own := o.cfg.realHosts()
	if login == "" {
		login = generic
	}
	if myDomain == "" {
		myDomain = own
	}
	if o.login, err = parseOrigin(login); err != nil {
		return err
	}
	o.myDomain, err = parseOrigin(myDomain)
	return err
}

// realHosts are Salesforce's generic host and a My Domain of the environment.
func (c *config) realHosts() (generic, own string) {
	switch c.environment {
	case "sandbox":
		return "https://test.salesforce.com", "https://practice--uat.sandbox.my.salesforce.com"
	case "scratch":
		return "https://test.salesforce.com", "https://practice.scratch.my.salesforce.com"
	case "developer":
		return "https://login.salesforce.com", "https://practice-dev-ed.develop.my.salesforce.com"
	}
	return "https://login.salesforce.com", "https://practice.my.salesforce.com"
}

func parseOrigin(raw string) (origin, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || (u.Path != "" && u.Path != "/") {
		return origin{}, fmt.Errorf("practice org: %q is not an origin such as https://login.salesforce.com", raw)
	}
	return origin{scheme: u.Scheme, name: strings.ToLower(u.Hostname()), port: u.Port()}, nil
}

func afterAt(username string) string {
	if _, domain, ok := strings.Cut(username, "@"); ok {
		return domain
	}
	return username
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
