package suite

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A transcript shows each call as it was sent and answered, to its owner alone.
func TestATranscriptShowsWhatWasSentAndAnswered(t *testing.T) {
	s := begun(t, newManagement(t))
	require.Empty(t, s.writeTranscript(), "nothing was called")
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	file, is := strings.CutPrefix(s.writeTranscript(), "the calls are in ")
	require.True(t, is)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Regexp(t, `(?s)^1\. Create Application\nPOST https://api\.pingone\.com`+env+`/applications\nContent-Type: application/json\n`+
		`[^-]*"name": "pingone-conformance 0000000000000001 Shop".*\n-> 201 in .*"username": "pingone-conformance 0000000000000001 Shop"`, string(text))
	if runtime.GOOS == "windows" {
		return // it has no such bits
	}
	for path, mode := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o750 | os.ModeDir} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode())
	}
}

func TestATranscriptThatCannotBeWrittenIsSaid(t *testing.T) {
	s := begun(t, newManagement(t))
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	blocked := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	s.transcripts = blocked
	require.Contains(t, s.writeTranscript(), "the transcript cannot be written: ")
	s.transcripts = t.TempDir()
	require.NoError(t, os.MkdirAll(transcript(s.transcripts, s.ID), 0o750))
	require.Contains(t, s.writeTranscript(), "the transcript cannot be written: ")
}
