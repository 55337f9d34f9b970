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
}

func TestBodiesOfEveryKindReadBack(t *testing.T) {
	original, err := replay.Parse("small.txtar", []byte(small))
	require.NoError(t, err)
	for name, body := range map[string]string{
		"empty": "", "JSON": `{"a":[1,{"b":null}],"c":"<&>\u0001"}`, "an array": `[]`, "broken JSON": `{"a":`, "a word": "x", "a number": "1",
		"no line end": "a\nb", "line ends": "\n\na\n\n", "only a line end": "\n", "a marker": "-- 01.request --\n-- x --", "a backslash": `\-- x --`,
		"bytes": "\x00\xff\r\n", "carriage returns": "a\r\nb", "spaces": " ", "JSON twice": "{} {}",
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
		{"a clock beyond", "clock 05:", "clock 06:", `small.txtar:1: the clock is read before exchange 6, but there are only 4`},
		{"a message out of order", "-- 02.request --", "-- 03.request --", `small.txtar:27: "03.request" stands where "02.request" is expected`},
		{"a message missing", "-- 04.response --\nHTTP/1.1 204 No Content\n", "", `small.txtar:12: 7 messages are no pairs of a request and a response`},
		{"a request that is none", "DELETE /v1", "DELETE v1", `small.txtar:69: a request begins with a line such as "GET /path HTTP/1.1", not "DELETE v1`},
		{"no host", "Host: api.pingone.com\nAccept", "Accept", `small.txtar:28: the request has no Host, or "" is none`},
		{"a status that is none", "HTTP/1.1 204 No Content", "HTTP/1.1 none", `small.txtar:73: a response begins with a line such as "HTTP/1.1 200 OK", not "HTTP/1.1 none"`},
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
	require.ErrorContains(t, err, "there is no recording "+file+" (record it with PINGONE_MODE=emulator PINGONE_RECORD=true go test ./features -count=1)")
	_, err = replay.Replay(os.DirFS(t.TempDir()), ".")
	require.ErrorContains(t, err, "reading the recording")
	_, err = replay.Replay(fstest.MapFS{}, "use_case/none.txtar")
	require.ErrorContains(t, err, "there is no recording use_case/none.txtar (record it with ")
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
	require.Equal(t, uint64(77), changed.Seed)
	require.NoError(t, os.WriteFile(file, []byte("x"), 0o600))
	_, err = replay.Load(from(file))
	require.ErrorContains(t, err, file+":1: ")
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
