package passcode

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/stretchr/testify/require"
)

func TestASourceThatIsGivenNoTimeLimitWaitsForTwoMinutes(t *testing.T) {
	limits := func(timeout time.Duration) (all []time.Duration) {
		for _, kind := range []string{"outbox", "command", "prompt"} {
			s, err := New(Options{Kind: kind, Command: "true", OutboxURL: "http://127.0.0.1:1/", Timeout: timeout})
			require.NoError(t, err)
			switch s := s.(type) {
			case *Outbox:
				all = append(all, s.timeout)
			case *Command:
				all = append(all, s.timeout)
			case *Prompt:
				all = append(all, s.timeout)
			}
		}
		return all
	}
	require.Equal(t, []time.Duration{2 * time.Minute, 2 * time.Minute, 2 * time.Minute}, limits(0))
	require.Equal(t, []time.Duration{1, 1, 1}, limits(1))
}

// What a program prints is read up to its limit, and said to be more beyond it.
func TestHowMuchOfAProgramsOutputIsKept(t *testing.T) {
	for _, row := range []struct {
		writes []string
		kept   string
		over   bool
	}{
		{nil, "", false}, {[]string{"abc"}, "abc", false}, {[]string{"abcd"}, "abcd", false}, {[]string{"abcde"}, "abcd", true},
		{[]string{"ab", "cd"}, "abcd", false}, {[]string{"ab", "cde"}, "abcd", true}, {[]string{"abcd", "e"}, "abcd", true}, {[]string{"abcde", "f"}, "abcd", true}, {[]string{"abcd", ""}, "abcd", false}, {[]string{"abcde", ""}, "abcd", true},
	} {
		c := &capped{limit: 4}
		for _, text := range row.writes {
			n, err := c.Write([]byte(text))
			require.NoError(t, err)
			require.Equal(t, len(text), n, "no program ends by a broken pipe")
		}
		require.Equal(t, row.kept, string(c.kept), row.writes)
		require.Equal(t, row.over, c.over, row.writes)
	}
	for text, size := range map[string]string{"": "0 characters on 1 line(s)", " äb \n": "2 characters on 1 line(s)", "a\nb": "3 characters on 2 line(s)", "a\n\nb\n": "4 characters on 3 line(s)"} {
		require.Equal(t, size, (&capped{kept: []byte(text), limit: 9}).size())
	}
	require.Equal(t, "more than 9 bytes", (&capped{kept: []byte("a"), limit: 9, over: true}).size())
	require.Equal(t, []int{65536, 400}, []int{commandOutput, commandTail})
}

func TestHowMuchOfAComplaintIsKept(t *testing.T) {
	for _, row := range []struct {
		writes []string
		kept   string
	}{
		{nil, ""}, {[]string{"abc"}, "abc"}, {[]string{"abcd"}, "abcd"}, {[]string{"abcde"}, "bcde"}, {[]string{"ab", "cd"}, "abcd"}, {[]string{"ab", "cde"}, "bcde"},
		{[]string{"abcd", "e"}, "bcde"}, {[]string{"a", "bcdefg"}, "defg"}, {[]string{"abcd", ""}, "abcd"},
	} {
		l := &lastBytes{limit: 4}
		for _, text := range row.writes {
			n, err := l.Write([]byte(text))
			require.NoError(t, err)
			require.Equal(t, len(text), n)
		}
		require.Equal(t, row.kept, string(l.kept), row.writes)
	}
	for written, shown := range map[string]string{
		"": "", " \n ": "", "\x07": "", "no\n  mailbox": "; its standard error ends: no mailbox", "\xff\xfeno": "; its standard error ends: no",
		"123": "; its standard error ends: 123", "1234 x": "; its standard error ends: [digits] x", "12-34 x": "; its standard error ends: [digits] x", "12--34": "; its standard error ends: 12--34",
	} {
		require.Equal(t, shown, (&lastBytes{kept: []byte(written)}).String(), "%q", written)
	}
}

