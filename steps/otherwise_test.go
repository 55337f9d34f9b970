package steps_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// playWith is play against an emulator of these options, and gives back what was observed too.
func playWith(t *testing.T, o emulator.Options, lines ...string) (suite.Result, *contract.Observations) {
	t.Helper()
	text := "Feature: F\n  Scenario: S\n    " + strings.Join(lines, "\n    ") + "\n"
	seen, limit := contract.NewObservations(), time.Minute
	if len(o.Deviations) > 0 {
		limit = 2 * time.Second // some passcode may never come
	}
	results, err := suite.Run(t.Context(), suite.Options{
		Config:   config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: limit}},
		Features: fstest.MapFS{"some.feature": {Data: []byte(text)}}, Sentences: steps.All, Emulator: o, Observations: seen,
	})
	require.Len(t, results, 1, "%v", err)
	return results[0], seen
}

const (
	shop      = `Given "Example Shop" asks people for an optional mobile phone number`
	priya     = `Given Priya has an access token of the worker application`
	benPlain  = `And Ben is registered`
	askedBen  = `And Ben has been asked for a passcode by "Example Bank"`
	askedShop = `And Ben has been asked for his mobile phone number by "Example Shop"`
)

// many are so many applications beside the one that is looked for.
func many(n int) []string {
	lines := []string{priya}
	for i := range n {
		lines = append(lines, `And "Example `+string(rune('A'+i))+`" is another application`)
	}
	return append(lines, `When Priya lists the applications of the environment`, `Then the application is listed once`)
}

