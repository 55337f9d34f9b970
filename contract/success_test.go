package contract

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// A page of a list counts what is in it, and the whole list all that there is.
func TestWhatAListCounts(t *testing.T) {
	const path = `"https://api.pingone.com/v1/environments/` + environmentID + `/resources/b0000000-0000-4000-8000-000000000001/scopes`
	counting := func(members string) func(*client.Exchange) { return replace(`"count":1,"size":1`, members) }
	empty := func(members string) func(*client.Exchange) {
		return body(`{"_links":{"self":{"href":` + path + `"}},` + members + `}`)
	}
	query := func(query string) func(*client.Exchange) {
		return func(ex *client.Exchange) { ex.Request.URL.RawQuery = query }
	}
	next := replace(`"_links":{"self":{"href":`+path+`"}}`, `"_links":{"self":{"href":`+path+`"},"next":{"href":`+path+`?cursor=x"}}`)
	for _, row := range []struct {
		what   string
		by     func(*client.Exchange)
		broken string
	}{
		{"all and this page", counting(`"count":1,"size":1`), ""},
		{"this page", counting(`"size":1`), ""},
		{"all", counting(`"count":1`), ""},
		{"neither", counting(`"more":1`), ""},
		{"fewer than it shows", counting(`"size":0`), "/size"},
		{"more than it shows", counting(`"size":2`), "/size"},
		{"fewer in all than it shows", counting(`"count":0`), "/count"},
		{"more in all than the whole list shows", counting(`"count":2`), "/count"},
		{"more in all than a page that leads on shows", both(counting(`"count":2`), next), ""},
		{"fewer in all than a page that leads on shows", both(counting(`"count":0`), next), "/count"},
		{"more in all than a page that is led to shows", both(counting(`"count":2`), query("cursor=x")), ""},
		{"fewer in all than a page that is led to shows", both(counting(`"count":0`), query("cursor=x")), "/count"},
		{"more in all than what a filter left", both(counting(`"count":2`), query("filter=x")), "/count"},
		{"none, as its size says", empty(`"size":0`), ""},
		{"none, as its count says", empty(`"count":0`), ""},
		{"none, as both say", empty(`"count":0,"size":0`), ""},
		{"some, and shows none", empty(`"size":1`), "/_embedded/scopes"},
		{"some in all, and shows none", empty(`"count":1`), "/_embedded/scopes"},
		{"nothing", empty(`"more":1`), "/_embedded/scopes"},
		{"an empty list", empty(`"size":0,"_embedded":{"scopes":[]}`), ""},
		{"items that are no list", empty(`"size":1,"_embedded":{"scopes":{}}`), "/_embedded/scopes"},
	} {
		t.Run(row.what, func(t *testing.T) {
			err := after(t, "list-scopes", row.by).Err()
			if row.broken == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.broken)
		})
	}
}