func TestWhatAProgramIsGiven(t *testing.T) {
	since := time.Date(2026, 1, 15, 10, 0, 0, 5e6, time.FixedZone("", 3600))
	device := Device{Type: "SMS", Masked: "*01", FlowID: "f", Address: "+15125550101"}
	require.Equal(t, []string{
		"A=1", "PINGONE_CLIENT_ID=x", "B=PINGONE_CLIENT_SECRET=y",
		"PINGONE_PASSCODE_DEVICE_TYPE=SMS", "PINGONE_PASSCODE_DEVICE_MASKED=*01", "PINGONE_PASSCODE_FLOW_ID=f", "PINGONE_PASSCODE_SINCE=2026-01-15T09:00:00.005Z",
	}, environment([]string{"A=1", "PINGONE_CLIENT_SECRET=s", "PINGONE_CLIENT_ID=x", "pingone_client_secret=s", "B=PINGONE_CLIENT_SECRET=y"}, device, since))
}

// An outbox answers 200 with at most four MiB; what is busy is asked again, and what is none is left alone.
func TestWhatAnOutboxAnswers(t *testing.T) {
	message := `[{"deviceId":"d","otp":"123456","sentAt":"2026-01-15T09:00:00Z"}`
	for _, row := range []struct {
		what   string
		status int
		length int
		final  bool
		says   string
	}{
		{"as much as may be", 200, 4 << 20, false, ""},
		{"more", 200, 4<<20 + 1, true, "answers more than 4 MiB: empty it"},
		{"created", 201, 100, true, "answers 201 Created, so it is no outbox"},
		{"a refusal", 499, 100, true, "so it is no outbox"},
		{"an error", 500, 100, false, "answers 500 Internal Server Error"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.Equal(t, []string{"application/json", "device=d&key=k", "GET"}, []string{r.Header.Get("Accept"), r.URL.RawQuery, r.Method})
			w.WriteHeader(row.status)
			_, _ = w.Write([]byte(message + strings.Repeat(" ", row.length-len(message)-1) + "]"))
		}))
		o, err := NewOutbox(server.URL+"/outbox?key=k", time.Minute)
		require.NoError(t, err)
		m, err := o.look(t.Context(), Device{ID: "d"}, time.Time{})
		server.Close()
		if row.says == "" {
			require.NoError(t, err, row.what)
			require.Equal(t, "123456", m.OTP)
			continue
		}
		require.ErrorContains(t, err, row.says, row.what)
		var final *backoff.PermanentError
		require.Equal(t, row.final, errors.As(err, &final), row.what)
	}
}

// The last message to the device counts; those of the millisecond that is asked for count as well.
func TestWhichMessageIsTheNewest(t *testing.T) {
	at := func(ms int, otp string) message {
		return message{DeviceID: "d", FlowID: "f", To: "a", OTP: otp, SentAt: moment{time.UnixMilli(int64(ms))}}
	}
	for _, row := range []struct {
		all   []message
		since time.Time
		want  string
	}{
		{nil, time.UnixMilli(0), ""},
		{[]message{at(5, "one")}, time.UnixMilli(5), "one"}, {[]message{at(5, "one")}, time.UnixMilli(5).Add(time.Millisecond - 1), "one"}, {[]message{at(5, "one")}, time.UnixMilli(6), ""},
		{[]message{at(5, "one"), at(6, "two")}, time.UnixMilli(0), "two"}, {[]message{at(6, "two"), at(5, "one")}, time.UnixMilli(0), "two"}, {[]message{at(5, "one"), at(5, "two")}, time.UnixMilli(0), "two"},
	} {
		m, is := newest(row.all, Device{ID: "d", FlowID: "f", Address: "A"}, row.since)
		require.Equal(t, row.want, m.OTP)
		require.Equal(t, row.want != "", is)
	}
}

// An answer is a line of at most 4096 bytes, its end among them.
func TestHowLongAnAnswerMayBe(t *testing.T) {
	for blanks, says := range map[int]string{4089: "", 4090: "token too long"} {
		code, err := ask(&desk{strings.NewReader(strings.Repeat(" ", blanks) + "123456\n")}, Device{})
		if says == "" {
			require.NoError(t, err)
			require.Equal(t, "123456", code)
			continue
		}
		require.ErrorContains(t, err, says)
	}
}

// desk is a terminal that shows nothing.
type desk struct{ *strings.Reader }

func (*desk) Write(p []byte) (int, error) { return len(p), nil }
