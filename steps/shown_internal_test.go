package steps

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// No answer shows a secret, under any name and at any depth, but the links to one.
func TestWhereASecretIsLookedFor(t *testing.T) {
	for body, says := range map[string]string{
		`{"id":"app","_links":{"secret":{"href":"https://api.pingone.com/x"}},"secret":{"at":1}}`: "",
		`{"secret":"abc"}`:                            "the member secret",
		`{"oidc":[{"more":{"clientSecret":"abc"}}]}`:  "clientSecret",
		`{"a":{"_links":{"secret":"x"},"secret":""}}`: "the member a.secret",
	} {
		w, _, a := flowing()
		a.created = said(201, body)
		_, err := w.secretIsNotInTheAnswer(a)
		holds(t, err, says, body)
		w.lookedAt = &record{of: a, answers: []*client.Exchange{said(200, `{}`), said(200, body)}, secrets: []string{"the-very-secret"}}
		_, err = w.noSecretInAnswer()
		holds(t, err, says, body)
	}
	w, _, a := flowing()
	w.lookedAt = &record{of: a, answers: []*client.Exchange{said(200, `{"note":"it is the-very-secret"}`)}, secrets: []string{"another", "the-very-secret"}}
	_, err := w.noSecretInAnswer()
	require.ErrorContains(t, err, "the very secret of Example Bank")
	for member, says := range map[string]string{"password": "the member password", "value": "the member value", "username": ""} {
		w.lookedAt.answers = []*client.Exchange{said(200, `{"`+member+`":"anna"}`)}
		_, err = w.noSecretInAnswer()
		holds(t, err, says)
	}
	for second, says := range map[string]string{"one": "", "two": "wanted the one that was read before, got another", "": "wanted the one that was read before, got another"} {
		a.secrets = []*client.Exchange{said(200, `{"secret":"zero"}`), said(200, `{"secret":"one"}`), said(200, `{"secret":"`+second+`"}`)}
		_, err = w.secretIsTheSame(a)
		holds(t, err, says, second)
	}
}

func TestWhatIsWantedOfAPasswordThatWasSet(t *testing.T) {
	for body, says := range map[string]string{
		`{"status":"OK","user":{"id":"anna"}}`:                         "",
		`{"status":"MUST_CHANGE_PASSWORD","user":{"id":"anna"}}`:       "the status of the password: wanted",
		`{"status":"OK","user":{"id":"ben"}}`:                          "the password's user: wanted",
		`{"status":"OK","user":{"id":"anna"},"value":"abc"}`:           "the member value",
		`{"status":"OK","user":{"id":"anna"},"of":{"password":"abc"}}`: "the member of.password",
	} {
		w, p, _ := flowing()
		p.passwordSet = said(200, body)
		_, err := w.passwordIsInForce(p)
		holds(t, err, says, body)
	}
}

