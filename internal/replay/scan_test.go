package replay_test

import (
	"encoding/base64"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// TestTheFixturesHoldNothingOfATenant looks through every recording of this
// repository. Those who have a configuration find its values searched for as well
// when they record.
func TestTheFixturesHoldNothingOfATenant(t *testing.T) {
	findings, recordings := replay.Scan(os.DirFS("../../fixtures"), nil)
	require.Greater(t, recordings, 100)
	for _, finding := range findings {
		t.Error(finding)
	}
}

// scanned is what is found in the one recording of a folder.
func scanned(t *testing.T, folder string, values map[string]string) []replay.Finding {
	t.Helper()
	findings, recordings := replay.Scan(os.DirFS(folder), values)
	require.Equal(t, 1, recordings)
	return findings
}

// planted writes small with old replaced by now, and scans it.
func planted(t *testing.T, old, now string, values map[string]string) []replay.Finding {
	t.Helper()
	require.Contains(t, small, old)
	folder := filepath.Join(t.TempDir(), "use_case")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "small.txtar"), []byte(strings.Replace(small, old, now, 1)), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("no fixture: 9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"), 0o600))
	return scanned(t, filepath.Dir(folder), values)
}

func jwt(t *testing.T, alg jose.SignatureAlgorithm, key any, payload string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
	require.NoError(t, err)
	signed, err := signer.Sign([]byte(payload))
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	return token
}

func TestScanFindsWhatIsPlanted(t *testing.T) {
	secret := "kJ8~live.secret_of-the-tenant&co"
	values := map[string]string{"PINGONE_CLIENT_SECRET": secret, "PINGONE_PHONE": "4915112345678", "PINGONE_PASSCODE": "482913", "empty": ""}
	key := newKey(t)
	inJWT := jwt(t, jose.HS256, []byte(replay.Replayed().ClientSecret), `{"note":"`+secret+`"}`)
	for _, plant := range []struct{ name, old, now, want string }{
		{"a value", `"username": "anna"`, `"username": "` + secret + `"`, "PINGONE_CLIENT_SECRET occurs in it"},
		{"a value in the header", "fake 1", "fake " + secret, "PINGONE_CLIENT_SECRET occurs in it"},
		{"a value, percent-encoded", "x=1&y=2", "x=" + url.QueryEscape(secret) + "&y=2", "PINGONE_CLIENT_SECRET occurs in it"},
		{"a value, in base64", "anna", base64.StdEncoding.EncodeToString([]byte(secret)), "PINGONE_CLIENT_SECRET occurs in it"},
		{"a value, in base64 with more", "anna", base64.RawURLEncoding.EncodeToString([]byte("\xffx:" + secret + ":y")), "PINGONE_CLIENT_SECRET occurs in it"},
		{"a value, in nested JSON", "anna", strings.ReplaceAll(`{"a":"{\"b\":\"`+secret+`\"}"}`, `"`, ``), "PINGONE_CLIENT_SECRET occurs in it"},
		{"a value, in a JWT", "stand-in-access-token-1\",", inJWT + "\",", "exchange 1, response, body member access_token: PINGONE_CLIENT_SECRET occurs in it"},
		{"a number as it is", `"username": "anna"`, `"username": "4915112345678"`, "PINGONE_PHONE occurs in it"},
		{"a token signed by a live RSA key", "stand-in-access-token-1\",", jwt(t, jose.RS256, key, `{"sub":"x"}`) + "\",", "exchange 1, response, body member access_token: a token that no stand-in signed"},
		{"a token signed by a live secret", "x=1", "x=" + jwt(t, jose.HS256, []byte(strings.Repeat(secret, 2)), `{"sub":"x"}`), "a token that no stand-in signed"},
		{"a token in a text", "<html>", "<html> " + jwt(t, jose.RS256, key, `{"sub":"x"}`) + " ", "a token that no stand-in signed"},
		{"an id in a token", "stand-in-access-token-1\",", jwt(t, jose.HS256, []byte(replay.Replayed().ClientSecret), `{"sub":"9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"}`) + "\",", "JWT payload member sub: the id 9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f is no stand-in"},
		{"an opaque token", "stand-in-access-token-1\",", "2YotnFZFEjr1zCsicMWpAA\",", "exchange 1, response, body member access_token: the access-token is no stand-in"},
		{"an opaque token in a fragment", `"username": "anna"`, `"href": "https://shop.example.com/cb#access_token=2YotnFZFEjr1zCsicMWpAA"`, "exchange 2, request, body member href, access_token: the access-token is no stand-in"},
		{"a code in a redirect's fragment", "Set-Cookie: ST=0", "Location: https://shop.example.com/cb#code=AAbbCC0011&state=x\nSet-Cookie: ST=0", "exchange 3, response, header Location, code: the code is no stand-in"},
		{"a number in a JWT", "stand-in-access-token-1\",", jwt(t, jose.HS256, []byte(replay.Replayed().ClientSecret), `{"otp":"482913"}`) + "\",", "PINGONE_PASSCODE occurs in it"},
		{"a bearer", "Bearer stand-in-access-token-1\n-- 04.r", "Bearer 2YotnFZFEjr1zCsicMWpAA\n-- 04.r", "exchange 4, request, header Authorization: the access-token is no stand-in"},
		{"a cookie", "ST-NO-SS=00000000-0000-4000-8000-000000000004", "ST-NO-SS=AAbbCC0011", "exchange 3, response, header Set-Cookie ST-NO-SS: the cookie is no stand-in"},
		{"a passcode", `"otp": "00000001"`, `"otp": "48291377"`, "exchange 3, request, body member otp: the otp is no stand-in"},
		{"a Basic password", "MDAwMDAwMDAtMDAwMC00MDAwLTkwMDAtMDAwMDAwMDAwMDAyOnN0YW5kLWluLWNsaWVudC1zZWNyZXQtMQ==", base64.StdEncoding.EncodeToString([]byte("me:Spring2026")), "the client-secret is no stand-in"},
		{"an e-mail address", `"username": "anna"`, `"username": "anna@acme.io"`, "an e-mail address outside example.com"},
		{"a phone number in a text", "<html>", "call +49 (151) 12345-679", "a phone number outside 555-01xx"},
		{"a phone number by its member", `"username": "anna"`, `"mobilePhone": "015112345679"`, "a phone number outside 555-01xx"},
		{"an id", "users/00000000-0000-4000-8000-000000000001 ", "users/9B2F6C1E-3D44-4c1a-9f0e-0a1b2c3d4e5f ", "exchange 4, request, path: the id 9B2F6C1E"},
		{"a host", "Host: auth.pingone.com\nAuthorization", "Host: auth.pingone.eu\nAuthorization", "exchange 1, request, host: the host of https://auth.pingone.eu is no stand-in"},
		{"a host in a text", "<html>", "https://login.acme.io/x", "the host of https://login.acme.io is no stand-in"},
		{"a port", "<html>", "see 127.0.0.1:40123", "the host 127.0.0.1:40123 is no stand-in"},
		{"a file that is none", "format: 1", "format: 9", `small.txtar:1: format "9" is not known`},
	} {
		t.Run(plant.name, func(t *testing.T) {
			var all []string
			for _, finding := range planted(t, plant.old, plant.now, values) {
				all = append(all, finding.String())
			}
			require.Contains(t, strings.Join(all, "\n"), plant.want)
			require.NotContains(t, strings.Join(all, "\n"), secret)
		})
	}
	require.Empty(t, planted(t, "anna", "anna", values), "what is not planted is not found")
}

