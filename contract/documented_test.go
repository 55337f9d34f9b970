package contract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// A place is promised where a document requires it of this very answer or it repeats what was sent, named where an answer
// may do without it, and of anything else the documents say nothing.
func TestHowTheDocumentsSpeakOfAnAnswer(t *testing.T) {
	list := func(places string) []string { return strings.Fields(places) }
	for _, row := range []struct {
		what, example            string
		by                       func(*client.Exchange)
		promised, named, nothing []string
		head                     string // what of the head is promised
	}{
		{"an application that was created", "create-application", nil,
			list("/id /name /_links /_links/self/href /createdAt /redirectUris /redirectUris/0 /grantTypes/0 /description"),
			list("/parTimeout /idpSignoff /pkceEnforcement"), list("/_links/attributes /_links/attributes/href"), "status, status class, header Content-Type"},
		{"a list that was sent in part", "create-application", sent(`{"name":"Example Shop","enabled":true,"type":"WEB_APP","protocol":"OPENID_CONNECT","tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC"}`),
			list("/name /enabled"), list("/redirectUris/0 /description"), nil, "status, status class, header Content-Type"},
		{"a request that was refused", "error-required-value", nil, list("/id /code /message"), list("/details/0/target"), list("/enabled"), "status class, header Content-Type"},
		{"what was sent and perhaps does not come back", "create-mfa-action", nil,
			list("/priority /type /sms/enabled"), list("/sms /email /signOnPolicy"), list("/_links/signOnPolicy"), "status, status class, header Content-Type"},
		{"what was sent and did not come back", "create-sms-device", nil, list("/phone /type"), list("/block /lock"), list("/policy /policy/id"), "status, status class, header Content-Type"},
		{"what an import was sent", "create-user", both(media("user.import+json"), sent(`{"verifyStatus":"NOT_INITIATED"}`)), list("/username"), list("/verifyStatus"), nil, "status, status class, header Content-Type"},
		{"what a creation was sent", "create-user", sent(`{"verifyStatus":"NOT_INITIATED"}`), list("/username /verifyStatus"), nil, nil, "status, status class, header Content-Type"},
		{"the items of a list", "list-users", nil,
			list("/_embedded/users/0/id /_embedded/users/0/account/status /_embedded/users/0/_links/self /_embedded/users/0/_links/self/href /_links/self"),
			list("/count /size /_embedded/users/0/_links/population /_embedded/users/0/name"), list("/_embedded/users/0/_links/devices"), "status, status class, header Content-Type"},
		{"a flow that waits for a passcode", "flow-otp-required", nil,
			list("/_embedded/devices /_embedded/devices/0/id /_links/otp.check /status /resumeUrl"),
			list("/selectedDevice /session /_embedded/devices/0 /_embedded/devices/0/status"), list("/_links/device.select"), "status, status class, header Content-Type"},
		{"a flow that is complete", "flow-completed", nil, list("/status /_embedded"), list("/session /_embedded/application"), list("/_links/otp.check"), "status, status class, header Content-Type"},
		{"an action with attributes", "create-profiling-action", nil, list("/attributes /attributes/0 /attributes/0/name"), nil, nil, "status, status class, header Content-Type"},
		{"what a read does not repeat", "read-application", nil, list("/name /id"), list("/redirectUris/0 /description"), nil, "status, status class, header Content-Type"},
		{"a deletion", "delete-application", nil, nil, nil, list("/"), "status, status class"},
		{"a redirect", "authorize", nil, nil, nil, nil, "status, status class, header Location, header Set-Cookie"},
		{"a redirect without a session", "authorize", header("Set-Cookie", "other=ST="), nil, nil, nil, "status, status class, header Location"},
		{"a redirect to nowhere", "authorize", func(ex *client.Exchange) { ex.Status, ex.Header = 399, nil }, nil, nil, nil, "status, status class, header Location"},
		{"a refusal of authorize", "authorize", oauthRefusal, list("/error"), list("/error_description"), nil, ""},
		{"a refusal that its code tells apart", "error-not-found", nil, list("/code /id"), nil, nil, "status class, header Content-Type"},
		{"a refusal that only its status tells apart", "error-unexpected", nil, list("/code"), nil, nil, "status, status class, header Content-Type"},
		{"a refused client", "oauth-error", nil, list("/error"), list("/error_description"), nil, "status, status class, header Content-Type"},
		{"a call that is not known", "read-application", func(ex *client.Exchange) { ex.Request.URL.Path = "/elsewhere" }, nil, nil, list("/id"), ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			e := readExample(t, row.example)
			ex := e.exchange(t)
			ex.Body = compact(t, ex.Body)
			if row.by != nil {
				row.by(ex)
			}
			says := e.after(t).Documents(ex).Places
			for standing, places := range map[Standing][]string{Promised: row.promised, Named: row.named, "": row.nothing} {
				for _, place := range places {
					require.Equal(t, standing, says[place], place)
				}
			}
			for _, place := range []string{"status", "status class", "header Content-Type", "header Location", "header Set-Cookie"} {
				is := strings.Contains(", "+row.head+",", ", "+place+",")
				require.Equal(t, is, says[place] == Promised, place)
			}
		})
	}
}

func TestDocumentsNamesTheCallAndRemembersIt(t *testing.T) {
	checker := NewChecker()
	require.Equal(t, "Create Application", checker.Documents(readExample(t, "create-application").exchange(t)).Operation)
	read := readExample(t, "read-application").exchange(t)
	replace(`"Example Shop"`, `"Another Shop"`)(read)
	require.ErrorContains(t, checker.Check(read).Err(), "/name is not what it was before")
	read.Request.URL.Path = "/elsewhere"
	require.Equal(t, "Example", checker.Documents(read).Operation, "the client's own word")
	require.Equal(t, Named, checker.Documents(readExample(t, "error-not-found").exchange(t)).Places["status"])
}
