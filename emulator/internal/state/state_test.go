package state_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"pingone-conformance/emulator/internal/state"
)

func open(t *testing.T, path string) *state.File {
	t.Helper()
	f, err := state.Open(path)
	require.NoError(t, err)
	return f
}

func held(t *testing.T, f *state.File) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, f.Load(func(key string, value []byte) error { all[key] = string(value); return nil }))
	return all
}

func TestWhatAFileHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	f := open(t, path)
	require.Empty(t, held(t, f))
	require.NoError(t, f.Put(map[string][]byte{"a": []byte("1"), "b": []byte("2")}, false)())
	require.NoError(t, f.Put(map[string][]byte{"a": nil, "c": []byte("3")}, false)())
	require.Equal(t, map[string]string{"b": "2", "c": "3"}, held(t, f))
	require.NoError(t, f.Put(map[string][]byte{"d": []byte("4")}, true)())
	require.NoError(t, f.Close())
	require.EqualError(t, f.Put(map[string][]byte{"e": nil}, false)(), "state file "+path+" is closed")
	require.Equal(t, "1", versionOf(t, path))
	f = open(t, path)
	require.Equal(t, map[string]string{"d": "4"}, held(t, f))
	require.NoError(t, f.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it holds keys and secrets")
}

// versionOf is the version that a file says it is of.
func versionOf(t *testing.T, path string) (version string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	require.NoError(t, err, "nobody has it open")
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		version = string(tx.Bucket([]byte("meta")).Get([]byte("version")))
		return nil
	}))
	require.NoError(t, db.Close())
	return version
}

func TestClosingWaitsForWhatIsBeingWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	f := open(t, path)
	many := map[string][]byte{}
	for i := range 5000 {
		many[fmt.Sprint("key ", i)] = []byte("v")
	}
	wait := f.Put(many, false)
	require.NoError(t, f.Close())
	require.NoError(t, wait())
	f = open(t, path)
	require.Len(t, held(t, f), len(many))
	require.NoError(t, f.Close())
	for range 20 { // whichever comes first
		f = open(t, path)
		wait = f.Put(map[string][]byte{"last": []byte("v")}, false)
		require.NoError(t, f.Close())
		require.NoError(t, wait())
	}
}

func TestTheLastPutWins(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "state.db"))
	var order sync.Mutex
	count := 0
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			order.Lock()
			count++
			wait := f.Put(map[string][]byte{"n": []byte(fmt.Sprint(count))}, false)
			order.Unlock()
			if err := wait(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Equal(t, "200", held(t, f)["n"])
	require.NoError(t, f.Close())
}

func TestFilesThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	used := open(t, filepath.Join(dir, "used.db"))
	defer func() { _ = used.Close() }()
	newer := filepath.Join(dir, "newer.db")
	db, err := bbolt.Open(newer, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket([]byte("meta"))
		if err != nil {
			return err
		}
		return meta.Put([]byte("version"), []byte("2"))
	}))
	require.NoError(t, db.Close())
	text := filepath.Join(dir, "text.db")
	require.NoError(t, os.WriteFile(text, []byte("this is no state of an emulator"), 0o600))
	torn := filepath.Join(dir, "torn.db")
	whole, err := os.ReadFile(newer)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(torn, append(whole[:4096:4096], make([]byte, 8)...), 0o600))
	for path, says := range map[string]string{
		filepath.Join(dir, "used.db"):            "another emulator has this file open",
		newer:                                    "is of version 2, this program reads version 1",
		text:                                     "is broken or no state file: invalid database",
		torn:                                     "is broken or no state file",
		filepath.Join(dir, "nowhere", "some.db"): "no such file or directory",
		filepath.Join(text, "some.db"):           "not a directory",
	} {
		_, err := state.Open(path)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, path)
		require.Equal(t, strings.HasPrefix(says, "is broken"), strings.Contains(err.Error(), "move it away to begin anew"), says)
		require.Equal(t, strings.HasSuffix(path, "used.db"), errors.Is(err, state.ErrInUse))
	}
	require.Equal(t, "2", versionOf(t, newer), "it is left as it is")
	left, err := os.ReadFile(text)
	require.NoError(t, err)
	require.Equal(t, "this is no state of an emulator", string(left), "a broken file is left as it is")
}
