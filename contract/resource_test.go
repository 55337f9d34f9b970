package contract

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// Where the links of an answer lead: to the resource itself, to what their name says, or wherever they like when no document knows them.
func TestWhereLinksLead(t *testing.T) {
	const (
		api  = "https://api.pingone.com/v1/environments/" + environmentID
		fine = ""
	)
	// link adds one to an answer, or leads it elsewhere.
	link := func(rel, to string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			answer, err := decode(ex.Body)
			require.NoError(t, err)
			object(answer, "_links")[rel] = claims{"href": to}
			ex.Body, err = json.Marshal(answer)
			require.NoError(t, err)
		}
	}
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		broken        string // rule and place
	}{
		{"to what holds it", "create-sms-device", link("population", api+"/populations/b1000000-0000-4000-8000-000000000001"), fine},
		{"to its own population", "create-user", replace(`/populations/b1000000`, `/populations/b9000000`), ruleLink + " /_links/population/href"},
		{"to its own environment", "create-user", replace(`"environment":{"href":"`+api, `"environment":{"href":"`+api+`/x`), ruleLink + " /_links/environment/href"},
		{"to another resource, of a grant", "create-grant", link("resource", api+"/resources/b9000000-0000-4000-8000-000000000001"), ruleLink + " /_links/resource/href"},
		{"to its resource, of a grant", "create-grant", link("resource", api+"/resources/b0000000-0000-4000-8000-000000000001"), fine},
		{"to another application, of a grant", "create-grant", replace(`"application":{"href":"`+api+`/applications/a0`, `"application":{"href":"`+api+`/applications/a9`), ruleLink + " /_links/application/href"},
		{"to scopes, of a grant", "create-grant", link("scopes", "https://elsewhere.example.com/"), fine},
		{"to another policy, of an action", "create-mfa-action", replace(`"signOnPolicy":{"href":"`+api+`/signOnPolicies/a1`, `"signOnPolicy":{"href":"`+api+`/signOnPolicies/a9`), ruleLink + " /_links/signOnPolicy/href"},
		{"to the actions of another policy", "create-sign-on-policy", link("actions", api+"/signOnPolicies/a9000000-0000-4000-8000-000000000001/actions"), ruleLink + " /_links/actions/href"},
		{"to another device, to unlock it", "create-sms-device", link("device.unlock", api+"/users/"+userID+"/devices/d9000000-0000-4000-8000-000000000001"), ruleLink + " /_links/device.unlock/href"},
		{"to this device, to unlock it", "create-sms-device", link("device.unlock", api+"/users/"+userID+"/devices/"+deviceID), fine},
		{"to another password, of a password", "set-password", link("password.check", api+"/users/b9000000-0000-4000-8000-000000000001/password"), ruleLink + " /_links/password.check/href"},
		{"to this password, of a password", "set-password", link("password.check", api+"/users/"+userID+"/password"), fine},
		{"to the password that belongs to a password", "set-password", link("password.check", api+"/users/"+userID+"/password/password"), ruleLink + " /_links/password.check/href"},
		{"to another page of another list", "list-users", replace(api+"/users?cursor=abc", api+"/populations?cursor=abc"), ruleLink + " /_links/next/href"},
		{"to an earlier page of another list", "list-users", link("prev", api+"/populations?cursor=abc"), ruleLink + " /_links/prev/href"},
		{"to an earlier page", "list-users", link("prev", api+"/users?cursor=abc"), fine},
		{"to a list that is another", "list-users", replace(`"self":{"href":"`+api+`/users?`, `"self":{"href":"`+api+`/applications?`), ruleSelf + " /_links/self/href"},
		{"to a page that is this one", "list-users", replace(`"self":{"href":"`+api+`/users?limit=1`, `"self":{"href":"`+api+`/users`), fine},
		{"to an item that is another", "list-users", replace(`"self":{"href":"`+api+`/users/b2`, `"self":{"href":"`+api+`/users/b9`), ruleSelf + " /_embedded/users/0/_links/self/href"},
		{"to a port of the host's", "create-population", replace(`"environment":{"href":"https://api.pingone.com/`, `"environment":{"href":"https://api.pingone.com:8443/`), ruleLink + " /_links/environment/href"},
		{"to a known place without a scheme", "create-population", link("users", "//api.pingone.com/v1/users"), ruleLink + " /_links/users/href"},
		{"to a known place at another host", "create-population", link("users", "https://api.example.com/v1/users"), ruleLink + " /_links/users/href"},
		{"to a known place anywhere on this host", "create-population", link("users", api+"/users?filter=x"), fine},
		{"to another environment, of an environment", "read-environment", replace(`"id":"`+environmentID, `"id":"`+userID), ruleID + " /id"},
	} {
		t.Run(row.what, func(t *testing.T) {
			e := readExample(t, row.example)
			ex := e.exchange(t)
			ex.Body = compact(t, ex.Body)
			row.by(ex)
			var broken []string
			for _, f := range NewChecker().Check(ex).Violations {
				broken = append(broken, f.Rule+" "+f.Where)
				require.NotEmpty(t, f.Want, f.Where)
			}
			if row.broken == fine {
				require.Empty(t, broken)
				return
			}
			require.Contains(t, broken, row.broken)
		})
	}
}

