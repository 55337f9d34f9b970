package deviation

import (
	"encoding/json"
	"net/http"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

func shape(name, breaks, rule, page string, change change) Deviation {
	return Deviation{Name: name, Group: Shape, Breaks: breaks, Rule: rule, Page: page, change: change}
}

// answerShapes break what every answer of the management API has: status, media
// type, ids and times.
func answerShapes() []Deviation {
	const timeRule = "times are RFC 3339 in UTC"
	return []Deviation{
		shape("create-answers-200", "creating an application answers 200", "a create answers 201", pageConventions,
			status(http.StatusOK, "application.create")),
		shape("create-answers-202", "creating a user answers 202", "a create answers 201", pageConventions,
			status(http.StatusAccepted, "user.create")),
		shape("delete-answers-200", "a deletion answers 200 with a body", "a deletion answers 204 without one", pageConventions,
			onSuccess(deletedWithBody, "assignment.delete")),
		shape("password-set-answers-204", "setting a password answers 204", "it answers 200 with the password's state", pageSetPassword,
			onSuccess(emptied, "user.password.set")),
		shape("media-type-html", "JSON comes as text/html", "answers are JSON by their media type too", pageConventions,
			onSuccess(asHTML, "signOnPolicy.create", "resource.list")),
		shape("body-cut-off", "the answer to a creation ends in the middle", "answers are JSON", pageConventions,
			onSuccess(cutOff, "population.create")),
		shape("environment-missing", "resources do not say which environment they belong to", "a to-one relation stands as an id too", pageConventions,
			drop("environment", "application.", "population.", "user.create")),
		shape("environment-wrong", "resources name another environment", "environment.id is that of the address", pageConventions,
			set("environment.id", elsewhere, "population.create")),
		shape("id-upper-case", "ids are written in upper case", "ids are lower-case UUIDs", pageConventions,
			rewrite("id", func(id string) any { return strings.ToUpper(id) }, "population.create")),
		shape("id-no-uuid", "ids are no UUIDs", "ids are lower-case UUIDs", pageConventions,
			rewrite("id", func(id string) any { return "pop_" + id[:8] }, "population.create")),
		shape("id-changes", "a user read again has another id", "the id of a resource stays the same", pageConventions,
			set("id", elsewhere, "user.read")),
		shape("created-at-changes", "a user read again was created at another time", "createdAt stays the same", pageConventions,
			set("createdAt", "2001-01-01T00:00:00.000Z", "user.read")),
		shape("time-as-number", "createdAt counts milliseconds", timeRule, pageConventions,
			set("createdAt", json.Number("1736931600000"), "application.create")),
		shape("time-without-zone", "times do not say in which zone they are", timeRule, pageConventions,
			rewrite("createdAt", func(at string) any { return strings.TrimSuffix(at, "Z") }, "population.create")),
		shape("time-in-the-future", "a user was updated in a year to come", "updatedAt tells of a change that was made", pageConventions,
			rewrite("updatedAt", func(at string) any { return "2101" + at[len("2026"):] }, "user.read")),
		shape("time-with-offset", "times have an offset instead of Z", timeRule, pageConventions,
			rewrite("updatedAt", func(at string) any { return strings.TrimSuffix(at, "Z") + "+02:00" }, "user.create")),
		shape("updated-before-created", "updatedAt lies before createdAt", "a resource is updated after it was created", pageConventions,
			set("updatedAt", "2001-01-01T00:00:00.000Z", "application.create")),
	}
}

// resourceShapes break the members that single resources have.
func resourceShapes() []Deviation {
	return []Deviation{
		shape("member-missing", "an application has no protocol", "an application shows its protocol", pageApplication,
			drop("protocol", "application.")),
		shape("account-missing", "a user has no account state", "a user shows account.status", pageUser,
			drop("account.status", "user.create", "user.read")),
		shape("flag-as-text", "enabled is the word true", "enabled is a boolean", pageApplication,
			set("enabled", "true", "application.create")),
		shape("priority-as-text", "a priority is a text", "priority is a whole number", pageAction,
			onSuccess(edit(func(_ *wire.Call, body object) {
				if n, isNumber := body["priority"].(json.Number); isNumber {
					body["priority"] = n.String()
				}
			}), "action.create")),
		shape("name-not-echoed", "a population comes back with another name", "a create answers what was sent", pageConventions,
			set("name", "Somebody else's", "population.create")),
		shape("redirect-uris-dropped", "an application comes back without its redirect URIs", "a create answers what was sent", pageApplication,
			drop("redirectUris", "application.create")),
		shape("population-not-echoed", "a user comes back in another population", "a create answers what was sent", pageUser,
			set("population.id", elsewhere, "user.create")),
		shape("prompt-not-echoed", "a progressive profiling action comes back without its attributes", "a create answers what was sent", pageProfiling,
			drop("attributes", "action.create")),
		shape("grant-scopes-missing", "a grant comes back without its scopes", "a grant shows its scopes", pageGrant,
			drop("scopes", "grant.create")),
		shape("mfa-enabled-answered-false", "switching MFA on answers false", "the answer has the new value", pageMFAEnabled,
			set("mfaEnabled", false, "user.mfaEnabled.update")),
		shape("password-status-wrong", "a password that was set is answered as missing", "its status is OK", pageSetPassword,
			set("status", "NO_PASSWORD", "user.password.set")),
		shape("device-status-wrong", "a device that an administrator adds waits for activation", "it is ACTIVE unless asked otherwise", pageDevice,
			set("status", "ACTIVATION_REQUIRED", "device.create")),
		shape("device-user-missing", "a device does not say whose it is", "a device shows its user", pageDevice,
			drop("user", "device.create")),
		shape("secret-empty", "the secret of an application is empty", "an application's secret is some text", pageApplication,
			set("secret", "", "application.secret.read")),
	}
}

func deletedWithBody(_ *wire.Call, a *wire.Answer) {
	*a = *wire.JSON(http.StatusOK, object{"deleted": true})
}

func emptied(_ *wire.Call, a *wire.Answer) { *a = *wire.Empty(http.StatusNoContent) }

func asHTML(_ *wire.Call, a *wire.Answer) { a.With("Content-Type", "text/html;charset=UTF-8") }

func cutOff(_ *wire.Call, a *wire.Answer) { a.Body = a.Body[:len(a.Body)/2] }
