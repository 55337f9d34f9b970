package replay_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

func TestAFixtureReadsBackAsItIsWritten(t *testing.T) {
	recording, err := replay.Parse("small.txtar", []byte(small))
	require.NoError(t, err)
	require.Equal(t, small, string(recording.Format()))
	require.Equal(t, "fake 1", recording.RecordedFrom)
	require.Equal(t, uint64(7), recording.Seed)
	require.Equal(t, time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC), recording.Begin)
	require.JSONEq(t, `{"username":"anna","name":{"given":"Anna","family":"Shopper"}}`, string(recording.Exchange(1).Request.Body))
	require.Empty(t, recording.Exchange(3).Response.Body)
	require.Empty(t, recording.Passcodes)
}

// An empty line of a body is none of the archive's, so a checkout on Windows reads the same.
func TestAFixtureMayHaveTheLineEndsOfWindows(t *testing.T) {
	recording, err := replay.Parse("small.txtar", []byte(strings.ReplaceAll(small, "\n", "\r\n")))
	require.NoError(t, err)
	require.Equal(t, small, string(recording.Format()))
}

func TestTheHeaderSaysAllThatReplayNeeds(t *testing.T) {
	text := strings.NewReplacer("seed: 7\n", "seed: 7\npasscodes: exec\n",
		"clock 03: 4000\n", "clock 03: -3153600000000 3153600000000\n").Replace(small)
	recording, err := replay.Parse("small.txtar", []byte(text))
	require.NoError(t, err)
	require.Equal(t, "exec", recording.Passcodes)
	require.Equal(t, text, string(recording.Format()), "a hundred years, the passcodes' source, and what is read after the last call")
	require.Equal(t, "exec", replay.Play(recording, false).Passcodes())
	require.Empty(t, replay.Direct(always(`{}`), 7).Passcodes())
}

func TestBodiesOfEveryKindReadBack(t *testing.T) {
	original, err := replay.Parse("small.txtar", []byte(small))
	require.NoError(t, err)
	for name, body := range map[string]string{
		"empty": "", "JSON": `{"a":[1,{"b":null}],"c":"<&>\u0001"}`, "an array": `[]`, "an array of two": `[1,{"a":2}]`, "broken JSON": `{"a":`, "a word": "x", "a number": "1", "a text of JSON": `"a  b" `, "null": "null ",
		"no line end": "a\nb", "line ends": "\n\na\n\n", "only a line end": "\n", "a marker": "-- 01.request --\n-- x --", "a backslash": `\-- x --`,
		"bytes": "\x00\xff\r\n", "no UTF-8": "caf\xe9", "carriage returns": "a\r\nb", "spaces": " ", "JSON twice": "{} {}",
	} {
		e := original.Exchange(1)
		e.Response.Body = []byte(body)
		text := original.With(1, e).Format()
		again, err := replay.Parse("again.txtar", text)
		require.NoError(t, err, name)
		require.Equal(t, body, string(again.Exchange(1).Response.Body), name)
		require.Empty(t, again.Exchange(1).Response.Header.Get("X-Fixture-Body"), name)
		require.Equal(t, string(text), string(again.Format()), name)
	}
}

