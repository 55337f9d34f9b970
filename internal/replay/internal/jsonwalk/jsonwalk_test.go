package jsonwalk_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/jsonwalk"
)

func TestRewriteChangesOnlyWhatItIsTold(t *testing.T) {
	in := ` { "a" : "x" , "b":[1, "x", {"c": -2.5e3}], "x": null, "d": "\u0078y", "e":{}, "f":[] } `
	got := jsonwalk.Rewrite([]byte(in), func(v jsonwalk.Value) string {
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

func TestVisitNamesWhereEachValueStands(t *testing.T) {
	var seen []string
	jsonwalk.Visit([]byte(`{"_links":{"otp.check":{"href":"u"}},"keys":[{"kid":"k"},["deep"]],"n":1}`), func(v jsonwalk.Value) {
		if !v.Key {
			seen = append(seen, strings.Join(v.Path, "/")+" "+v.Parent()+" "+v.Member()+" "+v.Text)
		}
	})
	require.Equal(t, []string{
		"_links/otp.check/href otp.check href u",
		"keys/0/kid 0 kid k",
		"keys/1/0 1 keys deep",
		"n  n 1",
	}, seen)
}

func TestIsContainer(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, ` [1] `: true, `{"a":}`: false, `"a"`: false, `1`: false, ``: false, `{} {}`: false, `{"a":1`: false,
	} {
		require.Equal(t, want, jsonwalk.IsContainer(text), text)
	}
}

func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"b",{"c":null}]}`, `[[],{},"\ud800"]`, `{"a":`, `[1,,2]`, `"`, `{"a" 1}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same := jsonwalk.Rewrite([]byte(text), func(v jsonwalk.Value) string { return v.Text })
		require.Equal(t, text, string(same))
		if !jsonwalk.IsContainer(text) {
			return
		}
		longer := jsonwalk.Rewrite([]byte(text), func(v jsonwalk.Value) string {
			if v.Number {
				return v.Text
			}
			return v.Text + "\"&"
		})
		require.True(t, json.Valid(longer), "%s", longer)
	})
}
