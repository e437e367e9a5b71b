package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// startUp is what the quick commands cost.
type startUp struct {
	hello, empty, version *contestant
	others                []*contestant // that should be as quick as version
	tokens                []*contestant
	cli                   *contestant // the Salesforce CLI; nil where there is none
}

func (s startUp) all() []*contestant {
	all := append([]*contestant{s.hello, s.empty, s.version}, s.others...)
	all = append(all, s.tokens...)
	if s.cli != nil {
		all = append(all, s.cli)
	}
	return all
}

func measureStartUp(rounds int, work string) (startUp, error) {
	env := []string{"SFCONNECT_CONFIG_DIR=" + filepath.Join(work, "config"), "SFCONNECT_STATE_DIR=" + filepath.Join(work, "state")}
	ours := filepath.Join(work, "sfconnect")
	s := startUp{
		hello:   &contestant{name: "hello world", argv: []string{filepath.Join(work, "hello")}},
		empty:   &contestant{name: "empty program, same packages", argv: []string{filepath.Join(work, "empty")}},
		version: &contestant{name: "sfconnect version", argv: []string{ours, "version"}, env: env},
	}
	for _, args := range [][]string{{"help"}, {"completion", "bash"}, {"list", "--json"}} {
		s.others = append(s.others, &contestant{name: "sfconnect " + strings.Join(args, " "), argv: append([]string{ours}, args...), env: env})
	}
	org, err := startOrg(ours)
	if err != nil {
		return s, err
	}
	defer org.stop()
	if s.tokens, err = org.signIn(ours, work, env); err != nil {
		return s, err
	}
	if err := race(rounds, 3, s.all()); err != nil {
		return s, err
	}
	if sf, err := exec.LookPath("sf"); err == nil { // a hundred times slower: few runs tell enough
		s.cli = &contestant{name: "sf --version", argv: []string{sf, "--version"}, env: os.Environ()}
		return s, race(5, 1, []*contestant{s.cli})
	}
	return s, nil
}
