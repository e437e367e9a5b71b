package check

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
)

const (
	hostLimit = 20 * time.Second // for one login host
	atOnce    = 8                // hosts that are asked at a time
)

// reached is what one request to a login host has shown.
type reached struct {
	login salesforce.LoginURL
	proxy string // on the way; empty for none
	took  time.Duration
	way   string // dns, tcp and tls with their times
	err   *fault.Fault
	date  time.Time     // of the answer; zero for none
	ahead time.Duration // how far this machine's clock is before it
}

// network asks every login host at the same time, and reads proxy, dns, tcp, tls and
// the clock out of it.
func (x *examination) network(ctx context.Context) []Stage {
	hosts := x.loginHosts()
	env := readProxies(x.Getenv, x.SystemProxy)
	proxy := env.stage(hosts)
	why := ""
	switch {
	case x.Offline:
		why = "not tried, as --offline says"
	case x.Machine.HTTP == nil:
		why = "not tried: see ca"
	}
	if why != "" {
		out := []Stage{proxy}
		for _, login := range hosts {
			out = append(out, skipped("network:"+login.Host(), why))
		}
		return append(out, skipped("clock", why))
	}
	all := x.reachAll(ctx, hosts, env)
	out := []Stage{judgeProxy(proxy, all)}
	for _, r := range all {
		out = append(out, r.stage())
	}
	return append(out, x.clock(all))
}

func (x *examination) reachAll(ctx context.Context, hosts []salesforce.LoginURL, env proxies) []reached {
	x.Machine.HTTP.CloseIdleConnections() // a connection that stands already would hide the stages
	all := make([]reached, len(hosts))
	places := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, login := range hosts {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			all[i] = x.reach(ctx, login)
			all[i].proxy, _ = env.of(login.String())
		})
	}
	wg.Wait()
	return all
}

func (x *examination) reach(ctx context.Context, login salesforce.LoginURL) reached {
	bounded, cancel := context.WithTimeout(ctx, hostLimit)
	defer cancel()
	var seen trace
	start := x.Machine.Now()
	date, err := x.Machine.Reach(httptrace.WithClientTrace(bounded, seen.hooks(x.Machine.Now)), login)
	end := x.Machine.Now()
	r := reached{login: login, took: end.Sub(start), way: seen.way(), date: date}
	if err != nil {
		r.err = fault.From(err)
	}
	if !date.IsZero() {
		// The header has whole seconds, cut off; the answer was written in between.
		r.ahead = start.Add(end.Sub(start) / 2).Sub(date.Add(time.Second / 2))
	}
	return r
}

// way says how long each part of a connection took.
func (t *trace) way() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := ""
	for _, part := range []struct {
		name     string
		from, to time.Time
	}{{"DNS", t.dnsStart, t.dnsDone}, {"TCP", t.tcpStart, t.tcpDone}, {t.protocol, t.tlsStart, t.tlsDone}} {
		if part.from.IsZero() || part.to.IsZero() {
			continue
		}
		if out != "" {
			out += ", "
		}
		out += part.name + " " + Took(part.to.Sub(part.from))
	}
	return out
}

func (r reached) stage() Stage {
	s := Stage{Name: "network:" + r.login.Host(), Status: Pass, Took: r.took, Detail: "answers"}
	if r.err != nil && r.err.Code == fault.Proxy {
		return skipped(s.Name, "not reached: see proxy")
	}
	if r.err != nil {
		failure := failed(s.Name, r.err)
		failure.Took = r.took
		return failure
	}
	if r.way != "" {
		s.Detail = r.way
	}
	if r.proxy != "" {
		s.Detail += ", through the proxy"
	}
	return s
}

// judgeProxy adds to what the variables say how the proxy has answered.
func judgeProxy(s Stage, all []reached) Stage {
	for _, r := range all {
		if r.err != nil && r.err.Code == fault.Proxy {
			return failed(s.Name, r.err)
		}
	}
	for _, r := range all {
		if r.proxy != "" && r.err == nil {
			s.Detail += ", lets requests through"
			break
		}
	}
	return s
}

// The difference between two clocks at which sign-ins suffer: Salesforce takes the
// end of a JWT assertion for at most 3 minutes ahead of its own time.
const (
	clockNotice = time.Minute
	clockLimit  = 3 * time.Minute
)

// clock compares with the first host of Salesforce's that told its time. This
// machine's own answers, those of a practice org, prove nothing.
func (x *examination) clock(all []reached) Stage {
	for _, r := range all {
		if !r.date.IsZero() && r.login.Kind() != salesforce.KindLoopback {
			return judgeClock(r.ahead, x.OS)
		}
	}
	return skipped("clock", "no host of Salesforce's told its time")
}

func judgeClock(ahead time.Duration, goos string) Stage {
	s := Stage{Name: "clock", Status: Pass, Detail: "agrees with Salesforce's"}
	off, word := ahead.Round(time.Second), "ahead of"
	if off < 0 {
		off, word = -off, "behind"
	}
	if off <= clockNotice {
		return s
	}
	message := "This machine's clock is " + connection.Spoken(off) + " " + word + " Salesforce's."
	hint := "Turn on the automatic setting of date and time, and see that the time zone is right."
	switch goos {
	case "linux":
		hint += "\n  timedatectl set-ntp true"
	case "windows":
		hint += "\n  w32tm /resync"
	}
	if off <= clockLimit {
		s.Status, s.Detail, s.Hint = Warn, message, hint
		return s
	}
	message += " From 3 minutes on, sign-ins with a certificate (JWT bearer) are refused."
	return failed("clock", &fault.Fault{Code: "clock", Stage: "clock", Message: message, Hint: hint, Exit: fault.ExitOther})
}
