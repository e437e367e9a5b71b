package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	le "encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"example.com/sfconnect/internal/practice"
)

// The Windows build in Wine: the main job, with the Credential Manager, the paths,
// the locks and the replacing of files that Windows has.

func TestWindowsSignIn(t *testing.T) {
	u, w := onWindows(t)
	r := newRotating(t)
	u.sets("SFCONNECT_CONSUMER_SECRET=" + r.facts.ConsumerSecret)
	var saved struct {
		OK       bool
		StoredIn string `json:"stored_in"`
	}
	u.runs(0, r.authArgs("--browser", w.visitor)...).document(&saved)
	if !saved.OK || saved.StoredIn != "keychain" {
		t.Errorf("auth says %+v", saved)
	}
	config, state := w.profileFolder(t, "AppData", "Roaming", "sfconnect"), w.profileFolder(t, "AppData", "Local", "sfconnect")
	if _, err := os.Stat(filepath.Join(config, "profiles.json")); err != nil {
		t.Error(err)
	}
	if locks, _ := filepath.Glob(filepath.Join(state, "*.lock")); len(locks) == 0 {
		t.Errorf("there are no locks in %s", state)
	}
	if held := w.credentials(t); len(held) < 3 {
		t.Errorf("the Credential Manager holds %q", held)
	}

	var tested struct {
		OK     bool
		Stages []struct{ Name, Status, Detail string }
	}
	u.runs(0, "test", "--json").document(&tested)
	if !tested.OK || len(tested.Stages) != 10 {
		t.Errorf("test says %+v", tested)
	}

	// Each wants a new token and holds the lock in turn: with rotation, one that
	// did not wait would spend a refresh token twice.
	var all []*process
	for range 6 {
		all = append(all, u.starts("", "token", "--refresh"))
	}
	for _, p := range all {
		p.exits(0)
		if token, line := strings.CutSuffix(p.out.String(), "\n"); !line || !slices.Contains(r.org.Ledger().LiveAccessTokens, token) {
			t.Errorf("token prints %q, which the org does not know", p.out)
		}
	}
	l := r.org.Ledger()
	if l.RotationReplays != 0 || len(l.LiveRefreshTokens) != 1 {
		t.Errorf("%d replays, %d living refresh tokens", l.RotationReplays, len(l.LiveRefreshTokens))
	}
	u.wantNoSecretInFiles(append(l.LiveAccessTokens, r.facts.ConsumerSecret, l.LiveRefreshTokens[0])...)

	var listed struct {
		Profiles []struct{ Name, Username string }
	}
	u.runs(0, "list", "--json").document(&listed)
	if len(listed.Profiles) != 1 || listed.Profiles[0].Name != "default" || listed.Profiles[0].Username != r.facts.Username {
		t.Errorf("list says %+v", listed)
	}
	var audited struct {
		Recipe string
		Checks []struct{ ID, Status string }
	}
	u.runs(9, "audit", "--recipe", "quilia", "--json").document(&audited) // the app has another callback than Quilia's
	if audited.Recipe != "quilia" || len(audited.Checks) < 10 || !slices.ContainsFunc(audited.Checks, func(c struct{ ID, Status string }) bool {
		return c.ID == "key_known" && c.Status == "pass"
	}) {
		t.Errorf("audit says %+v", audited)
	}
	handed := filepath.Join(tempDir(t), "handed.json")
	u.runs(0, "export", "--format", "json", "--output", w.path(handed))
	if text, err := os.ReadFile(handed); err != nil || !strings.Contains(string(text), r.facts.ConsumerSecret) || !strings.Contains(string(text), r.org.Ledger().LiveRefreshTokens[0]) {
		t.Errorf("export writes %q, %v", text, err)
	}

	var looked struct {
		Checks []struct{ Name, Status, Detail string }
	}
	u.runs(0, "doctor", "--json").document(&looked)
	details := map[string]string{}
	for _, c := range looked.Checks {
		details[c.Name] = c.Status + " " + c.Detail
	}
	for name, want := range map[string]string{
		"config": `pass ~\AppData\Roaming\sfconnect`, "state": `pass ~\AppData\Local\sfconnect`,
		"store:keychain": "pass works: Windows Credential Manager", "browser": "pass the one that Windows opens",
	} {
		if details[name] != want {
			t.Errorf("doctor says of %s: %q, want %q", name, details[name], want)
		}
	}

	u.runs(0, "test")
	u.runs(0, "logout")
	u.wantNothingSaved()
	if l := r.org.Ledger(); len(l.LiveRefreshTokens) != 0 || len(l.LiveAccessTokens) != 0 {
		t.Errorf("the org still has %d refresh and %d access tokens", len(l.LiveRefreshTokens), len(l.LiveAccessTokens))
	}
	if held := w.credentials(t); len(held) != 0 {
		t.Errorf("the Credential Manager still holds %q", held)
	}
}

