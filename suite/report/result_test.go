package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAScenarioSlugIsAFileName(t *testing.T) {
	s := ID{Feature: "login_and_mfa", Name: `Anna's first "sign-on", 1.5 – É`}
	require.Equal(t, "anna-s-first-sign-on-1-5-é", s.Slug())
	require.Equal(t, "login_and_mfa/anna-s-first-sign-on-1-5-é.txtar", s.Recording())
}
