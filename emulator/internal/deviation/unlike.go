package deviation

import (
	"net/http"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/wire"
)

// unlike refuse for another reason than the one that there is.
func unlike() []Deviation {
	const code = "the code says why a call is refused"
	nobody := func(name, breaks, errorCode, target, message string) Deviation {
		return insecure(name, breaks, "an unknown username is refused like a wrong password", pagePassword).by(func(d *Decisions) {
			d.Flow.NobodyNamed = func() *flow.Refusal {
				return &flow.Refusal{Kind: flow.Invalid, Details: []flow.Detail{{Code: errorCode, Target: target, Message: message}}}
			}
		})
	}
	const words = "Invalid username and/or password."
	return []Deviation{
		nobody("unknown-username-in-other-words", "an unknown username is refused in other words than a wrong password", "INVALID_VALUE", "username", "There is no such user."),
		nobody("unknown-username-by-another-code", "an unknown username is refused with another code than a wrong password", "INVALID_CREDENTIALS", "username", words),
		nobody("unknown-username-by-another-target", "an unknown username is refused for another target than a wrong password", "INVALID_VALUE", "password", words),
		shape("missing-as-out-of-range", "what is missing is refused as out of range", code, pageErrors,
			onRefusal(http.StatusBadRequest, edit(codeInstead("REQUIRED_VALUE", "OUT_OF_RANGE")))),
		shape("out-of-range-as-missing", "what is out of range is refused as missing", code, pageErrors,
			onRefusal(http.StatusBadRequest, edit(codeInstead("OUT_OF_RANGE", "REQUIRED_VALUE")))),
		shape("last-action-not-found", "the deletion of a policy's last action is refused as if it were not there", code, pageAction, refusing("action.delete", instead(wire.NotFound()))),
		shape("plain-password-unauthorized", "a password without its media type is refused as if there were no token", code, pageSetPassword,
			func(call *wire.Call, a *wire.Answer) {
				if a.Status == http.StatusUnsupportedMediaType && call.Method == http.MethodPut {
					instead(wire.AccessFailed())(call, a)
				}
			}),
		shape("profile-data-not-found", "profile data that is not valid is refused as if the flow were not there", code, pageUpdate, refusing("flow.user.update", instead(wire.NotFound()))),
		shape("profile-data-for-another-attribute", "profile data that is not valid is refused because of another attribute", "a target names what is wrong", pageUpdate,
			refusing("flow.user.update", edit(inDetails("target", "nickname")))),
		shape("cookieless-as-invalid-data", "a flow action without cookies is refused as invalid data", code, pageSession, func(call *wire.Call, a *wire.Answer) {
			if a.Status == http.StatusUnauthorized && named(call.Operation, []string{"flow."}) {
				instead(wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Target: "otp", Message: "The passcode is not valid."}))(call, a)
			}
		}),
		shape("plain-json-as-no-access", "a flow action without its media type is refused as if the cookies were missing", code, pageFlowActions, func(call *wire.Call, a *wire.Answer) {
			if a.Status == http.StatusUnsupportedMediaType && named(call.Operation, []string{"flow."}) {
				instead(wire.AccessFailed())(call, a)
			}
		}),
		shape("error-id-repeated", "all errors have one id", "an error has an id of its own", pageErrors,
			func(call *wire.Call, a *wire.Answer) {
				if a.Status >= http.StatusBadRequest {
					edit(func(_ *wire.Call, body object) {
						if body["id"] != nil {
							body["id"] = elsewhere
						}
					})(call, a)
				}
			}),
	}
}

func codeInstead(old, fresh string) func(*wire.Call, object) {
	return func(_ *wire.Call, body object) {
		details, _ := body["details"].([]any)
		for _, detail := range details {
			if d, isObject := detail.(object); isObject && d["code"] == old {
				d["code"] = fresh
			}
		}
	}
}
