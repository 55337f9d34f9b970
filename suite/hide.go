package suite

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"pingone-conformance/config"
	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite/report/har"
)

// known are the configured values that no report shows, each with what stands in for it.
func (p *Place) known() map[string]string {
	in := replay.Replayed()
	known := map[string]string{
		p.EnvironmentID: in.EnvironmentID, p.WorkerEnvironmentID: in.WorkerEnvironmentID, p.ClientID: in.ClientID, p.ClientSecret: in.ClientSecret,
		p.Phone: in.Phone, p.Email: in.Email,
	}
	if f := p.Foreign; f != nil {
		known[f.ClientSecret] = in.ClientSecret
	}
	return known
}

// knownOf is known for a run that found no place.
func knownOf(c config.Config) map[string]string {
	return (&Place{
		EnvironmentID: c.TargetEnvironmentID, WorkerEnvironmentID: c.EnvironmentID, ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		Phone: c.Phone, Email: c.Email,
	}).known()
}

var anyID = lazy.Regexp(`[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}`)

// verifier is PKCE's, which proves who began a flow.
var verifier = lazy.Regexp(`(code_verifier=)[\w.~-]+`)

// hideIDs puts stand-ins in the place of the configured values, and of every other id: the
// same one for the same id, so that what belongs together still does.
func hideIDs(text string, known map[string]string) string {
	var pairs []string
	numbers := map[string]string{}
	for value, standIn := range known {
		if value == "" {
			continue
		}
		if anyID.Get().MatchString(value) {
			numbers[strings.ToLower(value)] = standIn
			continue
		}
		bare := func(s string) string { return strings.TrimPrefix(s, "+") }
		pairs = append(pairs, value, standIn, url.QueryEscape(value), url.QueryEscape(standIn), bare(value), bare(standIn))
	}
	text = verifier.Get().ReplaceAllString(strings.NewReplacer(pairs...).Replace(text), "${1}stand-in-verifier")
	next := 0
	return anyID.Get().ReplaceAllStringFunc(text, func(found string) string {
		key := strings.ToLower(found)
		if numbers[key] == "" {
			next++
			numbers[key] = fmt.Sprintf("00000000-0000-4000-8000-%012d", next)
		}
		return numbers[key]
	})
}

// hideTokens puts a word in the place of each JWT: they are long, and look like secrets.
func hideTokens(text string) string {
	if !strings.Contains(text, "eyJ") {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for {
		at := strings.Index(text, "eyJ")
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		end, dots := at, 0
		for ; end < len(text) && inToken[text[end]]; end++ {
			if text[end] == '.' {
				dots++
			}
		}
		out.WriteString(text[:at])
		if dots == 2 {
			out.WriteString("stand-in-token")
		} else {
			out.WriteString(text[at:end])
		}
		text = text[end:]
	}
}

// inToken are the characters of a JWT: those of base64url, and dots.
var inToken = func() (in [256]bool) {
	for _, c := range []byte(".-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		in[c] = true
	}
	return in
}()

const basic = "Basic "

// plainCredentials is a header's value with the pair of Basic credentials decoded, so that
// what stands in for ids and secrets is found in it.
func plainCredentials(name, value string) string {
	if name != "Authorization" {
		return value
	}
	encoded, is := strings.CutPrefix(value, basic)
	if !is {
		return value
	}
	pair, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return basic + "(not decodable)"
	}
	return basic + string(pair)
}

// hideCredentials encodes the pair again, and lets no secret or token stand that is no stand-in.
func hideCredentials(h *har.Pair) {
	if h.Name != "Authorization" {
		return
	}
	if pair, is := strings.CutPrefix(h.Value, basic); is {
		user, secret, _ := strings.Cut(pair, ":")
		h.Value = basic + base64.StdEncoding.EncodeToString([]byte(user+":"+standingIn(secret, "stand-in-secret")))
	}
	if token, is := strings.CutPrefix(h.Value, "Bearer "); is {
		h.Value = "Bearer " + standingIn(token, "stand-in-token")
	}
}

func standingIn(text, otherwise string) string {
	if text == "" || strings.HasPrefix(strings.ToLower(text), "stand-in-") {
		return text
	}
	return otherwise
}
