package scrub

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay/jsontree"
)

// Others is what of a tenant's lists the run has not made: other people's applications,
// resources and policies, which a list shows beside the run's own. In their place a fixture
// has stand-ins, as many, in the same order and of the same shape.
type Others struct {
	hosts hosts
	made  map[string]bool   // the ids of what the run has created
	texts map[string]string // live → stand-in
}

// NewOthers makes a Others that takes nothing for the run's own yet.
func NewOthers(rules Rules) *Others {
	return &Others{hosts: newHosts(rules), made: map[string]bool{}, texts: map[string]string{}}
}

// Made notes what a call has created.
func (o *Others) Made(method string, status int, answer Message) {
	if id := gjson.GetBytes(answer.Body, "id").String(); method == http.MethodPost && status == http.StatusCreated && id != "" {
		o.made[strings.ToLower(id)] = true
	}
}

// Neutral is an answer in which what the run has not made is a stand-in.
func (o *Others) Neutral(method string, answer Message) Message {
	if method != http.MethodGet || !strings.HasPrefix(answer.URL.Path, "/v1/environments/") || o.below(answer.URL) {
		return answer
	}
	items := map[string]gjson.Result{} // by where they stand
	answer.Body = jsontree.Rewrite(answer.Body, func(v jsontree.Value) string {
		if len(v.Path) < 4 || v.Path[0] != "_embedded" || !jsontree.IsIndex(v.Path[2]) || v.Key {
			return v.Text
		}
		at := strings.Join(v.Path[:3], ".")
		item, known := items[at]
		if !known {
			item = gjson.GetBytes(answer.Body, "_embedded."+gjson.Escape(v.Path[1])+"."+v.Path[2])
			items[at] = item
		}
		if v.Type != jsontree.String || o.made[strings.ToLower(item.Get("id").String())] || isBuiltIn(v.Path[1], item) {
			return v.Text
		}
		return o.text(v)
	})
	return answer
}

// below tells whether a list is of something that the run has made, such as the devices of
// its user.
func (o *Others) below(u *url.URL) bool {
	for _, segment := range strings.Split(u.Path, "/") {
		if o.made[strings.ToLower(segment)] {
			return true
		}
	}
	return false
}

// builtInScope are the scopes that every environment has; a tenant's own variants of them
// have one part more.
//
// developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions
var builtInScope = lazy.Regexp(`\A(openid|profile|email|address|phone|offline_access|p1:[a-z]+:[A-Za-z]+)\z`)

// isBuiltIn tells of what PingOne itself puts into every environment.
func isBuiltIn(collection string, item gjson.Result) bool {
	name := item.Get("name").String()
	switch collection {
	case "resources":
		return name == "openid" && item.Get("type").String() == "OPENID_CONNECT" ||
			name == "PingOne API" && strings.HasPrefix(item.Get("type").String(), "PING")
	case "scopes":
		return builtInScope.Get().MatchString(name)
	}
	return false
}

// isConstantMember tells of members whose value is one of a published list.
func isConstantMember(name string) bool {
	switch name {
	case "type", "protocol", "status", "grantTypes", "responseTypes", "tokenEndpointAuthMethod", "pkceEnforcement",
		"parRequirement", "introspectEndpointAuthMethod", "verifyStatus", "timeUnit", "algorithm", "deviceSelection":
		return true
	}
	return false
}

var constant = lazy.Regexp(`\A[A-Z][A-Z0-9_]*\z`)

// text is what stands for one text within a foreign thing of a list: ids, times, constants and links stay,
// as they are rewritten like all others.
func (o *Others) text(v jsontree.Value) string {
	name := v.Member()
	_, notTime := time.Parse(time.RFC3339Nano, v.Text)
	switch {
	case isUUID(v.Text), notTime == nil, v.Text == "":
		return v.Text
	case isConstantMember(name) && constant.Get().MatchString(v.Text):
		return v.Text
	case v.Path[3] == "_links":
		return o.link(v.Text)
	}
	if _, known := o.texts[v.Text]; !known {
		o.texts[v.Text] = standInText(name, v.Text, len(o.texts)+1)
	}
	return o.texts[v.Text]
}

// link stays if it leads to PingOne, without its query.
func (o *Others) link(href string) string {
	u, err := url.Parse(href)
	if err != nil || u.User != nil {
		return standInText("href", "https://", 0)
	}
	if live := origin(href); live != o.hosts.api && live != o.hosts.auth && live != o.hosts.apps {
		return standInText("href", "https://", 0)
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}

// standInText is the nth text that nobody has written, of the same sort as a live one.
func standInText(member, live string, n int) string {
	switch {
	case phoneMember.Get().MatchString(member):
		return fmt.Sprintf("+1.51255501%02d", n%98+2)
	case strings.Contains(live, "://"):
		return fmt.Sprintf("https://stand-in.example.com/%d", n)
	case strings.Contains(live, "@"):
		return fmt.Sprintf("stand-in-%d@example.com", n)
	}
	return fmt.Sprintf("stand-in-%d", n)
}