// Every environment has one resource for OpenID Connect and one for PingOne's API, each with its scopes: a whole list shows them.
func TestWhatEveryEnvironmentHas(t *testing.T) {
	listed := func(resources func(*client.Exchange), scopes func(*client.Exchange)) error {
		return told(t, answered{"list-resources", resources}, answered{"list-scopes", scopes}).Err()
	}
	withScopes := func(names ...string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			answer, err := decode(ex.Body)
			require.NoError(t, err)
			one, all := list(answer, "_embedded", "scopes")[0], []any{}
			for i, name := range names {
				text, err := json.Marshal(one)
				require.NoError(t, err)
				another, err := decode([]byte(strings.NewReplacer(`"openid"`, `"`+name+`"`, "c0000000", "c"+strings.Repeat("0", 6)+string(rune('0'+i))).Replace(string(text))))
				require.NoError(t, err)
				all = append(all, another)
			}
			object(answer, "_embedded")["scopes"], object(answer)["count"], object(answer)["size"] = all, len(all), len(all)
			ex.Body, err = json.Marshal(answer)
			require.NoError(t, err)
		}
	}
	page := func(ex *client.Exchange) { ex.Request.URL.RawQuery = "cursor=x" }
	require.NoError(t, listed(nil, withScopes("openid", "profile", "email")))
	require.ErrorContains(t, listed(nil, withScopes("profile", "email")), "want the scope openid, got 2 others")
	require.ErrorContains(t, listed(nil, withScopes("openid")), "want the scope profile, got 1 others")
	require.NoError(t, listed(nil, both(withScopes("openid"), page)), "a page is not the whole list")
	kinds := both(replace(`"OPENID_CONNECT"`, `"A"`), replace(`"PINGONE_API"`, `"OPENID_CONNECT"`), replace(`"A"`, `"PINGONE_API"`))
	swapped := func(ex *client.Exchange) {
		kinds(ex)
		replace(`"name":"openid"`, `"name":"A"`)(ex)
		replace(`"name":"PingOne API"`, `"name":"openid"`)(ex)
		replace(`"name":"A"`, `"name":"PingOne API"`)(ex)
	}
	require.ErrorContains(t, listed(swapped, nil), "want the scope p1:read:user")
	require.NoError(t, listed(swapped, withScopes("p1:read:user")))
	require.NoError(t, listed(replace(`"PINGONE_API"`, `"PING_ONE_API"`), withScopes("openid", "profile")), "prose spells it so")
	for _, kind := range []string{"OPENID_CONNECT", "PINGONE_API"} {
		report := after(t, "list-resources", replace(`"`+kind+`"`, `"CUSTOM"`))
		require.Contains(t, where(report.Violations), "/_embedded/resources")
		require.ErrorContains(t, after(t, "list-resources", replace(`"`+kind+`"`, `"CUSTOM"`)).Err(), "/_embedded/resources")
		require.NotContains(t, where(after(t, "list-resources", both(replace(`"`+kind+`"`, `"CUSTOM"`), func(ex *client.Exchange) { ex.Request.URL.RawQuery = "filter=x" })).Violations), "/_embedded/resources")
	}
}

// What PingOne takes has to be what it documents to take.
func TestWhatARequestHasToSay(t *testing.T) {
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		accepted      string // why it should not have been; "" when it should
	}{
		{"nothing at all", "create-population", sent(``), "the request has no /name"},
		{"what is no JSON", "create-population", sent(`{`), "the request has no /name"},
		{"a name that is none", "create-population", sent(`{"name":7}`), "the request's /name should be a value of type string, it is 7"},
		{"a name", "create-population", nil, ""},
		{"nothing, where nothing is asked for", "flow-completed", both(media("session.reset+json"), sent(``)), ""},
		{"no client", "authorize", func(ex *client.Exchange) {
			ex.Request.URL.RawQuery = strings.Replace(ex.Request.URL.RawQuery, "client_id=", "other=", 1)
		}, ""},
		{"no client, and a flow begins", "authorize-in-pi-flow", func(ex *client.Exchange) {
			ex.Request.URL.RawQuery = strings.Replace(ex.Request.URL.RawQuery, "client_id=", "other=", 1)
		}, "the request has no /client_id"},
		{"a response type that is none, and a flow begins", "authorize-in-pi-flow", func(ex *client.Exchange) {
			ex.Request.URL.RawQuery = strings.Replace(ex.Request.URL.RawQuery, "response_type=code", "response_type=tea", 1)
		}, "the request's /response_type should be a match of"},
	} {
		t.Run(row.what, func(t *testing.T) {
			reasons := ""
			for _, f := range after(t, row.example, row.by).Violations {
				if f.Rule == ruleAccepted {
					reasons += f.Want + "; "
				}
			}
			if row.accepted == "" {
				require.Empty(t, reasons)
				return
			}
			require.Contains(t, reasons, row.accepted)
		})
	}
}

// What a request object says was asked for as well.
func TestARequestObjectAsks(t *testing.T) {
	checker := NewChecker()
	require.NoError(t, checker.Check(readExample(t, "create-application").exchange(t)).Err())
	ex := readExample(t, "authorize").exchange(t)
	signed := sign(t, claims{"alg": "RS256"}, claims{"state": "a state of the object's", "client_id": applicationID, "response_type": "code", "redirect_uri": "https://shop.example.com/callback"})
	ex.Request.URL.RawQuery = url.Values{"request": {signed}, "client_id": {applicationID}}.Encode()
	require.NoError(t, checker.Check(ex).Err())
	resumed := readExample(t, "resume").exchange(t)
	require.ErrorContains(t, checker.Check(resumed).Err(), `want state "a state of the object's", got state "a state"`)
	resumed.Header.Set("Location", "https://shop.example.com/callback?code="+aCode+"&state=a+state+of+the+object%27s")
	require.NoError(t, checker.Check(resumed).Err())
	require.Equal(t, "code", checker.memory.codes[aCode].asks("response_type"))
}

