package oauthflow

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"
)

func TestNewKey(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	key, certificate, err := NewKey(rand.Reader, now, strings.Repeat("ä", 300), 365, 0)
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(certificate)
	if block == nil || len(rest) != 0 || len(certificate) > LargestCertificate {
		t.Fatalf("%d bytes:\n%s", len(certificate), certificate)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if err := parsed.CheckSignature(parsed.SignatureAlgorithm, parsed.RawTBSCertificate, parsed.Signature); err != nil {
		t.Errorf("not signed by its own key: %v", err)
	}
	if want := now.AddDate(1, 0, 0); !parsed.NotAfter.Equal(want) || !key.Ends.Equal(want) || !parsed.NotBefore.Before(now) {
		t.Errorf("from %v to %v, told as %v", parsed.NotBefore, parsed.NotAfter, key.Ends)
	}
	if public, ok := parsed.PublicKey.(*rsa.PublicKey); !ok || public.N.BitLen() != 2048 {
		t.Errorf("key %T", parsed.PublicKey)
	}
	both, err := ReadKey(append([]byte(key.PEM.Reveal()), certificate...))
	if err != nil || !both.PEM.Equal(key.PEM) || !both.Ends.Equal(key.Ends) {
		t.Errorf("read back: %v, %v", both.Ends, err)
	}
	other, foreign, err := NewKey(rand.Reader, now, "x", 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := ReadKey([]byte(string(foreign) + key.PEM.Reveal() + string(certificate)))
	if err != nil || !chain.Ends.Equal(key.Ends) {
		t.Errorf("with its issuer's certificate before it: %v, %v", chain.Ends, err)
	}
	if _, err := ReadKey(append([]byte(other.PEM.Reveal()), certificate...)); !isUsage(err, "another key") {
		t.Errorf("another key's certificate: %v", err)
	}
}

func TestReadKeyForms(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)})
	der, _ := x509.MarshalPKCS8PrivateKey(private)
	modern := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for name, text := range map[string][]byte{
		"PKCS #1": old, "PKCS #8": modern, "CRLF": bytes.ReplaceAll(old, []byte("\n"), []byte("\r\n")), "BOM": append([]byte("\ufeff"), modern...),
		"one line": bytes.ReplaceAll(modern, []byte("\n"), []byte(`\n`)), "words before": append([]byte("Bag Attributes\n  friendlyName: x\n"), modern...),
	} {
		key, err := ReadKey(text)
		if err != nil || key.PEM.Reveal() != string(modern) || !key.Ends.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	elliptical, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	curve, _ := x509.MarshalPKCS8PrivateKey(elliptical)
	ec, _ := x509.MarshalECPrivateKey(elliptical)
	public, _ := x509.MarshalPKIXPublicKey(&private.PublicKey)
	block := func(kind string, der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	}
	for name, c := range map[string]struct {
		text []byte
		says string
	}{
		"empty":       {nil, "no private key"},
		"words":       {[]byte("not a key\n"), "no private key"},
		"public":      {block("PUBLIC KEY", public), "no private key"},
		"elliptic":    {block("PRIVATE KEY", curve), "no RSA key"},
		"elliptic 1":  {block("EC PRIVATE KEY", ec), "no RSA key"},
		"encrypted":   {block("ENCRYPTED PRIVATE KEY", der), "passphrase"},
		"encrypted 1": {[]byte("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"), "passphrase"},
		"damaged":     {block("PRIVATE KEY", der[:100]), "damaged"},
		"huge":        {bytes.Repeat([]byte("a"), longestKeyFile+1), "too large"},
		"openssh":     {block("OPENSSH PRIVATE KEY", der), "ssh-keygen"},
	} {
		if _, err := ReadKey(c.text); !isUsage(err, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, certificate, err := NewKey(rand.Reader, time.Now(), "x", 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKey(certificate); !isUsage(err, "certificate alone") {
		t.Errorf("certificate: %v", err)
	}
}
