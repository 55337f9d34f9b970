package contract

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATextIsReadOnce(t *testing.T) {
	var kept readings
	first := kept.of([]byte(`{"id":"one"}`))
	require.Same(t, first, kept.of([]byte(`{"id":"one"}`)))
	require.NotSame(t, first, kept.of([]byte(`{"id":"two"}`)))
	require.Nil(t, kept.of(nil))
	asked := 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			once(first, question{place: "/id"}, func() []fault { asked++; return nil })
		})
	}
	all.Wait()
	require.Equal(t, 1, asked)
	once(first, question{place: "/other"}, func() []fault { asked++; return nil })
	require.Equal(t, 2, asked, "another place is another question")
	once(nil, question{place: "/id"}, func() []fault { asked++; return nil })
	require.Equal(t, 3, asked, "what belongs to no text is asked each time")
}

func TestReadingsDoNotGrowWithoutEnd(t *testing.T) {
	var kept readings
	first := kept.of([]byte("0"))
	for i := 1; i <= keptReadings; i++ {
		kept.of(fmt.Append(nil, i))
		require.LessOrEqual(t, len(kept.byText), keptReadings)
	}
	require.NotSame(t, first, kept.of([]byte("0")), "the older ones gave way")
	held := len(kept.byText)
	long := []byte(strings.Repeat("a", keptLength+1))
	require.NotSame(t, kept.of(long), kept.of(long))
	require.Len(t, kept.byText, held)
	require.Same(t, kept.of(long[1:]), kept.of(long[1:]))
}

func TestALongPartIsFoundWholeOrNotAtAll(t *testing.T) {
	token := strings.Repeat("eyJ", 20) + "." + strings.Repeat("end", 20)
	require.True(t, newReading("a "+token+" b").holds(token))
	require.True(t, newReading("short").holds("hor"))
	require.False(t, newReading("a "+token[1:]).holds(token), "only its end is there")
	require.False(t, newReading("a "+token[:len(token)-1]).holds(token))
	require.False(t, (*reading)(nil).holds("a"))
}

func TestAPartIsFoundHoweverItIsSpelled(t *testing.T) {
	r := newReading(`{"n\u0061me":["one\/two",{"of":"\u00e9t\u00E9"}],"n":1}`)
	for _, part := range []string{"name", "n\\u0061me", "one/two", "été", `"n":1`} {
		require.True(t, r.holds(part), part)
	}
	require.False(t, r.holds("nameone"), "two texts are not one")
	require.True(t, newReading(`"on\u0065"`).holds("one"))
	require.False(t, newReading(`on\u0065`).holds("one"), "it is no JSON")
}
