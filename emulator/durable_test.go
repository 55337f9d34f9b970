package emulator_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
	"pingone-conformance/emulator/internal/state"
)

// killed is what an emulator holds that finds the file as it is after a kill -9 now.
func killed(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	left := filepath.Join(t.TempDir(), "left.db")
	require.NoError(t, os.WriteFile(left, text, 0o600))
	server, err := emulator.Start(context.Background(), emulator.Options{State: left})
	require.NoError(t, err)
	held, err := server.Snapshot()
	require.NoError(t, err)
	require.NoError(t, server.Close())
	return string(held)
}

// withoutCounts leaves out how many messages and things there ever were: what is forgotten is not counted again.
func withoutCounts(snapshot string) string {
	return regexp.MustCompile(`"Sent":\d+`).ReplaceAllString(withoutSeq(snapshot), `"Sent":0`)
}

// What an answer said was done is in the file, whatever kind of call it was.
func TestWhatWasAnsweredSurvivesAKill(t *testing.T) {
	o := emulator.Options{State: filepath.Join(t.TempDir(), "state.db"), DefaultMethods: []string{"email"}}
	server := start(t, o)
	l := newLife(t, server)
	anna := l.create("/users", object{"username": "anna", "email": "anna@example.com"})
	href := anna.Get("_links.self.href").String()
	put := func(path, media string, body any) func() gjson.Result {
		return func() gjson.Result {
			status, answer := l.call(http.MethodPut, path, media, body)
			require.Equal(t, 200, status, answer.Raw)
			return answer
		}
	}
	make := func(path string, body any) func() gjson.Result {
		return func() gjson.Result { return l.create(path, body) }
	}
	remove := func(path string) func() gjson.Result {
		return func() gjson.Result { l.remove(path); return gjson.Result{} }
	}
	control := func(method, path string, body any, want int) func() gjson.Result {
		return func() gjson.Result {
			status, answer := l.control(method, path, body)
			require.Equal(t, want, status, answer.Raw)
			return answer
		}
	}
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Transport: l.http.Transport, Jar: jar}
	check := func(password string, want int) func() gjson.Result {
		return func() gjson.Result {
			flow := l.authorize(browser)
			own := &caller{t: t, http: browser}
			status, answer := own.call(http.MethodPost, flow.Get(`_links.usernamePassword\.check.href`).String(),
				"application/vnd.pingidentity.usernamePassword.check+json", object{"username": "anna", "password": password})
			require.Equal(t, want, status, answer.Raw)
			return answer
		}
	}
	forgotten := func() gjson.Result {
		own := &caller{t: t, http: browser}
		status, answer := own.call(http.MethodPost, l.authorize(browser).Get(`_links.password\.forgot.href`).String(),
			"application/vnd.pingidentity.password.forgot+json", object{"username": "anna"})
		require.Equal(t, 200, status, answer.Raw)
		status, answer = own.call(http.MethodPost, answer.Get(`_links.password\.recover.href`).String(),
			"application/vnd.pingidentity.password.recover+json", object{"recoveryCode": "wrong", "newPassword": "3Fish&Chips"})
		require.Equal(t, 400, status, answer.Raw)
		return answer
	}
	const setPassword = "application/vnd.pingidentity.password.set+json"
	var group, device, environment string
	for _, step := range []struct {
		name string
		do   func() gjson.Result
		then func(gjson.Result)
	}{
		{"a person", make("/users", object{"username": "ben", "email": "ben@example.com"}), nil},
		{"a change of a person", put(href, "application/json", object{"username": "anna", "email": "anna@example.com", "nickname": "Ann"}), nil},
		{"a password", put(href+"/password", setPassword, object{"value": "2Fish&Chips"}), nil},
		{"MFA", put(href+"/mfaEnabled", "application/json", object{"mfaEnabled": true}), nil},
		{"no MFA", put(href+"/mfaEnabled", "application/json", object{"mfaEnabled": false}), nil},
		{"a device that is sent a passcode", make(href+"/devices", object{"type": "EMAIL", "email": "anna@example.com", "status": "ACTIVATION_REQUIRED"}),
			func(answer gjson.Result) { device = answer.Get("_links.self.href").String() }},
		{"the emulator's own outbox", control(http.MethodDelete, "/outbox", nil, 204), nil},
		{"no device", func() gjson.Result { return remove(device)() }, nil},
		{"a group", make("/groups", object{"name": "Staff"}), func(answer gjson.Result) { group = answer.Get("id").String() }},
		{"a member of it", func() gjson.Result { return make(href+"/memberOfGroups", object{"id": group})() }, nil},
		{"a wrong password", check("wrong", 400), nil},
		{"a wrong recovery code", forgotten, nil},
		{"a sign-on", check("2Fish&Chips", 200), nil},
		{"a population", make("/populations", object{"name": "Customers"}), nil},
		{"a policy", make("/signOnPolicies", object{"name": "Own"}), nil},
		{"an environment", make(l.url+"/v1/environments", object{"name": "Another", "type": "SANDBOX", "region": "NA", "license": object{"id": "00000000-0000-4000-8000-000000000001"}}),
			func(answer gjson.Result) { environment = answer.Get("_links.self.href").String() }},
		{"no environment", func() gjson.Result { return remove(environment)() }, nil},
		{"no person", remove(href), nil},
		{"the clock", control(http.MethodPost, "/clock", object{"advance": "1m"}, 200), nil},
		{"the clock of the program", func() gjson.Result { require.NoError(t, server.Advance(time.Minute)); return gjson.Result{} }, nil},
		{"a snapshot put back", func() gjson.Result {
			taken, err := server.Snapshot()
			require.NoError(t, err)
			l.create("/users", object{"username": "cleo", "email": "cleo@example.com"})
			require.NoError(t, server.Restore(taken))
			return gjson.Result{}
		}, nil},
		{"a reset", control(http.MethodPost, "/reset", nil, 204), nil},
	} {
		answer := step.do()
		if step.then != nil {
			step.then(answer)
		}
		held, err := server.Snapshot()
		require.NoError(t, err)
		require.JSONEq(t, withoutCounts(string(held)), withoutCounts(killed(t, o.State)), step.name)
	}
}

