package difference

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

func TestWhatIsOtherwiseInAValue(t *testing.T) {
	one, another := signed(`{"sub":"anna","exp":1}`), strings.Replace(signed(`{"sub":"anna","exp":2}`), ".YSBz", ".YmBz", 1)
	const long = "https://here.example.com/v1/environments/env-1"
	for _, row := range []struct {
		was, is string
		want    []string
	}{
		{`{"a": 1, "b": [1, 2]}`, `{"b":[1,2],"a":1}`, nil},
		{`1`, `"1"`, []string{`1 -> "1"`}},
		{`{"a": {"b": true}}`, `{"a": {"b": false}}`, []string{"/a/b true -> false"}},
		{`{"a": {"b": 1}, "c": 2}`, `{"a": {"d": null}, "c": 2}`, []string{"- /a/b", "+ /a/d null"}},
		{`{"a": {}}`, `{"a": []}`, []string{"/a {} -> []"}},
		{`[1, 2, 3]`, `[3, 2, 1]`, []string{"in another order"}},
		{`[1, 2]`, `[1, 3]`, []string{"/1 2 -> 3"}},
		{`[1, 2, 3]`, `[1, 3]`, []string{"- /1"}},
		{`[1, 3]`, `[1, 2, 3, 3]`, []string{"+ /1 2", "+ /2 3"}},
		{`[1]`, `[1, 1]`, []string{"+ /1 1"}},
		{`[1, 2]`, `[3]`, []string{"- /0", "- /1", "+ /0 3"}},
		{`"` + one + `"`, `"` + another + `"`, []string{"/claims/exp 1 -> 2", "/signature is another"}},
		{`"` + one + `"`, `"a.b.c"`, []string{change(one, "a.b.c")}},
		{`{"claims": {}, "signature": "one"}`, `{"claims": {}, "signature": "one"}`, nil},
		{`{"signature": "one"}`, `{"signature": "two"}`, []string{`/signature "one" -> "two"`}},
		{`"` + long + `"`, `"` + long + `/"`, []string{`"…" -> "…/"`}},
		{`"` + long + `?a=1"`, `"` + long + `?a=21"`, []string{`"…" -> "…2…"`}},
		{`"` + long + `"`, `""`, []string{`"` + long + `" -> ""`}},
		{`"<a&b>"`, `"c"`, []string{`"<a&b>" -> "c"`}},
		{`"` + strings.Repeat("a", 100) + strings.Repeat("b", 51) + `"`, `""`, []string{`"` + strings.Repeat("a", 90) + `"…"` + strings.Repeat("a", 9) + strings.Repeat("b", 51) + `" -> ""`}},
	} {
		require.Equal(t, row.want, Values(json.RawMessage(row.was), json.RawMessage(row.is)), row.was)
	}
}

func TestWhatIsOtherwiseInABody(t *testing.T) {
	const was = `{"id": "1", "status": "OK"}`
	for is, want := range map[string][]string{
		was:                                     nil,
		`{"status": "OK", "id": "1"}`:           {"written otherwise"},
		`{"status": "NO", "id": "1"}`:           {`/status "OK" -> "NO"`},
		`{"status": "NO", "id": "2"}`:           {`/id "1" -> "2"`, `/status "OK" -> "NO"`},
		`{"code": "NO"}`:                        {`body is {"code":"NO"}`},
		`{"id": "2", "id": "1", "status":"OK"}`: {`body is "{\"id\": \"2\", \"id\": \"1\", \"status\":\"OK\"}"`},
		was + was:                               {`body is "{\"id\": \"1\", \"status\": \"OK\"}{\"id\": \"1\", \"status\": \"OK\"}"`},
		`"text"`:                                {`body is "\"text\""`},
		``:                                      {`body is ""`},
	} {
		require.Equal(t, want, bodies([]byte(was), []byte(is)), is)
	}
}

func TestATourTellsWhatIsOtherwise(t *testing.T) {
	tour := Along(func(next wire.Handler) wire.Handler {
		return func(call *wire.Call) *wire.Answer {
			switch call.Operation {
			case "discovery":
				return wire.Empty(http.StatusNoContent)
			case "jwks":
				call.URL.Path = "/elsewhere"
				call.Header.Set("X-Sent", call.ID)
			case "revoke":
				next(call)
			}
			return next(call).With("X-More", "1")
		}
	}, Options{
		Asked: func(n int) []string { return []string{"once", "twice"}[n-1 : n] },
		Ended: func(lines []string) []string {
			if len(lines) > 3 {
				return []string{"a lot"}
			}
			return nil
		},
	})
	require.True(t, tour.Changed())
	require.Equal(t, `  all but discovery | once
  all but discovery | + header X-More: 1
  revoke | asks again
  revoke | twice
  revoke, discovery, jwks | a lot
  discovery | does not ask
  discovery | status 200 -> 204
  discovery | - header Content-Type
  discovery | body is ""
  jwks | asks: address "/env-1/as/jwks" -> "/elsewhere"
  jwks | asks: + header X-Sent: its id
`, tour.String())
	require.False(t, Along(func(next wire.Handler) wire.Handler { return next }, Options{Sorted: true}).Changed())
}

func TestAnOperationIsNamedOnceWhenAllOfItIsMeant(t *testing.T) {
	tour := Tour{{"a", []string{"x"}}, {"a (again)", []string{"x", "y"}}, {"b", []string{"z"}}, {"c", nil}, {"d", nil}, {"e", nil}}
	require.Equal(t, "  every a | x\n  a (again) | y\n  b | z\n", tour.String())
}

func TestATableIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "table")
	require.ErrorContains(t, Keep(file, "a\n\nb\n", false), "read the table")
	require.NoError(t, Keep(file, "a\n\nb\n", true))
	require.NoError(t, Keep(file, "a\n\nb\n", false))
	require.ErrorContains(t, Keep(file, "a\n\nc\n", false), "says\nb\n\nand it is\nc\n")
	require.ErrorContains(t, Keep(file, "a\n\nb\n\nc\n", false), "and it is\nb")
	require.ErrorContains(t, Keep(file, "a", false), "says\nb\n\nwhich is nowhere")
	require.ErrorContains(t, Keep(filepath.Join(file, "below"), "a", true), "write the table")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "a\n\nb\n", string(text))
}
