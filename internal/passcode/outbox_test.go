package passcode_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// outbox serves one answer after the other, the last one for ever.
func outbox(t *testing.T, answers ...string) (url string, asked *[]string) {
	t.Helper()
	asked = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.RawQuery)
		answer := answers[min(len(*asked), len(answers))-1]
		if status, body, ok := strings.Cut(answer, "|"); ok {
			switch status {
			case "hang":
				<-r.Context().Done()
				return
			case "cut":
				w.Header().Set("Content-Length", "1000")
				_, _ = w.Write([]byte("["))
				return
			}
			w.WriteHeader(map[string]int{"302": 302, "404": 404, "503": 503}[status])
			answer = body
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/emulator/outbox", asked
}

// sent is one message of the outbox.
func sent(device, flow, to, otp, at string) string {
	return `{"userId":"u","deviceId":"` + device + `","flowId":"` + flow + `","channel":"SMS","to":"` + to +
		`","otp":"` + otp + `","sentAt":"2026-01-15T09:00:` + at + `Z"}`
}

func TestOutboxTakesTheNewestPasscodeOfTheDevice(t *testing.T) {
	mine := func(otp, at string) string { return sent("dev-1", "flow-1", "+1.5125550101", otp, at) }
	for name, c := range map[string]struct {
		answers []string
		since   time.Time
		want    string
	}{
		"the only one":                    {[]string{"[" + mine("123456", "01.000") + "]"}, began(), "123456"},
		"the later of two":                {[]string{"[" + mine("111111", "01.000") + "," + mine("222222", "02.000") + "]"}, began(), "222222"},
		"the later, listed first":         {[]string{"[" + mine("222222", "02.000") + "," + mine("111111", "01.000") + "]"}, began(), "222222"},
		"the last of one instant":         {[]string{"[" + mine("111111", "01.000") + "," + mine("222222", "01.000") + "]"}, began(), "222222"},
		"sent in the millisecond asked":   {[]string{"[" + mine("123456", "00.000") + "]"}, began().Add(900 * time.Microsecond), "123456"},
		"another device's beside it":      {[]string{"[" + mine("123456", "01.000") + "," + sent("dev-2", "flow-1", "+1.5125550101", "999999", "02.000") + "]"}, began(), "123456"},
		"another flow's beside it":        {[]string{"[" + mine("123456", "01.000") + "," + sent("dev-1", "flow-2", "+1.5125550101", "999999", "02.000") + "]"}, began(), "123456"},
		"another address's beside it":     {[]string{"[" + mine("123456", "01.000") + "," + sent("dev-1", "flow-1", "+1.5125550199", "999999", "02.000") + "]"}, began(), "123456"},
		"it comes later":                  {[]string{"[]", "[]", "[" + mine("123456", "01.000") + "]"}, began(), "123456"},
		"an old one first, then its heir": {[]string{"[" + mine("111111", "01.000") + "]", "[" + mine("111111", "01.000") + "," + mine("222222", "03.000") + "]"}, began().Add(2 * time.Second), "222222"},
		"an answer broke off":             {[]string{"cut|", "[" + mine("123456", "01.000") + "]"}, began(), "123456"},
		"the outbox was busy":             {[]string{"503|", "[" + mine("123456", "01.000") + "]"}, began(), "123456"},
		"spelled with escapes":            {[]string{strings.NewReplacer("2026", `20\u00326`, "123456", `1234\u00356`, "+1.", `\u002b1.`).Replace("[" + mine("123456", "01.000") + "]")}, began(), "123456"},
		"ten digits":                      {[]string{"[" + mine("1234567890", "01.000") + "]"}, began(), "1234567890"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, asked := outbox(t, c.answers...)
			source, err := passcode.NewOutbox(url, 5*time.Second)
			require.NoError(t, err)
			code, err := source.Passcode(t.Context(), phone(), nil, c.since)
			require.NoError(t, err)
			require.Equal(t, c.want, code)
			require.Len(t, *asked, len(c.answers))
			require.Equal(t, "device=dev-1&to=%2B1.5125550101", (*asked)[0])
		})
	}
}

func TestOutboxSaysWhatIsWrong(t *testing.T) {
	old := sent("dev-1", "flow-1", "+1.5125550101", "111111", "00.000")
	for name, c := range map[string]struct{ answer, says string }{
		"never a message":     {"[]", "no passcode for the text-message device *******01 in the outbox http://127.0.0.1"},
		"only an old message": {"[" + old + "]", "PINGONE_PASSCODE_TIMEOUT sets the limit"},
		"always busy":         {"503|", "the last look: the outbox http://127.0.0.1"},
		"no outbox there":     {"404|nothing", "answers 404 Not Found, so it is no outbox of an emulator"},
		"a redirect":          {"302|", "answers 302 Found, so it is no outbox"},
		"no JSON":             {"<html>", "answers no list of messages"},
		"JSON but no list":    {"{}", "answers no list of messages"},
		"five digits":         {"[" + sent("dev-1", "flow-1", "+1.5125550101", "12345", "09.000") + "]", "is not 6 to 10 digits"},
		"letters":             {"[" + sent("dev-1", "flow-1", "+1.5125550101", "12E456", "09.000") + "]", "is not 6 to 10 digits"},
		"a time that is none": {"[" + strings.Replace(old, "2026-01-15T09:00:00.000Z", "yesterday", 1) + "]", "answers no list of messages"},
		"an endless answer":   {"[" + strings.Repeat(" ", 5<<20) + "]", "answers more than 4 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := outbox(t, c.answer)
			limit := time.Minute // for what one look settles
			if name == "never a message" || name == "only an old message" || name == "always busy" {
				limit = 2 * time.Second
			}
			source, err := passcode.NewOutbox(url, limit)
			require.NoError(t, err)
			_, err = source.Passcode(t.Context(), phone(), nil, began().Add(time.Second))
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "5125550101", "the full address must stay out of errors")
			require.NotContains(t, err.Error(), "12345", "the passcode must stay out of errors")
		})
	}
}

