package check

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// evidence is what a run found out.
type evidence struct {
	key       connection.Verdict
	keyFault  *fault.Fault
	callbacks map[string]connection.Verdict
	pkce      connection.Verdict
	tried     map[string]connection.Tried // by the trial's name; missing where it was not made

	grant    *connection.GrantFacts
	grantErr error  // why no token was had
	held     string // why none was asked for
	token    secret.Value
	ends     time.Time    // of token; zero where that is not known
	spare    bool         // token is nobody's, and is ended in the end
	spareErr *fault.Fault // why it could not be
	user     userFacts

	app    connection.AppMetadata
	appErr error
	asked  bool // the metadata was asked for
}

// gather makes every request that the checks need, side by side. The error is that
// of the host itself: where it cannot be reached nothing else is worth telling.
func (q *inquiry) gather(ctx context.Context, checks []auditCheck) error {
	var doorErr error
	var wait sync.WaitGroup
	var mu sync.Mutex
	q.seen = evidence{callbacks: map[string]connection.Verdict{}, tried: map[string]connection.Tried{}, key: connection.Unclear, pkce: connection.Unclear}
	if slices.ContainsFunc(checks, func(c auditCheck) bool { return c.door }) {
		wait.Go(func() { doorErr = q.knock(ctx, &mu) })
	}
	for _, t := range q.trials(checks) {
		wait.Go(func() {
			tried := q.prober.Try(ctx, t)
			mu.Lock()
			defer mu.Unlock()
			q.seen.tried[t.Name] = tried
		})
	}
	if !q.Outside {
		wait.Go(func() { q.ask(ctx, checks) })
	}
	wait.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return doorErr
}

// knock makes the requests without a login: one for each callback line, then the one
// without a code challenge, for a line that is registered.
func (q *inquiry) knock(ctx context.Context, mu *sync.Mutex) error {
	lines := q.askedLines()
	var wait sync.WaitGroup
	var first error
	for _, line := range lines {
		wait.Go(func() {
			verdict, refusal, err := q.prober.Callback(ctx, line)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				first = err
			case refusal != nil && refusal.Code != "redirect_uri_mismatch" && refusal.Code != "redirect_uri_missing":
				q.seen.key, q.seen.keyFault = connection.Refused, refusal
			default:
				if verdict != connection.Unclear && q.seen.key != connection.Refused {
					q.seen.key = connection.Known
				}
				q.seen.callbacks[line] = verdict
			}
		})
	}
	wait.Wait()
	if first != nil {
		return first
	}
	i := slices.IndexFunc(lines, func(line string) bool { return line != "" && q.seen.callbacks[line] == connection.Known })
	if i < 0 || q.without("pkce_required") {
		return nil
	}
	verdict, err := q.prober.PKCE(ctx, lines[i])
	if err == nil {
		q.seen.pkce = verdict
	}
	return nil
}

