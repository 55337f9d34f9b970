package client_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// A list is followed to its end, and to no page twice; of one that has no end, nobody waits for it.
func TestHowFarAListIsFollowed(t *testing.T) {
	numbered := func(i int) string { return fmt.Sprintf("https://api.pingone.com/v1/x?cursor=%d", i) }
	for _, row := range []struct {
		what string
		next func(i int) string // where page i leads to
		body int
		read int
		ends bool
	}{
		{"one page", func(int) string { return "" }, 0, 1, true},
		{"three pages", func(i int) string { return []string{numbered(1), numbered(2), ""}[i] }, 0, 3, true},
		{"a page that leads to itself", func(int) string { return numbered(0) }, 0, 2, false},
		{"pages in a circle", func(i int) string { return numbered(i % 3) }, 0, 4, false},
		{"pages without end", numbered, 0, 1001, false},
		{"large pages without end", numbered, 9 << 20, 8, false},
	} {
		t.Run(row.what, func(t *testing.T) {
			var pages client.Pages
			for read := 1; ; read++ {
				body := fmt.Sprintf(`{"_links":{"next":{"href":%q}},"x":%q}`, row.next(read-1), strings.Repeat("x", row.body))
				more, err := pages.Lead(&client.Exchange{Body: []byte(body)})
				if more {
					continue
				}
				require.Equal(t, row.read, read)
				require.Equal(t, row.ends, err == nil)
				if !row.ends {
					require.ErrorIs(t, err, client.ErrEndless)
				}
				return
			}
		})
	}
}
