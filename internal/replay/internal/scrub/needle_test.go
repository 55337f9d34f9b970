package scrub_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
)

// unsigned is a JWT with this payload.
func unsigned(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(payload)) + "."
}

func TestANeedleIsFoundInEveryForm(t *testing.T) {
	const number, short, quoted, id, long = "482913", "ab?1/xyz", `quo"te\and<&>`, "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f", "a-secret?of/a&longer>kind"
	for _, row := range []struct {
		name, value, text string
		found             bool
	}{
		{"a number as it is", number, number, true},
		{"a number in a sentence", number, "We sent 482913 to you.", true},
		{"a number in JSON", number, `{"otp":482913}`, true},
		{"a number in a query", number, "https://x.example.com/?otp=482913&x=y", true},
		{"a number in a JWT", number, "Bearer " + unsigned(`{"otp":"482913"}`), true},
		{"a number in the header of a JWT", number, base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"482913"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{}`)) + ".", true},
		{"a number in a JWT in a JWT", number, unsigned(`{"hint":"` + unsigned(`{"otp":482913}`) + `"}`), true},
		{"part of a longer number", number, "1482913", false},
		{"part of a word", number, "a482913", false},
		{"the beginning of a word", number, "482913a", false},
		{"between signs", number, "=482913;", true},
		{"twelve digits in a longer number", "491511234567", "0491511234567", false},
		{"thirteen digits in a longer number", "4915112345678", "04915112345678", true},
		{"part of a longer number in a JWT", number, unsigned(`{"otp":"1482913"}`), false},
		{"another number", number, "482914", false},

		{"as it is", long, "x" + long + "y", true},
		{"percent-encoded for a query", long, "x=" + url.QueryEscape(long), true},
		{"percent-encoded for a path", long, "/x/" + url.PathEscape(long), true},
		{"percent-encoded more than it need be", long, "x=%61-secret%3Fof%2Fa%26longer%3Ekind", true},
		{"percent-encoded by others", long, "x=%61-secret%3Fof%2Fb%26longer%3Ekind", false},
		{"in base64 at the first place", long, base64.StdEncoding.EncodeToString([]byte(long + "~~")), true},
		{"in base64 at the second place", long, base64.StdEncoding.EncodeToString([]byte("~" + long + "~")), true},
		{"in base64 at the third place", long, base64.StdEncoding.EncodeToString([]byte("~~" + long)), true},
		{"short, in base64 at the second place", "seven-7", base64.StdEncoding.EncodeToString([]byte("~seven-7~")), true},
		{"of six letters, in base64 at the first place", "six-66", base64.StdEncoding.EncodeToString([]byte("six-66~~~")), true},
		{"of five letters, in base64, where chance may write it", "five5", base64.StdEncoding.EncodeToString([]byte("five5~~~~")), false},
		{"in the base64 of URLs", long, base64.RawURLEncoding.EncodeToString([]byte("\xff" + long + "\xff\xff")), true},
		{"in the header of a JWT", long, base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","of":"~`+long+`"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{}`)) + ".", true},
		{"short, in the header of a JWT", short, base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","of":"`+short+`"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{}`)) + ".", true},
		{"in the payload of a JWT", long, unsigned(`{"note":"` + long + `"}`), true},
		{"as JSON writes it", quoted, `{"x":"quo\"te\\and<&>"}`, true},
		{"as JSON writes it, in a sentence", quoted, `{"x":"it is quo\"te\\and<&> here"}`, true},
		{"as JSON writes it, another", quoted, `{"x":"it is quo\"te\\and<&< here"}`, false},
		{"as JSON writes it for pages, in a sentence", quoted, `{"x":"it is quo\"te\\and\u003c\u0026\u003e"}`, true},
		{"as JSON writes it for pages", quoted, `{"x":"quo\"te\\and\u003c\u0026\u003e"}`, true},
		{"as JSON writes it, in a JWT", quoted, unsigned(`{"x":"quo\"te\\and<&>"}`), true},
		{"short, in a JWT", short, unsigned(`{"x":"` + short + `"}`), true},
		{"another, in a JWT", short, unsigned(`{"x":"ab?2/xyz"}`), false},

		{"an id", id, "/users/" + id, true},
		{"an id in upper case", id, "/users/" + strings.ToUpper(id), true},
		{"an id of upper case in lower case", strings.ToUpper(id), "/users/" + id, true},
		{"another id", id, "/users/9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e50", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.found, scrub.NewNeedle("it", row.value).In(row.text))
		})
	}
}
