package practice

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"
)

// What the setting certificate may say beside a PEM text.
const (
	ownCertificate = "own"  // the org's own, whose private key Facts tells
	noCertificate  = "none" // nothing is uploaded
)

// largestCertificate is how many bytes the form takes (vendors' guides say 4 KB).
const largestCertificate = 4 << 10

// certificate is what was uploaded for the JWT bearer flow. uploaded is nil
// unless text is a PEM text.
type certificate struct {
	text     string
	uploaded *x509.Certificate
}

func uploadedCertificate() setting {
	return setting{
		Setting{"certificate", "the PEM text of a certificate with an RSA key, own (one that the org makes) or none",
			"the certificate of the JWT bearer flow; private_key of --json fits the org's own"},
		func(c *config) string { return c.certificate.text },
		func(c *config, v string) error {
			if v == ownCertificate || v == noCertificate {
				c.certificate = certificate{text: v}
				return nil
			}
			parsed, err := readCertificate([]byte(v))
			if err == nil {
				c.certificate = certificate{v, parsed}
			}
			return err
		},
	}
}

// readCertificate takes the first PEM block. Not confirmed: that the form itself
// refuses another key than an RSA one; vendors say only that the flow does.
func readCertificate(text []byte) (*x509.Certificate, error) {
	if len(text) > largestCertificate {
		return nil, refusal("the certificate is larger than 4 KB")
	}
	block, _ := pem.Decode(text)
	switch {
	case block == nil:
		return nil, refusal("this is no PEM text, which begins with -----BEGIN CERTIFICATE-----")
	case block.Type != "CERTIFICATE":
		return nil, refusal("this PEM text is no certificate but a " + block.Type)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, refusal("the PEM text holds no readable certificate")
	}
	if _, ok := parsed.PublicKey.(*rsa.PublicKey); !ok {
		return nil, refusal("the certificate's key is not an RSA key")
	}
	return parsed, nil
}

// certificate is what an assertion must be signed for.
func (o *Org) certificate() *x509.Certificate { return o.certificateOf(&o.app) }

// certificateOf is an app's certificate, or nil: none is there, or the box that
// shows it is off.
func (o *Org) certificateOf(a *app) *x509.Certificate {
	switch c := a.cfg.certificate; {
	case !a.cfg.jwt:
		return nil
	case c.text == ownCertificate:
		return o.selfSigned()
	default:
		return c.uploaded
	}
}

// selfSign makes the org's own certificate from the fixed key.
func selfSign(key *rsa.PrivateKey, from time.Time) *x509.Certificate {
	name := pkix.Name{CommonName: "Practice Integration", Organization: []string{"Practice Inc"}}
	made, err := x509.CreateCertificate(nil, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name, NotBefore: from.Add(-time.Hour), NotAfter: from.AddDate(1, 0, 0),
		SignatureAlgorithm: x509.SHA256WithRSA,
	}, &x509.Certificate{Subject: name}, &key.PublicKey, key)
	if err != nil {
		panic(err) // the key is fixed and nothing else is asked of it
	}
	parsed, err := x509.ParseCertificate(made)
	if err != nil {
		panic(err)
	}
	return parsed
}

// privateKey is the PEM text of the key of the org's own certificate, where that
// is in force. It is public and opens nothing.
func (o *Org) privateKey() string {
	if !o.cfg.jwt || o.cfg.certificate.text != ownCertificate {
		return ""
	}
	der, err := x509.MarshalPKCS8PrivateKey(o.signingKey())
	if err != nil {
		panic(err) // an RSA key always fits
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}
