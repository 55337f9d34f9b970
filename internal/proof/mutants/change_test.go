package mutants

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

func answer(status int, header http.Header, body string) replay.Response {
	if header == nil {
		header = http.Header{}
	}
	return replay.Response{Status: status, Header: header, Body: []byte(body)}
}

func TestEveryPlaceOfABodyIsChangedInEveryWay(t *testing.T) {
	words := vocabulary{}
	words.learn(answer(200, nil, `{"status":"OTP_REQUIRED"}`))
	words.learn(answer(200, nil, `{"status":"COMPLETED"}`))
	for _, c := range []struct {
		about, body, where string
		kind               Kind
		want               string
	}{
		{"a member goes", `{"a":1,"b":2}`, "/a", Dropped, `{"b":2}`},
		{"the last member goes", `{"a":1,"b":{"c":1}}`, "/b", Dropped, `{"a":1}`},
		{"an item goes", `{"a":[1,2,3]}`, "/a/1", Dropped, `{"a":[1,3]}`},
		{"the last item goes", `{"a":[1,2,3]}`, "/a/2", Dropped, `{"a":[1,2]}`},
		{"the only item goes", `{"a":[{"b":1}]}`, "/a/0", Dropped, `{"a":[]}`},
		{"a link goes", `{"_links":{"self":{"href":"x"}}}`, "/_links/self", Dropped, `{"_links":{}}`},
		{"a name with a slash is found", `{"a/b":1,"c":2}`, "/a~1b", Dropped, `{"c":2}`},
		{"a text becomes a number", `{"a":"x"}`, "/a", Retyped, `{"a":7}`},
		{"a number becomes a text", `{"a":1.5}`, "/a", Retyped, `{"a":"seven"}`},
		{"a truth becomes a text", `{"a":true}`, "/a", Retyped, `{"a":"perhaps"}`},
		{"an object becomes a list", `{"a":{"b":1}}`, "/a", Retyped, `{"a":["an object once"]}`},
		{"a list becomes an object", `{"a":[1]}`, "/a", Retyped, `{"a":{"0":"a list once"}}`},
		{"nothing becomes something", `{"a":null}`, "/a", Retyped, `{"a":"something"}`},
		{"a text is another", `{"a":"text"}`, "/a", Changed, `{"a":"textx"}`},
		{"a number is another", `{"a":50}`, "/a", Changed, `{"a":101}`},
		{"a truth is the other", `{"a":true}`, "/a", Changed, `{"a":false}`},
		{"a time stays a time", `{"a":"2026-01-15T09:00:00.000Z"}`, "/a", Changed, `{"a":"2027-01-15T09:00:00.000Z"}`},
		{"an id stays an id", `{"a":"00000000-0000-4000-8000-000000000001"}`, "/a", Changed, `{"a":"99999999-9999-4999-8999-999999999999"}`},
		{"a constant is none of the known", `{"status":"COMPLETED"}`, "/status", Changed, `{"status":"COMPLETED_X"}`},
		{"a constant is another of the known", `{"status":"COMPLETED"}`, "/status", Swapped, `{"status":"OTP_REQUIRED"}`},
		{"a list is emptied", `{"a":[1,2]}`, "/a", Emptied, `{"a":[]}`},
		{"a list has its first item twice", `{"a":[1,2]}`, "/a", Doubled, `{"a":[1,2,1]}`},
	} {
		t.Run(c.about, func(t *testing.T) {
			r := answer(200, nil, c.body)
			find(t, changesOf(r, words), c.where, c.kind).apply(&r)
			require.JSONEq(t, c.want, string(r.Body))
		})
	}
}

func TestTheHeadOfAnAnswerIsChanged(t *testing.T) {
	const location = "https://shop.example.com/callback?code=abc&state=xyz"
	header := http.Header{
		"Content-Type": {"application/json"}, "Location": {location},
		"Set-Cookie": {"ST=1; Path=/; HttpOnly", "ST-NO-SS=1; Path=/; HttpOnly"},
	}
	for _, c := range []struct {
		where string
		kind  Kind
		name  string
		want  []string
	}{
		{placeMedia, Dropped, "Content-Type", nil},
		{placeMedia, Changed, "Content-Type", []string{"text/html;charset=UTF-8"}},
		{placeLocation, Dropped, "Location", nil},
		{placeLocation, Changed, "Location", []string{"https://elsewhere.example.com/callback?code=abc&state=xyz"}},
		{placeLocation + " code", Dropped, "Location", []string{"https://shop.example.com/callback?state=xyz"}},
		{placeLocation + " state", Changed, "Location", []string{"https://shop.example.com/callback?code=abc&state=xyzx"}},
		{placeCookie, Dropped, "Set-Cookie", nil},
		{placeCookie, Changed, "Set-Cookie", []string{"ST=1; Path=/", "ST-NO-SS=1; Path=/"}},
	} {
		t.Run(c.where+" "+string(c.kind), func(t *testing.T) {
			r := answer(302, header.Clone(), "")
			find(t, changesOf(r, nil), c.where, c.kind).apply(&r)
			require.Equal(t, c.want, r.Header.Values(c.name))
		})
	}
}

func TestAStatusIsChangedWithinItsClassAndToAnother(t *testing.T) {
	for status, want := range map[int][2]int{
		200: {202, 500}, 201: {200, 500}, 204: {200, 500}, 302: {307, 500},
		400: {404, 200}, 401: {404, 200}, 404: {410, 200}, 500: {501, 200},
	} {
		changes := changesOf(answer(status, nil, ""), nil)
		require.Len(t, changes, 2)
		require.Equal(t, want[0], find(t, changes, placeStatus, Within).status, status)
		require.Equal(t, want[1], find(t, changes, placeStatus, Across).status, status)
	}
}

func TestOnlyTheStatusOfWhatIsNoJSONIsChanged(t *testing.T) {
	require.Len(t, changesOf(answer(200, nil, "no JSON"), nil), 2)
}

func find(t *testing.T, changes []Change, where string, kind Kind) Change {
	t.Helper()
	for _, c := range changes {
		if c.Where == where && c.Kind == kind {
			return c
		}
	}
	require.Fail(t, "no such change", "%s %s", where, kind)
	return Change{}
}
