package contract

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestAWordOfAText(t *testing.T) {
	for value, is := range map[any]bool{
		"482913": true, "Your code: 482913.": true, "code=482913&x": true, json.Number("482913"): true,
		"1482913": false, "4829133": false, "a482913": false, "48 2913": false, "": false, json.Number("482913.0"): false, 482913: false, true: false,
	} {
		require.Equal(t, is, tells(value, "482913"), "%v", value)
	}
}

// The passcode that proves right was in no earlier answer of its flow, but where a test device shows it.
func TestWhereAPasscodeWasBefore(t *testing.T) {
	story := func(device func(*client.Exchange), shown answered, given string) error {
		return told(t, answered{"create-user", nil}, answered{"create-sms-device", device}, answered{"authorize", nil}, shown,
			answered{"flow-completed", sent(`{"otp":"` + given + `"}`)}).Err()
	}
	testDevice := func(ex *client.Exchange) {
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), `"type"`, `"testMode":true,"type"`, 1))
	}
	waiting := func(member string) answered {
		return answered{"flow-otp-required", replace(`"bypassAllowed"`, member+`,"bypassAllowed"`)}
	}
	const place = "/hint gives away a secret (want a passcode in the message to the person, and in no answer"
	require.ErrorContains(t, story(nil, waiting(`"hint":"482913"`), "482913"), place)
	require.NoError(t, story(nil, waiting(`"hint":"482913"`), "482914"))
	require.ErrorContains(t, story(testDevice, waiting(`"hint":"482913"`), "482913"), place, "a test device shows it at one place only")
	require.NoError(t, story(testDevice, waiting(`"test":{"otp":"482913"}`), "482913"))
	require.ErrorContains(t, story(testDevice, answered{"error-wrong-password", replace(`"Something is wrong here."`, `"482913 was sent."`)}, "482913"), "/details/0/message gives away a secret")
	require.NoError(t, story(nil, answered{"read-flow", func(ex *client.Exchange) {
		ex.Request.URL.Path = strings.Replace(ex.Request.URL.Path, flowID, userID, 1)
		replace(flowID, userID)(ex)
		replace(`"resumeUrl"`, `"hint":"482913","resumeUrl"`)(ex)
	}}, "482913"), "it is another flow's")
	require.NoError(t, story(nil, answered{"error-unexpected", both(status(502), body("<p>482913"), func(ex *client.Exchange) {
		ex.Request.URL.Path = "/" + environmentID + "/flows/" + flowID
	})}, "482913"), "what is no JSON has no members")
	require.NotContains(t, story(nil, waiting(`"hint":""`), "").Error(), "gives away", "nothing was given")

	err := told(t, answered{"create-user", nil}, answered{"create-sms-device", nil}, answered{"authorize-in-pi-flow", replace(`"resumeUrl"`, `"hint":"482913","resumeUrl"`)},
		answered{"flow-otp-required", nil}, answered{"flow-completed", sent(`{"otp":"482913"}`)}).Err()
	require.ErrorContains(t, err, place, "the answer of authorize is the flow's as well")
}

// Where a passcode of no test device is shown like one's, it is told of twice: when it is shown, and when it proves right.
func TestAPasscodeThatIsShownLikeATestDevices(t *testing.T) {
	checker := NewChecker()
	shown, given := readExample(t, "flow-otp-required").exchange(t), readExample(t, "flow-completed").exchange(t)
	replace(`"bypassAllowed"`, `"test":{"otp":"482913"},"bypassAllowed"`)(shown)
	require.ErrorContains(t, checker.Check(shown).Err(), "/test/otp gives away a secret")
	sent(`{"otp":"482913"}`)(given)
	require.ErrorContains(t, checker.Check(given).Err(), "/test/otp gives away a secret")
}

// Nobody answers for a short secret: it may turn up by chance.
func TestWhichSecretsWereShownBefore(t *testing.T) {
	for secret, shown := range map[string]bool{"8letters": true, "7letter": false} {
		created := readExample(t, "create-application").exchange(t)
		replace(`"Sells examples."`, `"Sells `+secret+`."`)(created)
		created.Request.Body = []byte(strings.Replace(string(created.Request.Body), `Sells examples.`, `Sells `+secret+`.`, 1))
		checker := NewChecker()
		require.NoError(t, checker.Check(created).Err())
		ex := readExample(t, "read-application-secret").exchange(t)
		replace("a-secret~with.the_characters-of-a-real-one", secret)(ex)
		found := checker.Check(ex).Violations
		require.Equal(t, shown, strings.Contains(strings.Join(messages(found), " "), "no answer with the application's secret but this one"), found)
	}
}

// messages are the findings in words.
func messages(found []Finding) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.String())
	}
	return all
}

// What was given to a prompt may be shown late; once the record has shown it, it stays.
func TestWhatWasGivenStays(t *testing.T) {
	checker := NewChecker()
	checker.memory.given[userID] = claims{"mobilePhone": "+1.5125550111", "nickname": "Annie"}
	read := func(by func(*client.Exchange)) error {
		ex := readExample(t, "read-user").exchange(t)
		ex.Body = compact(t, ex.Body)
		by(ex)
		return checker.Check(ex).Err()
	}
	given := func(*client.Exchange) {}
	lost := replace(`"mobilePhone"`, `"formerPhone"`)
	require.NoError(t, read(lost), "it may be shown late")
	require.NoError(t, read(given))
	require.ErrorContains(t, read(lost), "/mobilePhone is not what it was before")
	require.Equal(t, any(claims{"nickname": "Annie"}), checker.memory.given[userID], "what was not shown is not known to be kept")
}
