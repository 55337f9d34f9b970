package scrub

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	ofTheRun = "aaaaaaaa-0000-4000-8000-000000000001"
	ofOthers = "bbbbbbbb-0000-4000-8000-000000000002"
	apiPath  = "/v1/environments/cccccccc-0000-4000-8000-000000000003"
)

// list is an answer with one item in a collection.
func list(t *testing.T, path, collection, item string) Message {
	t.Helper()
	u, err := url.Parse("https://api.pingone.eu" + apiPath + path)
	require.NoError(t, err)
	return Message{URL: u, Body: []byte(`{"_links":{"self":{"href":"` + u.String() + `"}},"_embedded":{"` + collection + `":[` + item + `]},"count":1}`)}
}

func TestWhatStandsForTheThingsOfOthers(t *testing.T) {
	for _, row := range []struct{ name, path, collection, item, want string }{
		{"texts", "/applications", "applications", `{"id":"` + ofOthers + `","name":"Payroll","description":"Ring Erika","tags":["HR"],"of":{"deep":"Erika"}}`,
			`{"id":"` + ofOthers + `","name":"stand-in-1","description":"stand-in-2","tags":["stand-in-3"],"of":{"deep":"stand-in-4"}}`},
		{"the same text twice", "/applications", "applications", `{"name":"Payroll","description":"Payroll"}`, `{"name":"stand-in-1","description":"stand-in-1"}`},
		{"addresses", "/users", "users", `{"email":"e@kontoso.de","mobilePhone":"+1 212 555 7743","homePageUrl":"https://kontoso.de/x?y"}`,
			`{"email":"stand-in-1@example.com","mobilePhone":"+1.5125550104","homePageUrl":"https://stand-in.example.com/3"}`},
		{"constants where they are published", "/applications", "applications", `{"type":"WEB_APP","grantTypes":["IMPLICIT"],"name":"WEB_APP","custom":"KONTOSO","status":"Erika"}`,
			`{"type":"WEB_APP","grantTypes":["IMPLICIT"],"name":"stand-in-1","custom":"stand-in-2","status":"stand-in-3"}`},
		{"what is no text", "/applications", "applications", `{"enabled":true,"n":7,"none":null,"empty":"","createdAt":"2025-01-02T03:04:05.678Z"}`,
			`{"enabled":true,"n":7,"none":null,"empty":"","createdAt":"2025-01-02T03:04:05.678Z"}`},
		{"links", "/applications", "applications", `{"_links":{"self":{"href":"https://api.pingone.eu/v1/x?filter=erika#e"},"icon":{"href":"https://kontoso.de/e.png"},"odd":{"href":"https://erika@api.pingone.eu/"},"none":{"href":"https://[erika"},"flow":{"href":"https://auth.pingone.eu/e?x=erika"},"page":{"href":"https://apps.pingone.eu/e"}}}`,
			`{"_links":{"self":{"href":"https://api.pingone.eu/v1/x"},"icon":{"href":"https://stand-in.example.com/0"},"odd":{"href":"https://stand-in.example.com/0"},"none":{"href":"https://stand-in.example.com/0"},"flow":{"href":"https://auth.pingone.eu/e"},"page":{"href":"https://apps.pingone.eu/e"}}}`},

		{"the run's own", "/applications", "applications", `{"id":"` + ofTheRun + `","name":"Shop"}`, `{"id":"` + ofTheRun + `","name":"Shop"}`},
		{"what is below the run's own", "/users/" + ofTheRun + "/devices", "devices", `{"id":"` + ofOthers + `","email":"anna@example.com"}`, `{"id":"` + ofOthers + `","email":"anna@example.com"}`},
		{"built-in resources", "/resources", "resources", `{"name":"openid","type":"OPENID_CONNECT","description":"Ping's"},{"name":"PingOne API","type":"PINGONE_API"}`,
			`{"name":"openid","type":"OPENID_CONNECT","description":"Ping's"},{"name":"PingOne API","type":"PINGONE_API"}`},
		{"a resource of the tenant of that type", "/resources", "resources", `{"name":"Payroll","type":"OPENID_CONNECT"},{"name":"PingOne API","type":"CUSTOM"},{"name":"Payroll","type":"PINGONE_API"}`,
			`{"name":"stand-in-1","type":"OPENID_CONNECT"},{"name":"stand-in-2","type":"CUSTOM"},{"name":"stand-in-1","type":"PINGONE_API"}`},
		{"a resource that is called so", "/resources", "resources", `{"name":"openid","type":"CUSTOM"}`, `{"name":"stand-in-1","type":"CUSTOM"}`},
		{"built-in scopes", "/resources/x/scopes", "scopes", `{"name":"profile"},{"name":"p1:read:user"}`, `{"name":"profile"},{"name":"p1:read:user"}`},
		{"scopes of the tenant", "/resources/x/scopes", "scopes", `{"name":"kontoso:salary"},{"name":"p1:read:user:kontoso"}`, `{"name":"stand-in-1"},{"name":"stand-in-2"}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := NewOthers(Rules{APIURL: "https://api.pingone.eu", AuthURL: "https://auth.pingone.eu", AppsURL: "https://apps.pingone.eu"})
			o.Made("POST", 201, Message{Body: []byte(`{"id":"` + ofTheRun + `"}`)})
			o.Made("POST", 201, Message{Body: []byte(`{}`)})
			o.Made("PUT", 201, Message{Body: []byte(`{"id":"` + ofOthers + `"}`)})
			o.Made("POST", 400, Message{Body: []byte(`{"id":"` + ofOthers + `"}`)})
			o.Made("GET", 200, Message{Body: []byte(`{"id":"` + ofOthers + `"}`)})
			got := o.Neutral("GET", list(t, row.path, row.collection, row.item))
			require.Equal(t, string(list(t, row.path, row.collection, row.want).Body), string(got.Body))
		})
	}
}

func TestWhatIsNoListOfTheManagementAPIStays(t *testing.T) {
	flow := Message{URL: &url.URL{Path: "/env/flows/1"}, Body: []byte(`{"_embedded":{"devices":[{"nickname":"Erika's"}]}}`)}
	o := NewOthers(Rules{})
	require.Equal(t, flow, o.Neutral("GET", flow))
	for _, body := range []string{`{"name":"Shop","a":{"b":[{"c":"d"}]}}`, `{"_embedded":{"thing":{"of":{"name":"Shop"}}}}`} {
		single := Message{URL: &url.URL{Path: "/v1/environments/env/applications/1"}, Body: []byte(body)}
		require.Equal(t, single, o.Neutral("GET", single), "it is no list")
	}
	made := list(t, "/applications", "applications", `{"name":"Shop"}`)
	require.Equal(t, made, o.Neutral("POST", made))
}

func TestWhatIsShownHoldsNothingOfAnybody(t *testing.T) {
	v := NewVault(map[string]string{
		"aaaaaaaa-1111-4111-8111-111111111111": ConfigID(1), "bbbbbbbb-2222-4222-8222-222222222222": ConfigID(2),
		"+1.2125550188": Phone, "Someone@Kontoso.de": Email,
	})
	for _, row := range []struct{ what, text, want string }{
		{"environment ids", "GET /v1/environments/aaaaaaaa-1111-4111-8111-111111111111/users", "GET /v1/environments/" + ConfigID(1) + "/users"},
		{"ids in capitals", "AAAAAAAA-1111-4111-8111-111111111111", ConfigID(1)},
		{"other ids", "dddddddd-3333-4333-8333-333333333333", "dddddddd-3333-4333-8333-333333333333"},
		{"the phone number", `{"phone":"+1.2125550188"}`, `{"phone":"` + Phone + `"}`},
		{"the phone number, written otherwise", "+1 212-555-0188 or +12125550188 or 12125550188", "+15125550101 or +15125550101 or 15125550101"},
		{"the address", "someone@kontoso.de and Someone%40Kontoso.de", Email + " and stand-in%40example.com"},
		{"strangers", "erika@kontoso.de, max@kontoso.de, erika@kontoso.de, +49 30 1234567", "person-1@example.com, person-2@example.com, person-1@example.com, +1.5125550105"},
		{"people of the suite", "anna@example.com +1.5125550111 +1.5125551111", "anna@example.com +1.5125550111 +1.5125551111"},
		{"what only looks like one", "godog@v0.16.0 2026-01-15T09:00:00+00:00", "godog@v0.16.0 2026-01-15T09:00:00+00:00"},
	} {
		require.Equal(t, row.want, v.Redact(row.text), row.what)
	}
}
