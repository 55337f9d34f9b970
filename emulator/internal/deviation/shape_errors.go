package deviation

import (
	"net/http"

	"pingone-conformance/emulator/internal/wire"
)

// errorShapes break what refusals look like.
func errorShapes() []Deviation {
	const body = "an error has id, code and message"
	// Details, their targets and inner errors may be left out, and codes may be added: neither is a deviation.
	return []Deviation{
		shape("error-code-wrong", "invalid data is answered with a code of its own", "invalid data is INVALID_DATA", pageErrors,
			onRefusal(http.StatusBadRequest, edit(func(_ *wire.Call, b object) { b["code"] = "BAD_INPUT" }))),
		shape("error-detail-code-wrong", "faults of the data all have the detail code MISSING", "each fault has a detail code of its own", pageErrors,
			onRefusal(http.StatusBadRequest, edit(inDetails("code", "MISSING")))),
		shape("error-target-wrong", "the details of a refusal name another attribute", "target names the attribute at fault", pageErrors,
			onRefusal(http.StatusBadRequest, edit(inDetails("target", "something")))),
		shape("error-id-missing", "errors have no id", body, pageErrors,
			onRefusal(http.StatusNotFound, edit(func(_ *wire.Call, b object) { delete(b, "id") }))),
		shape("error-message-missing", "errors have no message", body, pageErrors,
			onRefusal(http.StatusUnauthorized, edit(func(_ *wire.Call, b object) { delete(b, "message") }))),
		shape("error-as-text", "errors are plain text", "errors are JSON", pageErrors, onRefusal(http.StatusBadRequest, func(_ *wire.Call, a *wire.Answer) {
			*a = *wire.Text(a.Status, "text/plain;charset=UTF-8", "Bad Request")
		})),
		shape("error-with-status-200", "refused data is answered with 200 and an error body", "refusals have a status of the 4xx class", pageErrors,
			onRefusal(http.StatusBadRequest, func(_ *wire.Call, a *wire.Answer) { a.Status = http.StatusOK })),
		shape("error-with-status-500", "refused data is answered with 500", "invalid data is 400", pageErrors,
			onRefusal(http.StatusBadRequest, func(_ *wire.Call, a *wire.Answer) { a.Status = http.StatusInternalServerError })),
		shape("not-found-as-400", "what does not exist is answered with 400", "what does not exist is 404 NOT_FOUND", pageErrors,
			onRefusal(http.StatusNotFound, instead(wire.InvalidRequest()))),
		shape("unauthorized-as-404", "a call without a token is answered as if nothing were there", "a missing token is 401 ACCESS_FAILED", pageErrors,
			onRefusal(http.StatusUnauthorized, instead(wire.NotFound()))),
		shape("forbidden-as-404", "a call without a role is answered with 404", "a missing role is 403", pageErrors,
			onRefusal(http.StatusForbidden, instead(wire.NotFound()))),
		shape("passcode-error-code-wrong", "a wrong passcode is answered with UNIQUENESS_VIOLATION", "a wrong passcode is INVALID_OTP", pageOTP,
			refusing("flow.otp.check", edit(inDetails("code", "UNIQUENESS_VIOLATION")))),
		shape("password-error-code-wrong", "a wrong password is answered with OUT_OF_RANGE", "a wrong password is INVALID_VALUE", pagePassword,
			refusing("flow.usernamePassword.check", edit(inDetails("code", "OUT_OF_RANGE")))),
		shape("oauth-error-code-wrong", "the token endpoint answers every fault with invalid_request", "each fault has its own code", rfcError,
			refusing("token", edit(func(_ *wire.Call, b object) { b["error"] = "invalid_request" }))),
		shape("oauth-error-shape-wrong", "the token endpoint answers errors in the platform's shape", "errors have error and error_description", rfcError,
			refusing("token", instead(wire.InvalidRequest()))),
		shape("invalid-client-as-400", "failed client authentication is answered with 400", "invalid_client is 401", rfcError,
			refusing("token", func(_ *wire.Call, a *wire.Answer) { a.Status = http.StatusBadRequest })),
		shape("token-beside-error", "a refusal of the token endpoint holds a token", "an error gives no token", rfcError,
			refusing("token", edit(func(_ *wire.Call, b object) { b["access_token"] = "eyJhbGciOiJub25lIn0.e30.e30" }))),
	}
}

// onRefusal limits a change to refusals of one status by the management API and
// the flows; the OAuth endpoints have errors of their own.
func onRefusal(status int, do change) change {
	return func(call *wire.Call, a *wire.Answer) {
		if a.Status == status && call.Operation != "token" && call.Operation != "userinfo" {
			do(call, a)
		}
	}
}

// refusing limits a change to refusals of one operation.
func refusing(operation string, do change) change {
	return func(call *wire.Call, a *wire.Answer) {
		if a.Status >= 400 && call.Operation == operation {
			do(call, a)
		}
	}
}

func instead(p wire.Problem) change {
	return func(call *wire.Call, a *wire.Answer) { *a = *p.Answer(call.ID) }
}

func inDetails(member, value string) func(*wire.Call, object) {
	return func(_ *wire.Call, body object) {
		details, _ := body["details"].([]any)
		for _, detail := range details {
			if d, isObject := detail.(object); isObject {
				d[member] = value
			}
		}
	}
}
