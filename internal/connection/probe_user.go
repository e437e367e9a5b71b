package connection

import (
	"context"
	"errors"
	"time"

	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// Permissions reads what the user of token may do.
func (m *Machine) Permissions(ctx context.Context, instance string, token secret.Value) (salesforce.Permissions, error) {
	return m.org().Permissions(ctx, instance, token)
}

// Approvals counts a user's OAuth approvals by the label of their app.
func (m *Machine) Approvals(ctx context.Context, instance, userID string, token secret.Value) (map[string]int, error) {
	return m.org().Approvals(ctx, instance, userID, token)
}

// Ends tells when an access token of the session's app ends, zero where Salesforce
// does not say.
func (s *Session) Ends(ctx context.Context, token secret.Value) time.Time {
	at := s.now()
	app, err := s.app(ctx, at)
	if err != nil {
		return time.Time{}
	}
	return s.m.expiry(ctx, at.login, app, token)
}

// RefusalOf is how the token request that ended with err was refused, as a trial tells
// it; no outcome where it was not.
func (m *Machine) RefusalOf(err error) Tried {
	var refused *oauthflow.Refused
	if !errors.As(err, &refused) {
		return Tried{}
	}
	return Tried{Outcome: OutcomeRefused, Code: m.Redactor.Redact(refused.Code), Description: m.Redactor.Redact(refused.Description)}
}
