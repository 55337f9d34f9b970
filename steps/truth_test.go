package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The worlds of these tests, one line a sentence.
var (
	shopOfAnna = []string{
		`Given "Example Shop" asks people for an optional mobile phone number`,
		`And Anna is registered`,
	}
	bankOfAnna = []string{
		`Given "Example Bank" asks people for a password and a passcode`,
		`And Anna is registered with an MFA device`,
	}
	courierOfAnna = []string{
		`Given "Example Courier" sends people a passcode and nothing else`,
		`And Anna is registered with a text message device`,
	}
)

func after(world []string, lines ...string) []string {
	return append(append([]string{}, world...), lines...)
}

// TestWhatIsNoLongerSoFails plays Thens that were true once, and are not now.
func TestWhatIsNoLongerSoFails(t *testing.T) {
	rows := map[string]struct {
		lines []string
		says  string
	}{
		"no number, of somebody who has given one since": {
			after(shopOfAnna, `And Anna has given her mobile phone number to "Example Shop"`, `Then Anna has no mobile phone number`),
			"the profile of Anna may have changed since it was read: an earlier sentence has to read the user",
		},
		"an unchanged profile, though something was given since": {
			after(shopOfAnna, `And Anna has been asked for her mobile phone number by "Example Shop"`, `And Priya has removed the mobile phone number of Anna`,
				`When Anna gives the mobile phone number "+1.5125550123"`, `Then nothing else in the profile of Anna has changed`),
			"the profile of Anna may have changed since it was read",
		},
		"a number of before": {
			after(shopOfAnna, `And Anna has given her mobile phone number to "Example Shop"`, `When Priya reads the user Anna`,
				`And Anna asks to sign on to "Example Shop"`, `Then the mobile phone number of Anna is "+1.5125550199"`),
			`wanted "+1.5125550199", got "+1.5125550123"`,
		},
		"nothing comes out of a sign-on that was complete": {
			after(bankOfAnna, `And Anna has signed on to "Example Bank"`, `Then nothing comes out in the name of Anna`),
			"whom the access token is about: wanted anybody but Anna",
		},
		"nothing comes out though tokens are there": {
			after(bankOfAnna, `And Anna has signed on to "Example Bank"`, `When "Example Bank" exchanges the code for tokens`, `Then nothing comes out in the name of Anna`),
			"whom the access token is about: wanted anybody but Anna",
		},
		"nothing comes out of a flow that only has to be resumed": {
			after(shopOfAnna, `And Anna has given her mobile phone number to "Example Shop"`, `Then nothing comes out in the name of Anna`),
			"whom the access token is about: wanted anybody but Anna",
		},
		"no question for a passcode after it was answered": {
			after(bankOfAnna, `And Anna has signed on to "Example Bank"`, `Then PingOne does not ask for a passcode`),
			"wanted no question for a passcode, got one before this answer",
		},
		"no question for a passcode after a wrong answer": {
			after(bankOfAnna, `And Anna has been asked for a passcode by "Example Bank"`, `When Anna tries a wrong passcode`, `Then PingOne does not ask for a passcode`),
			"wanted no question for a passcode, got one before this answer",
		},
		"no further, though the profile is asked for": {
			after(shopOfAnna, `And Anna has been asked for her mobile phone number by "Example Shop"`, `Then sign-on goes no further`),
			"wanted no way on, got PROFILE_DATA_REQUIRED",
		},
		"a code after the sign-on was begun anew": {
			after(bankOfAnna, `And Anna has signed on to "Example Bank"`, `And Anna has begun to sign on to "Example Bank" in another browser`,
				`Then "Example Bank" receives an authorization code`),
			"nobody has resumed an authorization for Example Bank since somebody last asked to sign on to it: an earlier sentence has to",
		},
		"a masked address after the sign-on was begun anew": {
			after(courierOfAnna, `And Anna has signed on to "Example Courier" with a login hint token`,
				`When "Example Courier" tries a sign-on for Anna in the browser of Anna`, `Then the address of the device is masked`),
			"Anna has no flow: an earlier sentence has to start one",
		},
		"a flow that a refusal did not start": {
			after(courierOfAnna, `When "Example Courier" tries a login hint token for Anna that has expired`, `And Anna's browser gets the flow`),
			"the answer to the authorization request: wanted one that starts a flow, got 400",
		},
		"a question for a passcode in nobody's request": {
			after(courierOfAnna, `And Anna has been asked for a passcode by "Example Courier" with a login hint token`, `Then no flow is waiting for a passcode of Anna`),
			"the sign-on of Anna: wanted no flow that goes on, got OTP_REQUIRED",
		},
		"a fault of an earlier request": {
			after(courierOfAnna, `When "Example Courier" tries a login hint token for Anna that has expired`, `Then no flow is waiting for a passcode of Anna`,
				`When "Example Courier" starts a sign-on for Anna with a login hint token`, `Then no flow is waiting for a passcode of Anna`),
			"the sign-on of Anna: wanted no flow that goes on, got OTP_REQUIRED",
		},
	}
	scenarios := map[string][]string{}
	for name, row := range rows {
		scenarios[name] = row.lines
	}
	for name, err := range each(t, scenarios) {
		t.Run(name, func(t *testing.T) { require.ErrorContains(t, err, rows[name].says) })
	}
}