// askedLines are the callback lines of the requests without a login; "" asks about the
// key alone.
func (q *inquiry) askedLines() []string {
	lines := q.callbackLines()
	if q.without("callback_registered") {
		lines = lines[:min(len(lines), 1)]
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// trials are the requests to the token endpoint that the checks are judged by.
func (q *inquiry) trials(checks []auditCheck) []connection.Trial {
	needed := map[string]bool{}
	for _, c := range checks {
		if q.without(c.id) || q.ownFlow(c.id) {
			continue
		}
		for _, name := range c.trials {
			needed[name] = true
		}
	}
	const client = "client_credentials_flow"
	if q.ownFlow(client) && !q.without(client) && slices.ContainsFunc(checks, func(c auditCheck) bool { return c.id == client }) {
		needed[connection.TrialClientWrong] = true // the control for a refusal of the profile's own request
	}
	return slices.DeleteFunc(connection.Trials(), func(t connection.Trial) bool {
		carries := t.Secret == connection.SecretRight
		return !needed[t.Name] || carries && (q.Outside || !q.prober.HasSecret())
	})
}

// ownFlow reports whether a check is settled by the profile's own token request.
func (q *inquiry) ownFlow(id string) bool {
	flow := connection.Flow(q.p.Flow)
	return !q.Outside && (id == "client_credentials_flow" && flow == connection.FlowClientCredentials || id == "jwt_bearer_flow" && flow == connection.FlowJWTBearer)
}

// ask has a token, and reads with it what the org tells of the app.
func (q *inquiry) ask(ctx context.Context, checks []auditCheck) {
	fresh := slices.ContainsFunc(checks, func(c auditCheck) bool {
		return c.token && !q.without(c.id) || q.ownFlow(c.id)
	})
	reads := slices.ContainsFunc(checks, func(c auditCheck) bool { return c.read })
	if !fresh && !reads {
		return
	}
	err := q.haveToken(ctx, fresh)
	if err != nil {
		q.seen.grantErr = err
	}
	var wait sync.WaitGroup
	defer wait.Wait()
	if lost := q.s.LostToken(); !lost.Empty() {
		if q.isSpare(context.WithoutCancel(ctx), lost, secret.Value{}) {
			wait.Go(func() { q.seen.spareErr = q.prober.End(ctx, lost) })
		}
	}
	if err != nil || q.seen.token.Empty() {
		return
	}
	if reads && !q.without(probeMetadata) && q.mayCallAPI() {
		q.seen.asked = true
		wait.Go(func() {
			p := q.s.Profile() // a refresh may have moved the instance
			q.seen.app, q.seen.appErr = q.Machine.ReadApp(ctx, p.Org.InstanceURL, p.ConsumerKey, q.seen.token)
		})
	}
	if fresh && !q.without(probeUser) {
		wait.Go(func() { q.seen.user = q.lookAtUser(ctx) })
	}
	wait.Wait()
	if q.seen.spare {
		q.seen.spareErr = q.prober.End(ctx, q.seen.token)
	}
}

// mayCallAPI reports whether the token opens the APIs, as far as its scopes tell.
func (q *inquiry) mayCallAPI() bool {
	if g := q.seen.grant; g != nil && len(g.Scopes) > 0 {
		return connection.MayCallAPI(g.Scopes)
	}
	return connection.MayCallAPI(q.s.Profile().Scopes)
}

// haveToken refreshes by the one way there is. Where that is not allowed or fails, a
// saved access token that lives still serves for reading.
//
// The new token is kept where none is saved that lives, and else ended when it has
// served. Only a token that nobody else can have may be ended: one of a refresh, and
// one of a flow without a person where another lives beside it. Without that proof it
// may be a session that Salesforce gave others too.
func (q *inquiry) haveToken(ctx context.Context, fresh bool) error {
	living, err := q.s.LivingToken(ctx)
	if err != nil {
		return err
	}
	saved, err := q.s.SavedToken(ctx)
	if err != nil {
		return err
	}
	unknown := !q.p.HasConsumerSecret // then the end of a saved token is not known
	switch {
	case q.without(probeRefresh):
		q.seen.held = "No token was asked for, as --no-probe refresh says."
	case connection.Shared(q.p) && !q.Machine.RefreshShared:
		q.seen.held = heldBecause(q.p)
	case !connection.Renewable(q.p):
		q.seen.held = "The connection has no refresh token, so no new token can be asked for."
	case fresh && (!living.Empty() || unknown && !saved.Empty()) && q.sparable(ctx, saved):
		q.seen.token, err = q.s.Renew(ctx)
		q.seen.grant, q.seen.grantErr = q.s.LastGrant(), err
		q.seen.spare = err == nil && q.seen.grant != nil && q.isSpare(ctx, q.seen.token, saved)
	default:
		q.seen.token, q.seen.ends, err = q.s.Token(ctx, 0, fresh)
		q.seen.grant, q.seen.grantErr = q.s.LastGrant(), err
	}
	if q.seen.token.Empty() {
		q.seen.token = living
	}
	if q.seen.token.Empty() && unknown { // it may live
		q.seen.token = saved
	}
	return nil
}

// isSpare reports whether token is neither saved, as far as can be told, nor what was
// saved before.
func (q *inquiry) isSpare(ctx context.Context, token, before secret.Value) bool {
	now, err := q.s.SavedToken(ctx) // another process may have saved it meanwhile
	return !token.Equal(before) && (err != nil || !token.Equal(now))
}

// sparable reports whether a new token may be ended: one of a flow without a person may
// be a session that others were given too, unless the saved one lives beside it.
func (q *inquiry) sparable(ctx context.Context, saved secret.Value) bool {
	if !connection.Flow(q.p.Flow).NeedsNobody() {
		return true
	}
	_, err := q.Machine.Identity(ctx, q.s, saved)
	return err == nil
}

// noToken says why no token answer was seen.
func (q *inquiry) noToken() string {
	switch {
	case q.Outside:
		return "Not asked, because it needs the credentials."
	case q.seen.held != "":
		return q.seen.held
	case q.seen.grantErr != nil:
		return q.refusedBecause()
	case q.seen.grant == nil:
		return "Another process has just refreshed, so no token answer was seen here."
	}
	return ""
}

// refusedBecause names the refusal of the profile's own token request, in Salesforce's
// words, too.
func (q *inquiry) refusedBecause() string {
	text := "No new token could be had: " + fault.From(q.seen.grantErr).Message
	t := q.grantRefusal()
	if words := strings.Trim(t.Code+": "+t.Description, ": "); words != "" && (t.Description == "" || !strings.Contains(text, t.Description)) {
		text += " (" + shorten(words) + ")"
	}
	return text
}

// grantRefusal is how the profile's own token request was refused.
func (q *inquiry) grantRefusal() connection.Tried { return q.Machine.RefusalOf(q.seen.grantErr) }

func (q *inquiry) grantFault(code string) bool {
	var f *fault.Fault
	return errors.As(q.seen.grantErr, &f) && f.Code == code
}
