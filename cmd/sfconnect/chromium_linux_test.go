package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is Debian's browser with one tab, and all that the tab asked and said.
type chromium struct {
	t   *testing.T
	ctx context.Context

	mu        sync.Mutex
	requested []string // addresses, in order, redirects included
	complaint []string // errors and warnings of its console
	answers   []answer
}

// answer is one that a page of the tab came with.
type answer struct {
	url     string
	status  int64
	headers map[string]string // by lower-case name
}

// newChromium starts a browser whose Salesforce is s; nil for pages that need none.
func newChromium(t *testing.T, s *salesforce) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		need(t, "chromium")
	}
	home := tempDir(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.Env("HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	if s != nil {
		options = append(options, chromedp.ProxyServer(s.proxy), chromedp.Flag("ignore-certificate-errors-spki-list", s.spki))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	guarded, cancel := context.WithTimeout(t.Context(), hangGuard)
	t.Cleanup(cancel)
	allocated, end := chromedp.NewExecAllocator(guarded, options...)
	t.Cleanup(end)
	b := &chromium{t: t}
	b.ctx, cancel = chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Listen(b.ctx, b.hears); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return b
}

// hears writes down what the tab does.
func (b *chromium) hears(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requested = append(b.requested, e.Request.URL)
		if e.RedirectResponse != nil {
			b.answers = append(b.answers, newAnswer(e.RedirectResponse))
		}
	case *network.EventResponseReceived:
		b.answers = append(b.answers, newAnswer(e.Response))
	case *runtime.EventConsoleAPICalled:
		b.complaint = append(b.complaint, fmt.Sprintf("console.%s %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.complaint = append(b.complaint, e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			b.complaint = append(b.complaint, fmt.Sprintf("%s: %s (%s)", e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	}
}

func newAnswer(r *network.Response) answer {
	a := answer{url: r.URL, status: r.Status, headers: map[string]string{}}
	for name, value := range r.Headers {
		a.headers[strings.ToLower(name)] = fmt.Sprint(value)
	}
	return a
}

func (b *chromium) does(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	_ = gets(b, func(ctx context.Context, _ *chromedp.Target) (none struct{}, err error) {
		return none, chromedp.Do(ctx, steps...)
	})
}

// gets runs an action that must work and gives its value.
func gets[T any](b *chromium, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.t.Fatalf("chromium: %v\nit asked for:\n  %s\nand said: %q", err, strings.Join(b.requested, "\n  "), b.complaint)
	}
	return value
}

// follows goes where a click leads and waits for what is to be seen there.
func (b *chromium) follows(click, seen string) {
	b.t.Helper()
	b.does(chromedp.Click(chromedp.CSS(click)), chromedp.WaitVisible(chromedp.CSS(seen)))
}

// opens goes to an address and waits for what is to be seen there.
func (b *chromium) opens(address, seen string) {
	b.t.Helper()
	b.does(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(seen)))
}

// text is what a person reads in the first element that fits.
func (b *chromium) text(selector string) string {
	b.t.Helper()
	return strings.TrimSpace(gets(b, chromedp.Text(chromedp.CSS(selector))))
}

// addresses is the tab's history, the present page last.
func (b *chromium) addresses() []string {
	b.t.Helper()
	var list []string
	for _, e := range gets(b, chromedp.NavigationEntries()).Entries {
		list = append(list, e.URL)
	}
	return list
}

// wantQuiet wants no complaint on the console, and no request but to the hosts.
func (b *chromium) wantQuiet(hosts ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaint {
		b.t.Errorf("the console says: %s", c)
	}
requests:
	for _, r := range b.requested {
		for _, host := range append(hosts, "data:") {
			if strings.HasPrefix(r, host) {
				continue requests
			}
		}
		b.t.Errorf("a page asked for %s", r)
	}
}

// answersFrom gives the answers from an address on.
func (b *chromium) answersFrom(prefix string) []answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []answer
	for _, a := range b.answers {
		if strings.HasPrefix(a.url, prefix) {
			found = append(found, a)
		}
	}
	return found
}

// pictures keeps a picture of the page in the folder SFCONNECT_TEST_PICTURES,
// else in one that goes with the test: as it is, and dark on a phone.
func (b *chromium) pictures(name string) {
	b.t.Helper()
	dir := os.Getenv("SFCONNECT_TEST_PICTURES")
	if dir == "" {
		dir = b.t.TempDir()
	}
	b.does(chromedp.EmulateViewport(900, 760))
	wide := gets(b, chromedp.CaptureScreenshot())
	b.does(chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile), prefers("dark"))
	phone := gets(b, chromedp.CaptureScreenshot())
	b.does(chromedp.EmulateReset(), prefers(""))
	for name, picture := range map[string][]byte{name + ".png": wide, name + "-phone-dark.png": phone} {
		if len(picture) == 0 {
			b.t.Errorf("%s is empty", name)
		}
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
			b.t.Error(err)
		}
	}
}

// prefers sets the colour scheme that the browser tells pages of.
func prefers(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		var p emulation.SetEmulatedMediaParams
		if scheme != "" {
			p.Features = []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, p)
		return err
	})
}
