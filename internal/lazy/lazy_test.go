package lazy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/lazy"
)

func TestAnExpressionIsCompiledOnce(t *testing.T) {
	one := lazy.Compiled(`^a(b)?$`)
	require.True(t, one.MatchString("ab"))
	require.Same(t, one, lazy.Compiled(`^a(b)?$`))
	require.False(t, lazy.Compiled(`^a(c)?$`).MatchString("ab"), "another expression is another")
	for range 2 {
		require.Nil(t, lazy.Compiled(`(`), "no expression")
	}
	expression := lazy.Regexp(`^x$`)
	require.Same(t, expression.Get(), expression.Get())
	require.Panics(t, func() { lazy.Regexp(`(`).Get() })
}

func TestAValueIsMadeOnceAndWhenItIsAskedFor(t *testing.T) {
	made := 0
	value := lazy.Value[int]{Make: func() int { made++; return made }}
	require.Zero(t, made)
	require.Equal(t, 1, value.Get())
	require.Equal(t, 1, value.Get())
}
