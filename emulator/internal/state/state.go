// Package state keeps what an emulator holds in one file: keys and values, written
// together by whoever writes at the same time.
//
// What was acknowledged survives the end of the process however it comes, kill -9
// included. It does not survive a power cut: nothing waits for the disk but Close.
package state

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// version is raised when an older program could not read the file.
const version = "1"

// patience is how long a file that another process has open is waited for.
const patience = 200 * time.Millisecond

// The buckets of a file.
var (
	metaBucket = []byte("meta")
	keptBucket = []byte("kept")
	versionKey = []byte("version")
)

// ErrInUse refuses a file that another process has open.
var ErrInUse = errors.New("another emulator has this file open")

// File is an open file. Its methods may be called at the same time.
type File struct {
	path string
	db   *bbolt.DB

	mu      sync.Mutex
	closed  bool
	pending *group
	wake    chan struct{}
	ended   chan struct{}
}

// group is the changes that are written together.
type group struct {
	changes map[string][]byte
	clear   bool
	done    chan struct{}
	err     error
}

// Open opens a file, or makes it. A file that another process has open, that is
// broken, or that a newer program wrote, is an error that names it.
func Open(path string) (f *File, err error) {
	defer func() {
		if cause := recover(); cause != nil { // bbolt panics about some broken files
			f, err = nil, broken(path, fmt.Errorf("%v", cause))
		}
	}()
	db, err := opened(path)
	var system *fs.PathError
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("state file %s: %w", path, ErrInUse)
	case errors.As(err, &system): // such as no folder, no permission, no space
		return nil, fmt.Errorf("state file %s: %w", path, err)
	case err != nil:
		return nil, broken(path, err)
	}
	f = &File{path: path, db: db, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	if err := f.begin(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go f.write()
	return f, nil
}

func opened(path string) (*bbolt.DB, error) {
	if err := walk(path); err != nil {
		return nil, err
	}
	return bbolt.Open(path, 0o600, &bbolt.Options{Timeout: patience, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType, NoSync: true, NoGrowSync: true})
}

// walk reads a file that is there from end to end. bbolt does so itself when it opens one
// for writing, but in a goroutine of its own: nobody could recover from its panic there.
func walk(path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil // it is made, or cannot be: Open says so
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a file that was cut off ends before its map does
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: patience, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing was written
	return db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, _ []byte) error { return nil })
		})
	})
}

func broken(path string, cause error) error {
	return fmt.Errorf("state file %s is broken or no state file: %w; it is left as it is: move it away to begin anew", path, cause)
}

func (f *File) begin() error {
	return f.db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(metaBucket)
		if err != nil {
			return broken(f.path, err)
		}
		switch found := string(meta.Get(versionKey)); found {
		case "":
			if err := meta.Put(versionKey, []byte(version)); err != nil {
				return broken(f.path, err)
			}
		case version:
		default:
			return fmt.Errorf("state file %s is of version %s, this program reads version %s: use a newer program, or another file", f.path, found, version)
		}
		_, err = tx.CreateBucketIfNotExists(keptBucket)
		return err
	})
}

// Load hands every key and value to read, in the order of the keys. The value is only
// good during the call.
func (f *File) Load(read func(key string, value []byte) error) error {
	return f.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(keptBucket).ForEach(func(key, value []byte) error {
			if err := read(string(key), value); err != nil {
				return broken(f.path, err)
			}
			return nil
		})
	})
}

// Put writes changes, nil values being removals, and returns what waits until they
// are written. Changes are written in the order of the calls to Put; with clear,
// what the file held before is gone.
func (f *File) Put(changes map[string][]byte, clear bool) (wait func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return func() error { return fmt.Errorf("state file %s is closed", f.path) }
	}
	if f.pending == nil {
		f.pending = &group{changes: map[string][]byte{}, done: make(chan struct{})}
		f.wake <- struct{}{} // there is room: write has taken the one for the group before
	}
	g := f.pending
	if clear {
		g.clear, g.changes = true, map[string][]byte{}
	}
	maps.Copy(g.changes, changes)
	return func() error {
		<-g.done
		return g.err
	}
}

// write writes what is pending, again and again: who comes while a group is written
// is in the next.
func (f *File) write() {
	defer close(f.ended)
	for range f.wake {
		f.mu.Lock()
		g := f.pending
		f.pending = nil
		f.mu.Unlock()
		g.err = f.commit(g)
		close(g.done)
	}
}

func (f *File) commit(g *group) error {
	err := f.db.Update(func(tx *bbolt.Tx) error {
		if g.clear {
			if err := tx.DeleteBucket(keptBucket); err != nil {
				return err
			}
			if _, err := tx.CreateBucket(keptBucket); err != nil {
				return err
			}
		}
		kept := tx.Bucket(keptBucket)
		for key, value := range g.changes {
			var err error
			if value == nil {
				err = kept.Delete([]byte(key))
			} else {
				err = kept.Put([]byte(key), value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the state file %s: %w", f.path, err)
	}
	return nil
}

// Close waits for what is being written, and for the disk.
func (f *File) Close() error {
	f.mu.Lock()
	f.closed = true
	close(f.wake)
	f.mu.Unlock()
	<-f.ended
	if err := errors.Join(f.db.Sync(), f.db.Close()); err != nil {
		return fmt.Errorf("close the state file %s: %w", f.path, err)
	}
	return nil
}
