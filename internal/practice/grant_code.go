package practice

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// codeLife is how long an authorization code may be exchanged.
const codeLife = 15 * time.Minute

// codeGrant exchanges an authorization code. A code is spent by the first token
// request that names it, whatever comes of it: strict on purpose, so that a
// client that tries twice shows. Not confirmed for real orgs: that a refused
// attempt spends the code, and the description when the verifier is missing.
func (o *Org) codeGrant(c *call) reply {
	code, known := o.codes[c.body.Get("code")]
	replay := known && code.spent
	if known {
		if replay {
			o.ledger.CodeReplays++
		} else {
			o.ledger.CodesSpent++
		}
		code.spent = true
	}
	if r, ok := o.client(c, o.cfg.webSecret); !ok {
		return r
	}
	verifier := c.body.Get("code_verifier")
	switch {
	case !known:
		return oauthError("invalid_grant", "invalid authorization code")
	case replay || !o.now().Before(code.issued.Add(codeLife)):
		return oauthError("invalid_grant", "expired authorization code")
	case c.body.Get("redirect_uri") != code.redirectURI:
		return oauthError("redirect_uri_mismatch", "redirect_uri must match configuration")
	case code.challenge == "" && verifier != "":
		return oauthError("invalid_grant", "unexpected code verifier")
	case code.challenge != "" && !fits(verifier, code.challenge):
		return oauthError("invalid_grant", "invalid code verifier")
	}
	scopes := slices.Clone(code.scopes)
	if f := o.fault(c, tokenGrant, ""); f != nil {
		scopes = f.scopes(scopes)
	}
	return o.tokens(c, o.newGrant(grantCode, code.user, scopes, covered("refresh_token", scopes)), true, code.nonce)
}

// fits checks a verifier as Salesforce does: RFC 7636 with S256, but a verifier
// with ~ is refused although the RFC allows it.
func fits(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 || strings.Contains(verifier, "~") {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == strings.TrimRight(challenge, "=")
}
