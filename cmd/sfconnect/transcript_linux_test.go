package main

import (
	"regexp"
	"strings"
	"sync"
	"testing"
)

// transcript is what a program writes, for a test that reads along.
type transcript struct {
	t    *testing.T
	name string
	mu   sync.Mutex
	more *sync.Cond
	raw  strings.Builder
	mark int // read up to here
	done bool
	// plain turns raw into what a person sees; nil leaves it as it is.
	plain func(string) string
}

func newTranscript(t *testing.T, name string) *transcript {
	s := &transcript{t: t, name: name}
	s.more = sync.NewCond(&s.mu)
	return s
}

// Write implements io.Writer.
func (s *transcript) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.more.Broadcast()
	return s.raw.Write(b)
}

func (s *transcript) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
	s.more.Broadcast()
}

func (s *transcript) text() string {
	if s.plain != nil {
		return s.plain(s.raw.String())
	}
	return s.raw.String()
}

// String is all that was written so far.
func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text()
}

// reads waits for the first match after the last one read and gives its groups.
func (s *transcript) reads(pattern string) []string {
	s.t.Helper()
	re := regexp.MustCompile(pattern)
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		text := s.text()
		unread := text[min(s.mark, len(text)):]
		if at := re.FindStringSubmatchIndex(unread); at != nil {
			s.mark += at[1]
			return re.FindStringSubmatch(unread)
		}
		if s.done {
			s.t.Fatalf("%s has no %q after what was read before:\n%s", s.name, pattern, unread)
		}
		s.more.Wait()
	}
}

// last gives the first group of the last match in what was read already.
func (s *transcript) last(pattern string) string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	all := regexp.MustCompile(pattern).FindAllStringSubmatch(s.text()[:s.mark], -1)
	if len(all) == 0 {
		s.t.Fatalf("%s has had no %q:\n%s", s.name, pattern, s.text())
	}
	return all[len(all)-1][1]
}
