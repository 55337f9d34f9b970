package management

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever is changed says when, and when it was made stays.
func TestAChangeSaysWhen(t *testing.T) {
	const user, device, vendor = "/users/{user}", "/users/{user}/devices/{device}", mediaVendor
	for _, row := range []struct{ method, path, media, body, shown string }{
		{"PUT", user, mediaJSON, `{"username":"anna","email":"anna@example.com"}`, user},
		{"PATCH", user, mediaJSON, `{"nickname":"Ann"}`, user},
		{"PUT", user + "/enabled", mediaJSON, `{"enabled":false}`, user},
		{"PUT", user + "/mfaEnabled", mediaJSON, `{"mfaEnabled":true}`, user},
		{"PUT", user + "/population", mediaJSON, `{"id":"{population}"}`, user},
		{"PUT", user + "/password", vendor + "password.set+json", `{"value":"Quiet-Harbour-52"}`, user},
		{"POST", user, vendor + "account.lock+json", ``, user},
		{"POST", user, vendor + "account.unlock+json", ``, user},
		{"POST", user, vendor + "user.sendVerificationCode+json", ``, user},
		{"POST", user, vendor + "user.verify+json", `{"verificationCode":"{code}"}`, user},
		{"PUT", device, mediaJSON, `{"nickname":"Phone"}`, device},
		{"POST", device, vendor + "device.activate+json", `{"otp":"{otp}"}`, device},
		{"POST", device, vendor + "device.block+json", ``, device},
		{"POST", device, vendor + "device.unblock+json", ``, device},
		{"POST", device, vendor + "device.unlock+json", ``, device},
		{"PUT", "/applications/{application}", mediaJSON, webApp, ""},
		{"PUT", "/populations/{population}", mediaJSON, `{"name":"Members"}`, ""},
		{"PUT", "/groups/{group}", mediaJSON, `{"name":"Members"}`, ""},
		{"PUT", "/agreements/{agreement}", mediaJSON, `{"name":"Terms","enabled":false}`, ""},
		{"PUT", "/resources/{resource}", mediaJSON, `{"name":"shop"}`, ""},
		{"PUT", "/signOnPolicies/{policy}", mediaJSON, `{"name":"sign-on"}`, ""},
		{"POST", "/signOnPolicies/{policy}/actions", mediaJSON, `{"type":"LOGIN","priority":2}`, "/signOnPolicies/{policy}"},
		{"PUT", "", mediaJSON, `{"name":"Shop","type":"SANDBOX","region":"NA","license":{"id":"x"}}`, ""},
		{"PUT", "/type", mediaJSON, `{"type":"PRODUCTION"}`, " "},
		{"PUT", "/billOfMaterials", mediaJSON, `{"products":[]}`, " "},
	} {
		t.Run(row.method+" "+row.path+" "+strings.TrimPrefix(row.media, vendor), func(t *testing.T) {
			a := newAPI(t)
			fill := a.filler()
			if strings.HasPrefix(row.path, user) {
				anna := "{env}" + fill(user)
				pending := a.made(anna+"/devices", `{"type":"SMS","phone":"+1.5125550101","status":"ACTIVATION_REQUIRED"}`).id()
				a.send(http.MethodPost, anna, vendor+"user.sendVerificationCode+json", "")
				sent := a.tenant.Outbox()
				words := strings.NewReplacer("{device}", pending, "{otp}", sent[0].OTP, "{code}", sent[1].OTP)
				row.path, row.body, row.shown = words.Replace(row.path), words.Replace(row.body), words.Replace(row.shown)
			}
			path, body := "{env}"+fill(row.path), fill(row.body)
			shown := path
			if row.shown != "" {
				shown = "{env}" + strings.TrimSpace(fill(row.shown))
			}
			before := a.get(shown).body
			a.now = a.now.Add(time.Minute)
			r := a.send(row.method, path, row.media, body)
			require.Contains(t, []int{200, 201}, r.status, "%s", r)
			after := a.get(shown).body
			require.Equal(t, timestamp(a.now), after.Get("updatedAt").String(), "%s", after.Raw)
			require.Equal(t, before.Get("createdAt").String(), after.Get("createdAt").String())
			require.NotEmpty(t, after.Get("createdAt").String())
		})
	}
}

