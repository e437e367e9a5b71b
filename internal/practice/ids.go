package practice

import (
	"math/rand/v2"
	"strings"
)

// Alphabets of Salesforce's ids and tokens.
const (
	alnum    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	tokenish = alnum + "._"
	hexUp    = "0123456789ABCDEF"
	digit    = "0123456789"
)

// dice makes every random text of an org from one seed, so that an org is
// wholly determined by what it was given as Rand. Not safe for concurrent use.
type dice struct{ source *rand.ChaCha8 }

func (d dice) text(alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[d.source.Uint64()%uint64(len(alphabet))])
	}
	return b.String()
}

// id returns a record id of 18 characters with the given key prefix (00D, 005, …).
func (d dice) id(prefix string) string {
	return id18(prefix + d.text(alnum, 2) + "0000" + d.text(alnum, 15-len(prefix)-6))
}

func (d dice) consumerKey() string  { return "3MVG9" + d.text(tokenish, 80) }
func (d dice) secret() string       { return d.text(hexUp, 64) }
func (d dice) code() string         { return "aPrx" + d.text(tokenish, 70) + "==" }
func (d dice) refreshToken() string { return "5Aep861" + d.text(tokenish, 80) }
func (d dice) accessToken(orgID string) string {
	return orgID[:15] + "!" + d.text(tokenish, 96)
}

// id18 appends the three characters that make a 15-character id safe where
// case is ignored: for each five characters the set of capitals is a number.
func id18(id string) string {
	if len(id) != 15 {
		return id
	}
	const index = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	suffix := make([]byte, 0, 3)
	for chunk := 0; chunk < 15; chunk += 5 {
		n := 0
		for bit := range 5 {
			if c := id[chunk+bit]; c >= 'A' && c <= 'Z' {
				n |= 1 << bit
			}
		}
		suffix = append(suffix, index[n])
	}
	return id + string(suffix)
}
