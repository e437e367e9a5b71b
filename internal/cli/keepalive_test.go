package cli

import (
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

func TestKeepaliveVerdict(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	old, recent := now.AddDate(0, 0, -8), now.AddDate(0, 0, -6)
	for _, c := range []struct {
		name string
		p    store.Profile
		yes  bool
		want string
	}{
		{"old", store.Profile{HasRefreshToken: true, RefreshedAt: old}, false, aliveDue},
		{"recent", store.Profile{HasRefreshToken: true, RefreshedAt: recent}, false, aliveFresh},
		{"unknown", store.Profile{HasRefreshToken: true}, false, aliveDue},
		{"no refresh token", store.Profile{RefreshedAt: old}, false, aliveSkipped},
		{"client credentials", store.Profile{Flow: string(connection.FlowClientCredentials), HasRefreshToken: true}, false, aliveSkipped},
		{"JWT bearer", store.Profile{Flow: string(connection.FlowJWTBearer)}, false, aliveSkipped},
		{"handed over, rotates", store.Profile{HasRefreshToken: true, HandedOver: true, Rotation: store.RotationOn}, false, aliveHeld},
		{"handed over, unknown", store.Profile{HasRefreshToken: true, HandedOver: true}, false, aliveHeld},
		{"handed over, does not rotate", store.Profile{HasRefreshToken: true, HandedOver: true, Rotation: store.RotationOff}, false, aliveDue},
		{"handed over, --yes", store.Profile{HasRefreshToken: true, HandedOver: true, Rotation: store.RotationOn}, true, aliveDue},
		{"handed over, recent", store.Profile{HasRefreshToken: true, HandedOver: true, RefreshedAt: recent}, false, aliveFresh},
	} {
		status, detail := keepaliveVerdict(c.p, now, keepaliveFlags{olderThan: refreshEvery, yes: c.yes})
		if status != c.want || detail == "" {
			t.Errorf("%s: %s, %q, want %s", c.name, status, detail, c.want)
		}
	}
}
