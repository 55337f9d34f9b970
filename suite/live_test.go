package suite

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/internal/replay"
)

// liveOptions are those of a run against an emulator that plays a live environment.
func liveOptions(t *testing.T) (Options, *emulator.Server) {
	t.Helper()
	server, err := emulator.Start(t.Context(), emulator.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	c := server.Credentials()
	return Options{Concurrency: 1, Config: config.Config{
		Mode: config.Live, APIURL: server.URL() + "/v1", AuthURL: server.URL(), EnvironmentID: c.EnvironmentID, TargetEnvironmentID: c.EnvironmentID,
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, Passcode: config.PasscodeConfig{Source: config.Outbox, OutboxURL: server.OutboxURL()},
	}}, server
}

func livePlacesOf(t *testing.T, o Options) *livePlaces {
	t.Helper()
	places, err := newLivePlaces(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = places.close() })
	return places
}

// Nobody would get a passcode: that is said before anybody is called.
func TestWithoutASourceOfPasscodesNobodyIsCalled(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s is called", r.URL.Path) }))
	t.Cleanup(server.Close)
	o := Options{Concurrency: 1, Config: config.Config{Mode: config.Live, APIURL: server.URL, AuthURL: server.URL, Passcode: config.PasscodeConfig{Source: "letters"}}}
	_, err := newLivePlaces(t.Context(), o)
	require.ErrorContains(t, err, `PINGONE_PASSCODE is "letters"`)

	if none := passcode.NewPrompt(nil, 0).Ready(); none != nil { // as in CI; elsewhere there is a terminal to ask at
		o.Config.Passcode.Source = config.Prompt
		_, err := newLivePlaces(t.Context(), o)
		require.EqualError(t, err, none.Error())
	}
}

func TestTheSourceOfPasscodesIsTheConfiguredOne(t *testing.T) {
	o, _ := liveOptions(t)
	o.Config.Passcode.Source, o.Config.Passcode.Command, o.Config.Passcode.Timeout = config.Command, "echo 123456", 7*time.Second
	want, err := passcode.New(passcode.Options{Kind: config.Command, Command: "echo 123456", Timeout: 7 * time.Second})
	require.NoError(t, err)
	places := livePlacesOf(t, o)
	require.Equal(t, want, places.source)
	traveller := opened(t, places, TimeTravel)
	require.Equal(t, want, traveller.Passcodes)
	require.NoError(t, traveller.Close())
}

func opened(t *testing.T, places *livePlaces, tags ...string) *Place {
	t.Helper()
	place, err := places.Open(t.Context(), ID{Feature: "some", Name: "Some scenario", Tags: tags})
	require.NoError(t, err)
	return place
}

// Who sets a clock that is everybody's is alone meanwhile, and sets it back.
func TestOneScenarioAtATimeSetsTheClockOfALiveEmulator(t *testing.T) {
	o, server := liveOptions(t)
	places := livePlacesOf(t, o)
	ahead := func() time.Duration { return time.Until(server.Now()).Round(time.Minute) }
	calm, calmToo := opened(t, places), opened(t, places)
	require.Nil(t, calm.Advance)
	require.Equal(t, places.source, calm.Passcodes)

	var ended atomic.Bool
	travellers := make(chan *Place)
	go func() {
		place, err := places.Open(context.WithoutCancel(t.Context()), ID{Feature: "some", Name: "Another", Tags: []string{TimeTravel}})
		assert.NoError(t, err)
		assert.True(t, ended.Load(), "others still ran")
		travellers <- place
	}()
	for range 1000 {
		runtime.Gosched()
	}
	require.NoError(t, calm.Close())
	require.NoError(t, calm.Close(), "twice is once")
	for range 1000 {
		runtime.Gosched()
	}
	ended.Store(true)
	require.NoError(t, calmToo.Close())
	select {
	case traveller := <-travellers:
		require.IsType(t, &passcode.Outbox{}, traveller.Passcodes)
		traveller.Advance(20)
		require.Equal(t, 20*time.Minute, ahead())
		traveller.Advance(5)
		require.Equal(t, 25*time.Minute, ahead())
		require.False(t, places.clock.alone.TryRLock(), "it is alone")
		require.NoError(t, traveller.Close())
	case <-time.After(time.Minute):
		t.Fatal("the clock is never free")
	}
	require.Zero(t, ahead())
	require.NoError(t, opened(t, places).Close(), "others run again")
	require.NoError(t, opened(t, places, TimeTravel).Close(), "and so does the next traveller")
}

