package oauthflow

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// What Salesforce's form takes as the certificate of the JWT bearer flow, as
// vendors' guides say: RSA of 2048 bits or more, X.509 in PEM, at most 4 KB.
const (
	keyBits            = 2048
	LargestCertificate = 4 << 10
	longestKeyFile     = 64 << 10
)

// Key is the private half of the JWT bearer flow.
type Key struct {
	PEM         secret.Value // PKCS #8, without a passphrase
	Certificate string       // in PEM; empty where only the key was read
	Ends        time.Time    // of its certificate; zero where that is not known
}

// NewKey makes an RSA key and its self-signed certificate, in PEM, which begins an
// hour before now, for clocks that differ, and ends after days. name is shown in
// Setup beside it. The key has as many bits, and 2048 at the least.
func NewKey(random io.Reader, now time.Time, name string, days, bits int) (Key, []byte, error) {
	private, err := rsa.GenerateKey(random, max(bits, keyBits))
	if err != nil {
		return Key{}, nil, fmt.Errorf("make an RSA key: %w", err)
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(random, serial); err != nil {
		return Key{}, nil, fmt.Errorf("draw a serial number: %w", err)
	}
	serial[0] = serial[0]&0x7f | 0x40 // positive and of full length (RFC 5280 section 4.1.2.2)
	public := sha256.Sum256(x509.MarshalPKCS1PublicKey(&private.PublicKey))
	runes := []rune(name)
	template := x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: string(runes[:min(len(runes), 64)])}, // ub-common-name
		NotBefore:    now.Add(-time.Hour).UTC(), NotAfter: now.AddDate(0, 0, days).UTC(),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, SubjectKeyId: public[:20],
	}
	der, err := x509.CreateCertificate(random, &template, &template, &private.PublicKey, private)
	if err != nil {
		return Key{}, nil, fmt.Errorf("make a certificate: %w", err)
	}
	text, err := encodeKey(private)
	if err != nil {
		return Key{}, nil, err
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if len(certificate) > LargestCertificate {
		return Key{}, nil, fmt.Errorf("the certificate has %d bytes", len(certificate))
	}
	return Key{PEM: text, Certificate: string(certificate), Ends: template.NotAfter.Truncate(time.Second)}, certificate, nil
}

func encodeKey(private *rsa.PrivateKey) (secret.Value, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return secret.Value{}, fmt.Errorf("encode the private key: %w", err)
	}
	return secret.New(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))), nil
}

// ReadKey reads a key file: an RSA key in PEM, PKCS #1 or PKCS #8, without a
// passphrase. Where the file has the key's certificate too, its end is known. The
// error is a *fault.Fault with code usage that repeats nothing of the file.
func ReadKey(data []byte) (Key, error) {
	if len(data) > longestKeyFile {
		return Key{}, badKey("the file is too large to be one", hintKey)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !bytes.Contains(data, []byte("\n")) { // one line, as out of a CI variable or JSON
		data = bytes.ReplaceAll(data, []byte(`\n`), []byte("\n"))
	}
	var private *rsa.PrivateKey
	var certificates []*x509.Certificate // the key's own, and perhaps those of its issuers
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		data = rest
		if block.Type == "CERTIFICATE" {
			if c, err := x509.ParseCertificate(block.Bytes); err == nil {
				certificates = append(certificates, c)
			}
			continue
		}
		found, err := readKeyBlock(block)
		if err != nil {
			return Key{}, err
		}
		if found != nil && private == nil {
			private = found
		}
	}
	switch {
	case private == nil && certificates != nil:
		return Key{}, badKey("the file holds a certificate alone, which is the public half", "Name the file with the private key: it begins with -----BEGIN PRIVATE KEY-----.")
	case private == nil:
		return Key{}, badKey("the file holds no private key in PEM", hintKey)
	case private.N.BitLen() < keyBits:
		return Key{}, badKey(fmt.Sprintf("it has %d bits, and Salesforce wants %d at least", private.N.BitLen(), keyBits), hintNewKey)
	}
	own := slices.IndexFunc(certificates, func(c *x509.Certificate) bool { return private.PublicKey.Equal(c.PublicKey) })
	if certificates != nil && own < 0 {
		return Key{}, badKey("the certificate in the same file belongs to another key", "Take the certificate out of the file, or name the file of the key that belongs to it.")
	}
	text, err := encodeKey(private)
	if err != nil {
		return Key{}, badKey("it cannot be used", hintNewKey).Because(err)
	}
	key := Key{PEM: text}
	if own >= 0 {
		key.Ends = certificates[own].NotAfter
		key.Certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificates[own].Raw}))
	}
	return key, nil
}

// readKeyBlock gives nil for a block that is no key.
func readKeyBlock(block *pem.Block) (*rsa.PrivateKey, error) {
	var parsed any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, lockedKey()
		}
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return nil, lockedKey()
	case "EC PRIVATE KEY":
		return nil, notRSA()
	case "OPENSSH PRIVATE KEY":
		return nil, badKey("it is in the form of OpenSSH", "Turn a copy of it into PEM: ssh-keygen -p -m PEM -f COPY")
	default:
		return nil, nil
	}
	if err != nil {
		return nil, badKey("it is damaged", hintKey).Because(err)
	}
	if private, isRSA := parsed.(*rsa.PrivateKey); isRSA {
		return private, nil
	}
	return nil, notRSA()
}

const (
	hintNewKey = "Make one with its certificate, and upload the certificate in the app:\n  openssl req -x509 -sha256 -nodes -newkey rsa:2048 -days 365 -subj /CN=sfconnect -keyout key.pem -out certificate.crt"
	hintKey    = "It must be an RSA key in PEM: a text file that begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----."
)

func notRSA() *fault.Fault {
	return badKey("it is no RSA key, and Salesforce takes no other", hintNewKey)
}

func lockedKey() *fault.Fault {
	return badKey("it is protected with a passphrase", "Take the passphrase off a copy that nobody else can read: openssl rsa -in KEY -out COPY")
}

func badKey(why, hint string) *fault.Fault {
	return fault.New(fault.Usage, "input", "The private key was not accepted: "+why+".", hint)
}
