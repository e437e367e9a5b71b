package connection

import (
	"net/url"

	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
)

// Trial is one request to the token endpoint that is made to be refused.
type Trial struct {
	Name      string
	Sends     string // what is sent, for --dry-run; no value
	Secret    TrialSecret
	OwnHost   bool // goes to the org's own host: other hosts do not have the flow
	Anonymous bool // no client_id is sent beside what names the app itself
	Stranger  bool // an invented Consumer Key is sent
	Grants    bool // a token may come, and is then revoked

	form func(*Prober, oauthflow.App) (url.Values, error)
}

// TrialSecret says which Consumer Secret a trial carries.
type TrialSecret string

// The secrets of trials.
const (
	SecretNone     TrialSecret = ""
	SecretRight    TrialSecret = "right"
	SecretInvented TrialSecret = "invented"
)

// The trials, by name. Those that end in _wrong or _stranger are the controls: the same
// request with a secret or a Consumer Key that nobody has, which must be refused for that.
const (
	TrialCode          = "code"
	TrialCodeNone      = "code_none"
	TrialCodeWrong     = "code_wrong"
	TrialRefresh       = "refresh"
	TrialRefreshNone   = "refresh_none"
	TrialRefreshWrong  = "refresh_wrong"
	TrialClient        = "client"
	TrialClientWrong   = "client_wrong"
	TrialDevice        = "device"
	TrialDeviceOdd     = "device_stranger"
	TrialJWT           = "jwt"
	TrialJWTOdd        = "jwt_stranger"
	TrialExchange      = "exchange"
	TrialExchangeNone  = "exchange_none"
	TrialExchangeWrong = "exchange_wrong"
)

// The grant types of trials.
const (
	grantCode     = "authorization_code"
	grantRefresh  = "refresh_token"
	grantClient   = "client_credentials"
	grantJWT      = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
)

// nobody is a user that no org has: the domain cannot exist (RFC 2606).
const nobody = "nobody@sfconnect.invalid"

// Trials lists every trial. None of them shows Salesforce a code, a refresh token or
// an assertion that anybody was given, so that nothing can be spent or rotated; the
// exchange lacks its token altogether, so that no Apex handler of the org runs.
func Trials() []Trial {
	refresh := func(p *Prober, _ oauthflow.App) (url.Values, error) {
		v, err := p.s.m.flow(p.at.login).Invented("5Aep861", 87)
		return values("grant_type", grantRefresh, "refresh_token", v.Reveal()), err
	}
	code := func(p *Prober, app oauthflow.App) (url.Values, error) {
		flow := p.s.m.flow(p.at.login)
		code, err := flow.Invented("aPrx", 76)
		if err != nil {
			return nil, err
		}
		// The rest is as in a true request, so that the code is what is refused.
		r, err := flow.NewRequest(app, SuccessPage(p.at.login))
		return values("grant_type", grantCode, "code", code.Reveal(), "redirect_uri", r.CallbackURL, "code_verifier", r.Verifier.Reveal()), err
	}
	fixed := func(pairs ...string) func(*Prober, oauthflow.App) (url.Values, error) {
		return func(*Prober, oauthflow.App) (url.Values, error) { return values(pairs...), nil }
	}
	client := fixed("grant_type", grantClient)
	device := fixed("response_type", "device_code")
	exchange := fixed("grant_type", grantExchange, "subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
	return []Trial{
		{Name: TrialCode, Sends: "an invented authorization code, with the Consumer Secret", Secret: SecretRight, form: code},
		{Name: TrialCodeNone, Sends: "an invented authorization code, without a secret", form: code},
		{Name: TrialCodeWrong, Sends: "an invented authorization code, with an invented secret", Secret: SecretInvented, form: code},
		{Name: TrialRefresh, Sends: "an invented refresh token, with the Consumer Secret", Secret: SecretRight, form: refresh},
		{Name: TrialRefreshNone, Sends: "an invented refresh token, without a secret", form: refresh},
		{Name: TrialRefreshWrong, Sends: "an invented refresh token, with an invented secret", Secret: SecretInvented, form: refresh},
		{Name: TrialClient, Sends: "a request for client credentials; a token that comes is revoked at once", Secret: SecretRight, OwnHost: true, Grants: true, form: client},
		{Name: TrialClientWrong, Sends: "a request for client credentials, with an invented secret", Secret: SecretInvented, OwnHost: true, form: client},
		{Name: TrialDevice, Sends: "a request for a device code; one that comes is not used and ends by itself", form: device},
		{Name: TrialDeviceOdd, Sends: "a request for a device code, with an invented Consumer Key", Stranger: true, form: device},
		{Name: TrialJWT, Sends: "an assertion for a user that there is not, with random bytes for a signature", Anonymous: true, form: unsigned},
		{Name: TrialJWTOdd, Sends: "the same for an invented Consumer Key", Anonymous: true, Stranger: true, form: unsigned},
		{Name: TrialExchange, Sends: "a token exchange without a token, with the Consumer Secret", Secret: SecretRight, OwnHost: true, form: exchange},
		{Name: TrialExchangeNone, Sends: "a token exchange without a token and without a secret", OwnHost: true, form: exchange},
		{Name: TrialExchangeWrong, Sends: "a token exchange without a token, with an invented secret", Secret: SecretInvented, OwnHost: true, form: exchange},
	}
}

func unsigned(p *Prober, app oauthflow.App) (url.Values, error) {
	v, err := p.s.m.flow(p.at.login).UnsignedAssertion(app, nobody)
	return values("grant_type", grantJWT, "assertion", v.Reveal()), err
}

func (t Trial) surface() salesforce.Surface {
	if t.Name == TrialJWT || t.Name == TrialJWTOdd {
		return salesforce.SurfaceJWT
	}
	return salesforce.SurfaceToken
}
