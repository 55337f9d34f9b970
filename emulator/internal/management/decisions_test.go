package management

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// Each decision is the one that was asked for, and PingOne's where none was.
func TestWhatIsDecidedOtherwise(t *testing.T) {
	var changed *api
	other := Documented()
	other.Deletes = func(operation string) bool { return operation != "group.delete" }
	other.Listed = func(_ *tenant.Application, shown map[string]any) { shown["listed"] = true }
	other.Shown = func(_ *tenant.User, shown map[string]any) { shown["shown"] = true }
	other.Stranger = func(env *tenant.Environment, bearer string) (Principal, bool) {
		return changed.callers[workerToken], env.ID == changed.env.ID && bearer == "stranger"
	}
	changed = newAPI(t, Options{Decisions: &other})
	for a, otherwise := range map[*api]bool{newAPI(t): false, changed: true} {
		group := "{env}/groups/" + a.made("{env}/groups", `{"name":"Staff"}`).id()
		require.Equal(t, 204, a.delete(group).status)
		require.Equal(t, map[bool]int{false: 404, true: 200}[otherwise], a.get(group).status)
		population := "{env}/populations/" + a.made("{env}/populations", `{"name":"Members"}`).id()
		a.twice(population)
		require.Equal(t, otherwise, a.get("{env}/applications").body.Get("_embedded.applications.0.listed").Bool())
		require.Equal(t, otherwise, a.get("{env}/users/"+a.user("anna")).body.Get("shown").Bool())
		a.bearer = "stranger"
		require.Equal(t, 401, a.get("/v1/environments/00000000-0000-4000-8000-000000000000").status, "there is nothing to decide about")
		require.Equal(t, map[bool]int{false: 401, true: 200}[otherwise], a.get("{env}/users").status)
	}
	changed.bearer = "another"
	require.Equal(t, 401, changed.get("{env}/users").status)
}

