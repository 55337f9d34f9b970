package suite

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/suite/report/har"
)

// callsOf are so many calls of a scenario, with headers that name it.
func callsOf(scenario string, n int) []callRecord {
	var calls []callRecord
	for i := range n {
		header := http.Header{}
		for h := range i + 1 {
			header[fmt.Sprintf("X-%d", (h*7)%11)] = []string{scenario, "again"}
		}
		address := &url.URL{Scheme: "https", Host: "example.com", Path: "/" + scenario}
		calls = append(calls, callRecord{exchange: &client.Exchange{Request: client.Request{URL: address, Header: header, Body: []byte(scenario)}, Header: header, Body: []byte(scenario)}})
	}
	return calls
}

// The texts of a scenario lie where those of the one before lay.
func TestAWorkspaceForgetsTheScenarioBefore(t *testing.T) {
	used := &workspace{}
	for _, n := range []int{9, 2, 30, 1} {
		scenario := fmt.Sprint(n, " calls")
		require.Equal(t, new(workspace).exchangesOf(callsOf(scenario, n)), used.exchangesOf(callsOf(scenario, n)))
		used.forget()
		require.Equal(t, make([]har.Exchange, n), used.exchanges, "no text is kept")
		for _, pair := range used.pairs {
			require.Zero(t, pair)
		}
	}
}

// What is looked for in a text, to be hidden, stands in it as itself.
func TestNothingHidesBehindAnEscape(t *testing.T) {
	body := []byte(`{"s\u0065cret":"a\/b \u0026 c"}`)
	x := &client.Exchange{Request: client.Request{URL: &url.URL{Path: "/"}, Body: body}, Body: body}
	shown := new(workspace).exchangesOf([]callRecord{{exchange: x}})
	require.Equal(t, `{"secret":"a/b & c"}`, shown[0].Sent)
	require.Equal(t, `{"secret":"a/b & c"}`, shown[0].Body)
	require.Equal(t, "{\n  \"secret\": \"a/b & c\"\n}", readable(body))
}

// What is deep fills the memory once it is indented; to look through what is long takes its time. Nobody reads either.
func TestWhatNobodyReads(t *testing.T) {
	deep := strings.Repeat("[", 60) + strings.Repeat("]", 60)
	require.Equal(t, deep, readable([]byte(deep)))
	s := begun(t, newManagement(t))
	var shown strings.Builder
	s.quote(&shown, bytes.Repeat([]byte("x"), longestRead+1))
	require.Equal(t, "  | (1048577 bytes, more than anybody reads)\n", shown.String())
	shown.Reset()
	s.quote(&shown, bytes.Repeat([]byte("x\n"), longestRead/2))
	require.Contains(t, shown.String(), "  | x\n")
}

func TestScenariosAtTheSameTimeHaveWorkspacesOfTheirOwn(t *testing.T) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			scenario := fmt.Sprint("scenario ", i)
			want := har.Pack("v", scenario, new(workspace).exchangesOf(callsOf(scenario, i)))
			for range 50 {
				w := workspaces.Get().(*workspace)
				got := har.Pack("v", scenario, w.exchangesOf(callsOf(scenario, i)))
				w.done()
				if string(got.Archive) != string(want.Archive) {
					t.Errorf("%s has %s", scenario, got.Archive)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestHeadersStandInTheOrderOfTheirNames(t *testing.T) {
	pairs := headersShown(http.Header{"B": {"2", "3"}, "A": {"1"}, "D": nil, "C": {"4"}})
	require.Equal(t, []har.Pair{{Name: "A", Value: "1"}, {Name: "B", Value: "2"}, {Name: "B", Value: "3"}, {Name: "C", Value: "4"}}, pairs)
}
