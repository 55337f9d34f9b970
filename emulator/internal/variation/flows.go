package variation

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	"pingone-conformance/emulator/internal/wire"
)

// flows vary what a sign-on shows, and where it redirects to.
func flows() []Variation {
	const action = "flow."
	all := []string{action, "authorize", "authorize.post", "resume"}
	completed := func(do func(object) bool) change {
		return on(edit(func(_ *wire.Call, body object) bool { return body["status"] == "COMPLETED" && do(body) }), all...)
	}
	waiting := func(do func(object) bool) change {
		return on(edit(func(_ *wire.Call, body object) bool { return body["status"] == "OTP_REQUIRED" && do(body) }), all...)
	}
	return in("flows",
		remembering("flow-device-selection-first", "a flow has a device selected before it waits for a passcode", "the device policy decides, and that of the environment may be any", pageSelect, selectionFirst),
		otherwise("flow-another-session-when-complete", "session.id is another one once the sign-on is complete", "present once a session is bound; that it stays is not said", pageFlows,
			completed(func(body object) bool {
				session := sub(body, "session")
				if session != nil {
					session["id"] = someID
				}
				return session != nil
			})),
		otherwise("flow-completed-without-session", "a completed flow shows no session", "an example of 2018 has none", pagePassword, completed(drops("", "session"))),
		otherwise("flow-completed-without-application", "a completed flow does not name its application", "an example of 2018 does not", pagePassword, completed(drops("_embedded", "application"))),
		otherwise("flow-otp-without-selected-device", "a flow that wants a passcode does not say where it went", "the pages name the otp.check link only", pageOTP, waiting(drops("", "selectedDevice"))),
		otherwise("flow-otp-without-device-select", "a flow that wants a passcode has no link to select a device", "the pages name the otp.check link only", pageOTP, waiting(drops("_links", "device.select"))),
		otherwise("flow-otp-without-bypass", "a flow that wants a passcode does not say whether it may be skipped", "bypassAllowed stands in examples", pageMFAOnly, waiting(drops("", "bypassAllowed"))),
		otherwise("flow-devices-in-another-order", "the devices of a flow come in another order", "the order is not said", pageSelect, set("_embedded", "devices", reversed, all...)),
		otherwise("flow-devices-show-less", "devices in a flow show id, type and masked address only", "what else they show comes from clients", pageSample, on(edit(func(_ *wire.Call, body object) bool {
			devices, _ := sub(body, "_embedded")["devices"].([]any)
			for _, device := range devices {
				if d, isObject := device.(object); isObject {
					delete(d, "status")
					delete(d, "userRetries")
				}
			}
			return len(devices) > 0
		}), all...)),
		otherwise("flow-without-sign-on-page", "a flow does not link the sign-on page", "the link stands in one example", pageSession, without("_links", []string{"signOnPage"}, all...)),
		otherwise("flow-action-without-environment", "a flow names its environment when it is read, not when it is acted on", "the pages show it in reads", pageFlowActions, whenActing(without("", []string{"environment"}))),
		otherwise("flow-user-without-name", "a flow shows id and username of the person only", "the name stands in examples", pageFlows, without("_embedded/user", []string{"name"}, all...)),
		otherwise("flow-without-methods", "a completed flow does not say how the person signed on", "authenticationMethods stands in one source", pageFlows, without("", []string{"authenticationMethods"}, all...)),
		otherwise("flow-with-more-members", "a flow shows its type and more", "members may be added", pageCompatibility, with(object{"flowType": "AUTHORIZATION", "deviceProfile": object{"status": "NONE"}}, all...)),
		otherwise("flow-attributes-by-name", "a prompt names its attributes by name only", "clients read name", pageProfiling, on(edit(attributesBy("name", "schemaPropertyName")), all...)),
		otherwise("flow-attributes-by-schema-property", "a prompt names its attributes by schemaPropertyName only", "the page's table has schemaPropertyName", pageProfiling, on(edit(attributesBy("schemaPropertyName", "name")), all...)),
		otherwise("redirect-303", "redirects are 303", "RFC 9110 has both, and the pages show one", rfcRedirects, redirecting(func(a *wire.Answer) {
			if a.Status == http.StatusFound {
				a.Status = http.StatusSeeOther
			}
		})),
		otherwise("redirect-with-more-parameters", "redirects carry the issuer and a session state as well", "unknown parameters are ignored", rfcRedirect, func(call *wire.Call, a *wire.Answer) {
			if strings.Contains(a.Header.Get("Location"), "#") {
				return // what is answered stands in the fragment
			}
			redirecting(wire.InQuery(func(query url.Values) {
				query.Set("iss", call.Origin+"/"+call.Path["envID"]+"/as")
				query.Set("session_state", "1.2")
			}))(call, a)
		}),
		otherwise("resume-with-more-members", "a resumed flow shows more than the code", "members may be added", pageResume, with(object{"flowResult": "SUCCESS"}, "resume")),
	)
}