// An authenticator's passcodes are those of the emulator's time.
func TestATravellersAuthenticatorGoesByTheEmulatorsClock(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQ"
	o, server := liveOptions(t)
	o.Config.Passcode.Source = config.TOTP
	traveller := opened(t, livePlacesOf(t, o), TimeTravel)
	app := traveller.Passcodes.(*passcode.TOTP)
	require.NoError(t, app.Pair("device", secret))
	traveller.Advance(20)
	before, err := totp.GenerateCode(secret, server.Now())
	require.NoError(t, err)
	code, err := app.Passcode(t.Context(), passcode.Device{ID: "device"}, nil, time.Time{})
	require.NoError(t, err)
	after, err := totp.GenerateCode(secret, server.Now())
	require.NoError(t, err)
	require.Contains(t, []string{before, after}, code)
	require.NoError(t, traveller.Close())
}

func TestAClockThatCannotBeSetFailsTheScenario(t *testing.T) {
	statuses := make(chan int, 3)
	for _, status := range []int{http.StatusOK, http.StatusInternalServerError, http.StatusOK} {
		statuses <- status
	}
	asked := []string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 100)
		n, _ := r.Body.Read(body)
		asked = append(asked, r.Method+" "+r.Header.Get("Content-Type")+" "+string(body[:n]))
		w.WriteHeader(<-statuses)
	}))
	t.Cleanup(server.Close)
	clock := &liveClock{address: server.URL + "/emulator/clock", http: server.Client()}
	require.NoError(t, clock.travel().back())
	require.Empty(t, asked, "who sets no clock sets none back")
	traveller := clock.travel()
	traveller.advance(20)
	require.Equal(t, 20*time.Minute, time.Until(traveller.now()).Round(time.Minute))
	traveller.advance(5)
	require.Equal(t, 20*time.Minute, time.Until(traveller.now()).Round(time.Minute), "it was not set")
	require.EqualError(t, traveller.back(), "set the emulator's clock at "+server.URL+"/emulator/clock: it answers 500 Internal Server Error")
	require.Equal(t, []string{`POST application/json {"advance":"20m0s"}`, `POST application/json {"advance":"5m0s"}`, `POST application/json {"advance":"-20m0s"}`}, asked)
	require.True(t, clock.alone.TryLock(), "others run again")
	clock.alone.Unlock()

	server.Close()
	traveller = clock.travel()
	traveller.advance(20)
	require.ErrorContains(t, traveller.back(), "set the emulator's clock: ")
}

func TestOtherEnvironmentsHaveNoClockToSet(t *testing.T) {
	o, server := liveOptions(t)
	o.Config.Passcode.OutboxURL = server.URL() + "/mail"
	places := livePlacesOf(t, o)
	for _, tags := range [][]string{nil, {TimeTravel}} {
		place := opened(t, places, tags...)
		require.Nil(t, place.Advance)
		require.Nil(t, place.Close)
	}
}

// Whoever may not set the clock leaves it to the others.
func TestAClockThatMayNotBeSetStaysFree(t *testing.T) {
	o, _ := liveOptions(t)
	promoted := errors.New("it is PRODUCTION")
	for name, spoil := range map[string]func(*livePlaces){
		"promoted meanwhile": func(l *livePlaces) {
			l.transport = &guarded{look: func(context.Context) error { return promoted }}
		},
		"no such source": func(l *livePlaces) { l.options.Config.Passcode.Source = "letters" },
	} {
		places := livePlacesOf(t, o)
		spoil(places)
		_, err := places.Open(t.Context(), ID{Tags: []string{TimeTravel}})
		require.Error(t, err, name)
		require.True(t, places.clock.alone.TryLock(), name)
	}
}