// JSON says that it is JSON, in UTF-8 or in nothing that it would have to name.
func TestWhichMediaTypesAreJSON(t *testing.T) {
	for media, is := range map[string]bool{
		"application/json": true, "application/hal+json": true, "application/json;charset=UTF-8": true, "application/json; charset=utf8": true, "APPLICATION/JSON": true,
		"application/json;charset=US-ASCII": true, "text/json": true, `application/json;charset=""`: true,
		"application/json;charset=ISO-8859-1": false, "application/json;charset=UTF-16": false, "text/html": false, "": false, "application/jsonp": false, "json": false, "application/json;=": false,
	} {
		require.Equal(t, is, after(t, "read-user", header("Content-Type", media)).Err() == nil, media)
	}
}

func TestWhatABasicHeaderShows(t *testing.T) {
	encode := func(pair string) string { return base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, row := range []struct{ header, id, secret string }{
		{"Basic " + encode("a:b"), "a", "b"}, {"Basic " + encode("a:b:c"), "a", "b:c"}, {"Basic " + encode("a%3Ab:c+d"), "a:b", "c d"},
		{"Basic " + encode("a%zz:b%41"), "a%zz", "bA"}, {"Basic " + encode("a"), "a", ""}, {"Basic !", "", ""}, {"Bearer " + encode("a:b"), "", ""}, {encode("a:b"), "", ""}, {"", "", ""},
	} {
		id, secret := basic(row.header)
		require.Equal(t, []string{row.id, row.secret}, []string{id, secret}, row.header)
	}
}

// An answer is a last one: neither what comes before it, nor what no document knows.
func TestWhichStatusesAreFinal(t *testing.T) {
	for status, final := range map[int]bool{100: false, 199: false, 200: true, 600: false, 0: false} {
		ex := readExample(t, "read-user").exchange(t)
		ex.Status = status
		err := NewChecker().Check(ex).Err()
		if final {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "status is not the documented one (want a final answer")
	}
	open := &client.Exchange{Request: client.Request{Method: http.MethodHead, URL: &url.URL{Scheme: "https", Host: "apps.pingone.com", Path: "/" + environmentID + "/signon"}}, Header: http.Header{}}
	for _, open.Status = range []int{200, 302, 404, 500, 600} {
		require.NoError(t, NewChecker().Check(open).Err(), "a page is there for people")
	}
}

// What is documented of a new thing holds for it when nothing else was asked for, and not for what is only changed.
func TestWhatANewThingIs(t *testing.T) {
	flagged := func(flag string) func(*client.Exchange) {
		return sent(`{"value":"a password for examples","forceChange":` + flag + `}`)
	}
	asked := func(member string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), "{", "{"+member+",", 1))
		}
	}
	must := replace(`"status":"OK"`, `"status":"MUST_CHANGE_PASSWORD"`)
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		broken        string
	}{
		{"a password", "set-password", flagged("false"), ""},
		{"a password that must be changed", "set-password", both(flagged("false"), must), "password#/const /status"},
		{"a password that was flagged for change", "set-password", both(flagged("true"), must), ""},
		{"a password that was flagged for change and need not be", "set-password", flagged("true"), ruleEcho + " /status"},
		{"a password that was flagged for change and is unknown", "set-password", both(flagged("true"), replace(`"status":"OK"`, `"status":"NO_PASSWORD"`)), ""},
		{"an application with PKCE", "create-application", replace(`"pkceEnforcement":"OPTIONAL"`, `"pkceEnforcement":"S256_REQUIRED"`), "application#/const /pkceEnforcement"},
		{"an application that was to have PKCE", "create-application", both(asked(`"pkceEnforcement":"S256_REQUIRED"`), replace(`"pkceEnforcement":"OPTIONAL"`, `"pkceEnforcement":"S256_REQUIRED"`)), ""},
		{"an application that has PKCE by now", "read-application", func(ex *client.Exchange) {
			ex.Request.Method, ex.Request.Body = "PUT", readExample(t, "create-application").Sent
			ex.Request.Header.Set("Content-Type", "application/json")
			replace(`"pkceEnforcement":"OPTIONAL"`, `"pkceEnforcement":"S256_REQUIRED"`)(ex)
		}, ""},
	} {
		var broken []string
		for _, f := range after(t, row.example, row.by).Violations {
			broken = append(broken, f.Rule+" "+f.Where)
		}
		require.Equal(t, row.broken, strings.Join(broken, "; "), row.what)
	}
}

