package retry

import (
	"net/http"
	"net/url"
	"strings"
)

// kind says what may happen to a call that perhaps was done.
type kind int

const (
	// once: it is not repeated.
	once kind = iota
	// repeatable: doing it twice is as good as once.
	repeatable
	// creation: it is looked up, and repeated if it was not done.
	creation
)

// rule says how a creation is found again among its collection: which members of
// the request's body the created thing has too.
type rule struct {
	members []string
	// filter: PingOne takes a filter on the first member.
	filter bool
	// optional members count when the request has them.
	optional []string
	// recent: what has the same members may have been there before, so only what
	// was created since the call began counts.
	recent bool
}

// ruleOf returns how creations in a collection are looked up, or nil. Names hold
// the run's id, and the others can stand in their collection once only; devices
// alone could have been there before.
func ruleOf(collection string) *rule {
	switch collection {
	case "applications", "signOnPolicies", "deviceAuthenticationPolicies":
		return &rule{members: []string{"name"}}
	case "populations":
		return &rule{members: []string{"name"}, filter: true}
	case "users":
		return &rule{members: []string{"username"}, filter: true}
	case "signOnPolicies/actions":
		return &rule{members: []string{"type", "priority"}}
	case "applications/grants":
		return &rule{members: []string{"resource.id"}}
	case "applications/signOnPolicyAssignments":
		return &rule{members: []string{"signOnPolicy.id"}}
	case "users/devices":
		return &rule{members: []string{"type"}, optional: []string{"phone", "email"}, recent: true}
	}
	return nil
}

// kindOf sorts a call; a creation has a rule.
func kindOf(request *http.Request) (kind, *rule) {
	path := strings.Split(strings.Trim(request.URL.Path, "/"), "/")
	last := path[len(path)-1]
	switch request.Method {
	case http.MethodGet, http.MethodHead:
		if last != "resume" {
			return repeatable, nil
		}
	case http.MethodPut:
		if last != "password" {
			return repeatable, nil
		}
	case http.MethodDelete:
		return repeatable, nil
	case http.MethodPost:
		if r := ruleOf(collectionOf(belowEnvironment(request))); r != nil {
			return creation, r
		}
	}
	return once, nil
}

// asksOnly tells of the posts to an authorization server that use nothing up: a
// worker application's token, of which there may be two, and the question about a
// token. A code or a refresh token, though, may be gone after the first time.
func (c *call) asksOnly() bool {
	if c.request.Method != http.MethodPost {
		return false
	}
	switch path := c.request.URL.Path; {
	case strings.HasSuffix(path, "/as/introspect"):
		return true
	case !strings.HasSuffix(path, "/as/token"):
		return false
	}
	form, err := url.ParseQuery(c.bodyText())
	return err == nil && len(form["grant_type"]) == 1 && form.Get("grant_type") == "client_credentials"
}

// belowEnvironment is the path of a management call below its environment, cut at the
// slashes: users, {id}, devices for v1/environments/{id}/users/{id}/devices.
func belowEnvironment(request *http.Request) []string {
	path := strings.Split(strings.Trim(request.URL.Path, "/"), "/")
	if len(path) < 4 || path[0] != "v1" || path[1] != "environments" {
		return nil
	}
	return path[3:]
}

// collectionOf names the collection that a path below an environment stands for, such
// as "users/devices" for users/{id}/devices, or "".
func collectionOf(below []string) string {
	switch len(below) {
	case 1:
		return below[0]
	case 3:
		return below[0] + "/" + below[2]
	}
	return ""
}
