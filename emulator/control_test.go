package emulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

// person creates somebody with a device that waits for the passcode that was sent.
func (c *caller) person(name string) (user, device string) {
	user = c.create("/users", object{"username": name, "email": name + "@example.com"}).Get("id").String()
	device = c.create("/users/"+user+"/devices", object{"type": "EMAIL", "email": name + "@example.com", "status": "ACTIVATION_REQUIRED"}).Get("id").String()
	return user, device
}

func (c *caller) control(method, path string, body any) (int, gjson.Result) {
	return c.call(method, c.url+"/emulator"+path, "application/json", body)
}

func TestTheClockIsSet(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	for _, row := range []struct {
		body   any
		status int
		shift  string
	}{
		{object{"advance": "16m"}, 200, "16m0s"},
		{object{"advance": "1h"}, 200, "1h16m0s"},
		{object{"advance": "-1h"}, 200, "16m0s"},
		{object{"advance": "soon"}, 400, "16m0s"},
		{object{"advance": "900000h"}, 400, "16m0s"},
		{object{"forward": "16m"}, 400, "16m0s"},
		{object{"advance": "16m", "forward": "16m"}, 400, "16m0s"},
		{object{}, 400, "16m0s"},
		{object{"advance": "16m", "reset": true}, 400, "16m0s"},
		{object{"advance": "16m", "set": time.Now()}, 400, "16m0s"},
		{object{"set": time.Now(), "reset": true}, 400, "16m0s"},
		{object{"advance": "16m", "set": time.Now(), "reset": true}, 400, "16m0s"},
		{object{"reset": true}, 200, "0s"},
		{object{"advance": "87600h"}, 200, "87600h0m0s"},
		{object{"advance": "1ns"}, 400, "87600h0m0s"},
		{object{"reset": true}, 200, "0s"},
		{object{"advance": "-87600h"}, 200, "-87600h0m0s"},
		{object{"advance": "-1ns"}, 400, "-87600h0m0s"},
		{object{"reset": true}, 200, "0s"},
	} {
		status, answer := c.control(http.MethodPost, "/clock", row.body)
		require.Equal(t, row.status, status, answer.Raw)
		if status == 200 {
			require.Equal(t, row.shift, answer.Get("shift").String())
		}
		require.Equal(t, row.shift, c.get(c.url+"/emulator/clock").Get("shift").String(), row.body)
	}
	c.get("/users")
	status, answer := c.control(http.MethodPost, "/clock", object{"set": time.Now().Add(61 * time.Minute)})
	require.Equal(t, 200, status)
	require.WithinDuration(t, time.Now().Add(61*time.Minute), answer.Get("now").Time(), time.Minute)
	status, _ = c.call(http.MethodGet, "/users", "", nil)
	require.Equal(t, 401, status, "an hour later the token has expired")
}

func TestTheOutboxIsNarrowedAndWaitedFor(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	anna, device := c.person("anna")
	c.person("ben")
	to := func(query string) (all []string) {
		for _, message := range c.get(server.OutboxURL() + query).Array() {
			all = append(all, message.Get("to").String())
		}
		return all
	}
	require.Equal(t, []string{"anna@example.com"}, to("?user=anna"))
	require.Equal(t, []string{"anna@example.com"}, to("?user="+anna))
	require.Equal(t, []string{"anna@example.com"}, to("?device="+device))
	require.Equal(t, []string{"ben@example.com"}, to("?newest=true"))
	require.Empty(t, to("?user=cleo&wait=10ms"), "nobody by that name")

	arrived := make(chan string)
	go func() {
		response, err := c.http.Get(server.OutboxURL() + "?user=cleo&wait=30s")
		if err != nil {
			arrived <- err.Error()
			return
		}
		defer func() { _ = response.Body.Close() }()
		var messages []emulator.Message
		_ = json.NewDecoder(response.Body).Decode(&messages)
		if len(messages) != 1 {
			arrived <- "not one message"
			return
		}
		arrived <- messages[0].To
	}()
	c.person("cleo")
	select {
	case who := <-arrived:
		require.Equal(t, "cleo@example.com", who)
	case <-time.After(time.Minute):
		t.Fatal("the wait does not end with the message")
	}
	for _, wait := range []string{"1h", "50001ms", "-1ns", "soon"} {
		status, answer := c.control(http.MethodGet, "/outbox?wait="+wait, nil)
		require.Equal(t, 400, status)
		require.Empty(t, answer.Get("0").Raw)
	}
	c.http.Timeout = lifetime / 4
	status, _ := c.control(http.MethodGet, "/outbox?wait=50s", nil)
	require.Equal(t, 200, status, "there are some already: nothing is waited for")
	require.Equal(t, []string{"anna@example.com"}, to("?to=ANNA@example.com&newest=true"))
	require.Len(t, to("?newest=false"), 3)
	require.Empty(t, to("?flow=none"))
	c.person("anna2")
	c.remove(c.get("/users/" + anna).Get("_links.self.href").String())
	require.Equal(t, []string{"anna@example.com"}, to("?user="+strings.ToUpper(anna)), "who is gone is known by the id")
	require.Len(t, server.Outbox(), 4)
}

