package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"example.com/sfconnect/internal/store"
)

// vault is a secret store of the program, seen past the program.
type vault interface {
	environment() []string             // by which the program finds it
	items() (map[string]string, error) // sfconnect's, by account ("OWNER/ITEM")
	remove(account string) error
	stop()
}

// ageVault is the file store, with an identity file.
type ageVault struct {
	config, state, keyFile string
	identity               *age.X25519Identity
}

func newAgeVault(home string) (*ageVault, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	v := &ageVault{filepath.Join(home, "config"), filepath.Join(home, "state"), filepath.Join(home, "key.txt"), identity}
	return v, os.WriteFile(v.keyFile, []byte(identity.String()+"\n"), 0o600)
}

func (v *ageVault) environment() []string {
	return []string{"SFCONNECT_STORE=file", "SFCONNECT_AGE_IDENTITY_FILE=" + v.keyFile}
}

func (v *ageVault) items() (map[string]string, error) {
	sealed, err := os.ReadFile(filepath.Join(v.config, "secrets.age"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), v.identity)
	if err != nil {
		return nil, fmt.Errorf("the file store cannot be decrypted: %w", err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return nil, fmt.Errorf("the file store cannot be decrypted: %w", err)
	}
	var held struct{ Items map[string]string }
	if err := json.Unmarshal(text, &held); err != nil {
		return nil, err
	}
	items := map[string]string{}
	for name, value := range held.Items {
		items[strings.TrimPrefix(name, "sfconnect/")] = value
	}
	return items, nil
}

func (v *ageVault) remove(account string) error {
	f := store.NewAgeFile(v.config, v.state)
	f.Key = store.AgeKey{IdentityFile: v.keyFile}
	return f.Delete("sfconnect", account)
}

func (*ageVault) stop() {}
