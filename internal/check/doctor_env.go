package check

import (
	"context"
	"runtime"
	"strings"
)

// environment names what is set; the value of what may hold a secret is left out, and
// so is that of what has no meaning, which may be a secret under a misspelt name.
func (x *examination) environment(context.Context) []Stage {
	var set []string
	for _, v := range variables() {
		switch value := x.Getenv(v.Name); {
		case value == "":
		case v.Show:
			set = append(set, v.Name+"="+value)
		default:
			set = append(set, v.Name+" (its value is not shown)")
		}
	}
	env := Stage{Name: "env", Status: Pass, Detail: "no variable that matters here is set"}
	if len(set) > 0 {
		env.Detail = strings.Join(set, ", ")
	}
	if len(x.Unknown) > 0 {
		env.Status, env.Hint = Warn, strings.Join(x.Unknown, "\n")
	}
	program := "sfconnect " + x.Version + ", " + x.OS + "/" + runtime.GOARCH + ", " + runtime.Version()
	if x.Place != "" {
		program += ", in " + x.Place
	}
	return []Stage{
		env,
		{Name: "version", Status: Pass, Detail: program},
	}
}

// browser finds out whether a sign-in could open one, without opening it. A browser
// that is missing never fails a sign-in, and so it is a warning.
func (x *examination) browser(context.Context) []Stage {
	s := Stage{Name: "browser", Status: Warn}
	own, err := x.Browser()
	switch {
	case err != nil:
		s = failed("browser", err)
		s.Status, s.Fault = Warn, nil
	case len(own) > 0:
		if _, err := x.LookPath(own[0]); err != nil {
			s.Detail = "The program of BROWSER is not found: " + own[0] + "."
			s.Hint = "Correct or unset BROWSER. Until then each sign-in shows its address, for you to open."
			break
		}
		s.Status, s.Detail = Pass, own[0]+", as BROWSER says"
	case x.OS == "windows":
		s.Status, s.Detail = Pass, "the one that Windows opens"
	case x.OS == "darwin":
		s = x.opener(s, "open")
	case x.WSL && x.opener(s, windowsBrowser()...).Status == Pass:
		s = x.opener(s, windowsBrowser()...)
	case x.Getenv("DISPLAY") == "" && x.Getenv("WAYLAND_DISPLAY") == "":
		s.Detail = "No browser can be opened here: there is no graphical session (neither DISPLAY nor WAYLAND_DISPLAY is set)."
		s.Hint = "Each sign-in shows its address. Where the browser is on another computer, the paste flow needs no way back: sfconnect auth --flow paste"
	default:
		s = x.opener(s, "xdg-open", "x-www-browser", "www-browser") // those that pkg/browser tries
	}
	return []Stage{s}
}

// windowsBrowser are the programs that open a browser of Windows out of WSL.
func windowsBrowser() []string { return []string{"wslview", "rundll32.exe"} }

func (x *examination) opener(s Stage, programs ...string) Stage {
	for _, program := range programs {
		if _, err := x.LookPath(program); err == nil {
			s.Status, s.Detail = Pass, "opened by "+program
			return s
		}
	}
	s.Detail = "No browser can be opened here: " + strings.Join(programs, ", ") + " not found."
	s.Hint = "Install xdg-utils, or name a browser in BROWSER. Until then each sign-in shows its address, for you to open."
	if x.OS == "darwin" { // open is a part of macOS
		s.Hint = "See that PATH has /usr/bin, or name a browser in BROWSER. Until then each sign-in shows its address, for you to open."
	}
	return s
}

// authorities are the certificates that are trusted besides the system's.
func (x *examination) authorities(context.Context) []Stage {
	detail, err := x.CA()
	if err != nil {
		return []Stage{failed("ca", err)}
	}
	return []Stage{{Name: "ca", Status: Pass, Detail: detail}}
}