func TestOutboxWithoutAServerAsksWhetherTheEmulatorRuns(t *testing.T) {
	url, _ := outbox(t, "[]")
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	require.NotEqual(t, url, gone.URL)
	source, err := passcode.NewOutbox(gone.URL, 5*time.Second)
	require.NoError(t, err)
	_, err = source.Passcode(t.Context(), phone(), nil, began())
	require.ErrorContains(t, err, "is the emulator running?")
	require.ErrorContains(t, err, "connection refused")
	require.NotContains(t, err.Error(), "5125550101")
}

func TestOutboxStopsWhenTheRunIsCancelled(t *testing.T) {
	url, _ := outbox(t, "[]")
	source, err := passcode.NewOutbox(url, time.Minute)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err = source.Passcode(ctx, phone(), nil, began())
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(start), 5*time.Second)
}

// When the time ends a look, what counts is what the looks before it came to.
func TestOutboxThatHangsIsNotTakenForNoEmulator(t *testing.T) {
	for name, c := range map[string]struct {
		answers []string
		last    string
	}{
		"at once":               {[]string{"hang|"}, ""},
		"after it had nothing":  {[]string{"[]", "hang|"}, ""},
		"after it was busy":     {[]string{"503|", "hang|"}, "; the last look: the outbox "},
		"after one was cut off": {[]string{"cut|", "hang|"}, "; the last look: reading the outbox "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := outbox(t, c.answers...)
			source, err := passcode.NewOutbox(url, time.Second)
			require.NoError(t, err)
			_, err = source.Passcode(t.Context(), phone(), nil, began())
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorContains(t, err, "no passcode for the text-message device *******01 in the outbox "+url+" within")
			require.NotContains(t, err.Error(), "is the emulator running?")
			if c.last == "" {
				require.NotContains(t, err.Error(), "the last look")
			} else {
				require.ErrorContains(t, err, c.last+url)
			}
		})
	}
}

// A device is asked for by what is known of it.
func TestOutboxTakesWhatIsKnownOfTheDevice(t *testing.T) {
	answer := "[" + sent("dev-1", "flow-1", "anna@example.com", "123456", "01.000") + "]"
	for name, c := range map[string]struct {
		device passcode.Device
		query  string
		sent   bool
	}{
		"nothing at all":              {passcode.Device{}, "", true},
		"its id":                      {passcode.Device{ID: "dev-1"}, "device=dev-1", true},
		"its flow":                    {passcode.Device{FlowID: "flow-1"}, "", true},
		"its address, in other cases": {passcode.Device{Address: "Anna@Example.com"}, "to=Anna%40Example.com", true},
		"another id":                  {passcode.Device{ID: "dev-2"}, "device=dev-2", false},
		"another flow":                {passcode.Device{FlowID: "flow-2"}, "", false},
		"another address":             {passcode.Device{Address: "ben@example.com"}, "to=ben%40example.com", false},
	} {
		t.Run(name, func(t *testing.T) {
			url, asked := outbox(t, answer)
			source, err := passcode.NewOutbox(url, time.Minute)
			require.NoError(t, err)
			sent, err := source.Sent(t.Context(), c.device, began())
			require.NoError(t, err)
			require.Equal(t, c.sent, sent)
			require.Equal(t, []string{c.query}, *asked, "it is looked at once")
			sent, err = source.Sent(t.Context(), c.device, began().Add(time.Minute))
			require.NoError(t, err)
			require.False(t, sent, "it was sent before")
		})
	}
}

func TestOutboxThatCannotBeReadSaysNotThatNothingWasSent(t *testing.T) {
	for _, answer := range []string{"503|", "404|", "<html>"} {
		url, _ := outbox(t, answer)
		source, err := passcode.NewOutbox(url, time.Minute)
		require.NoError(t, err)
		sent, err := source.Sent(t.Context(), phone(), began())
		require.Error(t, err, answer)
		require.False(t, sent)
	}
}

// The address of the device goes to the outbox that was named, and to nobody else.
func TestOutboxFollowsNoRedirect(t *testing.T) {
	elsewhere, asked := outbox(t, "["+sent("dev-1", "flow-1", "+1.5125550101", "123456", "01.000")+"]")
	named := httptest.NewServer(http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect))
	t.Cleanup(named.Close)
	source, err := passcode.NewOutbox(named.URL, time.Minute)
	require.NoError(t, err)
	_, err = source.Passcode(t.Context(), phone(), nil, began())
	require.ErrorContains(t, err, "answers 307 Temporary Redirect, so it is no outbox of an emulator")
	require.Empty(t, *asked)
}
