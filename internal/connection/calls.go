package connection

import (
	"context"

	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// Identity asks who the token belongs to.
func (m *Machine) Identity(ctx context.Context, s *Session, token secret.Value) (salesforce.Identity, error) {
	return m.org().Identity(ctx, s.Profile().IdentityURL, token)
}

// Versions lists the REST API versions of an instance, newest last.
func (m *Machine) Versions(ctx context.Context, instance string) ([]salesforce.Version, error) {
	return m.org().Versions(ctx, instance)
}

// Organization reads the org's name and kind.
func (m *Machine) Organization(ctx context.Context, instance, version string, token secret.Value) (salesforce.Organization, error) {
	return m.org().Organization(ctx, instance, version, token)
}

// Limits reads the org's limits.
func (m *Machine) Limits(ctx context.Context, instance, version string, token secret.Value) (salesforce.Limits, error) {
	return m.org().Limits(ctx, instance, version, token)
}
