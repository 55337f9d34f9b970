package har

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/plain"
)

// one is an exchange with everything that an archive has a place for.
func one(body string) Exchange {
	return Exchange{
		Operation: "Create User", Step: "When Ben registers", Method: "POST", URL: "https://example.com/v1?a=b%20c&d", Sent: "x=1",
		RequestHeaders: []Pair{{"Content-Type", "application/x-www-form-urlencoded"}, {"Cookie", "ST=1; other=2"}},
		Status:         302, ResponseHeaders: []Pair{{"Content-Type", "application/json"}, {"Location", "https://example.com/next"}, {"Set-Cookie", "ST=3; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; Secure"}},
		Body: body, Started: time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.UTC), Elapsed: 1500 * time.Microsecond,
	}
}

func TestWhatIsPackedIsReadAgain(t *testing.T) {
	x := one("{\"a\":\t\"b\\\"\"}\r\n")
	p := Pack("v1", `Ben's "first"`, []Exchange{x, x})
	f, err := Read(p.Archive)
	require.NoError(t, err)
	require.NoError(t, Check(f))
	require.Equal(t, "v1", f.Log.Creator.Version)
	require.Equal(t, `Ben's "first"`, f.Log.Pages[0].Title)
	require.Len(t, f.Log.Entries, 2)
	e := f.Log.Entries[1]
	require.Equal(t, x, e.Exchange())
	require.Equal(t, []Pair{{"a", "b c"}, {"d", ""}}, e.Request.QueryString)
	require.Equal(t, []Cookie{{Name: "ST", Value: "1"}, {Name: "other", Value: "2"}}, e.Request.Cookies)
	require.Equal(t, "https://example.com/next", e.Response.RedirectURL)
	require.Equal(t, "Found", e.Response.StatusText)
	require.InDelta(t, 1.5, e.Time, 0)
	set := e.Response.Cookies[0]
	require.True(t, set.HTTPOnly && set.Secure && set.Expires.Year() == 2026, "%+v", set)
}

func TestAnExchangeIsTwoMessages(t *testing.T) {
	p := Pack("v1", "x", []Exchange{one("body")})
	var said [2]string
	require.NoError(t, json.Unmarshal([]byte(`["`+string(p.AppendRequest(nil, 0))+`","`+string(p.AppendAnswer(nil, 0))+`"]`), &said))
	require.Equal(t, "POST https://example.com/v1?a=b%20c&d\nContent-Type: application/x-www-form-urlencoded\nCookie: ST=1; other=2\n\nx=1", said[0])
	require.True(t, strings.HasPrefix(said[1], "302 Found\nContent-Type: application/json\n"))
	require.True(t, strings.HasSuffix(said[1], "Secure\n\nbody"))
}

// Whatever a server says, it is shown as package plain has it, and steers nothing.
func TestWhatIsPackedIsPlain(t *testing.T) {
	const hostile = "a\x1b[2J\u202e\u2028\r\nb\rc\xffä\"\\"
	x := one(hostile)
	x.URL, x.RequestHeaders[0].Value = "https://example.com/"+hostile, hostile
	f, err := Read(Pack(hostile, hostile, []Exchange{x}).Archive)
	require.NoError(t, err)
	got := f.Log.Entries[0].Exchange()
	require.Equal(t, plain.Whole(hostile), got.Body)
	require.Equal(t, plain.Line(hostile), got.RequestHeaders[0].Value)
	require.Equal(t, "https://example.com/"+plain.Line(hostile), got.URL)
	require.Equal(t, plain.Line(hostile), f.Log.Pages[0].Title)
	require.Empty(t, Pack("", "", nil).Archive)
}

func BenchmarkPack(b *testing.B) {
	all := []Exchange{one(strings.Repeat(`{"id":"00000000-0000-4000-8000-000000000001"},`, 20))}
	b.ReportAllocs()
	for b.Loop() {
		Pack("v", "x", all)
	}
}