// A key of 4096 bits is longer than the 2,560 bytes that one entry takes.
func TestWindowsLongSecret(t *testing.T) {
	u, w := onWindows(t)
	key, err := rsa.GenerateKey(rand.Reader, 4096)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ci"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * 365 * time.Hour)}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if len(text) <= 2560 {
		t.Fatalf("a key of %d bytes shows nothing", len(text))
	}
	file := filepath.Join(tempDir(t), "key.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSalesforce(t, u, map[string]string{"jwt_bearer_flow": "true", "permitted_users": "admin_approved", "user_preauthorized": "true",
		"certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))})
	ca := w.path(s.ca)
	u.runs(0, "auth", "--profile", "ci", "--flow", "jwt-bearer", "--ca-file", ca, "--login-url", s.facts.MyDomainURL,
		"--consumer-key", s.facts.ConsumerKey, "--username", s.facts.Username, "--private-key-file", w.path(file))
	parts := 0
	for _, name := range w.credentials(t) {
		if strings.Contains(name, "/private-key.") {
			parts++
		}
	}
	if parts != 3 {
		t.Errorf("the key is in %d parts", parts)
	}
	token := u.runs(0, "token", "--profile", "ci", "--refresh", "--ca-file", ca).out.String()
	if !s.lives(strings.TrimSuffix(token, "\n")) {
		t.Errorf("token prints %q, which the org does not know", token)
	}
	u.runs(0, "logout", "ci", "--ca-file", ca)
	if held := w.credentials(t); len(held) != 0 {
		t.Errorf("the Credential Manager still holds %q", held)
	}
}