// What is found is listed as it is read, so that a list says the same every time, and names no value.
func TestFindingsComeInTheOrderOfTheRecording(t *testing.T) {
	values := map[string]string{"one": "kontoso-live", "another": "kontoso-live-secret", "empty": ""}
	spoiled := strings.NewReplacer(
		`"username": "anna"`, `"z": "ben@acme.io", "kontoso-live-secret": "anna@acme.io"`,
		"users/00000000-0000-4000-8000-000000000001 ", "users/9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f ",
		`  "id": "00000000-0000-4000-8000-000000000001"`, `  "id": "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"`,
	).Replace(small)
	for range 10 {
		findings, _ := replay.Scan(fstest.MapFS{"a/small.txtar": {Data: []byte(spoiled)}}, values)
		var all []string
		for _, finding := range findings {
			all = append(all, finding.String())
		}
		require.Equal(t, []string{
			"a/small.txtar: another occurs in it",
			"a/small.txtar: one occurs in it",
			"a/small.txtar: exchange 2, request, body: another occurs in it",
			"a/small.txtar: exchange 2, request, body: one occurs in it",
			"a/small.txtar: exchange 2, request, body member z: an e-mail address outside example.com",
			"a/small.txtar: exchange 2, request, body, a member's name: another occurs in it",
			"a/small.txtar: exchange 2, request, body, a member's name: one occurs in it",
			"a/small.txtar: exchange 2, request, body member …: an e-mail address outside example.com",
			"a/small.txtar: exchange 2, response, body member id: the id 9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f is no stand-in (ids that the suite makes up come from Session.NewID)",
			"a/small.txtar: exchange 4, request, path: the id 9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f is no stand-in (ids that the suite makes up come from Session.NewID)",
		}, all)
	}
}

// unreadable is a tree of which one folder cannot be listed.
type unreadable struct {
	fstest.MapFS
	folder string
}

func (u unreadable) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == u.folder {
		return nil, fs.ErrPermission
	}
	return u.MapFS.ReadDir(name)
}

