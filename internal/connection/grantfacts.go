package connection

import (
	"context"
	"strings"

	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/secret"
)

// GrantFacts is what a token answer shows of the app besides its tokens.
type GrantFacts struct {
	Scopes    []string // as granted; none where the answer did not say
	JWT       bool     // the access token is a JWT
	Rotated   bool     // a new refresh token came
	Refresh   bool     // a refresh token was presented
	Secret    bool     // the Consumer Secret was presented
	Signature Signature
}

// Signature is the state of a token answer's signature.
type Signature string

// The states of a signature.
const (
	SignatureFits    Signature = "fits"
	SignatureWrong   Signature = "wrong"
	SignatureMissing Signature = "missing"
	SignatureUnknown Signature = "" // there is no Consumer Secret to check it with
)

// see remembers what an answer shows, also of one that is not used in the end.
func (s *Session) see(c credentials, grant oauthflow.Grant) {
	facts := GrantFacts{
		Scopes: grant.Scopes, Refresh: !c.refresh.Empty(), Secret: !c.app.ConsumerSecret.Empty(),
		JWT:     grant.Format == "jwt" || grant.Format == "" && strings.Count(grant.AccessToken.Reveal(), ".") == 2 && strings.HasPrefix(grant.AccessToken.Reveal(), "eyJ"),
		Rotated: !grant.RefreshToken.Empty() && !grant.RefreshToken.Equal(c.refresh),
	}
	switch {
	case c.app.ConsumerSecret.Empty():
	case grant.Signature == "":
		facts.Signature = SignatureMissing
	case grant.SignatureValid(c.app.ConsumerSecret):
		facts.Signature = SignatureFits
	default:
		facts.Signature = SignatureWrong
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saw = &facts
}

// LastGrant is what the last token answer of this session showed; nil where no token
// was asked for, or another process's was adopted.
func (s *Session) LastGrant() *GrantFacts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saw
}

func (s *Session) lose(token secret.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = token
}

// LostToken is an access token that came and was neither saved nor handed out: for
// somebody else than the profile's user, or because of a failure or an interrupt after
// it; empty for none.
func (s *Session) LostToken() secret.Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// LivingToken is the saved access token where it is known to live, else empty.
// Nothing is sent.
func (s *Session) LivingToken(ctx context.Context) (secret.Value, error) {
	p := s.Profile()
	saved, err := s.m.of(p).cachedAccess(ctx, p.ID)
	if err != nil || !s.lives(saved, 0) {
		return secret.Value{}, err
	}
	return saved.token, nil
}
