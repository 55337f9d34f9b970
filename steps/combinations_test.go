package steps_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// play runs one scenario of these lines against the emulator, without published lists,
// and returns how it ended.
func play(t *testing.T, lines ...string) suite.Result {
	t.Helper()
	text := "Feature: F\n  Scenario: S\n    " + strings.Join(lines, "\n    ") + "\n"
	results, err := suite.Run(t.Context(), suite.Options{
		Config:   config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: time.Minute}},
		Features: fstest.MapFS{"some.feature": {Data: []byte(text)}}, Sentences: steps.All,
	})
	require.Len(t, results, 1, "%v", err)
	return results[0]
}

const (
	bank = `Given "Example Bank" asks people for a password and a passcode`
	anna = `And Anna is registered with an MFA device`
	ben  = `And Ben is registered with an MFA device`
)

// TestNobodyElsesEvidenceWillDo combines sentences as no scenario of this project does:
// each of these once passed, or panicked, by looking at somebody else or at nothing.
func TestNobodyElsesEvidenceWillDo(t *testing.T) {
	for name, row := range map[string]struct {
		lines    []string
		at, says string
	}{
		"another person's code": {
			[]string{
				bank, anna, ben, `And Anna has signed on to "Example Bank"`, `And Ben has been asked for a passcode by "Example Bank"`,
				`When Ben's browser tries to resume the authorization`, `Then "Example Bank" receives an authorization code`,
			},
			`"Example Bank" receives an authorization code`, "the redirect of Ben: wanted https://example-bank.example.com/callback",
		},
		"another person's tokens": {
			[]string{
				bank, anna, ben, `And Anna has signed on to "Example Bank"`, `And Ben has signed on to "Example Bank"`,
				`When "Example Bank" exchanges the code for tokens`, `Then "Example Bank" holds an access token for Anna`,
			},
			`"Example Bank" holds an access token for Anna`, "the access token's sub: wanted Anna",
		},
		"how another person signed on": {
			[]string{
				bank, anna, ben, `And Anna has signed on to "Example Bank"`, `And Ben has signed on to "Example Bank"`,
				`When "Example Bank" exchanges the code for tokens`, `Then the ID token says how Anna signed on`,
			},
			`the ID token says how Anna signed on`, "no application has tokens of a sign-on of Anna",
		},
		"another person's MFA": {
			[]string{
				bank, `And Anna is registered`, `And Ben is registered`, `When Priya enables MFA for Anna`, `Then MFA is enabled for Ben`,
			},
			`MFA is enabled for Ben`, "nobody has enabled MFA for Ben: an earlier sentence has to",
		},
		"a device that was never chosen": {
			[]string{
				bank, ben, `And Ben has another MFA device, for text messages`, `And Ben has been asked for a passcode by "Example Bank"`,
				`When Ben tries a wrong passcode`, `Then PingOne refuses the passcode`, `And the passcode went to the other device of Ben`,
			},
			`the passcode went to the other device of Ben`, "the device that the passcode went to: wanted",
		},
		"the first device after another was chosen": {
			[]string{
				bank, ben, `And Ben has another MFA device, for text messages`, `And Ben has been asked for a passcode by "Example Bank"`,
				`When Ben chooses his other device`, `Then the passcode went to the device registered for Ben`,
			},
			`the passcode went to the device registered for Ben`, "the device that the passcode went to: wanted",
		},
		"pages of no list": {
			[]string{bank, ben, `When Priya reads the user Ben`, `Then no page holds more than two of them`},
			`no page holds more than two of them`, "the users have not been listed: an earlier sentence has to",
		},
		"a verifier left out where there was none": {
			[]string{bank, anna, `And Anna has signed on to "Example Bank"`, `When "Example Bank" tries to exchange the code with no PKCE verifier`, `Then the token endpoint refuses with "invalid_grant"`},
			`"Example Bank" tries to exchange the code with no PKCE verifier`, "the code of Example Bank wants no PKCE verifier: an earlier sentence has to sign on with PKCE",
		},
		"a challenge for a verifier where there was none": {
			[]string{bank, anna, `And Anna has signed on to "Example Bank"`, `When "Example Bank" tries to exchange the code with the PKCE challenge for its verifier`, `Then the token endpoint refuses with "invalid_grant"`},
			`"Example Bank" tries to exchange the code with the PKCE challenge for its verifier`, "the code of Example Bank wants no PKCE verifier: an earlier sentence has to sign on with PKCE",
		},
		"one's own passcode as somebody else's": {
			[]string{bank, anna, `And Anna has been asked for a passcode by "Example Bank"`, `When Anna tries the passcode of Anna`, `Then PingOne refuses the passcode`},
			`Anna tries the passcode of Anna`, "the passcode of Anna is Anna's own: name somebody else",
		},
		"claims that nobody asks for": {
			[]string{bank, ben, `And Ben has signed on to "Example Bank"`, `When "Example Bank" exchanges the code for tokens`, `Then nobody is named`},
			`nobody is named`, "nobody has tried to ask who a token is about: an earlier sentence has to",
		},
		"an access token that nobody holds": {
			[]string{bank, `When Priya tries to create an application with the access token that "Example Bank" holds`, `Then PingOne refuses the call as forbidden`},
			`Priya tries to create an application with the access token that "Example Bank" holds`, "Example Bank holds no access token: an earlier sentence has to exchange a code",
		},
		"a passcode that went nowhere any more": {
			[]string{bank, anna, `And Anna has been asked for a passcode by "Example Bank"`, `When Anna submits the passcode`, `Then the passcode went to the device registered for Anna`},
			`the passcode went to the device registered for Anna`, "the flow of Anna, COMPLETED, shows no device: a passcode has to be asked for in it",
		},
		"wrong passcodes without a device": {
			[]string{bank, `And Ben is registered with MFA but without a device`, `And Ben has begun to sign on to "Example Bank"`, `When Ben tries a wrong passcode as often as the device policy allows`, `Then PingOne refuses the passcode`},
			`Ben tries a wrong passcode as often as the device policy allows`, "Ben has no device whose passcodes could be wrong: an earlier sentence has to register one",
		},
		"wrong passwords outside a sign-on": {
			[]string{bank, anna, `When Anna tries a wrong password as often as the password policy allows`, `Then PingOne refuses the credentials`},
			`Anna tries a wrong password as often as the password policy allows`, "Anna has no flow: an earlier sentence has to start one",
		},
		"a mask of no device": {
			[]string{bank, ben, `When Priya reads the user Ben`, `Then the address of the device is masked`},
			`the address of the device is masked`, "no flow has been started: an earlier sentence has to",
		},
		"a mask in a flow without devices": {
			[]string{bank, ben, `And Ben has begun to sign on to "Example Bank"`, `When Priya reads the user Ben`, `Then the address of the device is masked`},
			`the address of the device is masked`, "shows no device whose address could be masked: an earlier sentence has to",
		},
		"nobody sent by no redirect": {
			[]string{bank, ben, `When Priya reads the user Ben`, `Then nobody is sent to "https://thief.example.com/callback"`},
			`nobody is sent to "https://thief.example.com/callback"`, "nobody has tried to sign on to an application: an earlier sentence has to",
		},
		"no secret where there was none": {
			[]string{
				`Given Priya has an access token of the worker application`, `When Priya creates the population "Shoppers"`,
				`And Priya creates the user Ben in "Shoppers"`, `And Priya reads the user Ben`, `Then no secret is in the answer`,
			},
			`no secret is in the answer`, "nobody has given Ben a secret that could be in the answer: an earlier sentence has to",
		},
		"no flow of nobody's": {
			[]string{bank, `And Ben is registered`, `When Priya reads the user Ben`, `Then no flow is waiting for Ben`},
			`no flow is waiting for Ben`, "Ben has not asked to sign on: an earlier sentence has to",
		},
		"a page that nobody asked for": {
			[]string{bank, `And Ben is registered`, `When Priya reads the user Ben`, `Then PingOne shows Ben its sign-on page`},
			`PingOne shows Ben its sign-on page`, "Ben has not asked to sign on: an earlier sentence has to",
		},
		"a passcode refused that was a password": {
			[]string{bank, ben, `And Ben has begun to sign on to "Example Bank"`, `When Ben tries a wrong password`, `Then PingOne refuses the passcode`},
			`PingOne refuses the passcode`, "nobody has tried a passcode: an earlier sentence has to",
		},
		"a flow that has gone on all the same": {
			[]string{bank, ben, `And Ben has begun to sign on to "Example Bank"`, `When Ben tries his own password`, `Then the flow has not gone on`},
			`the flow has not gone on`, "the flow of Ben: wanted USERNAME_PASSWORD_REQUIRED, got OTP_REQUIRED",
		},
		"numbers without a published list": {
			[]string{bank, `And Ben is registered`, `When Priya enables MFA for Ben (step 1)`, `Then MFA is enabled for Ben`},
			"", `no published list is known for "some"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			result := play(t, row.lines...)
			require.Error(t, result.Err)
			require.Contains(t, result.Err.Error(), row.says)
			if row.at != "" {
				require.Equal(t, row.at, result.Step)
			}
		})
	}
}

// TestNobodyElsesEvidenceWillDoEither is about the same mistakes, made with other sentences.
func TestNobodyElsesEvidenceWillDoEither(t *testing.T) {
	const resumed, ends = `When Anna tries to resume the authorization in a browser without cookies`, `Then "Example Bank" receives an authorization code`
	const benSignedOn, annaSignedOn = `And Ben has signed on to "Example Bank"`, `And Anna has signed on to "Example Bank"`
	for name, row := range map[string]struct {
		lines []string
		says  string
	}{
		"another person's code, resumed elsewhere": {
			[]string{
				bank, anna, ben, benSignedOn, `And Anna has been asked for a passcode by "Example Bank"`, resumed, ends,
			},
			"the answer to resuming the authorization of Anna: ",
		},
		"another person's code, after a wrong password": {
			[]string{
				bank, anna, ben, annaSignedOn, `And Ben has begun to sign on to "Example Bank"`, `When Ben tries a wrong password`,
				`Then PingOne refuses the credentials`, `And "Example Bank" receives an authorization code`,
			},
			"nobody has resumed an authorization for Example Bank since somebody last asked to sign on to it: an earlier sentence has to",
		},
		"whom another person's token is about": {
			[]string{
				bank, anna, ben, annaSignedOn, benSignedOn, `When "Example Bank" exchanges the code for tokens`,
				`And "Example Bank" asks who the access token is about`, `Then the answer is about Anna`,
			},
			"sub: wanted Anna",
		},
		"tokens from before another person signed on": {
			[]string{
				bank, anna, ben, annaSignedOn, `When "Example Bank" exchanges the code for tokens`, `Given Ben has signed on to "Example Bank"`,
				`Then "Example Bank" holds an access token for Ben`,
			},
			"the access token's sub: wanted Ben",
		},
		"another person's MFA, and oneself read": {
			[]string{
				bank, `And Anna is registered`, `And Ben is registered`, `When Priya enables MFA for Anna`, `And Priya reads the user Ben`,
				`Then MFA is enabled for Ben`,
			},
			"nobody has enabled MFA for Ben: an earlier sentence has to",
		},
		"another person's password": {
			[]string{
				bank, `Given Priya has an access token of the worker application`, `When Priya creates the population "Shoppers"`,
				`And Priya creates the user Anna in "Shoppers"`, `And Priya creates the user Ben in "Shoppers"`,
				`And Priya sets the password of Anna`, `Then the password of Ben is in force`,
			},
			"nobody has set the password of Ben: an earlier sentence has to",
		},
		"another person's device": {
			[]string{
				bank, `And Anna is registered`, `And Ben is registered`, `When Priya registers an MFA device for Anna`,
				`Then the device of Ben is ready for use`,
			},
			"Ben has no device: an earlier sentence has to register one",
		},
		"another device of a person who has one": {
			[]string{
				bank, ben, `And Ben has been asked for a passcode by "Example Bank"`, `Then the passcode went to the other device of Ben`,
			},
			"Ben has no other device: an earlier sentence has to register one",
		},
		"another device, which another person has chosen": {
			[]string{
				bank, anna, ben, `And Anna has another MFA device, for text messages`, `And Ben has another MFA device, for text messages`,
				`And Ben has been asked for a passcode by "Example Bank"`, `And Anna has been asked for a passcode by "Example Bank"`,
				`When Anna chooses her other device`, `Then the passcode went to the other device of Ben`,
			},
			"the device that the passcode went to: wanted",
		},
		"pages of another list": {
			[]string{
				bank, ben, `When Priya lists the applications of the environment`, `Then no page holds more than two of them`,
			},
			"the users have not been listed: an earlier sentence has to",
		},
		"a mask before a device is shown": {
			[]string{
				bank, ben, `And Ben has begun to sign on to "Example Bank"`, `When Ben tries a wrong password`,
				`Then PingOne refuses the credentials`, `And the address of the device is masked`,
			},
			"the flow of Ben shows no device whose address could be masked: an earlier sentence has to",
		},
		"no flow, while another waits": {
			[]string{
				bank, anna, ben, `And Anna has begun to sign on to "Example Bank"`, `Then no flow is waiting for Ben`,
			},
			"Ben has not asked to sign on: an earlier sentence has to",
		},
		"a page that is shown to another": {
			[]string{
				bank, anna, ben, `When Anna asks to sign on to "Example Bank"`, `Then PingOne shows Ben its sign-on page`,
			},
			"Ben has not asked to sign on: an earlier sentence has to",
		},
		"a passcode that is asked of another": {
			[]string{
				bank, anna, ben, `And Anna has been asked for a passcode by "Example Bank"`,
				`Then PingOne asks Ben for a passcode before sign-on completes`,
			},
			"Ben has no flow: an earlier sentence has to start one",
		},
		"a number where a person acts": {
			[]string{
				bank, ben, `When Ben asks to sign on to "Example Bank" (step 3)`, `Then PingOne shows Ben its sign-on page`,
			},
			`no published list is known for "some"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, play(t, row.lines...).Err, row.says)
		})
	}
}

