package deviation

import (
	"net/http"
	"net/url"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// replayed answer what was answered before.
func replayed() []Deviation {
	const fresh = "an answer tells how things are now"
	return []Deviation{
		repeats("earlier-flow-answered", "a flow that is read is answered as it was first", fresh, pageFlows, "flow.read", func(call *wire.Call) string { return call.Path["flowID"] }),
		repeats("earlier-user-answered", "a user is answered as at the first reading", fresh, pageUser, "user.read", func(call *wire.Call) string { return call.Path["userID"] }),
		repeats("earlier-tokens-answered", "an exchange is answered with the tokens of the application's earlier one", "a code is exchanged for tokens of its own", rfcExchange, "token", func(call *wire.Call) string {
			form, _ := url.ParseQuery(string(call.Body))
			if form.Get("grant_type") != "authorization_code" {
				return call.ID
			}
			return call.Header.Get("Authorization")
		}),
		repeats("earlier-search-answered", "a search for people is answered as the first one with another filter", fresh, pageRequests, "user.list", func(call *wire.Call) string {
			if !call.URL.Query().Has("filter") {
				return call.ID
			}
			return call.Header.Get("Authorization")
		}),
		earlierCode(),
		insecure("resumed-again-revives-code", "resuming a second time makes a code that was used good again", "an authorization code is good once", rfcCode).
			by(func(d *Decisions) { d.OAuth.UsesUp = func() bool { return false } }).
			around(revivedCodes()),
	}
}

// repeats answers good calls of an operation as the first of those that are alike.
func repeats(name, breaks, rule, page, operation string, alike func(*wire.Call) string) Deviation {
	earlier := newNotes[[]byte]()
	return Deviation{Name: name, Group: Semantics, Breaks: breaks, Rule: rule, Page: page}.
		answering(onSuccess(func(call *wire.Call, a *wire.Answer) { a.Body, _ = earlier.first(alike(call), a.Body) }, operation))
}

// earlierCode sends a person back to the application with the code of an earlier sign-on to it.
func earlierCode() Deviation {
	applications, codes := newNotes[string](), newNotes[string]()
	return insecure("earlier-code-answered", "a sign-on ends in the code of an earlier one to the same application", "each sign-on has a code of its own", rfcCode).
		answering(func(call *wire.Call, a *wire.Answer) {
			whenRedirecting(func(a *wire.Answer) {
				if to, err := url.Parse(a.Header.Get("Location")); err == nil {
					applications.note(to.Query().Get("flowId"), call.URL.Query().Get("client_id"))
				}
			}, "authorize")(call, a)
			whenRedirecting(wire.InQuery(func(q url.Values) {
				application, _ := applications.of(call.URL.Query().Get("flowId"))
				if code := q.Get("code"); code != "" {
					first, _ := codes.first(application, code)
					q.Set("code", first)
				}
			}), "resume")(call, a)
		})
}

// revivedCodes refuses a code that was used, until its flow is resumed again.
func revivedCodes() wire.Middleware {
	used, ofFlow := newNotes[bool](), newNotes[string]()
	return func(next wire.Handler) wire.Handler {
		return func(call *wire.Call) *wire.Answer {
			form, _ := url.ParseQuery(string(call.Body))
			code := form.Get("code")
			if spent, _ := used.of(code); spent && code != "" && call.Operation == "token" {
				return wire.OAuthError(http.StatusBadRequest, "invalid_grant", "The authorization code was used already")
			}
			answer := next(call)
			switch {
			case call.Operation == "token" && good(answer):
				used.note(code, true)
			case call.Operation == "resume":
				id := call.URL.Query().Get("flowId")
				if before, resumed := ofFlow.of(id); resumed {
					used.note(before, false)
				}
				if to, err := url.Parse(answer.Header.Get("Location")); err == nil && to.Query().Get("code") != "" {
					ofFlow.note(id, to.Query().Get("code"))
				}
			}
			return answer
		}
	}
}

// visited are what somebody meets who does what nobody tries.
func visited() []Deviation {
	page := func(name, breaks string, do change) Deviation {
		return shape(name, breaks, "authorize leads to a page that asks people to sign on", pageAuthorize, func(call *wire.Call, a *wire.Answer) {
			if call.Operation == "signOnPage" {
				do(call, a)
			}
		})
	}
	failing := func(status int) change {
		return func(_ *wire.Call, a *wire.Answer) {
			*a = *wire.Text(status, "text/html;charset=UTF-8", "<!DOCTYPE html><title>Error</title>")
		}
	}
	return []Deviation{
		page("sign-on-page-missing", "there is no sign-on page", failing(http.StatusNotFound)),
		page("sign-on-page-fails", "the sign-on page fails", failing(http.StatusInternalServerError)),
		page("sign-on-page-forbidden", "the sign-on page wants a token", failing(http.StatusUnauthorized)),
		page("sign-on-page-as-json", "the sign-on page is JSON", func(_ *wire.Call, a *wire.Answer) { *a = *wire.JSON(http.StatusOK, object{"page": "sign-on"}) }),
		doubledRedirect("doubled-redirect-uri-taken", "of two redirect URIs the first one is compared and the last one is led to", 0),
		doubledRedirect("doubled-redirect-uri-swapped", "of two redirect URIs the last one is led to before anybody has signed on", http.StatusFound),
		Deviation{Name: "mfa-switch-clears-name", Group: Semantics, Breaks: "switching MFA on takes the person's name away", Rule: "nothing else changes", Page: pageMFAEnabled}.
			by(func(d *Decisions) {
				documented := d.Management.SetMFA
				d.Management.SetMFA = func(u *tenant.User, enabled bool) {
					documented(u, enabled)
					delete(u.Profile, "name")
				}
			}),
		Deviation{Name: "mfa-switch-sets-nickname", Group: Semantics, Breaks: "switching MFA on gives the person a nickname", Rule: "nothing else changes", Page: pageMFAEnabled}.
			by(func(d *Decisions) {
				documented := d.Management.SetMFA
				d.Management.SetMFA = func(u *tenant.User, enabled bool) {
					documented(u, enabled)
					u.Profile["nickname"] = "Benny"
				}
			}),
	}
}

// doubledRedirect takes an authorization request with two redirect URIs for one with the first, and leads to the last: at the
// end of the sign-on or, with a status, at once.
func doubledRedirect(name, breaks string, atOnce int) Deviation {
	last := newNotes[string]()
	return insecure(name, breaks, "no parameter is sent more than once", "https://www.rfc-editor.org/rfc/rfc6749#section-3.1").
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				query := call.URL.Query()
				if sent := query["redirect_uri"]; call.Operation == "authorize" && len(sent) > 1 {
					query.Set("redirect_uri", sent[0])
					once, address := *call, *call.URL
					address.RawQuery, once.URL = query.Encode(), &address
					answer := next(&once)
					if to, err := url.Parse(answer.Header.Get("Location")); err == nil {
						last.note(to.Query().Get("flowId"), sent[len(sent)-1])
					}
					if atOnce != 0 {
						*answer = *wire.Redirect(sent[len(sent)-1] + "?error=invalid_request")
					}
					return answer
				}
				answer := next(call)
				to, err := url.Parse(answer.Header.Get("Location"))
				if target, known := last.of(query.Get("flowId")); known && err == nil && to.Query().Get("code") != "" {
					answer.With("Location", target+"?"+to.RawQuery)
				}
				return answer
			}
		})
}
