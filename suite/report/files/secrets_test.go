package files_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/files"
)

// What an environment knows as its own, and what a person types, stands in no report.
func TestNothingSecretIsInAnyFile(t *testing.T) {
	server, err := emulator.Start(t.Context(), emulator.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	c := server.Credentials()
	const phone, email = "+1.5125550177", "averysecretmailbox@example.com"
	seen := before(t, server.URL())
	o := specification(config.Config{
		Mode: config.Live, APIURL: seen.URL, AuthURL: seen.URL, EnvironmentID: c.EnvironmentID, TargetEnvironmentID: c.EnvironmentID,
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, Phone: phone, Email: email,
		Passcode: config.PasscodeConfig{Source: config.Outbox, OutboxURL: server.OutboxURL()},
	})
	o.Concurrency, o.Retry = 8, retry.Options{FirstWait: time.Millisecond, LongestWait: 5 * time.Millisecond, LagLimit: 200 * time.Millisecond, LagInterval: 10 * time.Millisecond}
	_, err = suite.Run(t.Context(), o)
	folder := written(t, o.Recorder.Results(o, err))
	secrets := append(seen.all(), c.EnvironmentID, c.ClientID, c.ClientSecret, phone, strings.TrimPrefix(phone, "+"), email)
	require.Greater(t, len(secrets), 50)
	needles := map[string]bool{}
	var short []string // such as passwords, whose runs of letters stand in any packed text
	for _, secret := range secrets {
		if longest := slices.MaxFunc(runs(secret), func(a, b string) int { return len(a) - len(b) }); len(longest) >= 8 {
			needles[longest] = true
		} else {
			short = append(short, secret)
		}
	}
	require.NoError(t, filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() {
			return nil
		}
		text := read(t, folder, strings.TrimPrefix(name, folder))
		if filepath.Base(name) == files.Page {
			text += unpacked(t, text)
		}
		for _, secret := range short {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", filepath.Base(name), secret)
			}
		}
		for _, run := range runs(text) {
			if needles[run] {
				t.Errorf("%s holds %q", filepath.Base(name), run[:min(len(run), 12)])
			}
		}
		return nil
	}))
}

var blocks = regexp.MustCompile(`<script type="application/octet-stream" id="([^"]+)">([^<]+)</script>`)

// unpacked is what the page holds compressed.
func unpacked(t *testing.T, page string) string {
	t.Helper()
	var all strings.Builder
	found := blocks.FindAllStringSubmatch(page, -1)
	require.NotEmpty(t, found)
	for _, block := range found {
		packed, err := base64.StdEncoding.DecodeString(block[2])
		require.NoError(t, err)
		reader, err := gzip.NewReader(bytes.NewReader(packed))
		require.NoError(t, err)
		text, err := io.ReadAll(reader)
		require.NoError(t, err)
		all.WriteString("\n" + html.UnescapeString(string(text)))
		if block[1] == "words" {
			continue
		}
		var messages [][2]string
		require.NoError(t, json.NewDecoder(bytes.NewReader(text)).Decode(&messages))
		for _, m := range messages {
			all.WriteString("\n" + m[0] + "\n" + m[1])
		}
	}
	require.Contains(t, all.String(), "Authorization: ")
	return all.String()
}

var basic = regexp.MustCompile(`Basic ([A-Za-z0-9+/]+=*)`)

// runs are the words of a text, as secrets and ids are made of them, also those in Basic
// credentials.
func runs(text string) []string {
	for _, found := range basic.FindAllStringSubmatch(text, -1) {
		pair, _ := base64.StdEncoding.DecodeString(found[1])
		text += " " + string(pair)
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
