package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// results are all the figures of one run.
type results struct {
	rounds  int
	startUp startUp
	network network
	fleets  []fleet
}

// goal is a figure with the bound that it should keep.
type goal struct {
	what      string
	got, most float64
	unit      string
}

func (g goal) met() string {
	if g.got <= g.most {
		return "met"
	}
	return fmt.Sprintf("missed by %.2f", g.got-g.most)
}

func (r results) goals(work string) []goal {
	s := r.startUp
	start := s.version.median()
	list := []goal{
		{"`sfconnect version` against a hello-world", start / s.hello.median(), 2.5, "×"},
		{"`sfconnect version` against an empty program with the same packages", start / s.empty.median(), 1.15, "×"},
	}
	for _, c := range s.others {
		list = append(list, goal{"`" + c.name + "` against a hello-world", c.median() / s.hello.median(), 2.5, "×"},
			goal{"`" + c.name + "` against an empty program with the same packages", c.median() / s.empty.median(), 1.15, "×"})
	}
	for _, t := range s.tokens {
		most := 15.0
		if strings.Contains(t.name, "file") {
			most = 5
		}
		list = append(list, goal{"`" + t.name + "`, from the cache, over `version`", t.median() - start, most, " ms"})
	}
	list = append(list, goal{"`test` of one connection, start left out", roundTrips(r.network.test, start), 4.5, " round trips"})
	for _, f := range r.fleets {
		if f.n == 1000 {
			list = append(list, goal{"`test --all`, 1,000 connections", f.seconds(), 5, " s"},
				goal{"memory of that", float64(f.run.peakKB) / 1024, 150, " MB"})
		}
	}
	if info, err := os.Stat(filepath.Join(work, "sfconnect")); err == nil {
		list = append(list, goal{"size of the program, stripped", float64(info.Size()) / 1e6, 10, " MB"})
	}
	return list
}

func (r results) machine() string {
	return fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
}

func (r results) print(w io.Writer, work string) {
	fmt.Fprintf(w, "%s; %d alternating runs of each quick command\n\n", r.machine(), r.rounds)
	fmt.Fprintf(w, "%-36s %9s %9s %9s %9s %9s %9s\n", "", "median ms", "p10", "p90", "x hello", "x empty", "peak MB")
	row := func(c *contestant) {
		fmt.Fprintf(w, "%-36s %9.2f %9.2f %9.2f %9.2f %9.2f %9.1f\n", c.name, c.median(), c.at(0.1), c.at(0.9),
			c.median()/r.startUp.hello.median(), c.median()/r.startUp.empty.median(), float64(c.peakKB)/1024)
	}
	for _, c := range append(r.startUp.all(), r.network.all()...) {
		row(c)
	}
	for _, f := range r.fleets {
		row(f.run)
		fmt.Fprintf(w, "%-36s %9.2f ms of processor time each\n", "", slices.Min(f.run.cpu)/float64(f.n))
	}
	fmt.Fprintln(w)
	for _, g := range r.goals(work) {
		fmt.Fprintf(w, "%-70s %8.2f%s  (at most %g: %s)\n", g.what, g.got, g.unit, g.most, g.met())
	}
}

// write makes performance.md and its plot in dir.
func (r results) write(dir, work string) error {
	if err := r.plot(filepath.Join(dir, "performance.svg")); err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# How fast sfconnect is

Measured by `+"`make bench`"+` on %s: %s. Everything was run on one machine in
alternating runs, so the ratios tell more than the milliseconds. The distant org is the practice org in the same
machine, over TLS and HTTP/2, with every byte delayed by %d ms each way and one more round trip for the TCP handshake;
it takes its share of the two processors.

## Goals

| what | measured | at most | |
| --- | ---: | ---: | --- |
`, time.Now().Format("2 January 2006"), r.machine(), roundTrip.Milliseconds()/2)
	for _, g := range r.goals(work) {
		fmt.Fprintf(&b, "| %s | %.2f%s | %g%s | %s |\n", g.what, g.got, g.unit, g.most, g.unit, g.met())
	}
	fmt.Fprintf(&b, `
## Quick commands

Medians of %d runs; the tenth and ninetieth percentile show the spread. `+"`list`"+` has ten connections to list.

| | median ms | p10 | p90 | × hello | × empty | peak MB |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
`, r.rounds)
	for _, c := range r.startUp.all() {
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.1f |\n", c.name, c.median(), c.at(0.1), c.at(0.9),
			c.median()/r.startUp.hello.median(), c.median()/r.startUp.empty.median(), float64(c.peakKB)/1024)
	}
	if r.startUp.cli == nil {
		b.WriteString("\nThe Salesforce CLI was not on PATH, so it is not in the table.\n")
	}
	fmt.Fprintf(&b, "\n## One test, %d ms away\n\n| | median ms | p10 | p90 | round trips |\n| --- | ---: | ---: | ---: | ---: |\n", roundTrip.Milliseconds())
	for _, c := range r.network.all() {
		start := 0.0
		if c == r.network.test {
			start = r.startUp.version.median()
		}
		fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.0f | %.2f |\n", c.name, c.median(), c.at(0.1), c.at(0.9), roundTrips(c, start))
	}
	b.WriteString("\ncurl gets an access token beforehand and keeps its connections; it makes the six requests of a test.\n" +
		"\n## Many connections\n\n![wall time against the number of connections](performance.svg)\n\n" +
		"| connections | seconds | ms each | against the smallest | times faster than curl in a row | peak MB |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, f := range r.fleets {
		faster := "-"
		if r.network.curl != nil {
			faster = fmt.Sprintf("%.0f", r.network.curl.median()/f.each())
		}
		fmt.Fprintf(&b, "| %d | %.2f | %.2f | %.2f | %s | %.0f |\n", f.n, f.seconds(), f.each(), f.each()/r.fleets[0].each(), faster, float64(f.run.peakKB)/1024)
	}
	b.WriteString(`
The curve bends once, at the number of connections that are tested at a time, which is what --concurrency is by itself: so
many for each processor, fewer where the limit of open files is low. Up to it all of them wait for the network side by side, and the whole takes little longer
than one. Beyond it the processors are what is waited for, ours and the simulated org's in one: from there on each
connection costs the same, because profiles.json and the file of secrets are read and opened once, a batch of changes is
written as one, and of the requests of a test only the first to a host makes a connection. Memory grows with what is kept
for the one document of --json; --jsonl keeps nothing.

The connections are copies of one, so that all go to the same two hosts and TLS sessions are resumed after the first; with
a thousand different hosts each handshake has a certificate to check as well.
`)
	return os.WriteFile(filepath.Join(dir, "performance.md"), []byte(b.String()), 0o644)
}