func TestAMessageIsWaitedFor(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	anna, device := c.person("anna")
	c.person("ben")
	for _, name := range []string{"anna", "ANNA", anna} {
		m, err := server.Message(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, []string{anna, device, "EMAIL", "anna@example.com"}, []string{m.UserID, m.DeviceID, m.Channel, m.To})
	}
	first, err := server.Message(t.Context(), "anna")
	require.NoError(t, err)
	c.create("/users/"+anna+"/devices", object{"type": "EMAIL", "email": "new@example.com", "status": "ACTIVATION_REQUIRED"})
	newest, err := server.Message(t.Context(), "anna")
	require.NoError(t, err)
	require.NotEqual(t, first, newest)
	require.Equal(t, "new@example.com", newest.To, "the newest")

	type outcome struct {
		message emulator.Message
		err     error
	}
	waiting := func(ctx context.Context) <-chan outcome {
		ended := make(chan outcome, 1)
		go func() { m, err := server.Message(ctx, "cleo"); ended <- outcome{m, err} }()
		return ended
	}
	ended := waiting(t.Context())
	c.person("cleo")
	require.Equal(t, "cleo@example.com", (<-ended).message.To)
	c.remove(server.OutboxURL())
	ctx, cancel := context.WithCancel(t.Context())
	ended = waiting(ctx)
	cancel()
	require.ErrorIs(t, (<-ended).err, context.Canceled)
	ended = waiting(t.Context())
	require.NoError(t, server.Close())
	require.EqualError(t, (<-ended).err, "emulator: it is closed")
}

func TestResetSnapshotAndRestore(t *testing.T) {
	server := start(t, emulator.Options{Deviations: []string{"state-dropped"}})
	c := authorized(t, server)
	before := server.Counts()
	c.set("shop")
	status, taken := c.control(http.MethodGet, "/snapshot", nil)
	require.Equal(t, 200, status)
	c.set("other")
	require.NotEqual(t, 1, server.Counts()["devices"])
	require.NoError(t, server.SetDeviations())
	require.NoError(t, server.Advance(time.Minute))
	status, answer := c.control(http.MethodPut, "/snapshot", json.RawMessage(taken.Raw))
	require.Equal(t, 204, status, answer.Raw)
	require.Equal(t, 1, server.Counts()["devices"])
	require.Equal(t, "0s", c.get(c.url+"/emulator/clock").Get("shift").String())
	require.NotEmpty(t, c.get("/users?filter=username+eq+%22shop%22").Get("_embedded.users.0.id").String())

	again, err := server.Snapshot()
	require.NoError(t, err)
	require.NoError(t, server.Restore(again))
	for bad, says := range map[string]string{
		`{"version":1,"data":{}}`:                    "emulator: this is no snapshot of an emulator",
		`{"version":1,"data":[]}`:                    "emulator: this is no snapshot of an emulator\njson: ",
		`{"version":1,"data":{"Environments":null}}`: "this is no snapshot",
		`{"version":2}`:                              "emulator: a snapshot of version 2 cannot be restored here, only of version 1",
		`no JSON`:                                    "emulator: this is no snapshot of an emulator: invalid",
	} {
		require.ErrorContains(t, server.Restore([]byte(bad)), says)
	}
	status, _ = c.control(http.MethodPut, "/snapshot", object{"version": 2})
	require.Equal(t, 400, status)
	status, _ = c.control(http.MethodPut, "/snapshot", object{"versions": 1})
	require.Equal(t, 400, status)
	require.Equal(t, 1, server.Counts()["devices"], "nothing has changed")

	c.control(http.MethodPut, "/faults", []object{{"kind": "limited"}})
	status, _ = c.control(http.MethodPost, "/reset", nil)
	require.Equal(t, 204, status)
	require.Equal(t, withoutZeros(before), withoutZeros(server.Counts()))
	require.Equal(t, "[]", c.get(c.url+"/emulator/faults").Get("faults").Raw)
	require.Equal(t, "state-dropped", c.get(c.url+"/emulator/deviations").Get("on.0").String(), "as it was started")
	require.Empty(t, c.get(c.url+"/emulator/journal").Get("entries").Array())
	authorized(t, server).get("/users")
}

