package wizard

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// The validity that a certificate is offered with, and its bounds, in days.
const (
	usualDays = 365
	mostDays  = 3650
)

// makeCertificate makes the key pair of the JWT bearer flow, unless it is there
// already: the private key goes into the store, the certificate into a file that
// the admin uploads in Salesforce's form.
func (s *Setup) makeCertificate(ctx context.Context) error {
	held, err := s.Machine.Draft(ctx, s.p.DraftID, store.PrivateKey)
	if err != nil || !held.Empty() && (s.p.Certificate != "" || s.appHasCertificate()) {
		return err
	}
	s.screen(3, "Create the app: a certificate", "This integration shows who it is with a certificate. sfconnect makes one now, with its private key.",
		"The private key is kept in "+s.Machine.Secrets.Label()+". The certificate is no secret: you upload it in Salesforce's form.")
	suggested := usualDays
	if s.recipe.Certificate.Days > 0 {
		suggested = s.recipe.Certificate.Days
	}
	days, err := s.UI.Ask(ctx, Question{ID: "certificate_days", Title: "For how many days shall the certificate be valid?", Default: strconv.Itoa(suggested),
		Help: "After that a new one must be uploaded. sfconnect test warns 30 days before.", Check: func(raw string) error { _, err := readDays(raw); return err }})
	if err != nil {
		return err
	}
	path, err := s.UI.Ask(ctx, Question{ID: "certificate_file", Title: "Where to save the certificate file", Default: s.certificatePath(), Check: checkNewFile})
	if err != nil {
		return err
	}
	valid, err := readDays(days)
	if err != nil {
		return err
	}
	key, certificate, err := s.Machine.NewKey("sfconnect "+s.Profile, valid, s.recipe.Certificate.KeySize)
	if err != nil {
		return err
	}
	if err := s.Machine.SaveDraft(ctx, s.p.DraftID, store.PrivateKey, key.PEM); err != nil {
		return err
	}
	if path, err = writeNew(path, certificate); err != nil {
		return err
	}
	if s.Uploaded != nil {
		if err := s.Uploaded(certificate); err != nil {
			return err
		}
	}
	s.p.Certificate, s.p.JWT.Certificate, s.p.JWT.CertificateEnds = path, key.Certificate, key.Ends
	s.p.Pages = slices.DeleteFunc(s.p.Pages, func(id string) bool { return id == pageFlows }) // that page tells to upload it
	s.UI.Say(Line{Mark: MarkOK, Text: "The certificate is saved, and valid until " + key.Ends.Format("2 January 2006") + ":", Hint: path})
	return s.save()
}

// appHasCertificate reports whether the saved connection's certificate is in the app that
// is looked at again.
func (s *Setup) appHasCertificate() bool {
	return s.p.App == appExisting && connection.Flow(s.saved.Flow) == connection.FlowJWTBearer && s.saved.ConsumerKey == s.p.ConsumerKey
}

func (s *Setup) certificatePath() string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) {
			return '-'
		}
		return r
	}, "sfconnect-"+s.Profile)
	path := filepath.Join(s.Folder, name+".crt")
	for i := 2; checkNewFile(path) != nil && i < 100; i++ {
		path = filepath.Join(s.Folder, name+"-"+strconv.Itoa(i)+".crt")
	}
	return path
}

func readDays(raw string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(raw))
	if err != nil || n < 1 || n > mostDays {
		return 0, asSentence(fmt.Errorf("enter a number of days from 1 to %d", mostDays))
	}
	return n, nil
}

// checkNewFile keeps a file that is there from being written over.
func checkNewFile(path string) error {
	path = strings.TrimSpace(path)
	if path == "" {
		return asSentence(errors.New("enter a file name"))
	}
	if _, err := os.Lstat(path); err == nil {
		return asSentence(errors.New("there is such a file already; choose another name"))
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return asSentence(fmt.Errorf("there is no folder %s", filepath.Dir(path)))
	}
	return nil
}

func writeNew(path string, data []byte) (string, error) {
	path, err := filepath.Abs(strings.TrimSpace(path))
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = f.Write(data)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return "", fault.New(fault.Usage, "input", "The certificate could not be saved as "+path+": "+err.Error()+".", "Choose another folder, and run sfconnect init again.").Because(err)
	}
	return path, nil
}
