//go:build proofs

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The proofs by go test, which takes what has passed from its cache while nothing that they are
// made of has changed: features, recordings and contracts are built in.
func TestProofs(t *testing.T) {
	set(t, nil)
	for _, proof := range []string{"detect", "vary", "mutants"} {
		t.Run(proof, func(t *testing.T) {
			got := start(t.Context(), t, proof)
			t.Log("\n" + got.stdout)
			require.Zero(t, got.status, got.stderr)
		})
	}
}
