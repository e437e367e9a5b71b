package check

import (
	"context"
	"fmt"
	"sync"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/salesforce"
)

// approvalsKept is how many live approvals Salesforce keeps for a user and an app.
const approvalsKept = 5

// userFacts is what could be learned of the user whom the connection acts as.
type userFacts struct {
	permissions *salesforce.Permissions // nil where they could not be read
	approvals   map[string]int          // by the app's label; nil where they could not be counted
	lives       time.Duration           // of an access token; 0 where that is not known
}

// lookAtUser asks what the user may do and which approvals there are. What cannot be
// had is left out: nothing is judged by it.
func (q *inquiry) lookAtUser(ctx context.Context) userFacts {
	var out userFacts
	p := q.s.Profile()
	var wait sync.WaitGroup
	if q.mayCallAPI() {
		wait.Go(func() {
			if found, err := q.Machine.Permissions(ctx, p.Org.InstanceURL, q.seen.token); err == nil {
				out.permissions = &found
			}
		})
		wait.Go(func() {
			if found, err := q.Machine.Approvals(ctx, p.Org.InstanceURL, p.User.ID, q.seen.token); err == nil {
				out.approvals = found
			}
		})
	}
	wait.Go(func() {
		ends := q.seen.ends
		if ends.IsZero() && q.p.HasConsumerSecret {
			ends = q.s.Ends(ctx, q.seen.token)
		}
		if !ends.IsZero() {
			out.lives = ends.Sub(q.Machine.Now()).Round(time.Minute)
		}
	})
	wait.Wait()
	return out
}

// notes says what no box decides and an admin should know.
func (q *inquiry) notes() []Note {
	var out []Note
	if q.seen.grantErr != nil {
		out = append(out, Note{Status: Warn, Text: q.refusedBecause(), Hint: "This explains it: sfconnect test" + connection.ProfileFlag(q.Machine.File, q.Profile)})
	}
	for _, t := range connection.Trials() {
		if tried := q.seen.tried[t.Name]; tried.Outcome == connection.OutcomeGranted && !tried.Own {
			n := Note{Status: Pass, Text: "A probe was given a token (" + t.Sends + "). It was revoked at once."}
			if tried.RevokeFault != nil {
				n = Note{Status: Warn, RevokeFailed: true, Text: "A probe was given a token, and revoking it failed: " + tried.RevokeFault.Message,
					Hint: "Revoke it: " + salesforce.PageConnectedAppsUsage.Path() + "\n" + q.setup(salesforce.PageConnectedAppsUsage)}
			}
			out = append(out, n)
		}
	}
	if f := q.seen.spareErr; f != nil {
		out = append(out, Note{Status: Warn, RevokeFailed: true, Text: "The access token that the audit used lives on until its session ends: " + f.Message})
	}
	if may := q.seen.user.permissions; may != nil {
		out = append(out, q.userNote(*may))
	}
	if lives := q.seen.user.lives; lives > 0 && q.seen.grant != nil {
		out = append(out, Note{Status: Pass, Text: "A new access token lives for " + hours(lives) + "."})
	}
	app := q.appName()
	alone := connection.Flow(q.p.Flow).NeedsNobody() // then what is counted are access tokens, which the rule is not about
	if n := q.seen.user.approvals[app]; app != "" && n >= approvalsKept-1 && !alone {
		rule := fmt.Sprintf("Salesforce keeps %d refresh tokens of a user for an app: a sign-in beyond that ends the oldest, which may be the integration's.", approvalsKept)
		out = append(out, Note{Status: Warn, Text: fmt.Sprintf("Salesforce counts %d approvals of this app by %s, with a refresh token or without. ", n, connection.Person(q.p.User)) + rule,
			Hint: "Revoke those that nobody uses: " + salesforce.PageConnectedAppsUsage.Path() + "\n" + q.setup(salesforce.PageConnectedAppsUsage)})
	}
	return out
}

// hours writes a span of whole minutes: "2 hours", "90 minutes".
func hours(d time.Duration) string {
	switch {
	case d == time.Hour:
		return "1 hour"
	case d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return connection.Spoken(d)
}

func (q *inquiry) userNote(may salesforce.Permissions) Note {
	who := connection.Person(q.s.Profile().User)
	advice := q.r.RunAsUser.Advice
	if !said(advice) {
		advice = ""
	}
	users := "\n" + q.setup(salesforce.PageUsers)
	switch {
	case !may.APIEnabled:
		return Note{Status: Warn, Text: who + " lacks the permission API Enabled.", Hint: "Give it in the profile or a permission set: " + salesforce.PagePermissionSets.Path() + "\n" + q.setup(salesforce.PagePermissionSets)}
	case may.ModifyAllData && connection.Flow(q.p.Flow).NeedsNobody():
		return Note{Status: Warn, Text: "The integration acts as " + who + ", who may modify all data. It hardly needs that much.", Hint: first(advice, "Let it act as a user of its own, with the API Only User permission and what the product needs.") + "\n" + salesforce.PageUsers.Path() + users}
	case may.ModifyAllData:
		return Note{Status: Pass, Text: "This sign-in is " + who + "'s, who may modify all data. An integration needs less: let the product sign in as a user of its own."}
	case may.APIOnly:
		return Note{Status: Pass, Text: "It acts as " + who + ", a user for the API alone, as is best for an integration."}
	}
	return Note{Status: Pass, Text: "It acts as " + who + ", who may not modify all data."}
}
