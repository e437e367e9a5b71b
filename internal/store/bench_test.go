package store

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func profilesOf(tb testing.TB, n int) *File {
	tb.Helper()
	dir := tb.TempDir()
	f := NewFile(dir, dir)
	if err := f.Update(tb.Context(), func(s *Set) error {
		for i := range n {
			s.Put(fmt.Sprintf("org-%05d", i), sample(fmt.Sprint(i)))
		}
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	old := time.Now().Add(-time.Minute) // else it might be changing still
	if err := os.Chtimes(f.Path(), old, old); err != nil {
		tb.Fatal(err)
	}
	return f
}

// A profile costs the same to find among ten and among a thousand, once the file was read.
func TestFindingAProfileStaysCheap(t *testing.T) {
	for _, n := range []int{10, 1000} {
		f := profilesOf(t, n)
		find := func() {
			set, err := f.Load()
			if err == nil {
				_, err = set.Find("org-00007")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		find()
		if got := testing.AllocsPerRun(100, find); got > 10 {
			t.Errorf("%d profiles: %v allocations, want at most 10", n, got)
		}
	}
}

func BenchmarkFirstLoad(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := profilesOf(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if set, err := NewFile(f.configDir, f.stateDir).Load(); err != nil || len(set.Profiles) != n {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLoadAgain(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := profilesOf(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Load(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
