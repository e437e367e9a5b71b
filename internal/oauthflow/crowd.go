package oauthflow

import (
	"slices"
	"sync"
)

// mostOpen bounds the connections that are open at a time: a system may let a
// process have no more than 256 files, and the keychain needs some as well.
const mostOpen = 128

// crowd is all who are connected. When one more comes than may be there, the one
// that has been there longest is sent away: a browser says what it wants at once,
// so that it is answered long before it is the oldest. Whoever was not listened to
// yet stays, and so does whoever brought the true callback. The zero value is
// ready; its methods are safe for concurrent use.
type crowd struct {
	mu   sync.Mutex
	open []*conn // in the order in which they came
	kept map[*conn]bool
}

func (w *crowd) enter(c *conn) {
	w.mu.Lock()
	w.open = append(w.open, c)
	var away []*conn
	for len(w.open) > mostOpen {
		i := slices.IndexFunc(w.open, func(o *conn) bool { return !w.kept[o] && o.reading.Load() })
		if i < 0 {
			break
		}
		away = append(away, w.open[i])
		w.open = slices.Delete(w.open, i, i+1)
	}
	w.mu.Unlock()
	for _, c := range away {
		c.Close()
	}
}

func (w *crowd) leave(c *conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.open, c); i >= 0 {
		w.open = slices.Delete(w.open, i, i+1)
	}
	delete(w.kept, c)
}

// keep lets c stay until it leaves by itself.
func (w *crowd) keep(c *conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept == nil {
		w.kept = map[*conn]bool{}
	}
	w.kept[c] = true
}
