package replay_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

func TestSecretsOfTheScenarioAreNumberedByCall(t *testing.T) {
	passcodes := []string{"48291377", "48291377", "11112222"}
	story := func(s *replay.Session) (all []string) {
		for i := range 3 {
			all = append(all, s.Secret("otp", func() string { return passcodes[i] }))
		}
		return append(all, s.Secret("otp", func() string { return "" }), s.Secret("id", s.NewID))
	}
	var live []string
	file, err := recordCalls(t, always(`{}`), replay.RecordOptions{}, func(s *replay.Session) {
		live = story(s)
		newPerson(t, s, replay.StandIns{}).must("POST", "https://auth.pingone.eu/x", object{"otp": live[2], "was": "48291377."})
	})
	require.NoError(t, err)
	require.Equal(t, passcodes, live[:3])
	session, err := replay.Replay(from(file))
	require.NoError(t, err)
	require.Equal(t, []string{"00000001", "00000001", "00000002", ""}, story(session)[:4])
	require.Contains(t, read(t, file), "\"otp\": \"00000002\",\n  \"was\": \"00000001.\"")
}

func TestRandIsTheSameInReplay(t *testing.T) {
	story := func(s *replay.Session) []int {
		first := s.Rand().IntN(1e9)
		s.Secret("password", func() string { return fmt.Sprint("made of ", s.Rand().Uint64()) })
		return []int{first, s.Rand().IntN(1e9)}
	}
	var live []int
	var passwords []string
	file, err := recordCalls(t, always(`{}`), replay.RecordOptions{}, func(s *replay.Session) { live = story(s) })
	require.NoError(t, err)
	session, err := replay.Replay(from(file))
	require.NoError(t, err)
	require.Equal(t, live, story(session))
	require.Equal(t, live, story(replay.Direct(always(`{}`), 7)), "the seed is all that counts")
	require.NotEqual(t, live, story(replay.Direct(always(`{}`), 8)))
	for range 2 {
		s := replay.Direct(always(`{}`), 7)
		passwords = append(passwords, s.Secret("password", func() string { return fmt.Sprint(s.Rand().Uint64()) }))
	}
	require.NotEqual(t, passwords[0], passwords[1], "a secret cannot be derived from the seed")
	require.Equal(t, 269528772, replay.Direct(always(`{}`), 7).Rand().IntN(1e9), "the stream of a seed is that of every recording on disk")
}

func TestScrubHidesWhatTheSessionKnows(t *testing.T) {
	known := map[string]string{"top~secret of the client": "stand-in-client-secret-1", "+49301234567": "+1.5125550101"}
	s := replay.Record(always(`{"access_token":"opaque-token-value","test":{"otp":"482913"}}`, "Set-Cookie", "ST=cookie-value-1; Path=/"), "x.txtar", 7, replay.RecordOptions{Known: known})
	password := s.Secret("password", func() string { return `pass"word&1` })
	get(t, s, "https://api.pingone.eu/v1/x", "Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.c2ln")
	text := s.Scrub(`top~secret of the client, top~secret+of+the+client, pass"word&1, pass%22word%261, {"p":"pass\"word&1"}, ` +
		`482913, 1482913, opaque-token-value, cookie-value-1, eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.c2ln, ` +
		base64.StdEncoding.EncodeToString([]byte(password)) + ", +49301234567, anna")
	for _, secret := range []string{"top~secret", "top~secret+of", "pass", "word&1", " 482913", "opaque", "cookie-value", "eyJ", base64.StdEncoding.EncodeToString([]byte(password)), "4930123"} {
		if secret == "pass" {
			continue // in the name of the stand-in
		}
		require.NotContains(t, text, secret)
	}
	require.Contains(t, text, "1482913", "a longer number is another number")
	require.True(t, strings.HasSuffix(text, "anna"))
}

// broken answers with half a body.
type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) {
	answer := ok("")
	answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"half":`), failing{}))
	return answer, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}

// post sends one request and reads what comes, as far as it comes.
func post(t *testing.T, s *replay.Session, body io.Reader) (string, error) {
	t.Helper()
	request, err := http.NewRequest("POST", "https://api.pingone.com/v1/x", body)
	require.NoError(t, err)
	response, err := s.RoundTripper().RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func TestFaultsOfTheNetworkAreGivenOn(t *testing.T) {
	half, err := post(t, replay.Direct(broken{}, 1), nil)
	require.EqualError(t, err, "connection reset")
	require.Equal(t, `{"half":`, half)

	_, err = post(t, replay.Direct(refusing{}, 1), nil)
	require.EqualError(t, err, "connection refused")
	_, err = post(t, replay.Direct(always(""), 1), failing{})
	require.EqualError(t, err, "connection reset")
}

func TestACallWithoutAnswerIsNotRecorded(t *testing.T) {
	count := 0
	flaky := roundTrip(func(*http.Request) (*http.Response, error) {
		if count++; count == 2 {
			return nil, errors.New("connection reset")
		}
		return ok(`{}`), nil
	})
	file, err := recordCalls(t, flaky, replay.RecordOptions{}, func(s *replay.Session) {
		get(t, s, "https://api.pingone.eu/v1/1")
		s.Now()
		_, err := post(t, s, nil)
		require.Error(t, err)
		get(t, s, "https://api.pingone.eu/v1/3")
	})
	require.NoError(t, err)
	recording, err := replay.Load(from(file))
	require.NoError(t, err)
	require.Equal(t, 2, len(recording.Exchanges()))
	require.Equal(t, "/v1/3", recording.Exchange(1).Request.URL.Path)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
