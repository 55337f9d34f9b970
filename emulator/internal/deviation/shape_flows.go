package deviation

import (
	"net/http"
	"net/url"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// flowShapes break what flows, redirects and cookies look like.
func flowShapes() []Deviation {
	const always = "a flow shows id, status, resumeUrl and its times"
	return []Deviation{
		shape("flow-status-unknown", "the state OTP_REQUIRED is called OTP_NEEDED", "the states of a flow are listed", pageFlows,
			rewrite("status", func(s string) any { return strings.Replace(s, "OTP_REQUIRED", "OTP_NEEDED", 1) }, "flow.", "authorize")),
		shape("flow-status-early", "a flow that asks for a profile says COMPLETED", "a flow is COMPLETED when nothing is left to ask", pageFlows,
			rewrite("status", func(s string) any { return strings.Replace(s, "PROFILE_DATA_REQUIRED", "COMPLETED", 1) }, "flow.")),
		shape("flow-id-differs", "a flow is answered with another id", "the flow's id is that of the address", pageFlows,
			set("id", elsewhere, "flow.")),
		shape("flow-expiry-missing", "a flow does not say when it expires", always, pageFlows, drop("expiresAt", "flow.")),
		shape("flow-expired-at-birth", "a flow expires before it was created", "a flow lives for 15 minutes", pageFlows,
			set("expiresAt", "2001-01-01T00:00:00.000Z", "flow.")),
		shape("flow-resume-missing", "a flow has no resumeUrl", always, pageFlows, drop("resumeUrl", "flow.")),
		shape("flow-resume-of-another", "resumeUrl names another flow", "resumeUrl resumes this flow", pageFlows,
			rewrite("resumeUrl", func(href string) any { return href[:strings.Index(href, "=")+1] + elsewhere }, "flow.")),
		shape("flow-environment-missing", "a flow does not name its environment", "a flow that is read shows environment.id", pageFlows,
			drop("environment", "flow.read")),
		shape("flow-application-wrong", "a flow names another application", "a flow names the application that people sign on to", pageFlows,
			set("_embedded.application.name", "Another application", "flow.")),
		shape("flow-user-wrong", "a flow names another user", "a flow shows the person who signed on", pageFlows,
			set("_embedded.user.username", "somebody-else", "flow.")),
		shape("flow-session-without-id", "the session of a flow has no id", "a session shows its id", pagePassword,
			drop("session.id", "flow.")),
		shape("flow-password-link-missing", "a flow that wants a password has no link for it", "a flow links the actions it takes", pageFlowActions,
			dropLink("usernamePassword.check", "flow.")),
		shape("flow-otp-link-missing", "a flow that wants a passcode has no link for it", "a flow links the actions it takes", pageFlowActions,
			dropLink("otp.check", "flow.", "authorize")),
		shape("flow-action-link-elsewhere", "the link of a flow action leads to a path of its own", "actions go to the flow itself", pageFlowActions,
			bendLink("usernamePassword.check", func(href string) string { return href + "/usernamePassword" }, "flow.")),
		shape("flow-completed-with-action", "a completed flow still offers an action", "a completed flow takes no action", pageFlowActions,
			onSuccess(edit(offersAction), "flow.")),
		shape("flow-prompt-missing", "the prompt for profile data has no text", "the prompt shows the action's promptText", pageProfiling,
			drop("_embedded.promptText", "flow.")),
		shape("flow-attribute-wrong", "the prompt asks for another attribute", "the prompt lists the action's attributes", pageProfiling,
			onSuccess(edit(asksForAnother), "flow.")),
		shape("flow-devices-missing", "a flow that wants a passcode shows no device", "it shows the person's devices", pageMFAOnly,
			drop("_embedded.devices", "flow.", "authorize")),
		shape("flow-selected-device-unknown", "a flow selects a device that it does not offer", "selectedDevice is one of the person's devices", pageMFAOnly,
			set("selectedDevice.id", elsewhere, "flow.", "authorize")),
		shape("redirect-status-301", "authorize answers 301", "authorize answers 302", pageAuthorize,
			whenRedirecting(func(a *wire.Answer) { a.Status = http.StatusMovedPermanently }, "authorize")),
		shape("redirect-relative", "authorize redirects to an address without a host", "the redirect leads to the sign-on page", pageAuthorize,
			whenRedirecting(func(a *wire.Answer) { a.With("Location", strings.TrimPrefix(a.Header.Get("Location"), originOf(a))) }, "authorize")),
		shape("redirect-without-flow", "the redirect to the sign-on page has no flowId", "it carries the id of the flow", pageAuthorize,
			whenRedirecting(wire.InQuery(func(q url.Values) { q.Del("flowId") }), "authorize")),
		shape("redirect-without-code", "the redirect back to the application has no code", "it carries the authorization code", rfcCode,
			whenRedirecting(wire.InQuery(func(q url.Values) { q.Del("code") }), "resume")),
		shape("redirect-with-token", "the redirect back to the application carries a token beside the code", "the response type code gives a code only", rfcCode,
			whenRedirecting(wire.InQuery(func(q url.Values) { q.Set("access_token", "eyJhbGciOiJub25lIn0.e30.e30") }), "resume")),
		shape("redirect-to-another-page", "the redirect back leads to another path", "it leads to the redirect URI", rfcRedirect,
			whenRedirecting(func(a *wire.Answer) {
				a.With("Location", strings.Replace(a.Header.Get("Location"), "/callback", "/home", 1))
			}, "resume")),
		shape("pi-flow-without-code", "the resumed flow has no code", "with pi.flow the code stands in authorizeResponse", pageResume,
			drop("authorizeResponse", "resume")),
		shape("cookie-path-wrong", "the session cookie belongs to another path", "its path is the environment's", pageSession,
			onCookies("Path=/", "Path=/x")),
	}
}

func offersAction(_ *wire.Call, body object) {
	if all := links(body); body["status"] == "COMPLETED" && all != nil {
		all["otp.check"] = all["self"]
	}
}

func asksForAnother(_ *wire.Call, body object) {
	embedded, _ := body["_embedded"].(object)
	attributes, _ := embedded["attributes"].([]any)
	for _, attribute := range attributes {
		if a, isObject := attribute.(object); isObject {
			a["name"], a["schemaPropertyName"] = "nickname", "nickname"
		}
	}
}

func whenRedirecting(do func(*wire.Answer), operations ...string) change {
	return func(call *wire.Call, a *wire.Answer) {
		if a.Header.Get("Location") != "" && a.Status >= 300 && named(call.Operation, operations) {
			do(a)
		}
	}
}

func originOf(a *wire.Answer) string {
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return to.Scheme + "://" + to.Host
}

// onCookies replaces part of every cookie that an answer sets.
func onCookies(old, fresh string) change {
	return func(_ *wire.Call, a *wire.Answer) {
		for i, cookie := range a.Header["Set-Cookie"] {
			a.Header["Set-Cookie"][i] = strings.Replace(cookie, old, fresh, 1)
		}
	}
}
