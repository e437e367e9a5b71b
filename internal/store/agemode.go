package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Windows guards files by lists that are inherited from the user's own folder, and
// its mode bits say nothing: there, no mode is judged.

// mendFile takes from a file of ours what others may do with it.
func (f *AgeFile) mendFile(path string, info fs.FileInfo) error {
	if onWindows() || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return f.loose(path+" may be read or written by others ("+info.Mode().Perm().String()+")", "chmod 600 "+shellPath(path), err)
	}
	f.tell("%s could be read or written by others (%s); now it is yours alone (0600). Where others use this computer, have new secrets made: sign in again.", path, info.Mode().Perm())
	return nil
}

// mendFolder judges the folder once. One that a person chose is not changed: it
// may be there for more than sfconnect.
func (f *AgeFile) mendFolder() error {
	if onWindows() || f.judged.Load() {
		return nil
	}
	folder := f.files.configDir
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	mode := info.Mode().Perm()
	switch {
	case mode&0o077 == 0, !f.OwnFolder && mode&0o022 == 0:
	case f.OwnFolder:
		if err := os.Chmod(folder, 0o700); err != nil {
			return f.loose("the folder "+folder+" may be used by others ("+mode.String()+")", "chmod 700 "+shellPath(folder), err)
		}
		f.tell("The folder %s could be used by others (%s); now it is yours alone (0700).", folder, mode)
	default:
		return f.loose("others may put files into the folder "+folder+" ("+mode.String()+")",
			"chmod go-w "+shellPath(folder)+"\nor set SFCONNECT_CONFIG_DIR to a folder of its own, which sfconnect makes: "+filepath.Join(folder, "sfconnect"), nil)
	}
	f.judged.Store(true)
	return nil
}

// readPersonal reads a key that the person looks after. Nothing of it is mended,
// because somebody else may need it as it is.
func (f *AgeFile) readPersonal(path, what string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, f.noPersonal(path, what, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, f.noPersonal(path, what, err)
	}
	if info.IsDir() {
		return nil, f.noPersonal(path, what, errors.New("it is a folder"))
	}
	if why, hint := looseKey(info, path, os.Geteuid()); why != "" {
		return nil, f.loose(what+" "+path+" "+why, hint, nil)
	}
	text, err := io.ReadAll(io.LimitReader(file, largestKey+1))
	if err != nil {
		return nil, f.noPersonal(path, what, err)
	}
	if len(text) > largestKey {
		return nil, f.noPersonal(path, what, errors.New("it is too large"))
	}
	if f.beside(path) {
		f.tell("Warning: %s %s lies in the same folder as the secrets that it opens: whoever has a copy of the folder has both. Keep it elsewhere.", what, path)
	}
	return text, nil
}

// looseKey judges as PostgreSQL's client does (libpq, sslkey): what is the user's
// own is for nobody else; what is root's may be read by a group, which is how
// Kubernetes and systemd hand a file to a service that is not root.
func looseKey(info fs.FileInfo, path string, me int) (why, hint string) {
	owner, known := ownerOf(info)
	mode := info.Mode().Perm()
	if !known || !info.Mode().IsRegular() {
		return "", ""
	}
	switch {
	case owner != me && owner != 0:
		return "belongs to another user", "Take a copy of your own, for you alone:\n  install -m 600 " + shellPath(path) + " …"
	case owner == me && mode&0o077 != 0, owner != me && mode&0o037 != 0:
		return "may be read or written by others (" + mode.String() + ")", "chmod 600 " + shellPath(path)
	}
	return "", ""
}

// beside reports whether a key lies in the folder of the secrets.
func (f *AgeFile) beside(path string) bool {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	theirs, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return false
	}
	ours, err := os.Stat(f.files.configDir)
	return err == nil && os.SameFile(theirs, ours)
}

// shellPath is a path to paste into a POSIX shell.
func shellPath(path string) string {
	plain := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+,:@%", r))
	}
	if path != "" && strings.IndexFunc(path, plain) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
