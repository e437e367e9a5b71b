package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"example.com/sfconnect/internal/secret"
)

// RescueIdentity is the item under which the store keeps the key of the rescue
// place, with RescueOwner as its owner.
const RescueIdentity Item = "identity"

// RescueOwner is the owner of the key whose other half is recipient. Each key has
// its own: several configuration folders may share one keychain.
func RescueOwner(recipient string) string {
	sum := sha256.Sum256([]byte(recipient))
	return "rescue-" + hex.EncodeToString(sum[:8])
}

// Rescued is what waits in the rescue place: a secret that Salesforce had given
// out when the store could not take it.
type Rescued struct {
	Owner   string    // Profile.ID
	Profile string    // its name at that time
	Item    Item      `json:"item"`
	At      time.Time `json:"at"`
	Value   secret.Value
}

// NewRescueKey draws the key pair of the rescue place. The identity belongs into
// the secret store, the recipient, which is public, into the profiles file.
func NewRescueKey() (identity secret.Value, recipient string, err error) {
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return secret.Value{}, "", fmt.Errorf("make the key of the rescue place: %w", err)
	}
	return secret.New(k.String()), k.Recipient().String(), nil
}

// RescueKeyFits tells whether the two are halves of one key.
func RescueKeyFits(identity secret.Value, recipient string) bool {
	k, err := age.ParseX25519Identity(identity.Reveal())
	return err == nil && k.Recipient().String() == recipient
}

// RescuePath is where a secret of that owner is put when the store does not take it.
func (f *File) RescuePath(owner string) string {
	return filepath.Join(f.stateDir, rescuePrefix+owner+rescueSuffix)
}

const rescuePrefix, rescueSuffix = "rescue-", ".age"

type rescuedJSON struct {
	Owner   string    `json:"owner"`
	Profile string    `json:"profile"`
	Item    Item      `json:"item"`
	At      time.Time `json:"at"`
	Value   string    `json:"value"`
}

// Rescue writes a secret to the rescue place, encrypted to recipient, durably and
// in one atomic step; a later one of the same owner takes its place.
func (f *File) Rescue(recipient string, r Rescued) error {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return fmt.Errorf("the key of the rescue place: %w", err)
	}
	text, err := json.Marshal(rescuedJSON{r.Owner, r.Profile, r.Item, r.At.UTC(), r.Value.Reveal()})
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("encrypt for the rescue place: %w", err)
	}
	if err := os.MkdirAll(f.stateDir, 0o700); err != nil {
		return err
	}
	return ReplaceFile(context.Background(), f.RescuePath(r.Owner), sealed.Bytes())
}

// ErrRescueLost is a rescue file that nothing will ever open.
var ErrRescueLost = errors.New("the file in the rescue place cannot be read")

// Rescued reads what waits for an owner; ErrNotFound when nothing does, ErrRescueLost
// when it is damaged or encrypted to another key.
func (f *File) Rescued(owner string, identity secret.Value) (Rescued, error) {
	data, err := readShared(f.RescuePath(owner))
	if errors.Is(err, fs.ErrNotExist) {
		return Rescued{}, ErrNotFound
	}
	if err != nil {
		return Rescued{}, err
	}
	key, err := age.ParseX25519Identity(identity.Reveal())
	if err != nil {
		return Rescued{}, fmt.Errorf("%w: the key of the rescue place is not one", ErrRescueLost)
	}
	plain, err := age.Decrypt(bytes.NewReader(data), key)
	if err != nil {
		return Rescued{}, fmt.Errorf("%w: %w", ErrRescueLost, err)
	}
	text, err := io.ReadAll(io.LimitReader(plain, largestRescue))
	if err != nil {
		return Rescued{}, fmt.Errorf("%w: %w", ErrRescueLost, err)
	}
	var r rescuedJSON
	if err := json.Unmarshal(text, &r); err != nil || r.Owner != owner || r.Value == "" {
		return Rescued{}, fmt.Errorf("%w: it holds something else than was put there", ErrRescueLost)
	}
	return Rescued{r.Owner, r.Profile, r.Item, r.At, secret.New(r.Value)}, nil
}

const largestRescue = 1 << 20

// HasRescue reports whether something waits for an owner, without reading it.
func (f *File) HasRescue(owner string) bool {
	_, err := os.Lstat(f.RescuePath(owner))
	return err == nil
}

// DropRescue removes what waited for an owner, and the note of a refresh; nothing
// there is no error.
func (f *File) DropRescue(owner string) error {
	if err := remove(f.RescuePath(owner)); err != nil {
		return err
	}
	return remove(f.notePath(owner))
}

// Rescues lists the owners for whom something waits.
func (f *File) Rescues() []string {
	var owners []string
	for _, name := range namesIn(f.stateDir, rescuePrefix, rescueSuffix) {
		owners = append(owners, strings.TrimSuffix(strings.TrimPrefix(name, rescuePrefix), rescueSuffix))
	}
	slices.Sort(owners)
	return owners
}
