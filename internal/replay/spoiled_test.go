package replay_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

func TestSpoiledTokensReplayWithoutBecomingValid(t *testing.T) {
	spoil := func(token string) string { return token[:len(token)-4] + "AAAA" }
	story := func(s *replay.Session, secret string) (right, wrong string) {
		p := newPerson(t, s, replay.Replayed())
		right = p.hint(secret, "x", "y")
		wrong = spoil(right)
		return right, wrong
	}
	secret := strings.Repeat("live-secret~", 6)
	var sent string
	file, err := recordCalls(t, always(`{"secret":"`+secret+`"}`), replay.RecordOptions{}, func(s *replay.Session) {
		get(t, s, "https://api.pingone.eu/v1/secret")
		_, sent = story(s, secret)
		get(t, s, "https://auth.pingone.eu/x/as/authorize?login_hint_token="+sent)
	})
	require.NoError(t, err)
	replay := func(pick func(right, wrong string) string) error {
		session, err := replay.Replay(from(file))
		require.NoError(t, err)
		p := newPerson(t, session, replay.Replayed())
		standIn := p.must("GET", "https://api.pingone.com/v1/secret", nil).get("secret")
		right, wrong := story(session, standIn)
		_, err = p.call("GET", "https://auth.pingone.com/x/as/authorize?login_hint_token="+pick(right, wrong), nil)
		return err
	}
	require.NoError(t, replay(func(_, wrong string) string { return wrong }))
	err = replay(func(right, _ string) string { return right })
	require.ErrorContains(t, err, "does not match", "the right token is not the wrong one that was recorded")
	require.ErrorContains(t, err, "signed by a stand-in secret")
	require.ErrorContains(t, err, "signed by a key that the recording did not know")
}

// Wherever a spoiled token is sent, replay takes one that is as wrong, and neither the right one nor
// one that says something else.
func TestASpoiledTokenIsTakenWhereverItIsSent(t *testing.T) {
	const host = "https://auth.pingone.eu/x/as/authorize"
	secret := strings.Repeat("live-secret~", 6)
	for name, send := range map[string]func(p *person, token string) error{
		"query": func(p *person, token string) error {
			_, err := p.call("GET", p.in.AuthURL+"?hint="+token, nil)
			return err
		},
		"header": func(p *person, token string) error {
			_, err := p.call("GET", p.in.AuthURL, nil, "Authorization", "Bearer "+token)
			return err
		},
		"form": func(p *person, token string) error {
			_, err := p.call("POST", p.in.AuthURL, url.Values{"hint": {token}})
			return err
		},
		"JSON": func(p *person, token string) error {
			_, err := p.call("POST", p.in.AuthURL, object{"hint": token})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			story := func(s *replay.Session, address, secret string, choose func(right string) string) error {
				p := newPerson(t, s, replay.Replayed())
				right := p.hint(secret, "x", "y")
				p.in.AuthURL = address
				return send(p, choose(right))
			}
			spoil := func(right string) string { return right[:len(right)-4] + "AAAA" }
			file, err := recordCalls(t, always(`{"secret":"`+secret+`"}`), replay.RecordOptions{}, func(s *replay.Session) {
				get(t, s, "https://api.pingone.eu/v1/secret")
				require.NoError(t, story(s, host, secret, spoil))
			})
			require.NoError(t, err)
			for _, c := range []struct {
				token  string
				choose func(string) string
				taken  bool
			}{
				{"as wrong", spoil, true},
				{"wrong in another way", func(right string) string { return right[:len(right)-4] + "BBBB" }, true},
				{"right", func(right string) string { return right }, false},
			} {
				session, err := replay.Replay(from(file))
				require.NoError(t, err)
				standIn := newPerson(t, session, replay.Replayed()).must("GET", "https://api.pingone.com/v1/secret", nil).get("secret")
				err = story(session, strings.Replace(host, ".eu", ".com", 1), standIn, c.choose)
				require.Equal(t, c.taken, err == nil, "%s: %v", c.token, err)
			}
		})
	}
}