// Tokens hold after a restart, since what they are signed with is in the file.
func TestWhatAStateFileHoldsFromTheStart(t *testing.T) {
	o := emulator.Options{State: filepath.Join(t.TempDir(), "state.db")}
	server := start(t, o)
	environment := server.Credentials().EnvironmentID
	require.NoError(t, server.Advance(time.Hour))
	require.NoError(t, server.Close())
	file, err := state.Open(o.State)
	require.NoError(t, err)
	held := map[string]string{}
	require.NoError(t, file.Load(func(key string, value []byte) error { held[key] = string(value); return nil }))
	require.NoError(t, file.Close())
	key, err := x509.ParsePKCS8PrivateKey([]byte(held["key/0"]))
	require.NoError(t, err)
	require.IsType(t, &rsa.PrivateKey{}, key)
	require.Equal(t, "1h0m0s", held["clock"])
	require.Equal(t, "0", gjson.Get(held["initial"], "shift").Raw, "reset goes back to the start")
	require.Equal(t, environment, gjson.Get(held["env/"+environment], "ID").String())
}

// No answer says that something was done that the file does not hold.
func TestWhatCannotBeKeptIsNotAnsweredAsDone(t *testing.T) {
	o := emulator.Options{State: filepath.Join(t.TempDir(), "state.db")}
	server := start(t, o)
	c := authorized(t, server)
	opened, err := emulator.Unwritable(server)
	require.NoError(t, err)
	status, answer := c.call(http.MethodPost, "/populations", "application/json", object{"name": "Customers"})
	require.Equal(t, 500, status)
	require.Equal(t, []string{"UNEXPECTED_ERROR", "UNEXPECTED_ERROR", "state file " + o.State + " is closed"}, names(answer.Get("[code,details.0.code,details.0.message]")))
	c.get("/populations")
	require.ErrorContains(t, server.Advance(time.Minute), o.State+" is closed")
	require.ErrorContains(t, server.Reset(), "emulator: state file "+o.State+" is closed")
	status, _ = c.control(http.MethodPost, "/clock", object{"reset": true})
	require.Equal(t, 400, status)
	status, _ = c.control(http.MethodDelete, "/outbox", nil)
	require.Equal(t, 500, status)
	require.NoError(t, opened())
	c.create("/populations", object{"name": "Staff"})
}

// A value that cannot be read is named, and the file is left as it is.
func TestValuesOfAStateFileThatCannotBeRead(t *testing.T) {
	for key, row := range map[string]struct{ value, says string }{
		"env/one":      {"{", "env/one: unexpected end of JSON input"},
		"user/one/two": {"[]", "user/one/two: json: cannot unmarshal array"},
		"outbox/0001":  {"?", "outbox/0001: invalid character"},
		"removed":      {"{}", "cannot unmarshal object"},
		"initial":      {"[]", "cannot unmarshal array"},
		"clock":        {"soon", `invalid duration "soon"`},
		"session/one":  {"?", ": read what was kept: invalid character"},
		"key/0":        {"no key", "the signing key cannot be read"},
	} {
		path := filepath.Join(t.TempDir(), "state.db")
		file, err := state.Open(path)
		require.NoError(t, err)
		require.NoError(t, file.Put(map[string][]byte{"env/home": []byte("{}"), key: []byte(row.value)}, false)())
		require.NoError(t, file.Close())
		_, err = emulator.Start(context.Background(), emulator.Options{State: path})
		require.ErrorContains(t, err, "emulator: state file "+path)
		require.ErrorContains(t, err, row.says)
		file, err = state.Open(path)
		require.NoError(t, err, "nobody has it open any more")
		require.NoError(t, file.Close())
	}
}

// A thousand messages are kept, in the file, too.
func TestTheOutboxOfAFileIsBounded(t *testing.T) {
	o := emulator.Options{State: filepath.Join(t.TempDir(), "state.db")}
	server := start(t, o)
	c := authorized(t, server)
	var user string
	for i := range 1003 {
		if i%50 == 0 {
			user = c.create("/users", object{"username": shopName(i), "email": "anna@example.com"}).Get("id").String()
		}
		c.create("/users/"+user+"/devices", object{"type": "EMAIL", "email": shopName(i) + "@example.com", "status": "ACTIVATION_REQUIRED"})
	}
	require.Len(t, server.Outbox(), 1000)
	require.Equal(t, "shop3@example.com", server.Outbox()[0].To)
	held, err := server.Snapshot()
	require.NoError(t, err)
	require.JSONEq(t, withoutCounts(string(held)), withoutCounts(killed(t, o.State)))
}
