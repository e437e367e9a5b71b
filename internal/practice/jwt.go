package practice

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// idTokenLife is Salesforce's default validity of an id_token.
const idTokenLife = 2 * time.Minute

// idToken is the RS256 JWT that comes with the scope openid.
func (o *Org) idToken(g *grant, nonce string) string {
	now := o.now()
	claims := fields{
		{"iss", o.login.String()}, {"sub", o.identityURL(g.user)}, {"aud", g.app.key},
		{"iat", now.Unix()}, {"exp", now.Add(idTokenLife).Unix()},
	}
	if nonce != "" {
		claims = append(claims, field{"nonce", nonce})
	}
	return o.jwt(fields{{"alg", "RS256"}, {"kid", "practice"}, {"typ", "JWT"}}, claims)
}

// jwtAccessToken is the form of an access token where the app issues JWTs. Header
// and claims are those of the samples in Salesforce's own Mobile SDK, and jti,
// which makes two tokens of one second differ. Help says that such tokens are good
// for REST APIs only.
func (o *Org) jwtAccessToken(g *grant) string {
	now := o.now()
	return o.jwt(fields{
		{"tnk", "core/prac1/" + o.orgID}, {"ver", "1.0"}, {"kid", o.accessKeyID()}, {"tty", "sfdc-core-token"}, {"typ", "JWT"}, {"alg", "RS256"},
	}, fields{
		{"scp", strings.Join(g.scopes, " ")}, {"aud", []string{o.myDomain.String()}}, {"sub", "uid:" + g.user.id}, {"nbf", now.Add(-15 * time.Second).Unix()},
		{"mty", "oauth"}, {"sfi", o.dice.text(hexUp, 64)}, {"roles", []string{}}, {"iss", o.myDomain.String()}, {"hsc", false},
		{"exp", now.Add(o.cfg.sessionTimeout).Unix()}, {"iat", now.Unix()}, {"client_id", g.app.key}, {"jti", o.dice.text(alnum, 22)},
	})
}

// accessKeyID names the key of access tokens among /id/keys.
func (o *Org) accessKeyID() string {
	return "CORE_ATJWT." + o.orgID[:15] + "." + strconv.FormatInt(o.born.UnixMilli(), 10)
}

func (o *Org) jwt(head, claims fields) string {
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // fields of texts and numbers only
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(head) + "." + part(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, o.signingKey(), crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key is fixed and its test signs with it
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// keySet is /id/keys. Both names mean the one key that there is.
func (o *Org) keySet() reply {
	var keys []fields
	for _, id := range []string{"practice", o.accessKeyID()} {
		keys = append(keys, fields{
			{"kid", id}, {"kty", "RSA"}, {"alg", "RS256"}, {"use", "sig"}, {"e", "AQAB"},
			{"n", base64.RawURLEncoding.EncodeToString(o.signingKey().N.Bytes())},
		})
	}
	return jsonReply(http.StatusOK, fields{{"keys", keys}})
}

// fixedKey is the same in every practice org and public: it protects nothing.
// It is fixed because making one takes long and could not be repeated.
func fixedKey() *rsa.PrivateKey {
	number := func(hex string) *big.Int {
		n, _ := new(big.Int).SetString(hex, 16)
		return n
	}
	p := number("" +
		"efc7ccc7db46713f855ce88a4f60d80d78cce9da666f43dfddd8dab50bab5729a43b7fdb72715a74e06b04b9345302d6" +
		"7d078e3943698eb857266c9056f4d19b034b74c4ec7e688272e8b88bc373be5fa30bab03a0313baca98f9f063278bc09" +
		"02f761fcbbf1674f3f50c7ef90a1aaf8e6e597af045710e135683cbdc56db4f1")
	q := number("" +
		"ce964f947fc10352b5453407fb1a06e326d7ece44ab821ad5780c55285c236ab770427d22a5622d1b3db2f6f6f320fa6" +
		"033aac990a3a16e04a573e61c26808ef51896db983fcfc3e366e3c40fe1eafaf2318791d2f441696964b040ab5b1f3d0" +
		"95f511a6c6a072de79f4065f208b240501d9950829c74aeb9a7a9cffdf4b812d")
	one := big.NewInt(1)
	order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D:         new(big.Int).ModInverse(big.NewInt(65537), order),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
}