// A flow shows masked addresses only, offers what the policy says, and names the device that was written to.
func TestWhatAFlowShowsOfDevices(t *testing.T) {
	const links, asked = `"_links":{"otp.check":{"href":"https://auth.pingone.com/x"}},`, `"status":"OTP_REQUIRED",`
	offer := func(devices string) string {
		return `{` + links + asked + `"_embedded":{"devices":[` + devices + `]}}`
	}
	const text, mail, app = `{"id":"d1","type":"SMS","phone":"*****01"}`, `{"id":"d2","type":"EMAIL","email":"an**@example.com"}`, `{"id":"d3","type":"TOTP"}`
	for _, row := range []struct{ flow, masked, texts, first, other string }{
		{offer(text), "", "", "got others", "got others"},
		{offer(text + "," + app), "", "wanted SMS only, as the action says, got TOTP", "got others", "got others"},
		{offer(text + "," + mail), "", "wanted SMS only, as the action says, got EMAIL", "got others", "Anna expects passcodes at another device"},
		{offer(`{"id":"d1","type":"SMS","phone":"+15125550101"}`), "wanted asterisks in it", "", "got others", "got others"},
		{offer(`{"id":"d1","type":"EMAIL"}`), "wanted asterisks in it", "wanted SMS only", "got others", "got others"},
		{offer(""), "shows no device whose address could be masked", "wanted at least one, got none", "got others", "got others"},
		{`{` + links + asked + `"note":"to +15125550101","_embedded":{"devices":[` + text + `]}}`, "the device's phone masked", "", "got others", "got others"},
		{`{` + links + asked + `"note":"to anna@example.com","_embedded":{"devices":[` + text + `]}}`, "the device's email masked", "", "got others", "got others"},
		{`{` + links + asked + `"selectedDevice":{"id":"d0"},"_embedded":{"devices":[` + text + `]}}`, "", "", "", "the device that the passcode went to: wanted"},
		{`{` + links + asked + `"selectedDevice":{"id":"d2"},"_embedded":{"devices":[` + text + `]}}`, "", "", "the device that the passcode went to: wanted", ""},
	} {
		w, p, _ := flowing()
		p.flow = said(200, row.flow)
		p.device, p.other = said(201, `{"id":"d0","type":"SMS","phone":"+15125550101"}`), said(201, `{"id":"d2","type":"EMAIL","email":"anna@example.com"}`)
		_, err := w.addressIsMasked()
		holds(t, err, row.masked, row.flow)
		_, err = w.offersOnlyTexts(p)
		holds(t, err, row.texts, row.flow)
		_, err = w.wentTo(t.Context(), p, p.device, "device")
		holds(t, err, row.first, row.flow)
		_, err = w.wentTo(t.Context(), p, p.other, "other device")
		holds(t, err, row.other, row.flow)
	}
	for status, says := range map[string]string{"ACTIVE": "", "ACTIVATION_REQUIRED": "wanted", "": "wanted"} {
		w, p, _ := flowing()
		p.device = said(201, `{"status":"`+status+`"}`)
		_, err := w.deviceIsReady(p)
		holds(t, err, says, status)
	}
}

// A flow asks for what its status says, by the link to it.
func TestWhatAFlowAsksFor(t *testing.T) {
	link := func(rel string) string { return `"` + rel + `":{"href":"https://auth.pingone.com/x"}` }
	for body, says := range map[string]string{
		`{"status":"OTP_REQUIRED","_links":{` + link("otp.check") + `}}`:                                        "",
		`{"status":"OTP_REQUIRED","_links":{` + link("otp.check") + `,` + link("usernamePassword.check") + `}}`: "wanted none for a password",
		`{"status":"OTP_REQUIRED","_links":{` + link("self") + `}}`:                                             "wanted one for otp.check, got none",
		`{"status":"COMPLETED","_links":{` + link("otp.check") + `}}`:                                           "the status of Anna's flow: wanted",
	} {
		w, p, _ := flowing()
		p.flow = said(200, body)
		_, err := w.asksOnlyForPasscode(p)
		holds(t, err, says, body)
	}
}

// What was sent is read back as the answer to the creation had it, in any order; what neither shows is not promised.
func TestWhenWhatWasCreatedIsKept(t *testing.T) {
	for _, row := range []struct{ sent, answered, read, says string }{
		{`{"name":"a","list":[1,2]}`, `{"name":"a","list":[1,2],"more":1}`, `{"list":[2,1],"name":"a"}`, ""},
		{`{"secret":"a"}`, `{}`, `{"secret":null}`, ""},
		{`{"name":"a"}`, `{"name":"a"}`, `{"name":"b"}`, "name of what was created"},
		{`{"name":"a"}`, `{"name":"a"}`, `{}`, "name of what was created"},
		{`{"name":"a"}`, `{}`, `{"name":"a"}`, "name of what was created"},
		{`{"a.b":1}`, `{"a.b":1,"a":{"b":1}}`, `{"a.b":2,"a":{"b":1}}`, "a.b of what was created"},
		{`name=a`, `{"name":"a"}`, `{"name":"a"}`, "what was sent is not JSON"},
	} {
		w := bare()
		w.creation, w.readBack = said(201, row.answered), said(200, row.read)
		w.creation.Request.Body = []byte(row.sent)
		_, err := w.isKept()
		holds(t, err, row.says, row.sent)
	}
}

