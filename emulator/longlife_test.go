package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

// An emulator that runs for weeks holds no more than one that has just been used
// a lot: everything that is deleted is gone, everything else is bounded.
func TestALongLifeTakesNoMoreMemory(t *testing.T) {
	const kept = 20
	server := start(t, emulator.Small(emulator.Options{Faults: []emulator.Fault{{Kind: "lag", Operation: "billOfMaterials.read"}}}, 1000, kept))
	l := newLife(t, server)
	counts := withoutZeros(server.Counts())
	l.days(60) // until every bound is reached
	early := heap()
	l.days(100)
	late := heap()
	t.Logf("%d flows, %d sign-ons, %d people, %d passcodes: %d KiB before, %d KiB after", l.flows, l.signOns, l.people, l.passcodes, early>>10, late>>10)
	require.Equal(t, counts, withoutZeros(server.Counts()), "nothing is left")
	require.Less(t, int64(late)-int64(early), int64(256<<10), "the heap grows")
	require.Len(t, l.get(server.OutboxURL()).Array(), 1000, "the outbox keeps the newest messages")
	require.Greater(t, l.flows, 20*kept)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers held goes with the second
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// life is a tenant's daily work: people come, sign on, and go.
type life struct {
	*caller
	app, secret                       string
	day                               int
	flows, signOns, people, passcodes int
}

func newLife(t *testing.T, server *emulator.Server) *life {
	return liveAs(authorized(t, server), "shop")
}

// liveAs begins the life of a shop of this name.
func liveAs(c *caller, shop string) *life {
	l := &life{caller: c}
	app := l.create("/applications", object{
		"name": shop, "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT", "grantTypes": []string{"AUTHORIZATION_CODE"},
		"responseTypes": []string{"CODE"}, "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC", "redirectUris": []string{"https://shop.example.com/back"},
	})
	l.app, l.secret = app.Get("id").String(), l.get(app.Get("_links.secret.href").String()).Get("secret").String()
	resource := l.get("/resources").Get(`_embedded.resources.#(name=="openid").id`).String()
	scope := l.get("/resources/" + resource + "/scopes").Get(`_embedded.scopes.#(name=="openid").id`).String()
	l.create("/applications/"+l.app+"/grants", object{"resource": object{"id": resource}, "scopes": []object{{"id": scope}}})
	return l
}

func (l *life) days(n int) {
	for range n {
		l.day++
		l.oneDay()
	}
}

func (l *life) oneDay() {
	for range 10 {
		l.authorize(&http.Client{Transport: l.http.Transport})
	}
	name := fmt.Sprintf("person%d", l.day)
	user := l.create("/users", object{"username": name, "email": name + "@example.com"})
	l.people++
	status, answer := l.call(http.MethodPut, user.Get(`_links.password\.set.href`).String(), "application/vnd.pingidentity.password.set+json", object{"value": "2Fish&Chips"})
	require.Equal(l.t, 200, status, answer.Raw)
	for i := range 20 {
		l.create("/users/"+user.Get("id").String()+"/devices", object{"type": "EMAIL", "email": fmt.Sprintf("%s.%d@example.com", name, i), "status": "ACTIVATION_REQUIRED"})
		l.passcodes++
	}
	l.signOn(name)
	l.remove(user.Get("_links.self.href").String())
}

func (l *life) authorize(browser *http.Client) gjson.Result {
	query := url.Values{"client_id": {l.app}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "scope": {"openid"}, "redirect_uri": {"https://shop.example.com/back"}}
	l.flows++
	return l.page(browser, http.MethodGet, l.url+"/"+l.env+"/as/authorize?"+query.Encode(), "", nil)
}

func (l *life) signOn(name string) {
	jar, err := cookiejar.New(nil)
	require.NoError(l.t, err)
	browser := &http.Client{Transport: l.http.Transport, Jar: jar}
	flow := l.authorize(browser)
	l.page(browser, http.MethodPost, flow.Get(`_links.usernamePassword\.check.href`).String(),
		"application/vnd.pingidentity.usernamePassword.check+json", object{"username": name, "password": "2Fish&Chips"})
	code := l.page(browser, http.MethodGet, flow.Get("resumeUrl").String(), "", nil).Get("authorizeResponse.code").String()
	tokens := l.page(browser, http.MethodPost, l.url+"/"+l.env+"/as/token", formType, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://shop.example.com/back"},
	})
	require.NotEmpty(l.t, tokens.Get("id_token").String())
	l.signOns++
}

const formType = "application/x-www-form-urlencoded"

// page calls the authorization server from a browser, or from the application's
// own server, which proves who it is.
func (l *life) page(browser *http.Client, method, address, mediaType string, body any) gjson.Result {
	var text []byte
	switch content := body.(type) {
	case nil:
	case url.Values:
		text = []byte(content.Encode())
	default:
		encoded, err := json.Marshal(content)
		require.NoError(l.t, err)
		text = encoded
	}
	request, err := http.NewRequest(method, address, bytes.NewReader(text))
	require.NoError(l.t, err)
	request.Header.Set("Content-Type", mediaType)
	if mediaType == formType {
		request.SetBasicAuth(l.app, url.QueryEscape(l.secret))
	}
	own := &caller{t: l.t, http: browser}
	status, answer := own.do(request)
	require.Equal(l.t, 200, status, answer.Raw)
	return answer
}
