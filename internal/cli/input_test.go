package cli

import (
	"slices"
	"testing"
)

func TestSplitWords(t *testing.T) {
	for _, c := range []struct {
		in      string
		windows bool
		want    []string
	}{
		{"firefox", false, []string{"firefox"}},
		{"  firefox   --new-tab ", false, []string{"firefox", "--new-tab"}},
		{`"/opt/my browser/run" 'a "b" c'`, false, []string{"/opt/my browser/run", `a "b" c`}},
		{`a\ b "c\"d" "e\f"`, false, []string{"a b", `c"d`, `e\f`}},
		{`''`, false, []string{""}},
		{`"C:\Program Files\x\y.exe" --flag`, true, []string{`C:\Program Files\x\y.exe`, "--flag"}},
		{`C:\x\y.exe`, true, []string{`C:\x\y.exe`}},
		{`$HOME; rm`, false, []string{"$HOME;", "rm"}},
	} {
		got, err := splitWords(c.in, c.windows)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("splitWords(%q, windows %v) = %q, %v, want %q", c.in, c.windows, got, err, c.want)
		}
	}
	for _, in := range []string{"", "  ", `"open`, `'open`, `ends\`} {
		if got, err := splitWords(in, false); err == nil {
			t.Errorf("splitWords(%q) = %q, want an error", in, got)
		}
	}
}

func TestTrimInput(t *testing.T) {
	for in, want := range map[string]string{
		"secret": "secret", "secret\n": "secret", "secret\r\n": "secret", "\xef\xbb\xbfsecret\n": "secret", "secret\n\n": "secret\n", "": "",
	} {
		if got := trimInput([]byte(in)); got != want {
			t.Errorf("trimInput(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	if got, want := clean("a\x1b[31mb\u202ec\nd\te\u009b"), "a\ufffd[31mb\ufffdc\nd\te\ufffd"; got != want {
		t.Errorf("clean = %q, want %q", got, want)
	}
}

func TestWantsJSON(t *testing.T) {
	for _, c := range []struct {
		args []string
		want bool
	}{
		{[]string{"list", "--json"}, true},
		{[]string{"--json=true", "list"}, true},
		{[]string{"list", "--", "--json"}, false},
		{[]string{"list", "--json=false"}, false},
		{nil, false},
	} {
		if got := wantsJSON(c.args); got != c.want {
			t.Errorf("wantsJSON(%q) = %v", c.args, got)
		}
	}
}