// A filter that is followed selects, and every page that counts the list counts the same.
func TestWhatIsWantedOfAList(t *testing.T) {
	page := func(body string) *client.Exchange { return said(200, body) }
	for _, row := range []struct{ first, second, selected, counted, once string }{
		{`{"count":2,"_embedded":{"users":[{"id":"1","of":"x"}]}}`, `{"_embedded":{"users":[{"id":"2","of":"x"}]}}`, "", "", ""},
		{`{"_embedded":{"users":[{"id":"1"}]}}`, `{"count":2,"_embedded":{"users":[]}}`, "", "", ""},
		{`{"_embedded":{"users":[{"id":"1","of":"x"}]}}`, `{"_embedded":{"users":[{"id":"2","of":"y"}]}}`, "the users of y as well: it was not followed", "", ""},
		{`{"count":2,"_embedded":{"users":[{"id":"1"}]}}`, `{"count":3,"_embedded":{"users":[{"id":"2"}]}}`, "", "count on page 2 of the list: wanted 2, got 3", ""},
		{`{"_embedded":{"users":[{"id":"1"}]}}`, `{"_embedded":{"users":[{"id":"1"}]}}`, "", "", "Anna"},
		{`{"_embedded":{"users":[{"id":"2"}]}}`, `{"_embedded":{"users":[{"id":"3"}]}}`, "", "", "Anna"},
		{`{"_embedded":{"users":[{"id":"1","name":"Anna"},{"id":"2","name":"Anna"}]}}`, `{}`, "", "", "how often Anna is listed: wanted"},
	} {
		l := &list{collection: "users", pages: []*client.Exchange{page(row.first), page(row.second)}}
		holds(t, l.selected("of", "x", "the filter"), row.selected, row.first, row.second)
		holds(t, l.counted(2), row.counted, row.first, row.second)
		holds(t, l.once("Anna", "1", "Anna"), row.once, row.first, row.second)
	}
}

// A relying party ignores keys that it does not understand, and does without none.
func TestWhichKeysAreUnderstood(t *testing.T) {
	const rsa, none = `{"kty":"RSA","n":"sXchGFZ5","e":"AQAB"`, "wanted one that can be read, got none"
	for body, says := range map[string]string{
		`{"keys":[` + rsa + `}]}`:                           "",
		`{"keys":[{"kty":"AKP"},` + rsa + `,"use":"sig"}]}`: "",
		`{"keys":[` + rsa + `,"use":"enc"}]}`:               none,
		`{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}`:           none,
		`{"keys":[]}`: none,
		`{}`:          none,
	} {
		keys, err := understood(said(200, body))
		holds(t, err, says, body)
		require.Equal(t, says == "", len(keys) == 1, body)
	}
}

func TestHowATokenSaysThatSomebodySignedOn(t *testing.T) {
	const named = ", and names no password"
	for _, row := range []struct{ claims, noPassword, says string }{
		{`{"amr":["pwd","otp"]}`, "", ""}, {`{"amr":["otp"]}`, named, ""},
		{`{"amr":["otp","pwd"]}`, named, "wanted no pwd, got otp pwd"},
		{`{"amr":[]}`, "", "wanted the methods used, got none"}, {`{}`, named, "wanted the methods used, got none"},
	} {
		w, p, a := flowing()
		a.tokensFor = code{person: p}
		a.tokens = said(200, `{"id_token":"e30.`+base64.RawURLEncoding.EncodeToString([]byte(row.claims))+`.c2ln"}`)
		evidence, err := w.saysHow(p, row.noPassword)
		holds(t, err, row.says, row.claims)
		require.Equal(t, row.says == "", len(evidence) == 1)
	}
	w, p, a := flowing()
	a.tokensFor, a.tokens = code{person: p}, said(200, `{"id_token":"opaque"}`)
	_, err := w.saysHow(p, "")
	require.ErrorContains(t, err, "the ID token: it has 1 parts")
}