// An item of a list may link less than the resource does; what else it lacks, it lacks.
func TestWhatAnItemOfAListMayLack(t *testing.T) {
	const user = "https://api.pingone.com/v1/environments/" + environmentID + "/users/" + userID
	const password = `"password.set":{"href":"` + user + `/password"},`
	for _, row := range []struct {
		what, example, old, replacement, broken string
	}{
		{"a link", "list-users", password, ``, ""},
		{"a link, when it is read alone", "read-user", password, ``, "/_links/password.set"},
		{"where a link leads", "list-users", password, `"password.set":{},`, "/_embedded/users/0/_links/password.set/href"},
		{"a member", "list-users", `"username":"anna",`, ``, "/_embedded/users/0/username"},
		{"a member of a member", "list-users", `"account":{"canAuthenticate":true,"status":"OK"}`, `"account":{"status":"OK"}`, "/_embedded/users/0/account/canAuthenticate"},
	} {
		broken := where(after(t, row.example, replace(row.old, row.replacement)).Violations)
		if row.broken == "" {
			require.Empty(t, broken, row.what)
			continue
		}
		require.Contains(t, broken, row.broken, row.what)
	}
}

func TestASchemaThatIsNotThereIsNamed(t *testing.T) {
	c := &call{op: &operation{name: "Read It", answer: "unheard-of"}, schemas: newLibrary()}
	c.hold("unheard-of", nil, "a")
	require.Len(t, c.report.Violations, 1)
	require.Equal(t, Finding{"Read It", ruleUnlisted, "/a", "a schema called unheard-of", c.report.Violations[0].Got, ""}, c.report.Violations[0])
	f, valid := c.valid(nil, "unheard-of", nil)
	require.False(t, valid)
	require.Equal(t, "a schema called unheard-of", f.want)
}

// Where no page says what an answer holds, nothing has to be in it.
func TestAnAnswerOfNoShape(t *testing.T) {
	for text, media := range map[string]string{"": "", "done": "text/plain", `{"a":1}`: "application/json"} {
		require.NoError(t, after(t, "create-sms-device", func(ex *client.Exchange) {
			ex.Request.Header.Set("Content-Type", vnd+"devices.reorder+json")
			both(status(200), body(text), header("Content-Type", media))(ex)
		}).Err(), text)
	}
}

// A call that only its media type tells from others at its address has a documented status of its own.
func TestWhichStatusACallOfAMediaTypeHas(t *testing.T) {
	read := readAgain(deviceID)
	device := func(action, request string) func(*client.Exchange) {
		return both(read, media("device."+action+"+json"), sent(request), func(ex *client.Exchange) { ex.Request.Method = "POST" })
	}
	password := func(method, media string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			ex.Request.Method = method
			ex.Request.Header.Set("Content-Type", media)
		}
	}
	for _, row := range []struct {
		example string
		by      func(*client.Exchange)
		status  int
		others  []int
	}{
		{"create-sms-device", device("activate", `{"otp":"123456"}`), 200, []int{201, 204}},
		{"create-sms-device", device("unlock", ``), 200, []int{201}},
		{"create-sms-device", device("block", ``), 200, []int{201}},
		{"create-sms-device", device("unblock", ``), 200, []int{201}},
		{"create-sms-device", media("devices.reorder+json"), 200, []int{201, 204}},
		{"create-user", media("user.import+json"), 201, []int{200}},
		{"set-password", password("PUT", "application/json"), 200, []int{201}},
		{"set-password", password("POST", vnd+"password.check+json"), 200, []int{201}},
		{"flow-completed", both(media("assertion.check+json"), sent(`{}`)), 200, []int{201}},
	} {
		for _, code := range append(row.others, row.status) {
			report := after(t, row.example, both(row.by, status(code)))
			require.Equal(t, code != row.status, strings.Contains(strings.Join(messages(report.Violations), " "), ruleStatus), "%s %d %v", row.example, code, report.Violations)
			require.NotContains(t, strings.Join(messages(report.Observations), " "), ruleStatus)
		}
	}
}
