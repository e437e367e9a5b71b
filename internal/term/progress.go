package term

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress is one line on a terminal that says how far a command with many parts
// is. It is drawn over itself, without escape sequences. The methods do nothing on a
// nil Progress. Not safe for concurrent use.
type Progress struct {
	out          io.Writer
	now          func() time.Time
	total        int
	begun, drawn time.Time
	shown        string
}

// redraw is how often the line changes at most: no eye follows more.
const redraw = 100 * time.Millisecond

// NewProgress makes the line of a command with total parts.
func NewProgress(out io.Writer, total int, now func() time.Time) *Progress {
	return &Progress{out: out, now: now, total: total, begun: now()}
}

// Step says that done parts have ended, failing of them badly.
func (p *Progress) Step(done, failing int) {
	if p == nil {
		return
	}
	now := p.now()
	if done == p.total || p.shown != "" && now.Sub(p.drawn) < redraw {
		return
	}
	p.Clear()
	p.drawn = now
	p.shown = p.text(done, failing, now)
	if w := Width(p.out); w > 0 && width(p.shown) >= w {
		p.shown = p.shown[:max(w-1, 0)]
	}
	_, _ = io.WriteString(p.out, p.shown)
}

func (p *Progress) text(done, failing int, now time.Time) string {
	parts := []string{fmt.Sprintf("%d of %d done", done, p.total)}
	if failing > 0 {
		parts = append(parts, fmt.Sprintf("%d failing", failing))
	}
	if spent := now.Sub(p.begun); spent >= time.Second && done > 0 {
		left := spent / time.Duration(done) * time.Duration(p.total-done)
		parts = append(parts, fmt.Sprintf("%d:%02d left", int(left.Minutes()), int(left.Seconds())%60))
	}
	return indent + strings.Join(parts, "   ")
}

// Clear takes the line away, so that something else can be written there.
func (p *Progress) Clear() {
	if p == nil || p.shown == "" {
		return
	}
	_, _ = io.WriteString(p.out, "\r"+strings.Repeat(" ", width(p.shown))+"\r")
	p.shown = ""
}