// otherwise are sentences, each played against an emulator that answers otherwise: within what the pages allow they
// hold, and what was seen is observed; where something is really broken besides, they still fail.
var otherwise = []struct {
	name, variation string
	lines           []string
	sees            string // what the run observes
	deviation       string // what is broken besides
	fails           string // what is said then
}{
	{
		"one application a page, more than ten pages", "list-one-application-a-page", many(13), "", "", "",
	},
	{
		"an application that is listed late", "list-application-late", many(1), "something new in the list of applications: seen late", "", "",
	},
	{
		"texts with escapes in what is kept", "texts-with-escapes",
		[]string{priya, `And Priya has everything that a population needs`, `And Priya has created a population`, `When Priya reads back what she has created`, `Then it is kept as it was sent`}, "", "", "",
	},
	{
		"texts with escapes in a profile", "texts-with-escapes",
		[]string{
			priya, `And Ben is registered with MFA but without a device`, `When Priya reads the user Ben`, `Then nothing else in the profile of Ben has changed`,
		}, "", "", "",
	},
	{
		"texts with escapes in refusals", "texts-with-escapes",
		[]string{
			shop, benPlain, `And Ben has begun to sign on to "Example Shop"`, `When Ben tries a wrong password`, `And Ben tries a username that nobody has`,
			`Then PingOne refuses the credentials`, `And PingOne refuses both alike`,
		}, "", "unknown-username-in-other-words", `[{"code":"INVALID_VALUE","message":"There is no such user.","target":"username"}]`,
	},
	{
		"media types in capitals", "media-type-in-capitals",
		[]string{
			shop, benPlain, `And Ben has begun to sign on to "Example Shop"`, `When Ben tries a wrong password`, `And Ben tries a username that nobody has`,
			`Then PingOne refuses the credentials`, `And PingOne refuses both alike`,
		}, "", "", "",
	},
	{
		"one person a page", "list-one-user-a-page",
		[]string{priya, benPlain, `When Priya looks for the user Ben by his username`, `Then Ben is found and nobody else`}, "", "", "",
	},
	{
		"a page too much of a list that is filtered", "list-ends-in-an-empty-page",
		[]string{priya, benPlain, `And Anna is registered`, `When Priya looks for the user Ben by his username`, `Then Ben is found and nobody else`},
		"", "filter-ignored", "the filter by username: wanted username",
	},
	{
		"people in a list who link themselves only", "list-users-link-themselves-only",
		[]string{priya, benPlain, `When Priya looks for the user Ben by his username`, `Then Ben is found and nobody else`},
		"/_embedded/users/*/_links/population", "", "",
	},
	{
		"MFA that is switched on with 204", "mfa-enabled-204",
		[]string{shop, benPlain, `When Priya enables MFA for Ben`, `Then MFA is enabled for Ben`},
		"Update MFA Enabled 204", "mfa-enabled-not-stored", `mfaEnabled of Ben: wanted "true", got "false"`,
	},
	{
		"MFA that is switched off with 204", "mfa-enabled-204",
		[]string{
			bank, `And Ben is registered with an MFA device, but without MFA`, `And Ben has begun to sign on to "Example Bank"`,
			`When Ben tries his own password`, `Then PingOne does not ask for a passcode`,
		}, "Update MFA Enabled 204", "mfa-switch-ignored", "no question for a passcode",
	},
	{
		"a user who is old for a moment", "user-read-late",
		[]string{shop, benPlain, askedShop, `When Ben gives the mobile phone number "+1.5125550123"`, `And Priya reads the user Ben`, `Then the mobile phone number of Ben is "+1.5125550123"`},
		"a number that was given, in the user: seen late", "profile-not-stored", `the mobile phone number of Ben: wanted "+1.5125550123", got ""`,
	},
	{
		"a number that is spelled otherwise", "user-phone-spelled-otherwise",
		[]string{shop, benPlain, askedShop, `When Ben gives the mobile phone number "+1.5125550123"`, `And Priya reads the user Ben`, `Then the mobile phone number of Ben is "+1.5125550123"`},
		"the spelling of a mobile phone number: other than given", "", "",
	},
	{
		"a cookie that comes with the password", "cookie-first-with-credentials",
		[]string{
			shop, benPlain, `And Ben has begun to sign on to "Example Shop"`, `When Ben tries his own password in a browser without cookies`,
			`Then PingOne refuses the flow action`, `And the flow has not gone on`,
		}, "an action of a flow that has set no cookie yet: taken from any browser", "", "",
	},
	{
		"a cookie that came with the password", "cookie-first-with-credentials",
		[]string{bank, ben, askedBen, `When Ben tries his own passcode in a browser without cookies`, `Then PingOne refuses the flow action`, `And no sign-on has been completed`},
		"set first by Check Username and Password", "cookie-not-required", "a flow action that may not be taken: wanted a refusal",
	},
	{
		"an MFA action that wants a device policy", "mfa-action-needs-device-policy", []string{bank, ben, askedBen, `When Ben submits the passcode`, `Then sign-on is complete`},
		"an MFA action without deviceAuthenticationPolicy.id: refused: created with the environment's default device policy", "", "",
	},
	{
		"a flow that does not say where the passcode went", "flow-otp-without-selected-device",
		[]string{bank, ben, askedBen, `Then the passcode went to the device registered for Ben`, `When Ben submits the passcode`, `Then sign-on is complete`},
		"to which device a passcode went: the flow does not say; it offers the device, and the passcode was read from it", "passcode-not-sent", "get the passcode of Ben",
	},
	{
		"a flow that does not say to which of two devices it went", "flow-otp-without-selected-device",
		[]string{
			bank, ben, `And Ben has another MFA device, for text messages`, askedBen, `When Ben chooses his other device`,
			`Then the passcode went to the other device of Ben`, `When Ben submits the passcode`, `Then sign-on is complete`,
		}, "to which device a passcode went", "device-choice-ignored", "get the passcode of Ben",
	},
	{
		"a flow in which a device is selected first", "flow-device-selection-first",
		[]string{
			bank, ben, `And Ben has begun to sign on to "Example Bank"`,
			`When Ben submits his username and password`, `Then PingOne asks Ben for a passcode before sign-on completes`, `When Ben submits the passcode`, `Then sign-on is complete`,
		}, "where a passcode goes: the device policy has people select a device first", "", "",
	},
	{
		"a password policy that locks later", "password-policy-locks-after-seven",
		[]string{
			shop, benPlain, `And Ben has begun to sign on to "Example Shop"`, `When Ben tries a wrong password as often as the password policy allows`, `And Ben tries his own password`,
			`Then PingOne refuses the credentials`,
		}, "", "password-lockout-off", "a sign-on with wrong credentials",
	},
	{
		"a device policy that allows more wrong passcodes", "device-policy-allows-five-passcodes",
		[]string{
			bank, ben, askedBen, `When Ben tries a wrong passcode as often as the device policy allows`, `And Ben tries his own passcode`, `Then PingOne takes no more passcodes`,
		}, "a passcode after too many wrong ones", "passcode-failures-not-counted", "a passcode that is not right",
	},
	{
		"a flow without a link to select a device", "flow-otp-without-device-select",
		[]string{bank, ben, `And Ben has another MFA device, for text messages`, askedBen, `When Ben chooses his other device`, `Then the passcode went to the other device of Ben`},
		"/_links/device.select", "", "",
	},
	{
		"an EC key beside the RSA key", "keys-with-an-ec-key",
		[]string{
			bank, ben, `And Ben has signed on to "Example Bank"`, `When "Example Bank" exchanges the code for tokens`, `Then the ID token proves to "Example Bank" that Ben signed on`,
		}, "", "id-token-foreign-key", "the ID token does not hold",
	},
	{
		"a key of a kind to come", "keys-of-a-kind-to-come",
		[]string{
			bank, ben, `And Ben has signed on to "Example Bank"`, `When "Example Bank" exchanges the code for tokens`, `Then the ID token proves to "Example Bank" that Ben signed on`,
		}, "", "keys-empty", "one that can be read",
	},
	{
		"403 for a call without a token", "unauthorized-as-403",
		[]string{priya, `When Priya tries to create an application with no access token`, `Then PingOne refuses the call as unauthorized`},
		"a call without a usable token: 403 ACCESS_FAILED", "bearer-not-required", "want a refusal: the call carries no bearer token",
	},
	{
		"422 for data that is not valid", "invalid-data-as-422",
		[]string{`Given Priya has everything that a population needs`, `When Priya tries to create a population without name`, `Then PingOne refuses the data because of name`},
		"422", "required-not-checked", "want a refusal: the request has no /name",
	},
	{
		"a list that nobody reached at first, before a creation is tried", "busy-with-502",
		[]string{`Given Priya has everything that an application needs`, `When Priya tries to create an application without name`, `Then PingOne refuses the data because of name`, `And nothing was created`},
		"", "required-not-checked", "want a refusal: the request has no /name",
	},
	{
		"the state of a password that is not found at first", "known-late",
		[]string{priya, benPlain, `When Priya tries to set the password of Ben to "wrong"`, `Then PingOne refuses the data`, `And Ben still has the password that was set`},
		"", "", "",
	},
	{
		"an action that is not found at first", "known-late",
		[]string{`Given Priya has everything that a login action needs`, `And Priya has created a login action`, `When Priya tries to delete the login action`, `Then PingOne refuses to delete the last action`, `And the login action is still there`},
		"", "refused-action-deleted", "read the login action after the refusal",
	},
	{
		"a request without a redirect URI that is called incomplete", "token-request-incomplete",
		[]string{bank, ben, `And Ben has signed on to "Example Bank"`, `When "Example Bank" tries to exchange the code with no redirect URI`, `Then the token endpoint refuses with "invalid_grant"`},
		"what is missing at the token endpoint", "code-redirect-uri-missing-taken", "want a refusal",
	},
	{
		"410 for a flow that never was", "flow-gone-as-410",
		[]string{shop, benPlain, `And Ben has begun to sign on to "Example Shop"`, `When Ben's browser tries to get a flow that does not exist`, `Then PingOne does not know the flow`},
		"410", "", "",
	},
}

func TestWhatThePagesAllowHolds(t *testing.T) {
	for _, row := range otherwise {
		t.Run(row.name, func(t *testing.T) {
			var changed atomic.Bool
			result, seen := playWith(t, emulator.Options{Variations: []string{row.variation}, Varied: func(string) { changed.Store(true) }}, row.lines...)
			require.NoError(t, result.Err)
			require.True(t, changed.Load(), "the emulator answered as always")
			var text strings.Builder
			seen.Print(&text)
			require.Contains(t, text.String(), row.sees)
		})
	}
}

func TestWhatIsReallyBrokenFailsAllTheSame(t *testing.T) {
	for _, row := range otherwise {
		if row.deviation == "" {
			continue
		}
		t.Run(row.name+", and "+row.deviation, func(t *testing.T) {
			result, _ := playWith(t, emulator.Options{Variations: []string{row.variation}, Deviations: []string{row.deviation}}, row.lines...)
			require.ErrorContains(t, result.Err, row.fails)
		})
	}
}
