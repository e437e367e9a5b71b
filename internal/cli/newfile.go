package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"example.com/sfconnect/internal/fault"
)

// newFile is a file of --output that is about to appear, whole and readable by its
// owner alone from its first moment.
type newFile struct {
	what  string // as it begins a sentence: "The guide"
	path  string
	force bool     // may take the place of a file
	temp  *os.File // beside it; nil once it is there
}

// prepareFile finds out whether path can be written before anything leaves for it. A
// symbolic link, a folder or a device is never replaced, a file only with force.
func prepareFile(what, path string, force bool) (*newFile, error) {
	f := &newFile{what: what, path: path, force: force}
	if err := f.free(); err != nil {
		return nil, err
	}
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	var err error
	if f.temp, err = os.CreateTemp(dir, base+".*.tmp"); err != nil { // 0600
		return nil, f.unwritable(err)
	}
	return f, nil
}

// free refuses what stands at the path already.
func (f *newFile) free() error {
	info, err := os.Lstat(f.path)
	hint := "Name a file that is not there yet, or leave --output out and send stdout where you need it."
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return f.unwritable(err)
	case info.IsDir():
		return fault.New(fault.Usage, "input", f.what+" is not written: "+f.path+" is a folder.", "Name a file in it.")
	case info.Mode()&fs.ModeSymlink != 0:
		return fault.New(fault.Usage, "input", f.what+" is not written: "+f.path+" is a symbolic link, and nothing is written through one.", hint)
	case !info.Mode().IsRegular():
		return fault.New(fault.Usage, "input", f.what+" is not written: "+f.path+" is no ordinary file.", hint)
	case !f.force:
		return fault.New(fault.Usage, "input", f.what+" is not written: there is a file "+f.path+" already.", "Name another one, or add --force to replace it.")
	}
	return nil
}

func (f *newFile) unwritable(err error) error {
	why, hint := err.Error(), "Name a file in a folder that you may write to."
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "there is no folder " + filepath.Dir(f.path)
		hint = "Make that folder first, or name a file in another one."
	case errors.As(err, &path):
		why = path.Err.Error()
	}
	return fault.New(fault.Usage, "input", f.what+" could not be written to "+f.path+": "+why+".", hint).Because(err)
}

// commit makes the file appear with data in it.
func (f *newFile) commit(data []byte) error {
	_, err := f.temp.Write(data)
	if err = errors.Join(err, f.temp.Sync(), f.temp.Close()); err != nil {
		return f.unwritable(err)
	}
	if err := f.free(); err != nil { // something came there meanwhile
		return err
	}
	if !f.force {
		// A link never takes the place of a file; where the file system has none, a rename must do.
		switch err := os.Link(f.temp.Name(), f.path); {
		case err == nil:
			return nil // discard removes the other name
		case errors.Is(err, fs.ErrExist):
			return f.free()
		}
	}
	if err := os.Rename(f.temp.Name(), f.path); err != nil {
		return f.unwritable(err)
	}
	f.temp = nil
	return nil
}

// discard removes what is left beside the file.
func (f *newFile) discard() {
	if f.temp != nil {
		_ = f.temp.Close()
		_ = os.Remove(f.temp.Name())
	}
}
