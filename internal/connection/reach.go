package connection

import (
	"context"
	"io"
	"net/http"
	"time"

	"example.com/sfconnect/internal/salesforce"
)

// Reach makes one request to the host of login that needs no login, and gives the
// time that the answer's Date header tells, zero for none. Any answer will do. The
// error is a fault that names the layer that failed.
func (m *Machine) Reach(ctx context.Context, login salesforce.LoginURL) (date time.Time, err error) {
	address := login.String() + "/.well-known/openid-configuration"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return time.Time{}, err
	}
	answer, err := m.HTTP.Do(r)
	if err != nil {
		return time.Time{}, m.network(err, address)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	date, _ = http.ParseTime(answer.Header.Get("Date"))
	return date, nil
}
