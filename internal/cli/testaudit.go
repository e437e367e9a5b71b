package cli

import (
	"context"
	"fmt"
	"strings"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
)

// auditTested audits the app of a connection that was tested well, and tells of both.
func (a *app) auditTested(ctx context.Context, m *connection.Machine, tested check.Result) error {
	r, err := check.Audit{Machine: m, Profile: tested.Profile}.Run(ctx)
	if err != nil {
		return err
	}
	if a.global.json {
		document, audit := a.toTestJSON(tested), a.toAuditJSON(r)
		document.OK, document.Audit = r.OK(), &audit
		a.printJSON(document)
	} else {
		fmt.Fprintln(a.Stdout)
		a.sayAudit(r)
		a.adviseAudit(r)
	}
	if !r.OK() {
		return exitOnly{fault.ExitAudit}
	}
	return nil
}

// withAudit adds an audit to the outcome of a test that found nothing wrong.
func (a *app) withAudit(ctx context.Context, m *connection.Machine, tested check.Result, out outcome) outcome {
	audited := a.auditOne(ctx, m, tested.Profile, auditFlags{})
	document := a.toTestJSON(tested)
	if audit, is := audited.document.(auditJSON); is {
		document.OK, document.Audit = audited.fault == nil, &audit
	}
	out.document, out.fault = document, audited.fault
	if audited.people.Mark != "ok" {
		out.people.Mark = audited.people.Mark
	}
	out.people.Text += "; audit: " + strings.TrimPrefix(audited.people.Text, tested.Profile+": ")
	out.people.Hint = strings.TrimPrefix(out.people.Hint+"\n"+audited.people.Hint, "\n")
	return out
}
