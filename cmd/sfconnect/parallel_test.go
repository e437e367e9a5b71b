package main

import (
	"runtime"
	"testing"
)

func TestParallel(t *testing.T) {
	for _, c := range []struct{ processors, files, want int }{
		{2, 0, 128}, {2, 1 << 20, 128}, {0, 0, 64}, {64, 0, 512},
		{2, 256, 28}, // macOS's own limit, where it was not raised
		{2, 20, 1},
	} {
		if got := parallel(c.processors, c.files); got != c.want {
			t.Errorf("%d processors, %d files: %d at a time, want %d", c.processors, c.files, got, c.want)
		}
	}
}

// The system's own limit of open files is found, where it has one.
func TestOpenFiles(t *testing.T) {
	switch most := openFiles(); {
	case runtime.GOOS == "windows" && most != 0:
		t.Errorf("Windows has a limit of %d", most)
	case runtime.GOOS != "windows" && most != 0 && most < 64, most < 0:
		t.Errorf("got %d", most)
	}
}