// A worker that is gone, or whose environment is, may do nothing.
func TestAWorkerThatIsGone(t *testing.T) {
	a := newAPI(t)
	second := a.addWorker(a.env, "second", AllRoles()...)
	a.callers["homeless"] = Principal{EnvironmentID: "x", ClientID: second.ID, Worker: true}
	a.callers["no worker"] = Principal{EnvironmentID: a.env.ID, ClientID: second.ID}
	a.bearer = "second"
	require.Equal(t, 200, a.get("{env}/users").status)
	delete(a.env.Applications, second.ID)
	for _, bearer := range []string{"second", "homeless", "no worker"} {
		a.bearer = bearer
		for _, path := range []string{"{env}/users", "/v1/environments", "/v1/environments/00000000-0000-4000-8000-000000000000"} {
			refused(t, a.get(path), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
		}
	}
}

// A filter that is refused says what could be asked, in order.
func TestWhatAFilterCouldAsk(t *testing.T) {
	a := newAPI(t)
	for path, want := range map[string]string{
		"{env}/users":       `["email","enabled","id","mobilePhone","name.family","name.given","population.id","username"] ["eq","sw"]`,
		"{env}/populations": `["id","name"] ["eq","sw"]`,
		"{env}/languages":   `["id"] ["eq"]`,
		"{env}/groups":      `["externalId","id","name","population.id"] ["eq","sw"]`,
		environments:        `["id","license.id","name","organization.id","status"] ["eq","sw"]`,
	} {
		inner := a.get(path + "?filter=" + url.QueryEscape(`shoe eq "x"`)).body.Get("details.0.innerError")
		require.Equal(t, want, inner.Get("supportedAttributes").Raw+" "+inner.Get("supportedOperators").Raw, path)
	}
}

// Who was put into a group is a member until the group or the membership goes.
func TestMembershipIsShown(t *testing.T) {
	a := newAPI(t)
	anna := "{env}/users/" + a.user("anna") + "/memberOfGroups"
	staff, guests := a.made("{env}/groups", `{"name":"Staff"}`).id(), a.made("{env}/groups", `{"name":"Guests"}`).id()
	a.made(anna, `{"id":"`+staff+`"}`)
	a.made(anna, `{"id":"`+guests+`"}`)
	require.Equal(t, staff, a.get(anna+"/"+staff).id())
	refused(t, a.post(anna, `{"id":"x"}`), 400, "INVALID_DATA", "id INVALID_VALUE")
	refused(t, a.get(anna+"/x"), 404, "NOT_FOUND")
	a.twice("{env}/groups/" + staff)
	left := a.get(anna).body
	require.Equal(t, `["`+guests+`"]`, left.Get("_embedded.groupMemberships.#.id").Raw)
	require.Equal(t, "1 1", left.Get("count").Raw+" "+left.Get("size").Raw)
	require.Equal(t, int64(1), a.get("{env}/groups/"+guests).body.Get("directMemberCounts.users").Int())
}

// An image is read as it was answered, and there are a thousand at most.
func TestImagesAreReadAndCounted(t *testing.T) {
	a := newAPI(t)
	const gif = "GIF89a\x03\x00\x02\x00\x00\x00\x00"
	made := a.send(http.MethodPost, "{env}/images", "image/gif", gif)
	require.Equal(t, "gif 3 2 13", made.body.Get("targets.original.type").String()+" "+made.body.Get("targets.original.width").Raw+" "+
		made.body.Get("targets.original.height").Raw+" "+made.body.Get("targets.original.size").Raw, "%s", made)
	require.JSONEq(t, made.raw, a.get("{env}/images/"+made.id()).raw)
	for range maxRecords - 2 {
		a.tenant.AddRecord(a.env, "/images", nil, nil)
	}
	require.Equal(t, 201, a.send(http.MethodPost, "{env}/images", "image/gif", gif).status)
	last := a.send(http.MethodPost, "{env}/images", "image/gif", gif)
	refused(t, last, 403, "ACCESS_FAILED", "images LICENSE_EXCEEDED")
	require.EqualValues(t, 1000, last.body.Get("details.0.innerError.quotaLimit").Int())
}

// A device goes by its policy's limits, and by the default one's when that is gone.
func TestADeviceWhosePolicyIsGone(t *testing.T) {
	a := newAPI(t)
	body := with(t, with(t, devicePolicy, "sms.otp.failure", map[string]any{"count": 1, "coolDown": map[string]any{"duration": 2, "timeUnit": "MINUTES"}}), "default", false)
	policy := a.made("{env}/deviceAuthenticationPolicies", body).id()
	devices := a.devices()
	try := func(phone string) (string, reply) {
		one := devices + "/" + a.made(devices, `{"type":"SMS","phone":"`+phone+`","status":"ACTIVATION_REQUIRED","policy":{"id":"`+policy+`"}}`).id()
		return one, a.send(http.MethodPost, one, activate, `{"otp":"wrong"}`)
	}
	locked, r := try("+1.5125550101")
	refused(t, r, 400, "REQUEST_FAILED", "otp QUOTA_EXCEEDED")
	require.EqualValues(t, a.now.UnixMilli()+120000, r.body.Get("details.0.innerError.coolDownExpiresAt").Int())
	require.JSONEq(t, `{"status":"LOCKED","reason":"OTP","expiresAt":"2026-01-15T09:02:00.000Z"}`, a.get(locked).body.Get("lock").Raw)
	one := devices + "/" + a.made(devices, `{"type":"SMS","phone":"+1.5125550102","status":"ACTIVATION_REQUIRED","policy":{"id":"`+policy+`"}}`).id()
	a.twice("{env}/deviceAuthenticationPolicies/" + policy)
	refused(t, a.send(http.MethodPost, one, activate, `{"otp":"wrong"}`), 400, "INVALID_DATA", "otp INVALID_OTP")
}