// selectionFirst shows a flow that waits for a passcode as one that has a device to be selected, until one was.
func selectionFirst() parts {
	var mu sync.Mutex
	selected := map[string]bool{}
	return parts{after: on(edit(func(call *wire.Call, body object) bool {
		mu.Lock()
		defer mu.Unlock()
		id, _ := body["id"].(string)
		if call.Operation == "flow.device.select" {
			selected[id] = true
		}
		if selected[id] || body["status"] != "OTP_REQUIRED" {
			return false
		}
		body["status"] = "DEVICE_SELECTION_REQUIRED"
		delete(sub(body, "_links"), "otp.check")
		delete(body, "selectedDevice")
		delete(body, "test")
		return true
	}), "flow.", "authorize", "authorize.post", "resume")}
}

// drops takes a member out of a body, or of the object at path.
func drops(path, member string) func(object) bool {
	return func(body object) bool {
		if path != "" {
			body = sub(body, path)
		}
		_, there := body[member]
		delete(body, member)
		return there
	}
}

// whenActing limits a change to answers of actions.
func whenActing(do change) change {
	return func(call *wire.Call, a *wire.Answer) {
		if strings.HasPrefix(call.Operation, "flow.") && call.Operation != "flow.read" {
			do(call, a)
		}
	}
}

// attributesBy leaves a prompt's attributes one of their two names, where they have both.
func attributesBy(kept, gone string) func(*wire.Call, object) bool {
	return func(_ *wire.Call, body object) bool {
		changed := false
		attributes, _ := sub(body, "_embedded")["attributes"].([]any)
		for _, attribute := range attributes {
			if a, isObject := attribute.(object); isObject && a[kept] != nil && a[gone] != nil {
				delete(a, gone)
				changed = true
			}
		}
		return changed
	}
}

// redirecting limits a change to redirects.
func redirecting(do func(*wire.Answer)) change {
	return func(_ *wire.Call, a *wire.Answer) {
		if a.Status >= 300 && a.Status < 400 && a.Header.Get("Location") != "" {
			do(a)
		}
	}
}

// cookies vary those of a browser's session.
func cookies() []Variation {
	return in("cookies",
		remembering("cookie-first-with-credentials", "the session cookie is first set when a factor is proven", "by the example the password's answer sets it, in reports authorize does", pageSession, cookieLater),
		otherwise("cookie-for-all-paths", "cookies belong to the path /", "an example has the environment's path, reports have this", pageSession, onCookies(func(call *wire.Call, cookie string) string {
			return strings.Replace(cookie, "Path=/"+call.Path["envID"]+";", "Path=/;", 1)
		})),
		otherwise("cookie-of-a-session", "cookies end with the browser: no Max-Age, no Expires", "attributes other than the example's are not excluded", rfcCookies, onCookies(func(_ *wire.Call, cookie string) string {
			var kept []string
			for _, attribute := range strings.Split(cookie, "; ") {
				if !strings.HasPrefix(attribute, "Max-Age") && !strings.HasPrefix(attribute, "Expires") {
					kept = append(kept, attribute)
				}
			}
			return strings.Join(kept, "; ")
		})),
		otherwise("cookie-among-others", "a load balancer sets cookies of its own", "cookies may be added", rfcCookies, func(call *wire.Call, a *wire.Answer) {
			if named(call.Operation, []string{"authorize", "authorize.post", "flow."}) && a.Header != nil {
				a.Header.Add("Set-Cookie", "AWSALB=c29tZXdoZXJl; Path=/")
			}
		}),
	)
}

func onCookies(do func(*wire.Call, string) string) change {
	return func(call *wire.Call, a *wire.Answer) {
		for i, cookie := range a.Header["Set-Cookie"] {
			a.Header["Set-Cookie"][i] = do(call, cookie)
		}
	}
}

// cookieLater keeps the cookies that authorize sets for a new browser until the
// flow's first factor is proven, and stands in for the browser meanwhile.
func cookieLater() parts {
	var mu sync.Mutex
	kept := map[string]string{} // by flow: the Cookie header that the browser would send
	return parts{
		before: func(call *wire.Call) (*wire.Answer, bool) {
			mu.Lock()
			defer mu.Unlock()
			id := call.Path["flowID"]
			if call.Operation == "signOnPage" {
				id = call.URL.Query().Get("flowId")
			}
			cookie := kept[id]
			if cookie == "" || id == "" || strings.Contains(call.Header.Get("Cookie"), "ST=") {
				return nil, false
			}
			call.Header = call.Header.Clone()
			call.Header.Set("Cookie", cookie)
			return nil, true
		},
		after: func(call *wire.Call, a *wire.Answer) {
			if len(a.Header["Set-Cookie"]) == 0 {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			switch flow := startedFlow(a); {
			case strings.HasPrefix(call.Operation, "flow."):
				delete(kept, call.Path["flowID"])
			case strings.HasPrefix(call.Operation, "authorize") && flow != "" && !strings.Contains(call.Header.Get("Cookie"), "ST="):
				var pairs []string
				for _, cookie := range a.Header["Set-Cookie"] {
					pair, _, _ := strings.Cut(cookie, ";")
					pairs = append(pairs, pair)
				}
				kept[flow] = strings.Join(pairs, "; ")
				a.Header.Del("Set-Cookie")
			}
		},
	}
}

// startedFlow is the id of the flow that authorize has started.
func startedFlow(a *wire.Answer) string {
	if to, err := url.Parse(a.Header.Get("Location")); err == nil && a.Status >= 300 {
		return to.Query().Get("flowId")
	}
	body := decoded(a.Body)
	id, _ := body["id"].(string)
	if body["status"] == nil {
		return ""
	}
	return id
}
