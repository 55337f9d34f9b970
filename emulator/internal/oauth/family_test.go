package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// However often a sign-on is refreshed, what is remembered of its tokens is bounded, and
// the newest can be taken back.
func TestAFamilyIsBounded(t *testing.T) {
	r := newRig(t)
	f := &family{}
	for i := range maxAccess + 2 {
		r.server.add(f, fmt.Sprint("token ", i), r.now, r.now.Add(time.Hour))
		require.LessOrEqual(t, len(f.access), maxAccess)
	}
	r.server.end(f, r.now)
	for i, refused := range map[int]bool{0: false, 1: false, 2: true, maxAccess: true, maxAccess + 1: true} {
		_, revoked := r.server.revoked.Look(digest(fmt.Sprint("token ", i)), r.now)
		require.Equal(t, refused, revoked, i)
	}
	r.server.add(f, "late", r.now, r.now.Add(time.Hour))
	_, revoked := r.server.revoked.Look(digest("late"), r.now)
	require.True(t, revoked, "what comes after the end is taken back as well")
	require.Len(t, f.access, maxAccess)
}

// Tokens of an earlier process are verified by whoever reads the published keys.
func TestKeysOfEarlierProcessesArePublished(t *testing.T) {
	r := newRig(t)
	before, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	signingKey() // a process without a key would go on with the one of before
	require.NoError(t, r.server.TrustKey(before))
	require.Equal(t, []*rsa.PrivateKey{signingKey().private, before}, r.server.Keys())
	code := r.browser().code()
	c, err := r.server.verify(r.exchange(code).json("id_token").String())
	require.NoError(t, err)
	token, err := r.server.former[0].sign(c)
	require.NoError(t, err)
	require.Equal(t, r.anna.ID, r.verifyID(token)["sub"])
	require.True(t, r.server.Issued(token))
	require.False(t, newRig(t).server.Issued(token))
	require.NoError(t, r.server.TrustKey(signingKey().private))
	require.Len(t, r.server.Keys(), 2, "its own it has already")
}