// A resource belongs to what its address names.
func TestAResourceBelongsToWhatItsAddressNames(t *testing.T) {
	for example, parents := range map[string]string{"create-grant": "environment application", "create-mfa-action": "environment signOnPolicy", "create-sms-device": "environment user", "set-password": "environment user"} {
		for _, parent := range strings.Fields(parents) {
			ex := readExample(t, example).exchange(t)
			ex.Body = compact(t, ex.Body)
			require.NoError(t, NewChecker().Check(ex).Err())
			if !strings.Contains(string(ex.Body), `"`+parent+`":{"id":"`) {
				replace(`"id":`, `"`+parent+`":{"id":"`+deviceID+`"},"id":`)(ex)
			} else {
				replace(`"`+parent+`":{"id":"`, `"`+parent+`":{"id":"99999999-9999-4999-8999-999999999999","was":"`)(ex)
			}
			require.Contains(t, where(NewChecker().Check(ex).Violations), "/"+parent+"/id", example)
		}
	}
}

// A state that an earlier answer showed stays, but where a call was made that may change it.
func TestWhatAnUpdateMayChange(t *testing.T) {
	const pkce = `"pkceEnforcement":"OPTIONAL"`
	update := func(ex *client.Exchange) {
		ex.Request.Method, ex.Request.Body = "PUT", readExample(t, "create-application").Sent
		ex.Request.Header.Set("Content-Type", "application/json")
	}
	created := answered{"create-application", nil}
	other := replace(pkce, `"pkceEnforcement":"S256_REQUIRED"`)
	require.ErrorContains(t, told(t, created, answered{"read-application", other}).Err(), "/pkceEnforcement is not what it was before")
	require.NoError(t, told(t, created, answered{"read-application", replace(pkce+",", "")}).Err(), "what is not shown is not another")
	require.NoError(t, told(t, created, answered{"read-application", both(update, other)}).Err())
	require.NoError(t, told(t, created, answered{"read-application", both(update, other)}, answered{"read-application", other}).Err(), "the last answer counts")
	require.ErrorContains(t, told(t, created, answered{"read-application", both(update, other)}, answered{"read-application", nil}).Err(), "/pkceEnforcement is not what it was before")
}

// Of a state that has parts, the parts are held that both answers show, and are no lists or objects.
func TestWhichPartsOfAStateAreHeld(t *testing.T) {
	const unblocked = `"block":{"status":"UNBLOCKED"}`
	blocks := func(text string) func(*client.Exchange) { return replace(unblocked, text) }
	created := answered{"create-sms-device", blocks(`"block":{"status":"UNBLOCKED","reasons":["a"],"by":{"of":"a"},"note":"a"}`)}
	for text, held := range map[string]bool{
		`"block":{"status":"UNBLOCKED","reasons":["b"],"by":{"of":"b"},"note":"a"}`: false,
		`"block":{"status":"UNBLOCKED"}`:                                            false,
		`"blocked":{"status":"BLOCKED"}`:                                            false,
		`"block":{"status":"UNBLOCKED","note":"b"}`:                                 true,
		`"block":{"status":"BLOCKED"}`:                                              true,
	} {
		err := told(t, created, answered{"create-sms-device", both(readAgain(deviceID), blocks(text))}).Err()
		require.Equal(t, held, err != nil, "%s: %v", text, err)
	}
}