// Processes that write the one file of the file store at a time replace it under
// one another's eyes.
func TestWindowsFileStore(t *testing.T) {
	u, w := onWindows(t)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(tempDir(t), "identity.txt")
	if err := os.WriteFile(file, []byte(identity.String()+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSalesforce(t, u, map[string]string{"client_credentials_flow": "true"})
	u.sets("SFCONNECT_CONSUMER_SECRET="+s.facts.ConsumerSecret, "SFCONNECT_AGE_IDENTITY_FILE="+w.path(file))
	ca := w.path(s.ca)
	names := []string{"a", "b", "c", "d"}
	together := func(args ...string) {
		t.Helper()
		var all []*process
		for _, name := range names {
			all = append(all, u.starts("", append(args, "--profile", name, "--ca-file", ca)...))
		}
		for _, p := range all {
			p.exits(0)
		}
	}
	together("auth", "--store", "file", "--flow", "client-credentials", "--login-url", s.facts.MyDomainURL, "--consumer-key", s.facts.ConsumerKey)
	together("token", "--refresh")
	sealed := filepath.Join(w.profileFolder(t, "AppData", "Roaming", "sfconnect"), "secrets.age")
	before, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := age.Decrypt(bytes.NewReader(before), identity); err != nil {
		t.Errorf("age cannot open what the Windows build has written: %v", err)
	}
	u.runs(0, "store", "migrate", "--to", "keychain")
	if held := w.credentials(t); len(held) < 2*len(names) {
		t.Errorf("the Credential Manager holds %q", held)
	}
	u.runs(0, "logout", "--all", "--ca-file", ca)
	u.wantNothingSaved()
	if held := w.credentials(t); len(held) != 0 {
		t.Errorf("the Credential Manager still holds %q", held)
	}
	for _, name := range []string{"secrets.age", "secrets.key.age"} {
		_ = os.Remove(filepath.Join(filepath.Dir(sealed), name))
	}
}

// The practice org and the rehearsal run on Windows as well.
func TestWindowsPractice(t *testing.T) {
	u, _ := onWindows(t)
	org := u.starts("", "practice", "--json", "--set", "client_credentials_flow=true")
	org.out.reads(`\n`)
	var facts practice.Facts
	org.document(&facts)
	u.sets("SFCONNECT_CONSUMER_SECRET=" + facts.ConsumerSecret)
	u.runs(0, "auth", "--flow", "client-credentials", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey)
	u.runs(0, "logout")
	if err := org.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	org.exits(130)
	if said := org.err.String(); !strings.Contains(said, "has stopped") {
		t.Errorf("it ends with %q", said)
	}

	walked := u.runs(0, "init", "--practice", "--no-input")
	if text := walked.out.String() + walked.err.String(); !strings.Contains(text, "The rehearsal is finished") {
		t.Errorf("the rehearsal ends with\n%s", text)
	}
}

// Where no variable names a proxy, the setting of Windows holds.
func TestWindowsProxySetting(t *testing.T) {
	u, w := onWindows(t)
	s := newSalesforce(t, u, map[string]string{"client_credentials_flow": "true"})
	u.env = slices.DeleteFunc(u.env, func(pair string) bool { return strings.HasPrefix(pair, "HTTPS_PROXY=") })
	const key = `HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`
	// What the dialog writes: its mark, a count, "direct" and "proxy", then texts with their lengths.
	setting := le.LittleEndian.AppendUint32([]byte{0x46, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0}, uint32(len(s.proxy)-len("http://")))
	setting = append(append(setting, s.proxy[len("http://"):]...), make([]byte, 40)...)
	w.registry(t, "add", key, "/f", "/v", "DefaultConnectionSettings", "/t", "REG_BINARY", "/d", hex.EncodeToString(setting))
	t.Cleanup(func() { w.registry(t, "delete", key, "/f") })
	u.sets("SFCONNECT_CONSUMER_SECRET=" + s.facts.ConsumerSecret)
	u.runs(0, "auth", "--flow", "client-credentials", "--ca-file", w.path(s.ca), "--login-url", s.facts.MyDomainURL, "--consumer-key", s.facts.ConsumerKey)
	u.runs(0, "logout", "--ca-file", w.path(s.ca))
	if len(s.hosts()) == 0 {
		t.Error("nothing was asked of the proxy")
	}
}

// A double click opens the wizard, which says here that it needs a terminal, and
// the window stays until Enter; a shell gets the help, at once.
func TestWindowsDoubleClick(t *testing.T) {
	u, w := onWindows(t)
	if p := u.runs(0); !strings.Contains(p.out.String(), "Usage:") || strings.Contains(p.err.String(), "Press Enter") {
		t.Errorf("a shell gets\n%s\n%s", p.out, p.err)
	}
	u.by = []string{"wine", `C:\explorer.exe`, w.path(w.program)}
	keyboard, typing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer typing.Close()
	cmd := u.command()
	said := newTranscript(t, "the window")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = keyboard, said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	keyboard.Close()
	said.reads(`sfconnect auth`)
	said.reads(`Press Enter to close this window`)
	if _, err := typing.WriteString("\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 2 {
		t.Errorf("exit code %d\n%s", code, said)
	}
}

// What the store promises of locks, of files that are replaced while others read
// them, and of secrets that are too long for one entry holds there: its own tests.
func TestWindowsStore(t *testing.T) {
	u, _ := onWindows(t)
	program := filepath.Join(buildDir(), "store.test.exe")
	build := exec.Command("go", "test", "-c", "-o", program, "../../internal/store")
	build.Env = forWindows()
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	u.by = []string{"wine", program}
	p := u.starts("", "-test.v", "-test.run=CredentialManager|Lock|Killed|Updates|SeveralProcesses|ManyWriters|ReplaceFile|Parts|Rescue|AnotherProgramHolds")
	<-p.ended
	// Wine 8 does not know the call by which os.RemoveAll deletes, and so no folder of
	// a test goes. That alone is no failure.
	said := regexp.MustCompile(`(?m)^.*TempDir RemoveAll cleanup: unlinkat .*: Invalid function\.\r?\n`).ReplaceAllString(p.out.String(), "")
	ran := len(regexp.MustCompile(`(?m)^--- (PASS|FAIL): `).FindAllString(said, -1))
	ended := regexp.MustCompile(`(?m)^(PASS|FAIL)\r?$`).MatchString(said)
	if ran < 17 || !ended || regexp.MustCompile(`\.go:\d+|panic: |--- SKIP`).MatchString(said) {
		t.Errorf("%d tests ran, to the end: %v\n%s\n%s", ran, ended, said, p.err)
	}
}

// scriptsOnWindows are those of testdata/script that run in Wine: of each command what
// meets paths, files, locks, ports, the environment or a shell's words.
const scriptsOnWindows = "^(audit_fail|audit_json|audit_report|auth_client_credentials|auth_jwt_bearer|auth_no_key|auth_paste|auth_port_busy|auth_secret_sources|auth_web|" +
	"doctor_fresh|doctor_leftovers|doctor_lost|doctor_orphans|doctor_public|doctor_store|doctor_stores|export_env|export_output_file|export_sfdx_url|" +
	"init_recipe_file|keepalive_due|logout_all|practice_faults|profiles_corrupt|recipe_validate|rescued_elsewhere|store_file_identity|store_file_passphrase|" +
	"store_migrate|store_passphrase|test_all|token_cached|usage_variable|use_show)$"

// The commands' own scripts hold there. SFCONNECT_TEST_SCRIPTS names others, by a
// regular expression; "." is all of them, which takes some minutes.
func TestWindowsScripts(t *testing.T) {
	u, _ := onWindows(t)
	which := os.Getenv("SFCONNECT_TEST_SCRIPTS")
	if which == "" {
		which = scriptsOnWindows
	}
	program := filepath.Join(buildDir(), "cli.test.exe")
	build := exec.Command("go", "test", "-c", "-o", program, "../../internal/cli")
	build.Env = forWindows()
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	said := newTranscript(t, "the scripts")
	cmd := exec.CommandContext(t.Context(), "wine", program, "-test.v", "-test.parallel=3", "-test.run=^TestScripts$/"+which)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = u.env, filepath.Join("..", "..", "internal", "cli"), said, said
	_ = cmd.Run() // with 1, for Wine 8 does not delete the folders of testscript
	failed := regexp.MustCompile(`(?m)^ +--- FAIL: .*|FAIL: .*\.txtar:.*|^panic: .*`).FindAllString(said.String(), -1)
	passed := len(regexp.MustCompile(`(?m)^ +--- PASS: `).FindAllString(said.String(), -1))
	if len(failed) > 0 || passed < 10 && which == scriptsOnWindows || !regexp.MustCompile(`(?m)^PASS\r?$`).MatchString(said.String()) {
		t.Errorf("%d scripts pass, and these fail:\n%s\n%s", passed, strings.Join(failed, "\n"), said)
	}
}
