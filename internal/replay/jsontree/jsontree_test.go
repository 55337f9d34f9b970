package jsontree_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/jsontree"
)

func TestRewriteChangesOnlyWhatItIsTold(t *testing.T) {
	in := ` { "a" : "x" , "b":[1, "x", {"c": -2.5e3}], "x": null, "d": "\u0078y", "e":{}, "f":[] } `
	got := jsontree.Rewrite([]byte(in), func(v jsontree.Value) string {
		switch v.Text {
		case "x":
			return `"<z>`
		case "-2.5e3":
			return "7"
		}
		return v.Text
	})
	require.Equal(t, ` { "a" : "\"<z>" , "b":[1, "\"<z>", {"c": 7}], "\"<z>": null, "d": "\u0078y", "e":{}, "f":[] } `, string(got))
}

func TestWalkNamesWhereEachValueStands(t *testing.T) {
	var seen []string
	text := ` {"_links": {"otp/check":{ "href":"u\u0078"}},"keys":[{"kid":"k"} ,["~", null ]] ,"n":-1e3, "t":true,"e":{},"l":[ ]} `
	require.True(t, jsontree.Walk([]byte(text), func(v jsontree.Value) {
		if v.Key {
			require.Equal(t, `"`+v.Text+`"`, text[v.Start:v.End])
			return
		}
		seen = append(seen, strings.Join([]string{v.Pointer(), v.Parent(), v.Member(), v.Type, v.Text, text[v.Begin:v.End]}, "|"))
	}))
	require.Equal(t, []string{
		`/_links/otp~1check/href|otp/check|href|string|ux|"href":"u\u0078"`,
		`/_links/otp~1check|_links|otp/check|object|{ "href":"u\u0078"}|"otp/check":{ "href":"u\u0078"}`,
		`/_links||_links|object|{"otp/check":{ "href":"u\u0078"}}|"_links": {"otp/check":{ "href":"u\u0078"}}`,
		`/keys/0/kid|0|kid|string|k|"kid":"k"`,
		`/keys/0|keys|keys|object|{"kid":"k"}|{"kid":"k"}`,
		`/keys/1/0|1|keys|string|~|"~"`,
		`/keys/1/1|1|keys|null|null|null`,
		`/keys/1|keys|keys|array|["~", null ]|["~", null ]`,
		`/keys||keys|array|[{"kid":"k"} ,["~", null ]]|"keys":[{"kid":"k"} ,["~", null ]]`,
		`/n||n|number|-1e3|"n":-1e3`,
		`/t||t|boolean|true|"t":true`,
		`/e||e|object|{}|"e":{}`,
		`/l||l|array|[ ]|"l":[ ]`,
		`|||object|` + strings.TrimSpace(text) + "|" + strings.TrimSpace(text),
	}, seen)
	require.False(t, jsontree.Walk([]byte(`{} {}`), func(v jsontree.Value) { t.Error(v) }))
}

func TestPlainSaysWithoutEscapesWhatNeedsNone(t *testing.T) {
	for text, plain := range map[string]string{
		` { "n\u0061me" : "a\/b \u003c \u0026 \u00e9", "n": [1.50, "\u0031"] } `: ` { "name" : "a/b < & é", "n": [1.50, "1"] } `,
		`{"a":"\"\\\n\u0000"}`: `{"a":"\"\\\n\u0000"}`,
		`{"a":"b"}`:            `{"a":"b"}`,
		`p\u0061ge`:            `p\u0061ge`,
		`{"a":"\u0061"`:        `{"a":"\u0061"`,
	} {
		require.Equal(t, plain, string(jsontree.Plain([]byte(text))), text)
	}
}

func TestAPointerIsTheSameForEveryItem(t *testing.T) {
	for pointer, want := range map[string]string{
		"/_embedded/users/0/id": "/_embedded/users/*/id", "/keys/12": "/keys/*", "/a/b2/2b": "/a/b2/2b", "/0/1": "/*/*", "": "", "/": "/",
	} {
		require.Equal(t, want, jsontree.General(pointer))
	}
}

func TestIsContainer(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, ` [1] `: true, `{"a":}`: false, `"a"`: false, `1`: false, ``: false, `{} {}`: false, `{"a":1`: false,
	} {
		require.Equal(t, want, jsontree.IsContainer(text), text)
	}
}

func TestATokenIsOpened(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	header, payload := `{"alg":"none"}`, `{"sub":"anna"}`
	for about, row := range map[string]struct {
		token string
		opens bool
	}{
		"signed":         {encode([]byte(header)) + "." + encode([]byte(payload)) + ".AAAA", true},
		"unsigned":       {encode([]byte(header)) + "." + encode([]byte(payload)) + ".", true},
		"two parts":      {encode([]byte(header)) + "." + encode([]byte(payload)), false},
		"no object":      {encode([]byte(header)) + "." + encode([]byte(`"anna"`)) + ".", false},
		"no JSON":        {encode([]byte(`{"alg":`)) + "." + encode([]byte(payload)) + ".", false},
		"no base64":      {encode([]byte(header)) + ".+/=.", false},
		"another header": {encode([]byte(` {"alg":"none"}`)) + "." + encode([]byte(payload)) + ".", false},
	} {
		t.Run(about, func(t *testing.T) {
			head, body, ok := jsontree.OpenToken(row.token)
			require.Equal(t, row.opens, ok)
			if ok {
				require.Equal(t, header+payload, head+body)
			}
		})
	}
}

func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"b",{"c":null}]}`, `[[],{},"\ud800"]`, `{"a":`, `[1,,2]`, `"`, `{"a" 1}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same := jsontree.Rewrite([]byte(text), func(v jsontree.Value) string { return v.Text })
		require.Equal(t, text, string(same))
		if !jsontree.IsContainer(text) {
			return
		}
		longer := jsontree.Rewrite([]byte(text), func(v jsontree.Value) string {
			if v.Type == jsontree.Number {
				return v.Text
			}
			return v.Text + "\"&"
		})
		require.True(t, json.Valid(longer), "%s", longer)
	})
}