func TestDeviationsAndVariationsWhileItRuns(t *testing.T) {
	c := newCaller(t, start(t, emulator.Options{}))
	for _, row := range []struct {
		path string
		on   []string
		says string // what a call without a token is answered
		code int
	}{
		{"/deviations", nil, "ACCESS_FAILED", 401},
		{"/deviations", []string{"bearer-not-required"}, "", 200},
		{"/deviations", []string{"unauthorized-as-404"}, "", 404},
		{"/deviations", []string{}, "ACCESS_FAILED", 401},
		{"/variations", []string{emulator.Variations()[0].Name}, "ACCESS_FAILED", 401},
	} {
		if row.on != nil {
			status, answer := c.control(http.MethodPut, row.path, row.on)
			require.Equal(t, 200, status, answer.Raw)
			require.NotEmpty(t, answer.Get("known.0.name").String())
			if len(row.on) > 0 {
				require.Equal(t, row.on[0], answer.Get("on.0").String())
			}
		}
		status, answer := c.call(http.MethodGet, "/users", "", nil)
		require.Equal(t, row.code, status, row.on)
		require.Contains(t, answer.Raw, row.says)
	}
	status, answer := c.control(http.MethodPut, "/deviations", []string{"bearer-not-requird"})
	require.Equal(t, 400, status)
	require.Empty(t, answer.Get("on.0").String())
	require.NotEmpty(t, c.get(c.url+"/emulator/variations").Get("on").Array())
	status, _ = c.control(http.MethodDelete, "/variations", nil)
	require.Equal(t, 204, status)
	require.Empty(t, c.get(c.url+"/emulator/variations").Get("on").Array())
}

func TestTheJournal(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	next := c.get(c.url + "/emulator/journal").Get("next").Int()
	require.Equal(t, int64(1), next, "the token")
	c.get("/users?limit=5")
	c.get(c.url + "/emulator/health")
	entries := c.get(c.url + "/emulator/journal?since=1").Get("entries").Array()
	require.Len(t, entries, 1, "the emulator's own pages are none")
	require.Equal(t, "user.list", entries[0].Get("operation").String())
	require.Equal(t, c.url+"/v1/environments/"+c.env+"/users?limit=5", entries[0].Get("url").String())
	require.Equal(t, "Bearer "+c.token, entries[0].Get("header.Authorization").String())
	require.Equal(t, int64(200), entries[0].Get("status").Int())
	require.Equal(t, []string{"2", "GET"}, names(entries[0].Get("[number,method]")))
	require.WithinDuration(t, time.Now(), entries[0].Get("at").Time(), time.Minute)
	require.NotEmpty(t, entries[0].Get("correlationId").String())
	require.Less(t, entries[0].Get("ms").Float(), 60_000.0)
	require.JSONEq(t, `["Authorization"]`, entries[0].Get("header.@keys").Raw, "what matters to who repeats it")
	require.False(t, entries[0].Get("body").Exists())
	for _, size := range []int{100, 16 << 10, 16<<10 + 1} {
		body := strings.Repeat("x", size)
		request, err := http.NewRequest(http.MethodPost, c.url+"/v1/environments/"+c.env+"/users", strings.NewReader(body))
		require.NoError(t, err)
		c.do(request)
		newest := c.get(c.url + "/emulator/journal?since=2").Get("entries.@reverse.0")
		require.Equal(t, body[:min(size, 16<<10)], newest.Get("body").String())
		require.Equal(t, int64(415), newest.Get("status").Int(), "its media type is missing")
	}
	status, _ := c.control(http.MethodGet, "/journal?since=yesterday", nil)
	require.Equal(t, 400, status)
}

func TestSeedsAtTheStart(t *testing.T) {
	const text = "seed: 1\nenvironments:\n- name: Mine\n  users: [{username: anna, email: anna@example.com}]\n"
	server := start(t, emulator.Options{Seed: []byte(text), Fixed: true})
	c := authorized(t, server)
	require.Equal(t, "anna", c.get("/users").Get("_embedded.users.0.username").String())
	written := c.text(c.url + "/emulator/seed")
	again := start(t, emulator.Options{Seed: []byte(written)})
	require.Equal(t, server.Credentials(), again.Credentials())
	rewritten, err := again.ExportSeed()
	require.NoError(t, err)
	require.Equal(t, written, string(rewritten))
	request, err := http.NewRequest(http.MethodGet, c.url+"/emulator/seed", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "application/json")
	_, asJSON := c.do(request)
	require.Equal(t, "Mine", asJSON.Get("environments.0.name").String())

	_, err = emulator.Start(context.Background(), emulator.Options{Seed: []byte("seed: 1\nenvironments:\n- nam: Mine\n"), SeedFile: "my.yaml"})
	require.ErrorContains(t, err, "my.yaml:3: environments[0].nam: there is no such member; the nearest is name")
}

func TestFixedIdsAndSecrets(t *testing.T) {
	first := start(t, emulator.Options{Fixed: true})
	require.Equal(t, first.Credentials(), start(t, emulator.Options{Fixed: true}).Credentials())
	require.NotEqual(t, first.Credentials(), start(t, emulator.Options{}).Credentials())
	one, other := authorized(t, first), authorized(t, start(t, emulator.Options{Fixed: true}))
	one.person("anna")
	other.person("anna")
	require.NotEqual(t, one.get("/users").Get("_embedded.users.0.id").String(), other.get("/users").Get("_embedded.users.0.id").String(), "only what the start makes is fixed")
}

func names(list gjson.Result) (all []string) {
	for _, one := range list.Array() {
		all = append(all, one.String())
	}
	return all
}
