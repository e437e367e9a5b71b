package wizard

import (
	"context"
	"strings"
	"testing"
)

// mender is a script whose person mends the app before answering "What now?".
type mender struct {
	*script
	mend func()
}

func (m mender) Choose(ctx context.Context, c Choice) (string, error) {
	if c.ID == "audit_differs" {
		m.mend()
	}
	return m.script.Choose(ctx, c)
}

// The audit follows the test: what differs is told with the way to mend it, looked at
// again, and holds nobody up.
func TestAuditInTheWizard(t *testing.T) {
	g := newRig(t, map[string]string{"device_flow": "true", "pkce_required": "false"})
	answers := wholeWay(g, "yes")
	answers["audit_differs"] = []any{"all", "again", "again"}
	times := 0
	ui := mender{newScript(t, answers), func() {
		times++
		setting := map[int][2]string{2: {"pkce_required", "true"}, 3: {"device_flow", "false"}}[times]
		if setting[0] != "" {
			if err := g.org.Org.Set(setting[0], setting[1]); err != nil {
				t.Error(err)
			}
		}
	}}
	if err := g.setup(ui).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := ui.text.String()
	for _, want := range []string{
		"fail: PKCE required: wanted on, found off", `tick "Require Proof Key`, "fail: Device Flow: wanted off, found on", `untick "Enable Device Flow"`,
		"ok: Permitted Users: All users can self-authorize (read)", "ok: 20 settings of the app are as Quilia asks.",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("it is not told: %s", want)
		}
	}
	if n := strings.Count(told, "fail: PKCE required"); n != 2 {
		t.Errorf("PKCE was told %d times", n)
	}
	if strings.Contains(told, "Could not be told") {
		t.Error("something is unknown")
	}
}
