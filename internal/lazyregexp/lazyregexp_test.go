package lazyregexp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/lazyregexp"
)

func TestAnExpressionIsCompiledOnce(t *testing.T) {
	one := lazyregexp.Compiled(`^a(b)?$`)
	require.True(t, one.MatchString("ab"))
	require.Same(t, one, lazyregexp.Compiled(`^a(b)?$`))
	require.False(t, lazyregexp.Compiled(`^a(c)?$`).MatchString("ab"), "another expression is another")
	for range 2 {
		require.Nil(t, lazyregexp.Compiled(`(`), "no expression")
	}
	expression := lazyregexp.New(`^x$`)
	require.Same(t, expression(), expression())
}