// makeOneOfEach makes at least one of every kind of thing.
func (a *api) makeOneOfEach() {
	a.t.Helper()
	fill := a.filler()
	for _, m := range models(a.t) {
		a.made("{env}"+fill(m.Path), strings.Replace(fill(string(m.Body)), "All members", m.Model, 1))
	}
	languages := "{env}/agreements/" + a.last("{env}/agreements") + "/languages"
	a.made(languages+"/"+a.made(languages, `{"locale":"en"}`).id()+"/revisions", `{"contentType":"text/plain"}`)
	first := a.last("{env}/groups")
	a.made("{env}"+fill("/groups/{group}/memberOfGroups"), `{"id":"`+first+`"}`)
	a.made("{env}/users/"+a.last("{env}/users")+"/devices", `{"type":"SMS","phone":"+1.5125550101"}`)
}

// What takes a JSON object takes nothing else, at any address.
func TestABodyThatIsNoObjectIsRefusedEverywhere(t *testing.T) {
	a := newAPI(t)
	a.makeOneOfEach()
	// Calls that take no body, or may go without.
	bodiless := []string{
		"user.lock", "user.unlock", "user.sendVerificationCode", "user.password.sendRecoveryCode", "user.password.sendRecoveryCode.bare",
		"device.unlock", "device.block", "device.unblock", "application.patch",
	}
	count := 0
	for _, route := range New(a.tenant, Options{}).Routes() {
		if route.MediaType == "" || slices.Contains(bodiless, route.Operation) {
			continue
		}
		path := a.fillWithLast(route.Pattern, "")
		count++
		t.Run(route.Operation, func(t *testing.T) {
			refused(t, a.send(route.Method, path, route.MediaType, `[]`), 400, "INVALID_REQUEST", "INVALID_VALUE")
		})
	}
	require.Greater(t, count, 50)
}

// fillWithLast puts the last thing of each list into a pattern, up to the variable that is
// nobody's, whose list has no such thing.
func (a *api) fillWithLast(pattern, nobodys string) string {
	a.t.Helper()
	path := strings.Replace(pattern, "{envID}", a.env.ID, 1)
	for head, rest, variable := strings.Cut(path, "{"); variable; head, rest, variable = strings.Cut(path, "{") {
		name, rest, _ := strings.Cut(rest, "}")
		if name == nobodys {
			return regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "00000000-0000-4000-8000-000000000000")
		}
		path = head + a.last(strings.TrimSuffix(head, "/")) + rest
	}
	return path
}

// What belongs to nothing, or is not there, is not found, whatever is asked of it.
func TestWhatIsNotThereIsNotFound(t *testing.T) {
	a := newAPI(t)
	a.makeOneOfEach()
	count := 0
	for _, route := range New(a.tenant, Options{}).Routes() {
		if route.Operation == "application.patch" {
			continue // refused by the gateway
		}
		for _, variable := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(strings.Replace(route.Pattern, "{envID}", "", 1), -1) {
			count++
			t.Run(route.Operation+" "+variable[1], func(t *testing.T) {
				refused(t, a.send(route.Method, a.fillWithLast(route.Pattern, variable[1]), route.MediaType, `{}`), 404, "NOT_FOUND")
			})
		}
	}
	require.Greater(t, count, 100)
}

// last is the id of the last thing of a list.
func (a *api) last(list string) string {
	a.t.Helper()
	id := a.get(list).body.Get("_embedded.@values.0.@reverse.0.id").String()
	require.NotEmpty(a.t, id, list)
	return id
}

func TestAPatchLeavesTheIdentityProviderOfAPerson(t *testing.T) {
	a := newAPI(t)
	provider := a.made("{env}/identityProviders", `{"name":"Google","enabled":true,"type":"GOOGLE"}`).id()
	one := "{env}/users/" + a.made("{env}/users", `{"username":"anna","email":"anna@example.com","identityProvider":{"id":"`+provider+`"}}`).id()
	for _, row := range []struct{ method, body, want string }{
		{"PATCH", `{"nickname":"Ann"}`, "GOOGLE"},
		{"PATCH", `{"identityProvider":null}`, "PING_ONE"},
		{"PATCH", `{"identityProvider":{"id":"` + provider + `"}}`, "GOOGLE"},
		{"PUT", `{"username":"anna","email":"anna@example.com"}`, "PING_ONE"},
	} {
		r := a.send(row.method, one, mediaJSON, row.body)
		require.Equal(t, row.want, r.body.Get("identityProvider.type").String(), "%s %s: %s", row.method, row.body, r)
	}
}
