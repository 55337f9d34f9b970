package emulator_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestDeviationsAreOffUnlessAskedFor(t *testing.T) {
	for _, row := range []struct {
		deviations []string
		status     int
	}{{nil, 401}, {[]string{"state-dropped"}, 401}, {[]string{"bearer-not-required", "state-dropped"}, 200}, {[]string{"unauthorized-as-404"}, 404}} {
		c := newCaller(t, start(t, emulator.Options{Deviations: row.deviations}))
		status, _ := c.call(http.MethodGet, "/users", "", nil)
		require.Equal(t, row.status, status, row.deviations)
	}
}

// A deviation of passwords is heard of where passwords are checked.
func TestADeviationOfPasswords(t *testing.T) {
	for _, row := range []struct {
		deviations []string
		status     int
	}{{nil, 400}, {[]string{"password-not-checked"}, 200}} {
		l := newLife(t, start(t, emulator.Options{Deviations: row.deviations}))
		user := l.create("/users", object{"username": "anna", "email": "anna@example.com"})
		status, answer := l.call(http.MethodPut, user.Get(`_links.password\.set.href`).String(), "application/vnd.pingidentity.password.set+json", object{"value": "2Fish&Chips"})
		require.Equal(t, 200, status, answer.Raw)
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		own := &caller{t: t, http: &http.Client{Transport: l.http.Transport, Jar: jar}}
		status, answer = own.call(http.MethodPost, l.authorize(own.http).Get(`_links.usernamePassword\.check.href`).String(),
			"application/vnd.pingidentity.usernamePassword.check+json", object{"username": "anna", "password": "wrong"})
		require.Equal(t, row.status, status, answer.Raw)
	}
}

// What goes wrong can be changed by a program that has the emulator in it, too.
func TestAnEmulatorInAProgramIsControlled(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	status := func() int { status, _ := c.call(http.MethodGet, "/users", "", nil); return status }
	require.NoError(t, server.SetFaults(emulator.Fault{Kind: "failed"}))
	require.Equal(t, 500, status())
	require.ErrorContains(t, server.SetFaults(emulator.Fault{Kind: "gremlin"}), "gremlin")
	require.NoError(t, server.SetFaults())
	require.Equal(t, 200, status())
	require.NoError(t, server.SetDeviations("bearer-not-required"))
	require.NoError(t, server.SetVariations("redirect-303"))
	require.Error(t, server.SetVariations("redirect-304"))
	require.Error(t, server.SetDeviations("bearer"))
	c.token = ""
	require.Equal(t, 200, status(), "a variation leaves the deviations alone, and a wrong name everything")
	require.Equal(t, []string{"redirect-303"}, names(c.get(c.url+"/emulator/variations").Get("on")))
	for _, body := range []any{object{"on": "bearer"}, []string{"bearer"}} {
		refused, _ := c.call(http.MethodPut, c.url+"/emulator/deviations", "application/json", body)
		require.Equal(t, 400, refused)
		require.Equal(t, 200, status(), "what is refused changes nothing")
	}
	c.remove(c.url + "/emulator/deviations")
	require.Equal(t, 401, status())
	before := server.Now()
	require.NoError(t, server.Advance(time.Hour))
	require.WithinDuration(t, before.Add(time.Hour), server.Now(), time.Minute)
	require.NoError(t, server.Advance(-time.Hour))
	require.WithinDuration(t, before, server.Now(), time.Minute)
}

func TestUnknownDeviationsDoNotStart(t *testing.T) {
	_, err := emulator.Start(context.Background(), emulator.Options{Deviations: []string{"bearer-not-requird"}})
	require.ErrorContains(t, err, `there is no deviation "bearer-not-requird"; the nearest are bearer-not-required,`)
	require.NoError(t, emulator.CheckDeviations([]string{"code-reusable"}))
	require.ErrorContains(t, emulator.CheckDeviations([]string{"code-reusable", "bearer"}), `there is no deviation "bearer"`)
}

func TestDeviationsAreListedByGroup(t *testing.T) {
	var groups []string
	for _, d := range emulator.Deviations() {
		if len(groups) == 0 || groups[len(groups)-1] != d.Group {
			groups = append(groups, d.Group)
		}
		require.NotEmpty(t, d.Breaks, d.Name)
		require.NotEmpty(t, d.Rule, d.Name)
	}
	require.Equal(t, []string{"security", "semantics", "shape"}, groups)
	require.GreaterOrEqual(t, len(emulator.Deviations()), 60)
}
