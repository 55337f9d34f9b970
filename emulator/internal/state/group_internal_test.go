package state

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What comes while a group is written is the next group, written once; who clears takes back what others
// have put into it before.
func TestWhatIsPutMeanwhileIsOneGroup(t *testing.T) {
	f := &File{wake: make(chan struct{}, 1)}
	put := func(key string, clear bool) { f.Put(map[string][]byte{key: []byte(key)}, clear) }
	put("a", false)
	put("b", false)
	require.Equal(t, map[string][]byte{"a": []byte("a"), "b": []byte("b")}, f.pending.changes)
	require.False(t, f.pending.clear)
	put("c", true)
	put("d", false)
	require.Equal(t, map[string][]byte{"c": []byte("c"), "d": []byte("d")}, f.pending.changes)
	require.True(t, f.pending.clear)
	require.Len(t, f.wake, 1)
}
