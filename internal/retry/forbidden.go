package retry

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/jsontext"
)

// forbidding is a kind of 403: one that passes with time, or one that no waiting changes.
type forbidding struct {
	// is tells whether an answer is of this kind.
	is func(f *forbidden) bool
	// final says why it stays, for a note; nil for what is asked again.
	final func(f *forbidden) string
	// source is the page that says so.
	source string
}

// forbiddings are all kinds of 403; the first that fits counts.
var forbiddings = []forbidding{
	{
		is:     func(f *forbidden) bool { return f.page },
		final:  func(*forbidden) string { return "no JSON came, so PingOne's API has not refused it" },
		source: "https://developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-responses.html",
	},
	{
		is:     func(f *forbidden) bool { return f.says("LICENSE_EXCEEDED", "LIMIT_EXCEEDED", "QUOTA_EXCEEDED") != "" },
		final:  (*forbidden).full,
		source: "https://pkg.go.dev/github.com/pingidentity/pingone-go-client (details of 403 and 429)",
	},
	{ // of the gateway before the API, about a method or an address that it does not know
		is: func(f *forbidden) bool {
			return !f.body.Get("code").Exists() && strings.Contains(f.body.Get("message").String(), "key=value pair (missing equal-sign) in Authorization header")
		},
		final:  func(*forbidden) string { return "the gateway does not know the method or the address" },
		source: "recorded from a tenant; no page documents it",
	},
	{
		is: func(f *forbidden) bool { return f.missing != "" },
		final: func(f *forbidden) string {
			return "preflight has seen that the worker application lacks the role " + f.missing
		},
		source: "https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions",
	},
	{ // ACCESS_FAILED, with INSUFFICIENT_PERMISSIONS or without, and what the vendor may call it tomorrow: rights spread with a delay
		is:     func(*forbidden) bool { return true },
		source: "https://developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html",
	},
}

// forbidden is an answer of 403 as the table looks at it.
type forbidden struct {
	body gjson.Result
	page bool // its body is something else than JSON
	// collection is what the call was about, such as "users/devices"; missing the role for it that is known to be missing.
	collection, missing string
}

// final says why a 403 stays one however often it is asked, "" when it may pass.
func (c *call) final(response *http.Response) string {
	if response.StatusCode != http.StatusForbidden {
		return ""
	}
	below, text := belowEnvironment(c.request), bodyOf(response)
	f := &forbidden{collection: collectionOf(below)}
	if len(below) > 0 {
		f.missing = c.options.Missing.role(below[0])
	}
	if jsontext.Valid(text) {
		f.body = gjson.Parse(text)
	} else {
		kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")) // "" is as good as unknown
		f.page = kind == "text/html"
	}
	for _, k := range forbiddings {
		if !k.is(f) {
			continue
		}
		if k.final == nil {
			return ""
		}
		return "final, asked once: " + k.final(f)
	}
	return ""
}

// says returns the first of some codes that the answer has, on top or in a detail.
func (f *forbidden) says(codes ...string) string {
	found := []string{f.body.Get("code").String()}
	for _, detail := range f.body.Get("details").Array() {
		found = append(found, detail.Get("code").String())
	}
	for _, code := range codes {
		if slices.Contains(found, code) {
			return code
		}
	}
	return ""
}

// swept is what a collection holds in words, where a sweep looks in it for what earlier runs have left.
func swept(collection string) (what string, is bool) {
	switch collection {
	case "users", "applications", "populations":
		return collection, true
	case "signOnPolicies":
		return "sign-on policies", true
	case "deviceAuthenticationPolicies":
		return "MFA policies", true
	}
	return "", false
}

// full says what the licence allows no more of, and what may help.
func (f *forbidden) full() string {
	quota := ""
	for _, detail := range f.body.Get("details").Array() {
		if limit := detail.Get("innerError.quotaLimit"); limit.Num > 0 {
			quota = fmt.Sprintf(", its limit is %.0f", limit.Num)
		}
	}
	what, ours := swept(f.collection)
	if !ours {
		return "the environment's licence does not allow it, or no more of it" + quota
	}
	return fmt.Sprintf("the environment is full, its licence allows no more %s%s; `pingone-conformance sweep` lists what earlier runs have left there", what, quota)
}

// Missing are the roles that a worker application was seen to lack. It is safe for
// concurrent use; nil has none.
type Missing struct {
	mu    sync.Mutex
	roles map[string]string
}

// Add notes the role that is missing for a collection of an environment, such as "users".
func (m *Missing) Add(collection, role string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.roles == nil {
		m.roles = map[string]string{}
	}
	m.roles[collection] = role
}

func (m *Missing) role(collection string) string {
	if m == nil {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.roles[collection]
}