func TestAFolderThatCannotBeReadIsNotClean(t *testing.T) {
	tree := fstest.MapFS{"a/small.txtar": {Data: []byte(small)}, "z/small.txtar": {Data: []byte(small)}}
	findings, recordings := replay.Scan(tree, nil)
	require.Empty(t, findings)
	require.Equal(t, 2, recordings)
	for _, folder := range []string{".", "z"} {
		findings, _ := replay.Scan(unreadable{tree, folder}, nil)
		require.Len(t, findings, 1)
		require.Contains(t, findings[0].String(), fs.ErrPermission.Error())
	}
	findings, _ = replay.Scan(os.DirFS(filepath.Join(t.TempDir(), "nowhere")), nil)
	require.Len(t, findings, 1)
}

func TestScanLetsPassWhatMayBeThere(t *testing.T) {
	for name, now := range map[string]string{
		"the published number": `"mobilePhone": "+1.5125551111"`, "a number of fiction": `"mobilePhone": "+1.5125550142"`,
		"no number at all": `"mobilePhone": "none"`, "a number that is too long": `"mobilePhone": "+1234567890123456789"`,
		"a reserved address": `"email": "anna@shop.example.com"`, "a reserved host": `"href": "https://evil.example/cb"`,
		"a wrong password": `"password": "the wrong password"`, "an empty one": `"password": ""`,
		"no one's token": `"t": "` + jwtUnsigned() + `"`,
	} {
		require.Empty(t, planted(t, `"username": "anna"`, now, nil), name)
	}
}

func jwtUnsigned() string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(`{"sub":"anna"}`)) + "."
}

// FuzzScrub: a secret that was announced is nowhere in the recording, whatever
// it looks like and however it is sent. If that cannot be had, nothing is written.
func FuzzScrub(f *testing.F) {
	for _, seed := range []string{"kJ8~live.secret", `quo"te\and<&>`, "482913", "pass word+%2B", "ünï¢ødé-secret", "eyJhbGciOiJub25lIn0.e30.", "line\nbreak-line", "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f", "https://a.io/?code=1", `{"a":"b"}`, "AAAAAAAA", "=&=&=&="} {
		f.Add(seed, "before ", " after")
	}
	f.Add("kJ8~live.secret", "x", "\xff")
	f.Add("482913", "b\xc9efoe", " after")
	f.Add("482913", "be\xfffore ", " after")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		standIns := "stand-in-password-1!stand-in-client-secret-1otp00000000-0000-4000-9001-000000000001"
		if len(secret) < 6 || strings.Contains(standIns, strings.ToLower(secret)) || strings.TrimLeft(secret, "0") == "1" {
			t.Skip("too short to be told from other text, or one of the stand-ins")
		}
		nested := object{"plain": before + secret + after, "basic": basic(before, secret), "percent": "a?b=" + url.QueryEscape(before+secret) + "&c=d",
			"path": url.PathEscape(secret), "base64": base64.StdEncoding.EncodeToString([]byte(secret)), "url": base64.RawURLEncoding.EncodeToString([]byte(before + secret)),
			"json": string(mustJSON(object{"deep": object{secret: []any{secret, string(mustJSON(secret))}}})), "jwt": jwt(t, jose.HS256, []byte(strings.Repeat("k", 32)), string(mustJSON(object{"s": secret})))}
		file := filepath.Join(t.TempDir(), "fuzz.txtar")
		s := replay.Record(always(string(mustJSON(nested)), "Location", "https://x.example.com/?s="+url.QueryEscape(secret)), file, 1,
			replay.RecordOptions{Answered: "fuzz", Now: func() time.Time { return someDay() }})
		s.Secret("password", func() string { return secret })
		newPerson(t, s, replay.StandIns{}).must("POST", "https://auth.pingone.com/x?s="+url.QueryEscape(secret), url.Values{"s": {before + secret}}, "Authorization", basic("me", secret))
		if err := s.Finish(true); err != nil {
			require.NoFileExists(t, file)
			require.NotContains(t, err.Error(), secret)
			return
		}
		text := read(t, file)
		for _, form := range []string{secret, url.QueryEscape(secret), strings.Trim(string(mustJSON(secret)), `"`), base64.StdEncoding.EncodeToString([]byte(secret)),
			base64.StdEncoding.EncodeToString([]byte("me:" + url.QueryEscape(secret)))} {
			// Digits are a secret where they stand alone in a text: in the middle of a word,
			// of another number, or of bytes that are no text, they are something else.
			if digitsOnly(form) || digitsOnly(secret) && (endsInAWord(before) || !isText(before)) {
				continue
			}
			require.NotContains(t, text, form)
		}
		require.Empty(t, scanned(t, filepath.Dir(file), map[string]string{"the secret": secret}))
	})
}

func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func endsInAWord(s string) bool {
	return s != "" && !strings.ContainsAny(s[len(s)-1:], " \t\n=&/:?\"'<>")
}

// digitsOnly values may occur in longer numbers.
func digitsOnly(s string) bool { return strings.Trim(s, "0123456789") == "" }
