package deviation

import "pingone-conformance/emulator/internal/flow"

// semantics deviations do something else than what was configured or asked for.
// They override decisions.
func semantics() []Deviation {
	other := func(name, breaks, rule, page string) Deviation {
		return Deviation{Name: name, Group: Semantics, Breaks: breaks, Rule: rule, Page: page}
	}
	return []Deviation{
		// Policies.
		other("policy-order-ignored", "the actions of a policy run from the last to the first", "the action with the lowest priority runs first", pageAction).by(reversed),
		other("assignment-ignored", "every application runs the environment's default policy", "an application runs the policy assigned to it", pageAssignment).by(nothingAssigned),
		other("profiling-skipped", "progressive profiling never asks", "what the profile lacks is asked for", pageProfiling).by(noProfiling),
		other("grant-ignored", "a grant gives no scope", "an application gets the scopes that it was granted", pageGrant).by(nothingGranted),
		other("method-flags-ignored", "an MFA action takes every kind of device, whatever its flags say", "an action takes the kinds that it switches on", pageAction).by(everyType),
		other("device-policy-ignored", "an MFA action that names a device policy runs under the default one", "deviceAuthenticationPolicy decides", pageAction).by(defaultDevicePolicy),

		// Progressive profiling.
		other("profile-not-stored", "the answer to the prompt is not kept", "the attribute is stored in the user's record", pageUpdate).by(nothingStored),
		other("profile-overwrites", "the answer to the prompt takes the rest of the profile's name with it", "nothing else in the profile changes", pageUpdate).by(nameLost),
		other("profile-not-validated", "the prompt takes a telephone number without a digit", "attributes follow the rules of the user resource", pageUpdate).by(anyAttribute),
		other("interval-ignored", "the prompt comes back at every sign-on", "nobody is asked twice within promptIntervalSeconds", pageProfiling).by(neverSpared),
		other("interval-endless", "the prompt never comes back", "after promptIntervalSeconds the prompt comes again", pageProfiling).by(alwaysSpared),
		other("known-attribute-asked", "the prompt asks for what the profile already holds", "only what is missing is asked for", pageProfiling).by(nothingKnown),
		other("required-skippable", "a required attribute may be left out", "a required attribute has to be given", pageProfiling).by(requiredOptional),
		other("optional-not-skippable", "an optional attribute has to be given", "an optional attribute may be skipped", pageProfiling).by(optionalRequired),

		// Flows.
		other("flow-never-expires", "a flow waits for ever", "a flow lives for 15 minutes after the latest call", pageFlows).by(keptForever),
		other("flow-does-not-slide", "a flow ends 15 minutes after it began, whatever happens", "a flow lives for 15 minutes after the latest call", pageFlows).by(fixedDeadline),
		other("wrong-password-ends-flow", "one wrong password ends the flow", "a wrong password may be followed by the right one", pagePassword).by(endedBy(flow.CheckPassword)),
		other("wrong-passcode-ends-flow", "one wrong passcode ends the flow", "the device policy allows some failures", pageOTP).by(endedBy(flow.CheckPasscode)),
		other("unknown-username-told", "an unknown username is answered with 404", "an unknown username is refused like a wrong password", pagePassword).by(nobodyNotFound),
		other("plain-json-taken", "a flow takes a passcode as application/json", "the media type selects the action", pageFlowActions).by(passcodeAsDefault),
		other("authorize-post-ignored", "authorize answers 405 to a form", "authorize takes GET and POST", pageAuthorize).by(noForm),
		other("pi-flow-ignored", "response_mode=pi.flow is answered with a redirect", "pi.flow is answered with the flow", pageFlowModes).by(noFlow),

		// MFA.
		other("mfa-enabled-not-stored", "switching MFA on changes nothing", "MFA is on from then on", pageMFAEnabled).by(mfaLost),
		other("mfa-switch-ignored", "people with MFA off are asked for a passcode", "mfaEnabled decides", pageMFAEnabled).by(mfaForAll),
		other("device-choice-ignored", "the passcode goes to the first device, whichever was chosen", "the passcode goes to the device that was selected", pageSelect).by(firstDevice),
		other("passcode-not-sent", "no passcode is sent", "selecting a device sends a passcode", pageSelect).by(nothingSent),
		other("no-device-passes", "a person without a device passes MFA", "without a device there is no sign-on, unless BYPASS says so", pageAction).by(everybodyExcused),
		other("hint-asks-for-password", "a hinted person is asked for a password as well", "a policy of MFA alone asks for nothing else", pageMFAOnly).by(passwordForHinted),
		other("hint-username-unknown", "a login hint token may not name a username", "sub is a user id or a username", pageHint).by(usernameUnknown),
		other("hint-of-own-application-only", "only the application that signs people on may sign hints", "any enabled application of the environment may", pageHint).by(ownHintsOnly),
		other("methods-missing", "the ID token does not say how the person signed on", "amr lists the methods used", pageClaims).by(idClaims(noMethods)),
		other("methods-wrong", "the ID token says that a password was used, always", "amr lists the methods used", pageClaims).by(idClaims(wrongMethods)),

		// Administration.
		other("required-not-checked", "things are created without what they need", "a missing required attribute is refused", pageErrors).by(overlooked("REQUIRED_VALUE")),
		other("range-not-checked", "a priority of 0 is taken", "a priority is 1 or more", pageAction).by(overlooked("OUT_OF_RANGE")),
		other("fraction-truncated", "a priority of 1.5 is taken for 1", "a priority is a whole number", pageErrors).by(fractionsWhole),
		other("same-name-accepted", "a name may be taken twice", "names are unique in an environment", pageErrors).by(overlooked("UNIQUENESS_VIOLATION")),
		other("delete-does-nothing", "a deletion answers 204 and deletes nothing", "what was deleted is gone", pageConventions).by(nothingDeleted),
		other("last-action-deletable", "the last action of a policy may be deleted", "a policy keeps at least one action", pageAction).by(emptyPolicy),
		other("patch-does-nothing", "a change of a user is answered and not kept", "PATCH merges the change into the resource", pageConventions).by(changeLost),
		other("password-not-stored", "a password that is set is not kept", "it is in force from then on", pageSetPassword).by(passwordLost),
		other("filter-ignored", "a list answers everything, whatever the filter says", "filter selects", pageRequests).by(without("filter")),
		other("limit-ignored", "a list answers everything on one page, whatever the limit says", "limit is the size of a page", pageRequests).by(without("limit")),
	}
}
