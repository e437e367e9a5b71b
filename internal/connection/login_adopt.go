package connection

import (
	"context"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// adopt takes over a refresh token that another tool obtained. It is redeemed once;
// where the app rotates refresh tokens the other tool's copy is dead afterwards, and
// a warning says so.
func (m *Machine) adopt(ctx context.Context, r LoginRequest) (Login, error) {
	given := r.RefreshToken
	// Once the request is on its way the given token may be dead: an interrupt must
	// not keep its successor from being saved.
	asked := ctx
	ctx = context.WithoutCancel(ctx)
	defer m.askVersions(ctx, &r)()
	grant, err := m.ask(ctx, r.Login, credentials{flow: r.Flow, app: r.app(), refresh: given})
	if err != nil {
		return Login{}, m.tokenFault(err, r)
	}
	rotated := !grant.RefreshToken.Empty() && !grant.RefreshToken.Equal(given)
	m.Redactor.Hide(grant.AccessToken, grant.RefreshToken)
	kept := grant
	if !rotated {
		kept.RefreshToken = given
	}
	done, err := m.keep(ctx, r, "", kept)
	if err != nil {
		if !rotated {
			grant.RefreshToken = secret.Value{} // the other tool lives on it
		}
		m.abandon(ctx, r, grant)
		if rotated {
			f := *fault.From(err)
			f.Hint = "The app rotates refresh tokens, and the one that you gave is used up: sign in anew, here and wherever it was used.\n" + f.Hint
			err = f.Because(err)
		}
		return Login{}, err
	}
	if asked.Err() != nil {
		return done, interrupted(asked.Err())
	}
	if rotated {
		done.Warnings = append(done.Warnings, "The app rotates refresh tokens: the one that you gave is used up, and the new one is saved here alone. Whatever used the old one must sign in anew.")
	}
	return done, nil
}