func TestACorruptFixtureSaysWhere(t *testing.T) {
	for _, fault := range []struct{ name, old, now, want string }{
		{"no header", "format: 1\n", "", `small.txtar:1: the header has no "format"`},
		{"another format", "format: 1", "format: 2", `small.txtar:1: format "2" is not known, only 1: record the fixture again`},
		{"a line that is none", "seed: 7", "seed 7", `small.txtar:4: the header has the form "key: value", not "seed 7"`},
		{"a seed that is none", "seed: 7", "seed: seven", `small.txtar:4: the seed is a whole number, not "seven"`},
		{"a time that is none", "2026-01-15T09:00:00.000Z", "yesterday", `small.txtar:3: recorded is a time such as 2026-01-15T09:00:00.000Z, not "yesterday"`},
		{"twice", "seed: 7", "seed: 7\nseed: 7", `small.txtar:5: the header has "seed" twice`},
		{"an unknown key", "seed: 7", "seed: 7\nsead: 7", `small.txtar:5: the header knows no "sead"`},
		{"a clock without exchange", "clock 01:", "clock:", `small.txtar:8: the clock is read before an exchange such as 01, not ""`},
		{"a clock that is none", "clock 01: 0", "clock 01: now", `small.txtar:8: a reading of the clock is in milliseconds after the beginning, not "now"`},
		{"a clock before the first", "clock 01:", "clock 00:", `small.txtar:8: the clock is read before an exchange such as 01, not "00"`},
		{"a clock in other words", "clock 03:", "clock 3:", `small.txtar:9: the clock is read before an exchange such as 01, not "3"`},
		{"a clock a hundred years on", "clock 03: 4000", "clock 03: 3153600000001", `not "3153600000001"`},
		{"a clock a hundred years back", "clock 03: 4000", "clock 03: -3153600000001", `not "-3153600000001"`},
		{"a secret of no kind", "secret otp:", "secret:", `small.txtar:6: the header knows no "secret"`},
		{"a key of two words", "seed: 7", "seed one: 7", `small.txtar:4: the header knows no "seed one"`},
		{"a clock beyond", "clock 05:", "clock 06:", `small.txtar:1: the clock is read before exchange 6, but there are only 4`},
		{"a message out of order", "-- 02.request --", "-- 03.request --", `small.txtar:27: "03.request" stands where "02.request" is expected`},
		{"a message missing", "-- 04.response --\nHTTP/1.1 204 No Content\n", "", `small.txtar:12: 7 messages are no pairs of a request and a response`},
		{"a request that is none", "DELETE /v1", "DELETE v1", `small.txtar:69: a request begins with a line such as "GET /path HTTP/1.1", not "DELETE v1`},
		{"another protocol", "0001/users HTTP/1.1", "0001/users HTTP/2", `small.txtar:28: a request begins with a line such as "GET /path HTTP/1.1", not "POST /v1`},
		{"no method", "DELETE /v1", " /v1", `small.txtar:69: a request begins with a line such as`},
		{"a host with a path", "Host: api.pingone.com\nAccept", "Host: api.pingone.com/x\nAccept", `small.txtar:28: the request has no Host, or "api.pingone.com/x" is none`},
		{"a host with somebody's name", "Host: api.pingone.com\nAccept", "Host: anna@api.pingone.com\nAccept", `small.txtar:28: the request has no Host, or "anna@api.pingone.com" is none`},
		{"a host that is no address", "Host: api.pingone.com\nAccept", "Host: api.pingone.com:x\nAccept", `small.txtar:28: the request's URL cannot be read`},
		{"an address that is not escaped", "?x=1&y=2 HTTP", "?x=1&y=2#z HTTP", `small.txtar:49: the request's URL is not in its usual form`},
		{"no host", "Host: api.pingone.com\nAccept", "Accept", `small.txtar:28: the request has no Host, or "" is none`},
		{"a status that is none", "HTTP/1.1 204 No Content", "HTTP/1.1 none", `small.txtar:73: a response begins with a line such as "HTTP/1.1 200 OK", not "HTTP/1.1 none"`},
		{"a status of another protocol", "HTTP/1.1 204", "HTTP/2 204", `not "HTTP/2 204 No Content"`},
		{"a status below all", "HTTP/1.1 204", "HTTP/1.1 99", `not "HTTP/1.1 99 No Content"`},
		{"a status above all", "HTTP/1.1 204", "HTTP/1.1 1000", `not "HTTP/1.1 1000 No Content"`},
		{"a header with a blank in its name", "Accept: application/json", "Ac cept: application/json", `small.txtar:30: a header has the form "Name: value", not "Ac cept: application/json"`},
		{"a header that is none", "Accept: application/json", "Accept application/json", `small.txtar:30: a header has the form "Name: value", not "Accept application/json"`},
		{"a header in lower case", "Accept: application/json", "accept: application/json", `small.txtar:30: a header has the form "Name: value", not "accept: application/json"`},
		{"a Host in a response", "HTTP/1.1 204 No Content\n", "HTTP/1.1 204 No Content\nHost: x\n", `small.txtar:73: a response has no Host`},
		{"base64 that is none", "Set-Cookie: ST=", "X-Fixture-Body: base64\nSet-Cookie: ST=", `small.txtar:62: the body is not in base64, as X-Fixture-Body says`},
	} {
		t.Run(fault.name, func(t *testing.T) {
			require.Contains(t, small, fault.old)
			_, err := replay.Parse("small.txtar", []byte(strings.Replace(small, fault.old, fault.now, 1)))
			require.ErrorContains(t, err, fault.want)
		})
	}
}

func TestReplayOfAFileThatIsNotThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "use_case", "none.txtar")
	_, err := replay.Replay(from(file))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "there is no recording "+file+" (the same again with PINGONE_MODE=emulator PINGONE_RECORD=true records it)")
	_, err = replay.Replay(os.DirFS(t.TempDir()), ".")
	require.ErrorContains(t, err, "reading the recording")
	_, err = replay.Replay(fstest.MapFS{}, "use_case/none.txtar")
	require.ErrorContains(t, err, "there is no recording use_case/none.txtar (the same again with ")
}

func TestAFileIsReadOnceUntilItChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.txtar")
	require.NoError(t, os.WriteFile(file, []byte(small), 0o600))
	first, err := replay.Load(from(file))
	require.NoError(t, err)
	second, err := replay.Load(from(file))
	require.NoError(t, err)
	require.Same(t, first, second)

	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(small, "seed: 7", "seed: 77", 1)), 0o600))
	changed, err := replay.Load(from(file))
	require.NoError(t, err)
	require.Equal(t, uint64(77), changed.Seed, "it is longer")

	info, err := os.Stat(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(small, "seed: 7", "seed: 78", 1)), 0o600))
	require.NoError(t, os.Chtimes(file, time.Time{}, info.ModTime().Add(time.Second)))
	changed, err = replay.Load(from(file))
	require.NoError(t, err)
	require.Equal(t, uint64(78), changed.Seed, "it is as long, and younger")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(small, "seed: 7", "seed: 789", 1)), 0o600))
	require.NoError(t, os.Chtimes(file, time.Time{}, info.ModTime().Add(time.Second)))
	changed, err = replay.Load(from(file))
	require.NoError(t, err)
	require.Equal(t, uint64(789), changed.Seed, "it is as old, and longer")

	require.NoError(t, os.WriteFile(file, []byte("x"), 0o600))
	for range 2 {
		_, err = replay.Load(from(file))
		require.ErrorContains(t, err, file+":1: ", "what is wrong stays wrong")
	}
	require.NoError(t, os.WriteFile(file, []byte(small), 0o600))
	_, err = replay.Load(from(file))
	require.NoError(t, err)
	require.NoError(t, os.Remove(file))
	_, err = replay.Load(from(file))
	require.ErrorContains(t, err, "there is no recording "+file, "it was read before")
}

func TestRecordingsAreReadFromAnyFileSystem(t *testing.T) {
	changing := fstest.MapFS{"use_case/small.txtar": {Data: []byte(small)}}
	for name, files := range map[string]fs.FS{"that compares": &changing, "that does not": changing} {
		t.Run(name, func(t *testing.T) {
			session, err := replay.Replay(files, "use_case/small.txtar")
			require.NoError(t, err)
			require.Equal(t, "use_case/small.txtar", session.File())
			sendAll(t, session, calls()...)
			require.NoError(t, session.Finish(true))
		})
	}
	other := fstest.MapFS{"use_case/small.txtar": {Data: []byte(strings.Replace(small, "seed: 7", "seed: 8", 1))}}
	recording, err := replay.Load(&other, "use_case/small.txtar")
	require.NoError(t, err)
	require.Equal(t, uint64(8), recording.Seed, "a file of the same name in another file system is another")
}

// FuzzParse: whatever the text, reading it does not panic, and what was read
// once reads the same ever after.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("format: 1\nrecorded-from: x\nrecorded: 2026-01-15T09:00:00.000Z\nseed: 1\n"))
	f.Add([]byte(strings.ReplaceAll(small, "\n", "\r\n")))
	for _, cut := range []int{100, 300, 700, 1500} {
		f.Add([]byte(small[:cut]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		recording, err := replay.Parse("fuzz.txtar", text)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "fuzz.txtar:"), err)
			return
		}
		written := recording.Format()
		again, err := replay.Parse("fuzz.txtar", written)
		require.NoError(t, err, "%s", written)
		require.True(t, bytes.Equal(written, again.Format()), "%s\n---\n%s", written, again.Format())
	})
}
