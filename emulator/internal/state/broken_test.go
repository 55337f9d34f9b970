package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/state"
)

// damaged is a file with many keys, and what a change made of it.
func damaged(t *testing.T, change func(whole []byte, page int) []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "damaged.db")
	f := open(t, path)
	many := map[string][]byte{}
	for i := range 2000 {
		many[fmt.Sprint("key ", i)] = bytes.Repeat([]byte("v"), 100)
	}
	require.NoError(t, f.Put(many, false)())
	require.NoError(t, f.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, change(whole, os.Getpagesize()), 0o600))
	return path
}

// The library below panics about pages that are none, also where nobody can recover.
func TestADamagedFileIsNamed(t *testing.T) {
	for name, change := range map[string]func([]byte, int) []byte{
		"nothing but the first pages": func(whole []byte, page int) []byte { clear(whole[2*page:]); return whole },
		"a hole in the middle":        func(whole []byte, page int) []byte { clear(whole[5*page : 20*page]); return whole },
		"cut off after three pages":   func(whole []byte, page int) []byte { return whole[:3*page] },
		"cut off after five pages":    func(whole []byte, page int) []byte { return whole[:5*page] },
		"cut off after eight pages":   func(whole []byte, page int) []byte { return whole[:8*page] },
		"cut off after twenty pages":  func(whole []byte, page int) []byte { return whole[:20*page] },
		"cut off in a page":           func(whole []byte, page int) []byte { return whole[:2*page+page/2] },
		"nothing of its first pages":  func(whole []byte, page int) []byte { clear(whole[:2*page]); return whole },
	} {
		path := damaged(t, change)
		_, err := state.Open(path)
		require.ErrorContains(t, err, "state file "+path+" is broken or no state file", name)
	}
	whole := damaged(t, func(whole []byte, _ int) []byte { return whole })
	require.NoError(t, open(t, whole).Close())
	empty := filepath.Join(t.TempDir(), "empty.db")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	require.NoError(t, open(t, empty).Close(), "it is begun")
}

func TestWhatCannotBeReadBackEndsTheLoading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	f := open(t, path)
	require.NoError(t, f.Put(map[string][]byte{"a": []byte("1"), "b": []byte("2")}, false)())
	var read []string
	err := f.Load(func(key string, _ []byte) error { read = append(read, key); return errors.New("no person") })
	require.EqualError(t, err, "state file "+path+" is broken or no state file: no person; it is left as it is: move it away to begin anew")
	require.Equal(t, []string{"a"}, read)
	require.NoError(t, f.Close())
}

func TestWhoWritesIsToldThatItFailed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	f := open(t, path)
	require.NoError(t, f.Put(map[string][]byte{"a": []byte("1")}, false)())
	require.ErrorContains(t, f.Put(map[string][]byte{"": []byte("no key"), "b": []byte("2")}, true)(), "write the state file "+path)
	require.Equal(t, map[string]string{"a": "1"}, held(t, f), "all of it or nothing")
	require.NoError(t, f.Put(map[string][]byte{"c": []byte("3")}, false)())
	require.Equal(t, map[string]string{"a": "1", "c": "3"}, held(t, f))
	require.NoError(t, f.Close())
}