// TestTheNewestIsMeant combines sentences about several people in ways that are true.
func TestTheNewestIsMeant(t *testing.T) {
	for name, lines := range map[string][]string{
		"Ben's tokens, who signed on after Anna": {
			bank, anna, ben, `And Anna has signed on to "Example Bank"`, `And Ben has signed on to "Example Bank"`,
			`When "Example Bank" exchanges the code for tokens`, `Then "Example Bank" holds an access token for Ben`, `And the ID token says how Ben signed on`,
		},
		"Anna's tokens, who signed on after Ben": {
			bank, anna, ben, `And Ben has signed on to "Example Bank"`, `And Anna has signed on to "Example Bank"`,
			`When "Example Bank" exchanges the code for tokens`, `Then "Example Bank" holds an access token for Anna`,
		},
		"a refusal of Ben while Anna is signed on": {
			bank, anna, ben, `And Anna has signed on to "Example Bank"`, `And Ben has begun to sign on to "Example Bank"`,
			`When Ben tries a wrong password`, `Then PingOne refuses the credentials`, `And the flow has not gone on`, `And "Example Bank" receives no authorization code`,
		},
		"a code for Anna, who began before Ben and came back after him": {
			bank, anna, ben, `And Anna has been asked for a passcode by "Example Bank"`, `And Ben has begun to sign on to "Example Bank"`,
			`When Anna submits the passcode`, `And Anna's browser resumes the authorization`, `Then "Example Bank" receives an authorization code`,
		},
		"complete, also after the authorization was resumed": {
			bank, ben, `And Ben has signed on to "Example Bank"`, `When "Example Bank" exchanges the code for tokens`, `Then sign-on is complete`,
		},
		"two applications in one scenario": {
			bank, `And "Example Shop" asks people for an optional mobile phone number`, `And Anna is registered`,
			`And Anna has begun to sign on to "Example Shop"`, `When Anna submits her username and password`,
			`Then PingOne asks Anna for her mobile phone number before sign-on completes`,
		},
		"the policy that was assigned, not the newest": {
			`Given "Example Shop" asks people for an optional mobile phone number`, bank[len("Given "):], `And Anna is registered`,
			`And Anna has begun to sign on to "Example Shop"`, `When Anna submits her username and password`,
			`Then PingOne asks Anna for her mobile phone number before sign-on completes`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for i, line := range lines {
				if i > 0 && strings.HasPrefix(line, "Given ") {
					lines[i] = "And " + strings.TrimPrefix(line, "Given ")
				} else if strings.HasPrefix(line, `"`) {
					lines[i] = "And " + line
				}
			}
			require.NoError(t, play(t, lines...).Err)
		})
	}
}