// TestWhatIsStillSoPasses plays Thens after more has happened than they speak of.
func TestWhatIsStillSoPasses(t *testing.T) {
	for name, err := range each(t, map[string][]string{
		"tokens of which the application has some": after(bankOfAnna, `And Anna has signed on to "Example Bank"`,
			`When "Example Bank" exchanges the code for tokens`, `Then no token of "Example Bank" holds the scope "p1:read:user"`),
		"tokens for which the code is there": after(bankOfAnna, `And Anna has signed on to "Example Bank"`,
			`Then no token of "Example Bank" holds the scope "p1:read:user"`, `And "Example Bank" holds an access token for Anna`),
		"tokens of a sign-on before": after(bankOfAnna, `And Anna has signed on to "Example Bank"`, `When "Example Bank" exchanges the code for tokens`,
			`And Anna asks to sign on to "Example Bank"`, `Then the ID token proves to "Example Bank" that Anna signed on`),
		"a code without a verifier after one with": after(shopOfAnna, `And Anna has signed on to "Example Shop" with PKCE`,
			`And Anna has signed on to "Example Shop"`, `When "Example Shop" exchanges the code for tokens`, `Then "Example Shop" holds an access token for Anna`),
		"a code with a verifier after one without": after(shopOfAnna, `And Anna has signed on to "Example Shop"`,
			`And Anna has signed on to "Example Shop" with PKCE`, `When "Example Shop" exchanges the code for tokens`, `Then "Example Shop" holds an access token for Anna`),
		"whatever comes out, also from a resumed flow": after(bankOfAnna, `And Anna has signed on to "Example Bank"`, `Then whatever comes out is in the name of Anna`),
		"a number that was read again": after(shopOfAnna, `And Anna has given her mobile phone number to "Example Shop"`, `When Priya reads the user Anna`,
			`Then the mobile phone number of Anna is "+1.5125550123"`, `And nothing else in the profile of Anna has changed`),
		"a number that was removed again": after(shopOfAnna, `And Anna has given her mobile phone number to "Example Shop"`,
			`And Priya has removed the mobile phone number of Anna`, `Then Anna has no mobile phone number`),
		"a person whom somebody tried to create again": {
			`Given Priya has everything that the user Anna needs`, `And Priya has created the user Anna`,
			`When Priya tries to create the user Anna of the same name`, `Then PingOne refuses the data because username is taken`,
			`When Priya reads the user Anna`, `Then Anna has no mobile phone number`,
		},
		"an application that somebody tried to create without a token": after(shopOfAnna, `When Priya tries to create an application with no access token`,
			`Then PingOne refuses the call as unauthorized`, `And the secret of "Example Shop" is not in the answer`),
		"clean-up after somebody else's token": after(shopOfAnna, `Given Priya has an access token of a worker application of another environment`,
			`Then Anna has no mobile phone number`),
	}) {
		t.Run(name, func(t *testing.T) { require.NoError(t, err) })
	}
}

func TestAThingIsCreatedWhenWhatItNeedsIsThere(t *testing.T) {
	const token = `Given Priya has an access token of the worker application`
	scenarios, says := map[string][]string{}, map[string]string{
		"a grant":                        `"Example Shop" has not been created: an earlier sentence has to create the application`,
		"an assignment":                  `"Example Shop" has not been created: an earlier sentence has to create the application`,
		"a login action":                 `no sign-on policy has been created: an earlier sentence has to create one`,
		"a progressive profiling action": `no sign-on policy has been created: an earlier sentence has to create one`,
		"the user Anna":                  `"People" has not been created: an earlier sentence has to create the population`,
		"a device of Anna":               `Anna has not been created: an earlier sentence has to register Anna`,
	}
	for _, thing := range things {
		scenarios[thing] = []string{token, `And Priya has created ` + thing}
		scenarios["with all that it needs, "+thing] = []string{`Given Priya has everything that ` + thing + ` needs`, `And Priya has created ` + thing}
	}
	scenarios["a grant of an application alone"] = []string{token, `When Priya creates the web application "Example Shop"`, `Given Priya has created a grant`}
	says["a grant of an application alone"] = "the scopes of openid have not been listed: an earlier sentence has to list them"
	scenarios["an assignment of no policy"] = []string{token, `When Priya creates the web application "Example Shop"`, `Given Priya has created an assignment`}
	says["an assignment of no policy"] = "no sign-on policy has been created: an earlier sentence has to create one"
	for name, err := range each(t, scenarios) {
		if says[name] == "" {
			says[name] = "no Then was run" // nothing else was wrong
		}
		t.Run(name, func(t *testing.T) { require.ErrorContains(t, err, says[name]) })
	}
}
