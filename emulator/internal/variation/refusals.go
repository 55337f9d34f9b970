package variation

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/emulator/internal/wire"
)

// refusals vary what refusals look like. The code of an error stays what it is.
func refusals() []Variation {
	return slices.Concat(statuses(), details(), words())
}

// statuses vary the statuses of refusals, within their class.
func statuses() []Variation {
	within := "within its class the status may change, the code tells"
	return in("refusals",
		otherwise("taken-as-409", "a name that is taken is refused with 409", within, pageErrors, refusal(http.StatusBadRequest, func(_ *wire.Call, a *wire.Answer) {
			if hasDetail(a, "UNIQUENESS_VIOLATION") {
				a.Status = http.StatusConflict
			}
		})),
		otherwise("passcodes-used-up-as-429", "too many wrong passcodes are refused with 429", "sources have 400 and 429", pageOTP, ofOperation("flow.otp.check", func(_ *wire.Call, a *wire.Answer) {
			if hasDetail(a, "QUOTA_EXCEEDED") {
				a.Status = http.StatusTooManyRequests
				a.With("Retry-After", "1")
			}
		})),
		otherwise("invalid-data-as-422", "invalid data is refused with 422", within, pageErrors, refusal(http.StatusBadRequest, func(_ *wire.Call, a *wire.Answer) { a.Status = http.StatusUnprocessableEntity })),
		otherwise("unauthorized-as-403", "a call without a token, or without cookies, is refused with 403", within, pageErrors, refusal(http.StatusUnauthorized, func(_ *wire.Call, a *wire.Answer) { a.Status = http.StatusForbidden })),
		otherwise("forbidden-as-401", "a call without a role is refused with 401", within, pageErrors, refusal(http.StatusForbidden, func(_ *wire.Call, a *wire.Answer) {
			if !hasDetail(a, "INVALID_TOKEN") {
				a.Status = http.StatusUnauthorized
			}
		})),
		remembering("passcodes-used-up-end-the-flow", "too many wrong passcodes are answered with a flow that has failed", "what comes after the last one is not said", pageOTP, usedUp),
		otherwise("not-found-as-410", "what the management API does not find is refused with 410", within, pageErrors, func(call *wire.Call, a *wire.Answer) {
			if a.Status == http.StatusNotFound && strings.HasPrefix(call.URL.Path, "/v1/") {
				a.Status = http.StatusGone
			}
		}),
		otherwise("flow-gone-as-410", "a flow that is gone, or never was, is refused with 410", within, pageErrors, func(call *wire.Call, a *wire.Answer) {
			if a.Status == http.StatusNotFound && named(call.Operation, []string{"flow."}) {
				a.Status = http.StatusGone
			}
		}),
	)
}

// details vary what explains a refusal.
func details() []Variation {
	return in("refusals",
		otherwise("wrong-password-as-invalid-credentials", "a wrong password has the detail code INVALID_CREDENTIALS", "clients know both codes", pageSample, ofOperation("flow.usernamePassword.check", edit(eachDetail(func(d object) bool {
			wrong := d["code"] == "INVALID_VALUE"
			if wrong {
				d["code"] = "INVALID_CREDENTIALS"
			}
			return wrong
		})))),
		otherwise("wrong-password-counts-down", "a wrong password is told how many failures remain", "recorded refusals have it", pageErrors, ofOperation("flow.usernamePassword.check", edit(eachDetail(func(d object) bool {
			d["innerError"] = object{"failuresRemaining": 3}
			return true
		})))),
		otherwise("refusal-without-targets", "the details of refusals have no target", "a target is optional", pageErrors, refused(edit(eachDetail(func(d object) bool {
			_, there := d["target"]
			delete(d, "target")
			return there
		})))),
		otherwise("refusal-without-inner-errors", "the details of refusals have no inner error", "an inner error is optional", pageErrors, refused(edit(eachDetail(func(d object) bool {
			_, there := d["innerError"]
			delete(d, "innerError")
			return there
		})))),
	)
}

