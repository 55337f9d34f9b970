package contract

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsOneJSONValue(t *testing.T) {
	for text, says := range map[string]string{
		`{"a":1}`: "", ` [1] `: "", `"a"`: "", `null`: "", "7\n": "",
		``: "not JSON", `{"a":`: "not JSON", `<html>`: "not JSON", `{"a":1}{"a":2}`: "more than one JSON value", `7 x`: "more than one JSON value",
		strings.Repeat("[", 51) + strings.Repeat("]", 51): "JSON with more than 50 levels", strings.Repeat("[", 50) + strings.Repeat("]", 50): "",
		"\x00{\x00}": "not UTF-8, but UTF-16 or no text at all", "{\"a\":1}\x00": "not UTF-8, but UTF-16 or no text at all",
	} {
		v, err := decode([]byte(text))
		if says == "" {
			require.NoError(t, err, text)
			continue
		}
		require.ErrorContains(t, err, says, text)
		require.Nil(t, v, text)
	}
	v, err := decode([]byte(`{"n":1.50}`))
	require.NoError(t, err)
	require.Equal(t, json.Number("1.50"), at(v, "n"), "as it was written")
}

func TestWhatStandsAtAPlace(t *testing.T) {
	v, err := decode([]byte(`{"a":[{"b":"text"},2],"n":"7"}`))
	require.NoError(t, err)
	require.Equal(t, "text", text(v, "a", "0", "b"))
	for _, path := range [][]string{{"b"}, {"a", "2"}, {"a", "-1"}, {"a", "x"}, {"a", "0", "c"}, {"n", "b"}, {"a", "1", "b"}} {
		require.Nil(t, at(v, path...), "%q", path)
	}
	n, is := number(v, "a", "1")
	require.True(t, is)
	require.InDelta(t, 2, n, 0)
	n, is = number(v, "n")
	require.False(t, is, "a text is no number")
	require.Zero(t, n)
	_, is = number(claims{"n": json.Number("1e999")}, "n")
	require.False(t, is, "it is more than can be counted")
	require.Equal(t, "/a~1b/c~0d", pointer("a/b", "c~d"))
	require.Equal(t, "/", pointer())
	path := append(make([]string, 0, 4), "a")
	first, second := join(path, "b"), join(path, "c")
	require.Equal(t, [][]string{{"a", "b"}, {"a", "c"}}, [][]string{first, second}, "siblings share no memory")
}

// A message shows a value shortly, and a secret never.
func TestHowAMessageShowsAValue(t *testing.T) {
	long := strings.Repeat("a", longest-2) // with its quotes it is as long as may be
	for _, row := range []struct {
		what string
		v    any
		path []string
		want string
	}{
		{"nothing", nil, nil, nothing},
		{"nothing of a secret's name", nil, []string{"secret"}, nothing},
		{"a text", "a \"b\"", nil, `"a \"b\""`},
		{"as long as may be", long, nil, `"` + long + `"`},
		{"longer", long + "a", nil, `"` + long + `a…`},
		{"cut within a letter", long[:len(long)-2] + "éé", nil, `"` + long[:len(long)-2] + "é…"},
		{"a secret", "a secret", []string{"a", "secret"}, "a text of 8 characters, not shown"},
		{"a member beside a secret", "a name", []string{"secret", "name"}, `"a name"`},
		{"a secret that is no text", true, []string{"secret"}, "true"},
		{"an empty secret", "", []string{"secret"}, `""`},
		{"an object with a secret", map[string]any{"a": []any{map[string]any{"password": "x"}}}, nil, "a value that holds a secret, not shown"},
		{"an object with an empty secret", map[string]any{"password": ""}, nil, `{"password":""}`},
		{"an object with a code", map[string]any{"authorizeResponse": map[string]any{}}, nil, "a value that holds a secret, not shown"},
		{"a code", "x", []string{"authorizeResponse", "code"}, "a code, not shown"},
		{"an answer with a code", map[string]any{"code": "x"}, []string{"authorizeResponse"}, "a code, not shown"},
		{"the state beside a code", "x", []string{"authorizeResponse", "state"}, `"x"`},
	} {
		require.Equal(t, row.want, show(row.v, row.path...), row.what)
	}
	require.Equal(t, nothing, orNothing(""))
	require.Equal(t, `"x"`, orNothing("x"))
	for want, v := range map[string]any{"null": nil, "text": "", "boolean": false, "list": []any{}, "object": map[string]any{}, "number": json.Number("1")} {
		require.Equal(t, want, typeName(v))
	}
}

func TestMembersThatAreNullAreNone(t *testing.T) {
	v, err := decode([]byte(`{"a":null,"b":{"c":null,"d":1},"e":[{"f":null},null]}`))
	require.NoError(t, err)
	var dropped []string
	rest := pruned(v, nil, func(path []string) { dropped = append(dropped, pointer(path...)) })
	require.ElementsMatch(t, []string{"/a", "/b/c", "/e/*/f"}, dropped)
	require.Equal(t, map[string]any{"b": map[string]any{"d": json.Number("1")}, "e": []any{map[string]any{}, nil}}, rest)
	require.Contains(t, at(v, "b"), "c", "what was read is left alone")
}

func TestOfALongLinkTheEndIsShown(t *testing.T) {
	const origin = "https://api.pingone.com"
	long := origin + "/v1/environments/" + environmentID + "/applications/" + applicationID + "/secret"
	require.Equal(t, `"`+origin+`/short"`, address(origin+"/short", origin))
	require.True(t, strings.HasSuffix(address(long, origin), applicationID+`/secret"`), address(long, origin))
	require.True(t, strings.HasPrefix(address(long, "https://api.example.com"), `"`+origin), "where the host is another, the beginning is")
}
