// Command pictures records the real program on a terminal of its own and draws
// what was seen, as docs/pictures/*.svg. It needs node's npx for svg-term-cli.
//
//	pictures -program bin/sfconnect -output docs/pictures
//	pictures visit ADDRESS   # the browser of the recording: signs in to a practice org
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
)

const columns = 80

func main() {
	program := flag.String("program", "bin/sfconnect", "the built program")
	output := flag.String("output", "docs/pictures", "folder of the pictures")
	flag.Parse()
	if err := run(context.Background(), *program, *output); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, output string) error {
	if flag.Arg(0) == "visit" {
		return practice.Visitor{}.Visit(ctx, flag.Arg(1))
	}
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s := studio{program: program, work: work, env: append(os.Environ(),
		"TERM=xterm-256color", "NO_COLOR=", "COLORTERM=truecolor", "HOME="+work, "SFCONNECT_CONFIG_DIR="+work, "SFCONNECT_STATE_DIR="+work,
		"SFCONNECT_STORE=file", "SFCONNECT_PASSPHRASE=only for the pictures", "BROWSER='"+self+"' visit")}
	if err := s.draw(ctx, filepath.Join(output, "init.svg"), 34, []string{"init", "--practice"}, walk); err != nil {
		return err
	}
	if err := s.connect(ctx); err != nil {
		return err
	}
	return s.draw(ctx, filepath.Join(output, "audit.svg"), 34, []string{"audit"}, nil)
}

// walk is the way through the rehearsal: what is waited for, how long it is shown
// and what is typed then.
var walk = []moment{
	{"Which integration?", 2 * time.Second, "quil"},
	{"› Quilia", time.Second, "\r"},
	{"Contact email", 1200 * time.Millisecond, "\r"},
	{"> http://127.0.0.1", 1500 * time.Millisecond, "\r"},
	{"Is there an app", 1500 * time.Millisecond, "\r"},
	{"page 1 of 7", 1500 * time.Millisecond, "\r"},
	{"page 2 of 7", 2 * time.Second, "\r"},
	{"page 3 of 7", 4 * time.Second, "\r"},
	{"page 4 of 7", 1500 * time.Millisecond, "\r"},
	{"page 5 of 7", 1500 * time.Millisecond, "\r"},
	{"page 6 of 7", 1500 * time.Millisecond, "\r"},
	{"page 7 of 7", 1500 * time.Millisecond, "\r"},
	{"> ", 1500 * time.Millisecond, "\r"},
	{"One is ready", 1500 * time.Millisecond, "\r"},
	{"Is this the right org and user?", 3 * time.Second, "\r"},
	{"The connection works", 4 * time.Second, "\r"},
	{"Done, I have entered them", 4 * time.Second, "\r"},
	{"Finish", 2 * time.Second, "\r"},
}

// connect starts a practice org whose app differs in two boxes from what Quilia
// asks for, and signs in there.
func (s studio) connect(ctx context.Context) error {
	all, err := recipe.All()
	if err != nil {
		return err
	}
	o := practice.Options{Now: time.Now, Rand: rand.Reader, Settings: map[string]string{"pkce_required": "false", "client_credentials_flow": "true"}}
	for _, r := range all {
		if r.ID == "quilia" {
			r = r.Fill(nil)
			o.Recipe = &r
		}
	}
	org, err := practice.Serve(ctx, net.Listen, "127.0.0.1:0", o)
	if err != nil {
		return err
	}
	facts := org.Org.Facts()
	auth := exec.CommandContext(ctx, s.program, "auth", "--recipe", "quilia", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey)
	auth.Env = append(s.env, "SFCONNECT_CONSUMER_SECRET="+facts.ConsumerSecret)
	if text, err := auth.CombinedOutput(); err != nil {
		return fmt.Errorf("auth: %w\n%s", err, text)
	}
	return nil
}

// draw records one command and renders it: moving where there are moments, and
// else its last picture alone, from the beginning of the answer.
func (s studio) draw(ctx context.Context, to string, lines int, args []string, moments []moment) error {
	cast, err := s.record(ctx, lines, args, moments)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(to), err)
	}
	from := filepath.Join(s.work, "recording.cast")
	if err := os.WriteFile(from, cast, 0o644); err != nil {
		return err
	}
	svgTerm := []string{"--yes", "svg-term-cli@2.1.1", "--in", from, "--out", to,
		"--window", "--no-cursor", "--width", strconv.Itoa(columns), "--height", strconv.Itoa(lines)}
	if moments == nil {
		svgTerm = append(svgTerm, "--at", "7000") // milliseconds: the command is typed in 1.8 s, and its answer stands for 6
	}
	render := exec.CommandContext(ctx, "npx", svgTerm...)
	render.Stdout, render.Stderr = os.Stderr, os.Stderr
	return render.Run()
}