// words vary what a refusal says besides.
func words() []Variation {
	return in("refusals",
		otherwise("refusal-in-other-words", "messages are others", "messages are for people and may change", pageErrors, refused(edit(func(_ *wire.Call, body object) bool {
			_, there := body["message"]
			if there {
				body["message"] = "Nope."
			}
			return there
		}))),
		otherwise("refusal-with-more-members", "refusals link a page that explains them", "members may be added", pageCompatibility, refused(edit(func(_ *wire.Call, body object) bool {
			if body["code"] == nil {
				return false
			}
			body["helpUrl"] = "https://help.example.com/errors"
			return true
		}))),
		otherwise("oauth-error-without-description", "errors of the token endpoint have no description", "error_description is optional", rfcError, ofOperation("token", edit(func(_ *wire.Call, body object) bool {
			_, there := body["error_description"]
			delete(body, "error_description")
			return there
		}))),
		otherwise("token-request-incomplete", "an exchange without the redirect URI is refused as invalid_request", "it is a parameter that is missing", rfcError, ofOperation("token", edit(func(call *wire.Call, body object) bool {
			form, err := url.ParseQuery(string(call.Body))
			incomplete := err == nil && form.Has("code") && !form.Has("redirect_uri") && body["error"] == "invalid_grant"
			if incomplete {
				body["error"] = "invalid_request"
			}
			return incomplete
		}))),
		otherwise("oauth-error-with-uri", "errors of the token endpoint link a page that explains them", "error_uri is optional", rfcError, ofOperation("token", edit(func(_ *wire.Call, body object) bool {
			body["error_uri"] = "https://help.example.com/errors"
			return true
		}))),
	)
}

// eachDetail changes the details of a refusal.
func eachDetail(do func(detail object) bool) func(*wire.Call, object) bool {
	return func(_ *wire.Call, body object) bool {
		all, _ := body["details"].([]any)
		changed := false
		for _, detail := range all {
			if d, isObject := detail.(object); isObject && do(d) {
				changed = true
			}
		}
		return changed
	}
}

// ofOperation limits a change to refusals of one operation.
func ofOperation(operation string, do change) change {
	return func(call *wire.Call, a *wire.Answer) {
		if a.Status >= 400 && a.Status < 500 && call.Operation == operation {
			do(call, a)
		}
	}
}

// refused limits a change to refusals in the platform's shape.
func refused(do change) change {
	return func(call *wire.Call, a *wire.Answer) {
		if a.Status >= 400 && a.Status < 500 {
			do(call, a)
		}
	}
}

func hasDetail(a *wire.Answer, code string) bool {
	details, _ := decoded(a.Body)["details"].([]any)
	for _, detail := range details {
		if d, isObject := detail.(object); isObject && d["code"] == code {
			return true
		}
	}
	return false
}

// usedUp answers the refusal of a passcode that is one too many with its flow, as it was shown last, but FAILED.
func usedUp() parts {
	var mu sync.Mutex
	known := map[string][]byte{}
	return parts{after: func(call *wire.Call, a *wire.Answer) {
		if !named(call.Operation, []string{"flow."}) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		body := decoded(a.Body)
		switch id, _ := body["id"].(string); {
		case a.Status < http.StatusBadRequest && body["status"] != nil:
			known[id] = a.Body
		case bytes.Contains(a.Body, []byte("QUOTA_EXCEEDED")) && known[call.Path["flowID"]] != nil:
			ended := decoded(known[call.Path["flowID"]])
			links, embedded := sub(ended, "_links"), sub(ended, "_embedded")
			for name := range links {
				if name != "self" {
					delete(links, name)
				}
			}
			delete(embedded, "devices")
			delete(ended, "selectedDevice")
			delete(ended, "test")
			ended["status"], ended["error"] = "FAILED", object{"code": "QUOTA_EXCEEDED", "message": "No more passcodes are taken."}
			a.Status, a.Body = http.StatusOK, encoded(ended)
		}
	}}
}