// A profile that was read again shows what it showed at first, but for what was switched and what passes.
func TestWhatIsWantedOfAProfile(t *testing.T) {
	const first = `{"id":"anna","username":"anna","name":{"given":"Anna"},"mfaEnabled":false,"createdAt":"2026-01-15T09:00:00.123Z"}`
	for read, says := range map[string]string{
		first: "",
		`{"id":"anna","username":"anna","name":{"given":"Anna"},"mfaEnabled":true,"createdAt":"2026-01-15T09:00:00.123Z"}`:                     "",
		`{"id":"anna","username":"anna","name":{"given":"Anne"},"mfaEnabled":false,"createdAt":"2026-01-15T09:00:00.123Z"}`:                    "name of Anna",
		`{"id":"anna","username":"anna","name":{"given":"Anna"},"createdAt":"2026-01-15T09:00:00.123Z","title":"Dr"}`:                          "title of Anna",
		`{"id":"anna","name":{"given":"Anna"},"mfaEnabled":false,"createdAt":"2026-01-15T09:00:00.123Z"}`:                                      "username of Anna",
		`{"id":"anna","username":"anna","name":{"given":"Anna"},"mfaEnabled":false,"createdAt":"2026-01-15T09:00:01.123Z"}`:                    "createdAt of Anna",
		`{"id":"anna","username":"anna","name":{"given":"Anna"},"mfaEnabled":false,"createdAt":"2026-01-15T09:00:00.123Z","mobilePhone":"+1"}`: "",
	} {
		w, p, _ := flowing()
		p.created, p.read, p.mfa = said(201, first), said(200, read), said(200, `{"mfaEnabled":true}`)
		_, err := w.nothingElseChanged(p)
		holds(t, err, says, read)
	}
	for read, says := range map[string]string{`{}`: "", `{"mobilePhone":null}`: "", `{"mobilePhone":"+15125550101"}`: "wanted none, got"} {
		w, p, _ := flowing()
		p.read = said(200, read)
		_, err := w.hasNoPhone(p)
		holds(t, err, says, read)
	}
	w, p, _ := flowing()
	p.mfa = said(200, `{"mfaEnabled":false}`)
	_, err := w.mfaIsEnabled(t.Context(), p)
	require.ErrorContains(t, err, "mfaEnabled of Anna: wanted")
}

// A prompt asks for the configured attribute and no other, in the configured words.
func TestWhatAFlowAsksOfAProfile(t *testing.T) {
	for body, says := range map[string]string{
		`"attributes":[{"name":"mobilePhone"}],"promptText":"Your number?"`:                  "",
		`"attributes":[{"schemaPropertyName":"mobilePhone"}],"promptText":"Your number?"`:    "",
		`"attributes":[{"name":"nickname"}],"promptText":"Your number?"`:                     "the attribute asked for: wanted",
		`"attributes":[{"name":"mobilePhone"},{"name":"title"}],"promptText":"Your number?"`: "the attributes asked for: wanted one",
		`"attributes":[],"promptText":"Your number?"`:                                        "the attributes asked for: wanted one",
		`"attributes":[{"name":"mobilePhone"}],"promptText":"Your password?"`:                "the text of the prompt: wanted",
	} {
		w, p, a := flowing()
		a.policy = &policy{attribute: "mobilePhone", promptText: "Your number?"}
		p.flow = said(200, `{"status":"PROFILE_DATA_REQUIRED","_links":{"user.update":{"href":"https://auth.pingone.com/x"}},"_embedded":{`+body+`}}`)
		_, err := w.asksForPhone(p)
		holds(t, err, says, body)
	}
}
