package term

import (
	"errors"
	"strings"
	"testing"
)

func TestUTF8(t *testing.T) {
	for _, c := range []struct {
		env, goos string
		want      bool
	}{
		{"", "linux", true}, {"LANG=C.UTF-8", "linux", true}, {"LANG=de_DE.utf8", "linux", true}, {"LC_CTYPE=UTF-8", "darwin", true}, {"LANG=ca_ES.UTF-8@valencia", "linux", true},
		{"LANG=C", "linux", false}, {"LANG=POSIX", "linux", false}, {"LANG=en_US", "linux", false}, {"LANG=de_DE.ISO-8859-1", "linux", false}, {"LANG=de_DE@euro", "linux", false},
		{"LANG=en_US.UTF-8 LC_ALL=C", "linux", false}, {"LANG=en_US.UTF-8 LC_CTYPE=C", "linux", false}, {"LANG=C LC_ALL=C.UTF-8", "linux", true}, {"LC_CTYPE=C LC_ALL=en_US.UTF-8", "linux", true},
		{"LANG=en_US.UTF-8 LC_TIME=C LANGUAGE=C", "linux", true}, {"LANG=C", "windows", true},
	} {
		env := func(name string) string {
			for _, pair := range strings.Fields(c.env) {
				if value, found := strings.CutPrefix(pair, name+"="); found {
					return value
				}
			}
			return ""
		}
		if got := UTF8(env, c.goos); got != c.want {
			t.Errorf("%q on %s: %v, want %v", c.env, c.goos, got, c.want)
		}
	}
}

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"plain\x1b[1m text\r\n": "plain\x1b[1m text\r\n",
		"Setup › App Manager":   "Setup > App Manager",
		"↑↓ choose  ←→ enter ─ (•) → ‹id› ██░": "^v choose  <> enter - (*) > <id> ##.",
		"“may self-authorize”, it’s – done":    `"may self-authorize", it's - done`,
		"Copy a value…": "Copy a value...",
		"cut…   next":   "cut... next",
		"José 会社 e\u0301 \U0001F511 \ufeff \xff": "Jos? ???? e ??  ?",
	} {
		if got := ascii(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// broken takes so many writes, and fails then.
type broken struct {
	text strings.Builder
	good int
}

func (b *broken) Write(p []byte) (int, error) {
	if b.good--; b.good < 0 {
		return 0, errors.New("full")
	}
	return b.text.Write(p)
}

// TestLegibleInPieces: a character may come in several writes.
func TestLegibleInPieces(t *testing.T) {
	text := "a › b 会 … \xff é"
	var whole strings.Builder
	_, _ = Legible(&whole).Write([]byte(text))
	for size := 1; size < 5; size++ {
		out := &broken{good: 1 << 10}
		to := Legible(out)
		for rest := text; rest != ""; {
			piece := rest[:min(size, len(rest))]
			if n, err := to.Write([]byte(piece)); n != len(piece) || err != nil {
				t.Fatalf("wrote %d of %d, %v", n, len(piece), err)
			}
			rest = rest[len(piece):]
		}
		if out.text.String() != whole.String() {
			t.Errorf("pieces of %d: %q, want %q", size, out.text.String(), whole.String())
		}
	}
	if _, err := Legible(&broken{}).Write([]byte("x")); err == nil {
		t.Error("a failed write is not told")
	}
}
