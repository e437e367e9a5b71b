package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// On systems whose keychain takes short values alone, a longer one is kept in
// parts, so that none comes near the limit: parts under names of their own, and
// under the item's name a line that says which they are. That line is written last
// and in one step, so that a reader finds the old value or the new one.
const (
	partSize  = 1200
	mostParts = 8
	partsMark = "sfconnect:parts:" // no secret of Salesforce's begins like this
)

// splits reports whether long values are kept in parts here.
func (s *Secrets) splits() bool { return s.MaxBytes() > 0 }

// parts is what the line under an item's name says.
type parts struct {
	tag   string // of this value's parts, so that they never overwrite another's
	count int
	sum   string // SHA-256 of the whole, in hex
}

func (p parts) line() string { return partsMark + p.tag + ":" + strconv.Itoa(p.count) + ":" + p.sum }

func (p parts) name(item string, i int) string { return fmt.Sprintf("%s.%s.%d", item, p.tag, i) }

func readParts(line string) (parts, bool) {
	rest, ok := strings.CutPrefix(line, partsMark)
	fields := strings.Split(rest, ":")
	if !ok || len(fields) != 3 {
		return parts{}, false
	}
	n, err := strconv.Atoi(fields[1])
	return parts{fields[0], n, fields[2]}, err == nil && n > 0 && n <= mostParts
}

// setParts writes a long value's parts and gives the line to write under the
// item's name. After an error none of them is left.
func (s *Secrets) setParts(ctx context.Context, name string, v secret.Value) (secret.Value, error) {
	text := v.Reveal()
	var tag [4]byte
	if _, err := io.ReadFull(s.rand, tag[:]); err != nil {
		return secret.Value{}, fmt.Errorf("draw a name for the parts: %w", err)
	}
	sum := sha256.Sum256([]byte(text))
	p := parts{hex.EncodeToString(tag[:]), (len(text) + partSize - 1) / partSize, hex.EncodeToString(sum[:])}
	for i := range p.count {
		piece := secret.New(text[i*partSize : min((i+1)*partSize, len(text))])
		err := s.write(ctx, opWrite, p.name(name, i), piece)
		if err == nil {
			err = s.compare(ctx, opWrite, p.name(name, i), piece)
		}
		if err != nil {
			s.dropParts(context.WithoutCancel(ctx), name, p)
			return secret.Value{}, err
		}
	}
	return secret.New(p.line()), nil
}

// joinParts reads the value that a line stands for.
func (s *Secrets) joinParts(ctx context.Context, name string, p parts) (string, error) {
	var whole strings.Builder
	for i := range p.count {
		piece, err := s.get(ctx, opRead, p.name(name, i))
		if errors.Is(err, ErrNotFound) {
			return "", s.incomplete()
		}
		if err != nil {
			return "", err
		}
		whole.WriteString(piece)
	}
	if sum := sha256.Sum256([]byte(whole.String())); hex.EncodeToString(sum[:]) != p.sum {
		return "", s.incomplete()
	}
	return whole.String(), nil
}

func (s *Secrets) incomplete() *fault.Fault {
	return fault.New(fault.StoreCorrupt, opRead.stage(), opRead.lead()+": a part of it is missing in "+s.Label()+" or was changed there.",
		"Somebody or something removed it there. Sign in again: sfconnect init")
}

// dropParts removes parts that nothing points to. What stays is of no use to anybody.
func (s *Secrets) dropParts(ctx context.Context, name string, p parts) {
	for i := range p.count {
		_ = s.delete(ctx, opRemove, p.name(name, i))
	}
}

// partsOf finds the parts that an item's present value has; false for a value that
// is whole or missing, and where that cannot be read.
func (s *Secrets) partsOf(ctx context.Context, name string) (parts, bool) {
	if !s.splits() {
		return parts{}, false
	}
	line, err := s.get(ctx, opRead, name)
	if err != nil {
		return parts{}, false
	}
	return readParts(line)
}
