package check

import (
	"time"

	"example.com/sfconnect/internal/store"
)

// certificateNotice is how long before its end a certificate is warned of.
const certificateNotice = 30 * 24 * time.Hour

// RenewCertificate says what to do about a certificate that ends.
const RenewCertificate = "Make a new key and certificate, upload the certificate in the app (Settings › OAuth Settings › Enable JWT Bearer Flow), and authorize again."

// CertificateNotice says, in the middle of a sentence, that the certificate of a
// profile has ended or is about to. It is empty where there is none or nothing to say.
func CertificateNotice(p store.Profile, now time.Time) string {
	ends := p.JWT.CertificateEnds
	switch {
	case ends.IsZero() || ends.Sub(now) >= certificateNotice:
		return ""
	case ends.After(now):
		return "the certificate of the app ends on " + ends.Format(time.DateOnly)
	}
	return "the certificate of the app ended on " + ends.Format(time.DateOnly)
}
