package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"filippo.io/age"
)

// markType names a stanza of our own in the file's head. It opens nothing (age
// ignores what it does not know); it tells a damaged head from another key, which
// age itself cannot: to it, both are "no identity matches".
const markType = "sfconnect-sum"

// marked is a recipient that adds that stanza: a sum over the recipient's own
// stanzas, and the sum of the file that the key lies in, where it lies in one of
// ours.
type marked struct {
	age.Recipient
	keyFile string
}

// Wrap implements age.Recipient.
func (m marked) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	stanzas, _, err := m.WrapWithLabels(fileKey)
	return stanzas, err
}

// WrapWithLabels implements age.RecipientWithLabels, as post-quantum recipients do.
func (m marked) WrapWithLabels(fileKey []byte) (stanzas []*age.Stanza, labels []string, err error) {
	if l, ok := m.Recipient.(age.RecipientWithLabels); ok {
		stanzas, labels, err = l.WrapWithLabels(fileKey)
	} else {
		stanzas, err = m.Recipient.Wrap(fileKey)
	}
	if err != nil {
		return nil, nil, err
	}
	var text bytes.Buffer
	for _, s := range stanzas {
		fmt.Fprintf(&text, "->")
		for _, word := range append([]string{s.Type}, s.Args...) {
			fmt.Fprintf(&text, " %s", word)
		}
		fmt.Fprintf(&text, "\n%s\n", wrapped(s.Body))
	}
	mark := &age.Stanza{Type: markType, Args: []string{sumOf(text.Bytes())}}
	if m.keyFile != "" {
		mark.Args = append(mark.Args, m.keyFile)
	}
	return append(stanzas, mark), labels, nil
}

// wrapped is a stanza's body as the format lays it out: unpadded base64 in lines
// of 64, the last of which is shorter.
func wrapped(body []byte) []byte {
	text := []byte(base64.RawStdEncoding.EncodeToString(body))
	var out []byte
	for len(text) >= 64 {
		out = append(append(out, text[:64]...), '\n')
		text = text[64:]
	}
	return append(out, text...)
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// markOf cuts the head of a file: what the mark speaks of, and what it says.
func markOf(data []byte) (before []byte, words [][]byte) {
	version, rest, _ := bytes.Cut(data, []byte("\n"))
	if string(version) != "age-encryption.org/v1" {
		return nil, nil
	}
	before, line, found := bytes.Cut(rest, []byte("-> "+markType+" "))
	if !found {
		return nil, nil
	}
	line, _, _ = bytes.Cut(line, []byte("\n"))
	return before, bytes.Fields(line)
}

// intact reports whether the head of a file is as it was written.
func intact(data []byte) bool {
	before, words := markOf(data)
	return len(words) > 0 && string(words[0]) == sumOf(before)
}

// keySum is the sum of the key file that a file was written with; "" where that
// is not known.
func keySum(data []byte) string {
	before, words := markOf(data)
	if len(words) < 2 || string(words[0]) != sumOf(before) {
		return ""
	}
	return string(words[1])
}
