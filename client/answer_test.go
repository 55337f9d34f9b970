package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// many is an object of n members.
func many(n int, more string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"m%d":%d,`, i, i)
	}
	return "{" + b.String() + more + "}"
}

func TestAnAnswerThatReadsInTwoWaysIsAnError(t *testing.T) {
	for _, row := range []struct{ what, body, says string }{
		{"no body", "", ""},
		{"no JSON", "<html>{\"a\":1,\"a\":2}</html>", ""},
		{"an object", `{"type":"SANDBOX","id":"type","list":[{"type":1},{"type":2}],"of":{"type":{"type":[]}}}`, ""},
		{"a list of texts", `["type","type",{"a":["b","b"],"b":"a"}]`, ""},
		{"a text with everything in it", `{"a":"\"a\":1,{[\\","b":"}"}`, ""},
		{"a text with one quotation mark", `{"a":"\"","b":{"c":1}}`, ""},
		{"many members", many(40, `"last":{}`), ""},
		{"a doubled member", `{"type":"SANDBOX","name":"x","type":"PRODUCTION"}`, `its JSON has the member "type" twice in one object`},
		{"a doubled member that is written otherwise", `{"type":"SANDBOX","t\u0079pe":"PRODUCTION"}`, `the member "type" twice`},
		{"a doubled member deep inside", `{"a":[1,{"b":{"c":[],"c":{}}}]}`, `the member "c" twice`},
		{"a doubled member after an inner object", `{"a":{"x":1},"b":[{"y":1}],"a":2}`, `the member "a" twice`},
		{"a doubled member among many", many(40, `"m39":0`), `the member "m39" twice`},
		{"the first of many, doubled", many(40, `"m0":0`), `the member "m0" twice`},
		{"the last that was compared one by one, doubled", many(40, `"m16":0`), `the member "m16" twice`},
		{"the next one, doubled", many(40, `"m17":0`), `the member "m17" twice`},
		{"a doubled member in a list", `[{"a":1},{"b":1,"b":2}]`, `the member "b" twice`},
		{"half a list", `[{"a":1}`, "it begins as JSON and is none"},
		{"a doubled name that is empty", `{"":1,"":2}`, `the member "" twice`},
		{"a doubled name that steers the terminal", "{\"\\u001b[2J\":1,\"\\u001b[2J\":2}", `the member "\\x1b[2J" twice`},
		{"bytes that are no text", "{\"name\":\"\xff\"}", "its JSON is not UTF-8"},
		{"a surrogate as bytes", "{\"name\":\"\xed\xa0\x80\"}", "its JSON is not UTF-8"},
		{"half an answer", `{"id":"one","type":"SANDBOX"`, "it begins as JSON and is none"},
		{"lists in lists", strings.Repeat("[", 51) + strings.Repeat("]", 51), "it is JSON with more than 50 levels"},
		{"lists in lists that do not end", strings.Repeat("[", 1<<20), "it is JSON with more than 50 levels"},
		{"values that do not end", "[" + strings.Repeat("1,", 500_000), "it is JSON with more than 500000 values"},
		{"two answers", `{"id":"one"}{"id":"two"}`, "it begins as JSON and is none"},
	} {
		t.Run(row.what, func(t *testing.T) {
			var seen []*client.Exchange
			w := &wire{body: row.body}
			c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: w, Observe: func(e *client.Exchange) { seen = append(seen, e) }})
			require.NoError(t, err)
			ex, err := c.ReadEnvironment(context.Background(), "env")
			require.Len(t, seen, 1, "what came is kept for the transcript all the same")
			if row.says == "" {
				require.NoError(t, err)
				require.Equal(t, row.body, string(ex.Body))
				return
			}
			require.Nil(t, ex, "nobody decides by it")
			require.ErrorContains(t, err, "Read Environment: the answer to GET "+naAPI+"/environments/env (200) cannot be used: ")
			require.ErrorContains(t, err, row.says)
		})
	}
}

// An answer is read up to 10 MiB, and is refused beyond, whether it says how long it is or not.
func TestHowLongAnAnswerMayBe(t *testing.T) {
	const most = 10 << 20
	for length, fits := range map[int]bool{most: true, most + 1: false} {
		for _, told := range []int64{-1, int64(length)} {
			c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: carry(func(r *http.Request) (*http.Response, error) {
				body := io.NopCloser(strings.NewReader(strings.Repeat(" ", length)))
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, ContentLength: told, Request: r}, nil
			})})
			require.NoError(t, err)
			exchange, err := c.ReadEnvironment(context.Background(), "env")
			if fits {
				require.NoError(t, err)
				require.Len(t, exchange.Body, length)
				continue
			}
			require.ErrorContains(t, err, "the answer is larger than 10 MiB")
		}
	}
}

func TestWhatALocationSaysDoesNotBreakTheLine(t *testing.T) {
	_, err := client.FlowID("https://apps.pingone.com/?error=a%0A&error_description=b%0A%20%20ok%20Then%1B%5B2J")
	require.EqualError(t, err, `the Location has no flowId but the error a\n: b\n  ok Then\x1b[2J`)
}

// A list as long as PingOne's pages are.
func BenchmarkReadingAPage(b *testing.B) {
	item := `{"_links":{"self":{"href":"https://api.pingone.com/v1/environments/0/users/0"}},"id":"0","name":{"given":"A","family":"B"},"username":"u","enabled":true}`
	w := &wire{body: `{"_embedded":{"users":[` + strings.Repeat(item+",", 99) + item + `]},"count":100}`, status: http.StatusOK}
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: w})
	require.NoError(b, err)
	b.SetBytes(int64(len(w.body)))
	for b.Loop() {
		if _, err := c.ReadEnvironment(context.Background(), "env"); err != nil {
			b.Fatal(err)
		}
		w.sent, w.bodies = nil, nil
	}
}

// unreadable is a body that nobody should begin to read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) { u.t.Error("it is read"); return 0, io.EOF }

func TestAnAnswerThatSaysItIsTooLongIsNotRead(t *testing.T) {
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: carry(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: 10<<20 + 1, Body: io.NopCloser(unreadable{t})}, nil
	})})
	require.NoError(t, err)
	_, err = c.ReadEnvironment(context.Background(), "env")
	require.ErrorContains(t, err, "the answer is larger than 10 MiB")
}

func TestTheLongestAnswerIsReadWhole(t *testing.T) {
	for _, row := range []struct {
		over int
		told bool // the answer says how long it is
		says string
	}{{0, false, ""}, {0, true, ""}, {1, false, "the answer is larger than 10 MiB"}} {
		over, says, length := row.over, row.says, int64(-1)
		if row.told {
			length = 10 << 20
		}
		text := `{"id":"` + strings.Repeat("x", 10<<20-len(`{"id":""}`)+over) + `"}`
		c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: carry(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: length, Body: io.NopCloser(strings.NewReader(text))}, nil
		})})
		require.NoError(t, err)
		ex, err := c.ReadEnvironment(context.Background(), "env")
		if says != "" {
			require.ErrorContains(t, err, says)
			continue
		}
		require.NoError(t, err)
		require.Len(t, ex.Body, 10<<20)
	}
}