func TestALivePlaceIsTheConfiguredOne(t *testing.T) {
	o, _ := liveOptions(t)
	c := &o.Config
	places := livePlacesOf(t, o)
	place := opened(t, places)
	in := replay.Replayed()
	require.Equal(t, []string{c.APIURL, c.AuthURL, c.AuthURL, c.TargetEnvironmentID, c.EnvironmentID, c.ClientID, c.ClientSecret, config.Outbox, in.Phone, in.Email},
		[]string{place.APIURL, place.AuthURL, place.AppsURL, place.EnvironmentID, place.WorkerEnvironmentID, place.ClientID, place.ClientSecret, place.PasscodeKind, place.Phone, place.Email})
	require.Regexp(t, `^[0-9a-f]{16}$`, place.Run)
	require.NotEqual(t, place.Run, opened(t, places).Run, "each scenario's things have a name of their own")
	require.Empty(t, place.Session.File())
	require.Zero(t, place.CallLimit)

	places.options.Config.Phone, places.options.Config.Email = livePhone, liveEmail
	place = opened(t, places)
	require.Equal(t, []string{livePhone, liveEmail}, []string{place.Phone, place.Email})
	require.NotContains(t, place.Session.Scrub("to "+livePhone+" or "+liveEmail), livePhone[1:])
}

func TestALivePlaceThatRecords(t *testing.T) {
	o, _ := liveOptions(t)
	o.Config.Record, o.RecordTo, o.Config.Limits.Call = true, t.TempDir(), time.Second
	place := opened(t, livePlacesOf(t, o))
	require.True(t, strings.HasPrefix(place.Session.File(), o.RecordTo), place.Session.File())
	require.True(t, place.Session.Ordered())
	require.GreaterOrEqual(t, place.CallLimit, time.Second)
}

func TestWhatARecordingHidesOfAConfiguration(t *testing.T) {
	in := replay.Replayed()
	c := config.Config{EnvironmentID: liveWorker, TargetEnvironmentID: liveEnv, ClientID: liveClient, ClientSecret: liveSecret}
	least := map[string]string{liveWorker: in.WorkerEnvironmentID, liveEnv: in.EnvironmentID, liveClient: in.ClientID, liveSecret: in.ClientSecret}
	require.Equal(t, least, configured(c))
	c.AllowProduction, c.Phone, c.Email = otherThing, livePhone, liveEmail
	all := configured(c)
	require.Len(t, all, 7)
	require.Equal(t, []string{in.EnvironmentID, in.Phone, in.Email}, []string{all[otherThing], all[livePhone], all[liveEmail]})
	all["live"] = "replayed"
	c.APIURL, c.AuthURL, c.Region, c.Passcode.Source = "https://api.pingone.eu/v1", "https://auth.pingone.eu", "EU", config.Prompt
	require.Equal(t, replay.RecordOptions{
		Answered: "live EU", Passcodes: config.Prompt, APIURL: c.APIURL, AuthURL: c.AuthURL, AppsURL: "https://apps.pingone.eu", Known: all,
	}, recordLive(c, "live", "replayed"))
}

func TestWhoAnsweredARecording(t *testing.T) {
	for _, row := range []struct{ region, api, want string }{
		{"EU", "https://api.pingone.eu/v1", "live EU"},
		{"EU", "https://api.pingone.com/v1", "live at api.pingone.com"},
		{"", "https://proxy.example.com:8443/v1", "live at proxy.example.com"},
		{"", ":", "live, elsewhere"},
	} {
		require.Equal(t, row.want, answered(config.Config{Region: row.region, APIURL: row.api}))
	}
}

// A note does not stand in the way of a creation, as that a production environment was named.
func TestTheLookBeforeACreationGoesOnAfterANote(t *testing.T) {
	for allowed, refused := range map[string]bool{liveEnv: false, "": true} {
		transport := roundTrip(func(*http.Request) (*http.Response, error) {
			return answer(http.StatusOK, `{"id":"`+liveEnv+`","type":"PRODUCTION"}`), nil
		})
		c, err := client.New(client.Options{APIURL: "https://api.pingone.com/v1", AuthURL: "https://auth.pingone.com", Transport: transport})
		require.NoError(t, err)
		err = lookAgain(c, config.Config{TargetEnvironmentID: liveEnv, AllowProduction: allowed})(t.Context())
		require.Equal(t, refused, errors.Is(err, errUntouchable), err)
		require.Equal(t, refused, err != nil)
	}
}

func TestNotesAboutTheEnvironmentArePrinted(t *testing.T) {
	o, server := liveOptions(t)
	var out strings.Builder
	o.Output = &out
	livePlacesOf(t, o)
	require.Empty(t, out.String(), "there is nothing to say")
	require.NoError(t, server.Advance(time.Hour))
	livePlacesOf(t, o)
	require.Regexp(t, `^About the environment:\n  note  clock: this machine's is (59m5\d|1h0m\d)s behind PingOne's\n`, out.String())
	o.Output = nil
	livePlacesOf(t, o)
}
