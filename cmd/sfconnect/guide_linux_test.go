package main

import (
	"context"
	_ "embed" // for the script that looks at a page
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"example.com/sfconnect/internal/recipe"
)

// pageLook has the functions overflow, contrast, unfocused, hidden and links.
//
//go:embed testdata/look.js
var pageLook string

// The page of recipe guide, in a real browser: it fits, can be read, says nothing to
// the console, asks for nothing, copies exactly and leads where it says.
func TestGuidePage(t *testing.T) {
	need(t, "chromium")
	u := newUser(t)
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	address := func(r recipe.Recipe) string { return "file://" + filepath.Join(u.home, r.ID+".html") }
	for _, r := range all {
		file := filepath.Join(u.home, r.ID+".html")
		out, err := u.command("recipe", "guide", r.ID, "--output", file, "--login-url", "https://acme.my.salesforce.com").CombinedOutput()
		if err != nil {
			t.Fatalf("recipe guide %s: %v\n%s", r.ID, err, out)
		}
	}
	b := newChromium(t, nil)
	b.does(attended())
	for _, r := range all {
		b.does(chromedp.EmulateViewport(390, 844), prefers("light"))
		b.opens(address(r), "main")
		b.wantFine(r.ID+" on a phone", "overflow()")
		b.does(chromedp.EmulateViewport(1280, 900))
		b.opens(address(r), "main")
		b.wantFine(r.ID, "overflow()", "contrast(4.5)", "unfocused()")
		b.does(prefers("dark"))
		b.wantFine(r.ID+" in the dark", "contrast(4.5)")
		b.does(prints())
		b.wantFine(r.ID+" printed", "hidden(['button', 'nav'])")
		b.does(prefers(""))
	}
	b.wantQuiet("file://" + u.home + "/")
}

// Each button copies the value beside it, letter by letter.
func TestGuideCopies(t *testing.T) {
	b := newChromium(t, nil)
	u := newUser(t)
	file := filepath.Join(u.home, "guide.html")
	out, err := u.command("recipe", "guide", "quilia", "--output", file, "--login-url", "acme.my.salesforce.com", "--input", "contact_email=o'neil+\"x\"@acme.com").CombinedOutput()
	if err == nil {
		t.Fatalf("an address with quotes is none: %s", out)
	}
	out, err = u.command("recipe", "guide", "quilia", "--output", file, "--login-url", "acme.my.salesforce.com", "--input", "contact_email=o'neil&co@acme.com").CombinedOutput()
	if err != nil {
		t.Fatalf("recipe guide: %v\n%s", err, out)
	}
	r, err := recipe.Find("quilia")
	if err != nil {
		t.Fatal(err)
	}
	b.does(attended())
	b.opens("file://"+file, ".copy")
	for label, want := range map[string]string{
		"External Client App Name": r.App.Name, "API Name": r.App.APIName, "Contact Email": "o'neil&co@acme.com", "Info URL": r.App.InfoURL,
		"Logo Image URL": r.App.LogoURL, "Icon URL": r.App.IconURL, "Description": r.App.Description, "Callback URL": r.CallbackURLs[0],
		"Login URL":   "https://acme.my.salesforce.com",
		"these lines": "http://localhost:1717/OauthRedirect\nhttp://localhost:1718/OauthRedirect\nhttp://localhost:1719/OauthRedirect",
	} {
		b.does(chromedp.Click(chromedp.CSS(`button[aria-label="Copy ` + label + `"]`)))
		b.does(chromedp.WaitVisible(chromedp.CSS(`button.done[aria-label="Copy ` + label + `"]`)))
		if got := gets(b, chromedp.Evaluate[string]("navigator.clipboard.readText()", chromedp.EvalAwaitPromise)); got != want {
			t.Errorf("%s copies %q, want %q", label, got, want)
		}
		if said := b.text("#status"); said != "Copied: "+label {
			t.Errorf("a screen reader hears %q", said)
		}
	}
	const setup = "https://acme.lightning.force.com/lightning/setup/"
	want := []string{
		setup + "NavigationMenus/home", setup + "NavigationMenus/home", setup + "ManageExternalClientApplication/home",
		setup + "ManageExternalClientApplication/home", setup + "OrgDomain/home",
	}
	if got := gets(b, chromedp.Evaluate[[]string](pageLook+"links('.path a')")); !slices.Equal(got, want) {
		t.Errorf("the links of the steps lead to\n%q, want\n%q", got, want)
	}
	b.does(scripts(false))
	b.opens("file://"+file, "main")
	b.does(scripts(true)) // for the next look alone; the page stands as it is
	b.wantFine("the page without scripts", "hidden(['button'])")
	b.wantQuiet("file://" + u.home + "/")
}

// wantFine calls functions of look.js, which must find nothing wrong.
func (b *chromium) wantFine(what string, calls ...string) {
	b.t.Helper()
	for _, call := range calls {
		if wrong := gets(b, chromedp.Evaluate[[]string](pageLook+call)); len(wrong) > 0 {
			b.t.Errorf("%s: %s: %q", what, call, wrong)
		}
	}
}

// prints shows the page as a printer gets it.
func prints() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	})
}

// attended gives pages the focus, as a person in front of them does, and the clipboard.
func attended() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
			return err
		}
		for _, name := range []string{"clipboard-read", "clipboard-write"} {
			_, err := cdp.Call(ctx, t, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// scripts switches the scripts of pages on or off.
func scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}
