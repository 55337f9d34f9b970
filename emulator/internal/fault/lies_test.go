package fault

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

func TestLies(t *testing.T) {
	const made = `{"_links":{"self":{"href":"http://127.0.0.1:1/things/thing-1"},"next":{"href":"/next"}},"id":"thing-1"}`
	for _, row := range []struct {
		kind  string
		check func(t *testing.T, body string)
	}{
		{kindElsewhere, func(t *testing.T, body string) {
			require.JSONEq(t, `{"_links":{"self":{"href":"`+Elsewhere+`"},"next":{"href":"/next"}},"id":"thing-1"}`, body)
		}},
		{kindBodyNull, func(t *testing.T, body string) { require.Equal(t, "null", body) }},
		{kindBodyList, func(t *testing.T, body string) { require.Equal(t, "[]", body) }},
		{kindBodyHTML, func(t *testing.T, body string) { require.Contains(t, body, "<h1>Sign on to the network</h1>") }},
		{kindBodyCut, func(t *testing.T, body string) { require.Equal(t, made[:len(made)/2], body) }},
		{kindBodyTwice, func(t *testing.T, body string) {
			require.Contains(t, body, `"id":"thing-1","id":"0`)
			require.True(t, json.Valid([]byte(body)))
		}},
		{kindBodyHuge, func(t *testing.T, body string) { require.Greater(t, len(body), 11<<20) }},
		{kindBodyDeep, func(t *testing.T, body string) {
			require.Empty(t, strings.Trim(body, "["))
			require.Len(t, body, 9<<20)
		}},
	} {
		t.Run(row.kind, func(t *testing.T) {
			b := newBench(t, Rule{Kind: row.kind})
			call := func(status int, body string) *wire.Answer {
				return b.Wrap(func(*wire.Call) *wire.Answer {
					b.processed++
					return wire.Text(status, "application/json", body)
				})(&wire.Call{Operation: "thing.create", Method: http.MethodPost})
			}
			answer := call(http.StatusCreated, made)
			require.Equal(t, http.StatusCreated, answer.Status)
			require.Equal(t, 1, b.processed, "it was made all the same")
			row.check(t, string(answer.Body))
			require.Equal(t, map[bool]string{true: "text/html;charset=UTF-8", false: "application/json"}[row.kind == kindBodyHTML], answer.Header.Get("Content-Type"))
			require.Equal(t, `{"code":"NO"}`, string(call(http.StatusBadRequest, `{"code":"NO"}`).Body), "a refusal is none of its business")
			require.Empty(t, call(http.StatusNoContent, "").Body)
			if row.kind == kindElsewhere {
				for _, body := range []string{`{"id":"thing-1"}`, `no JSON`} {
					require.Equal(t, body, string(call(http.StatusOK, body).Body), "there is no link")
				}
			}
		})
	}
}

func TestWhatIsIgnoredLooksDone(t *testing.T) {
	b := newBench(t, Rule{Kind: kindIgnored})
	require.Equal(t, http.StatusNoContent, b.call("thing.read", http.MethodDelete, nil).Status)
	require.Zero(t, b.processed)
}

func TestWhoLiesIsMarked(t *testing.T) {
	for _, kind := range Kinds() {
		lies := kind.Name == kindIgnored || kind.Name == kindElsewhere || len(kind.Name) > 5 && kind.Name[:5] == "body-"
		require.Equal(t, lies, kind.Lies, kind.Name)
	}
}
