package suite

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// callAt is a call that sent and got these texts.
func callAt(t *testing.T, path, sent, got string) *client.Exchange {
	t.Helper()
	u, err := url.Parse("https://api.pingone.com" + path)
	require.NoError(t, err)
	return &client.Exchange{Status: http.StatusCreated, Request: client.Request{Method: http.MethodPost, URL: u, Body: []byte(sent)}, Body: []byte(got)}
}

// What is deleted goes by its id: one that somebody else may have is none.
func TestAnIDIsNewOrItIsNone(t *testing.T) {
	s := begun(t, newManagement(t))
	s.place.EnvironmentID, s.place.WorkerEnvironmentID, s.place.ClientID = liveEnv, liveWorker, liveClient
	for _, row := range []struct {
		name   string
		id     string
		before []*client.Exchange
		after  []*client.Exchange
		isNew  bool
	}{
		{"a new one", alien, []*client.Exchange{callAt(t, "/v1/x", "{}", "{}")}, nil, true},
		{"the environment's", liveEnv, nil, nil, false},
		{"the worker's environment's", liveWorker, nil, nil, false},
		{"the worker's", liveClient, nil, nil, false},
		{"none", "anna", nil, nil, false},
		{"one that was asked for", alien, []*client.Exchange{callAt(t, "/v1/"+alien, "", "")}, nil, false},
		{"one that was sent", alien, []*client.Exchange{callAt(t, "/v1/x", `{"id":"`+alien+`"}`, "")}, nil, false},
		{"one that was answered", alien, []*client.Exchange{callAt(t, "/v1/x", "", `{"id":"`+alien+`"}`)}, nil, false},
		{"one that was answered in capitals", alien, []*client.Exchange{callAt(t, "/v1/x", "", `{"id":"`+strings.ToUpper(alien)+`"}`)}, nil, false},
		{"one that was answered with an escape", alien, []*client.Exchange{callAt(t, "/v1/x", "", `{"id":"`+strings.ReplaceAll(alien, "-", `\u002d`)+`"}`)}, nil, false},
		{"the environment's in capitals", strings.ToUpper(liveEnv), nil, nil, false},
		{"one that was used since", alien, nil, []*client.Exchange{callAt(t, "/v1/"+alien, "", "")}, true},
	} {
		ex := callAt(t, env+"/users", "{}", `{"id":"`+row.id+`"}`)
		s.calls = append(append(row.before, ex), row.after...)
		want := ""
		if row.isNew {
			want = row.id
		}
		require.Equal(t, want, s.newID(ex), row.name)
	}
}

// An answer belongs to the creation of that id, or else to the newest of that name that has none yet.
func TestWhichThingAnAnswerHasCreated(t *testing.T) {
	users := "https://api.pingone.com" + env + "/users"
	creation := &http.Request{}
	known := &thing{collection: users, id: alien, name: "anna", answered: true, creation: creation}
	waiting := &thing{collection: users, name: "anna", answered: true, creation: creation}
	newer := &thing{collection: users, name: "anna", answered: true, creation: creation}
	for _, row := range []struct {
		name   string
		things []*thing
		id     string
		of     *thing
	}{
		{"nothing", nil, alien, nil},
		{"by its id", []*thing{known, waiting}, alien, waiting},
		{"by its id, after what waits", []*thing{waiting, known}, alien, known},
		{"the newest that waits", []*thing{waiting, newer}, alien, newer},
		{"of another id", []*thing{known}, liveEnv, nil},
		{"of no id", []*thing{known}, "", nil},
		{"of another collection", []*thing{{collection: users + "/u/devices", id: alien, name: "anna", answered: true, creation: creation}}, alien, nil},
		{"of another name", []*thing{{collection: users, name: "ben", answered: true, creation: creation}}, alien, nil},
		{"that was not answered", []*thing{{collection: users, name: "anna", creation: creation}}, alien, nil},
		{"of no name", []*thing{{collection: users, name: "anna", answered: true}}, alien, nil},
	} {
		s := &Scenario{things: row.things}
		ex := callAt(t, env+"/users", `{"username":"anna"}`, `{"id":"`+row.id+`"}`)
		require.Same(t, row.of, s.thingOf(ex), row.name)
		ex.Status = http.StatusOK
		require.Nil(t, s.thingOf(ex), row.name)
		require.Nil(t, s.thingOf(nil))
	}
}
