package wizard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// progressSchema is the version of the state file.
const progressSchema = 1

// progress is what was answered and done so far, as the state file holds it.
// It never holds a secret: the Consumer Secret waits in Store under DraftID.
type progress struct {
	Schema  int    `json:"schema"`
	Profile string `json:"profile"`
	DraftID string `json:"draft_id"`
	Store   string `json:"store"` // in which the draft waits; "" is the keychain, from before there was another

	Recipe        store.RecipeRef `json:"recipe"`
	RecipeDone    bool            `json:"recipe_done"`
	LoginURL      string          `json:"login_url"`
	TrustHost     bool            `json:"trust_host"`
	LoginDone     bool            `json:"login_done"`
	App           string          `json:"app,omitempty"` // how the checklist is walked: appNew or appExisting; "" was not asked yet
	Pages         []string        `json:"pages"`         // done pages and questions of the checklist, by ID
	PagesDone     bool            `json:"pages_done"`
	ConsumerKey   string          `json:"consumer_key"`
	HasSecret     bool            `json:"has_secret"`
	SecretRefused bool            `json:"secret_refused"` // by Salesforce: it is not offered again
	KeyDone       bool            `json:"key_done"`       // both entered, and Salesforce did not refuse them
	JWT           store.JWT       `json:"jwt"`            // of the JWT bearer flow; its private key waits in the store under DraftID
	Certificate   string          `json:"certificate"`    // the file to upload, as an absolute path
	SignInSince   time.Time       `json:"sign_in_since"`
	Prompt        string          `json:"prompt"`                // for the next sign-in
	Replace       bool            `json:"replace"`               // agreed: another org or user may take the profile's place
	Former        *store.Profile  `json:"former,omitempty"`      // what the sign-in replaced; its secrets are kept until the person has confirmed
	Unconfirmed   string          `json:"unconfirmed,omitempty"` // ID of the profile that the sign-in saved, until then
	Connected     bool            `json:"connected"`
	Confirmed     bool            `json:"confirmed"`
	Tested        bool            `json:"tested"`
	HandedOver    bool            `json:"handed_over"`
	Look          bool            `json:"look,omitempty"` // a finished connection was looked at, and nothing was changed: there is nothing to go on with
	UpdatedAt     time.Time       `json:"updated_at"`
}

// progressFile is where the unfinished set-up of one profile is kept.
type progressFile struct{ path string }

func newProgressFile(stateDir, profile string) progressFile {
	sum := sha256.Sum256([]byte(profile))
	return progressFile{filepath.Join(stateDir, "setup", hex.EncodeToString(sum[:12])+".json")}
}

// load returns nil when there is nothing to go on with. A file that cannot be
// understood is put aside, and note says where.
func (f progressFile) load(profile string) (p *progress, note string, err error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", f.fault("read", err)
	}
	p = &progress{}
	if err := json.Unmarshal(data, p); err != nil || p.Schema != progressSchema || p.Profile != profile || p.DraftID == "" {
		aside := f.path + ".unreadable"
		if err := os.Rename(f.path, aside); err != nil {
			return nil, "", f.fault("put aside", err)
		}
		return nil, "The saved progress could not be read. It was put aside as " + aside + ".", nil
	}
	return p, "", nil
}

// save writes the file so that a crash leaves the old one or the new one.
func (f progressFile) save(p *progress) error {
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return f.fault("write", err)
	}
	if err := f.replace(append(data, '\n')); err != nil {
		return f.fault("write", err)
	}
	return nil
}

func (f progressFile) replace(data []byte) error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	// What was answered is kept on Ctrl-C too.
	return store.ReplaceFile(context.Background(), f.path, data)
}

func (f progressFile) remove() error {
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.fault("remove", err)
	}
	return nil
}

func (f progressFile) fault(verb string, err error) *fault.Fault {
	return fault.New(fault.Internal, "save", fmt.Sprintf("The progress of the set-up could not be saved: cannot %s %s.", verb, f.path),
		"See that the folder exists and that you may write to it, or choose another with SFCONNECT_STATE_DIR.").Because(err)
}