// What a patch does not name stays; what it takes away is gone.
func TestWhatAPatchMayChange(t *testing.T) {
	patch := func(members string, by func(*client.Exchange)) answered {
		return answered{"read-user", func(ex *client.Exchange) {
			ex.Request.Method, ex.Request.Body = "PATCH", []byte(members)
			ex.Request.Header.Set("Content-Type", "application/json")
			if by != nil {
				by(ex)
			}
		}}
	}
	user := answered{"create-user", nil}
	disabled := replace(`"enabled":true`, `"enabled":false`)
	require.ErrorContains(t, told(t, user, patch(`{"mobilePhone":"+1.5125550111"}`, disabled)).Err(), "/enabled is not what it was before")
	require.NoError(t, told(t, user, patch(`{"mobilePhone":"+1.5125550111","enabled":false}`, disabled)).Err())
	require.NoError(t, told(t, user, patch(`{"mobilePhone":"+1.5125550111","enabled":false}`, disabled), answered{"read-user", disabled}).Err())
	nameless := replace(`"name":{"given":"Anna","family":"Example"},`, ``)
	require.ErrorContains(t, told(t, user, answered{"read-user", nameless}).Err(), "/name is not what it was before")
	require.NoError(t, told(t, user, patch(`{"mobilePhone":"+1.5125550111","name":null}`, nameless), answered{"read-user", nameless}).Err())
}

// An earlier state may be shown for a moment, and is observed.
func TestAnEarlierStateIsObserved(t *testing.T) {
	seen := func(updated string) bool {
		report := told(t, answered{"create-user", nil}, answered{"read-user", replace(`"updatedAt":"2026-01-15T09:00:00.123Z"`, `"updatedAt":"2026-01-15T`+updated+`Z"`)})
		require.NotContains(t, where(report.Violations), "/_links")
		for _, f := range report.Observations {
			if f.Rule == ruleTimes && f.Where == "/updatedAt" && f.Got == "an earlier state" {
				return true
			}
		}
		return false
	}
	require.True(t, seen("09:00:00.122"))
	require.False(t, seen("09:00:00.123"))
	require.False(t, seen("09:00:00.124"))
	untold := told(t, answered{"create-user", nil}, answered{"read-user", replace(`"updatedAt":"2026-01-15T09:00:00.123Z",`, ``)})
	require.Equal(t, []string{"/updatedAt"}, where(untold.Violations))
	require.NotContains(t, where(untold.Observations), "/updatedAt", "of what is not there, it is not said that it is old")
}

// A link that is no address is that, and leads nowhere else besides.
func TestALinkThatIsNoAddress(t *testing.T) {
	found := after(t, "create-population", replace(`"self":{`, `"users":{"href":7},"self":{`)).Violations
	require.Len(t, found, 1)
	require.Equal(t, []string{"population#/type", "/_links/users/href"}, []string{found[0].Rule, found[0].Where})
}

// Only a password that is set was changed just now.
func TestAPasswordThatIsReadMayBeOld(t *testing.T) {
	for method, wrong := range map[string]bool{"PUT": true, "GET": false} {
		err := after(t, "set-password", both(header("Date", "Thu, 15 Jan 2026 09:00:00 GMT"), replace(`"lastChangedAt":"2026`, `"lastChangedAt":"2001`), func(ex *client.Exchange) {
			if ex.Request.Method = method; method == "GET" {
				ex.Request.Body = nil
				ex.Request.Header.Del("Content-Type")
			}
		})).Err()
		require.Equal(t, wrong, err != nil, "%s: %v", method, err)
	}
}
