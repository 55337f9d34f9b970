package docs

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
)

const root = ".."

// block is a fenced block of a document.
type block struct {
	line           int
	language, text string
	notRun         string // why its commands are run by no test, "" when they are
}

var (
	fence   = regexp.MustCompile("^```([a-z]*)$")
	why     = regexp.MustCompile(`^<!-- not run: (.{10,}) -->$`)
	command = regexp.MustCompile(`^(    |\t)\s*(\$ |\./|bin/|PINGONE_[A-Z_]+=|(make|go|git|npx|npm|k6|sh|bash|curl|docker|pingone-conformance)( |$))`)
)

// languages are those that a fenced block may name: none of the others is a shell's.
var languages = []string{"sh", "text", "go", "gherkin", "js", "json", "yaml"}

// documents are all texts in Markdown, by their path from the repository's root.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules", "bin", "dist", "reports", "testdata"}, entry.Name()):
			return fs.SkipDir
		case strings.HasSuffix(name, ".md"):
			all = append(all, name)
		}
		return nil
	}))
	require.Contains(t, all, "README.md")
	return all
}

func text(t *testing.T, document string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(document)))
	require.NoError(t, err)
	return string(text)
}

// fenced are the blocks of a text, and what of it is outside them, line by line.
func fenced(text string) (blocks []block, outside []string) {
	open, before := -1, ""
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && open < 0:
			open = i
			b := block{line: i + 1, language: m[1]}
			if said := why.FindStringSubmatch(before); said != nil {
				b.notRun = said[1]
			}
			blocks = append(blocks, b)
		case m != nil:
			open = -1
		case open >= 0:
			blocks[len(blocks)-1].text += line + "\n"
		default:
			outside = append(outside, line)
			if strings.TrimSpace(line) != "" {
				before = line
			}
			continue
		}
		before = ""
		outside = append(outside, "")
	}
	return blocks, outside
}

// A document shows commands in fenced blocks of the language sh alone, so that none escapes the test below.
func TestEveryCommandStandsInAFence(t *testing.T) {
	for _, document := range documents(t) {
		blocks, outside := fenced(text(t, document))
		for _, b := range blocks {
			require.Contains(t, languages, b.language, "%s:%d", document, b.line)
		}
		for i, line := range outside {
			require.NotRegexp(t, command, line, "%s:%d: put it into a fence, ```sh", document, i+1)
			require.False(t, strings.HasPrefix(line, "<!-- not run") && !why.MatchString(line), "%s:%d: say why", document, i+1)
		}
	}
}

// ofTheirOwn are the documents whose commands another test runs.
var ofTheirOwn = map[string]func(*testing.T){
	"docs/emulator.md":          TestTheEmulatorsPageRunsInAnEmptyFolder,
	"docs/your-own-use-case.md": TestThePagesCommandsRunInAFreshFolder,
}

// Every command of every document works as it stands, in a copy of this repository, without
// network, unless the document says why it is not run.
func TestEveryCommandOfTheDocumentsWorks(t *testing.T) {
	needs(t, "bash", "curl", "make")
	ran := 0
	for _, document := range documents(t) {
		var script strings.Builder
		port := freePort(t)
		blocks, _ := fenced(text(t, document))
		for _, b := range blocks {
			if b.language == "sh" && b.notRun == "" && ofTheirOwn[document] == nil {
				fmt.Fprintf(&script, "echo '== %s:%d'\n%s", document, b.line, strings.ReplaceAll(b.text, "localhost:9030", "localhost:"+port))
				ran++
			}
		}
		if script.Len() == 0 {
			continue
		}
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			copyOf(t, dir)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			inShell(ctx, t, dir, script.String(), offline()...)
		})
	}
	require.Greater(t, ran, 10)
}

// offline is an environment in which nothing beyond this machine answers, and in which go
// builds once for all copies.
func offline() []string {
	const nowhere = "http://127.0.0.1:9"
	return []string{
		"GOPROXY=off", "GOFLAGS=-trimpath -buildvcs=false", "HTTP_PROXY=" + nowhere, "HTTPS_PROXY=" + nowhere,
		"http_proxy=" + nowhere, "https_proxy=" + nowhere, "NO_PROXY=localhost,127.0.0.1,::1", "no_proxy=localhost,127.0.0.1,::1",
	}
}

// copyOf copies what a fresh checkout has into dir.
func copyOf(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		to := filepath.Join(dir, filepath.FromSlash(name))
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules", "bin", "dist", "reports"}, entry.Name()):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(to, 0o750)
		case !entry.Type().IsRegular() || entry.Name() == ".env" || entry.Name() == ".git":
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	}))
}

var (
	link     = regexp.MustCompile(`\]\(<?([^()\s>]+)>?(?: "[^"]*")?\)`)
	autolink = regexp.MustCompile(`<(https?://[^>]*)>`)
	span     = regexp.MustCompile("`+[^`]*`+")
	heading  = regexp.MustCompile(`^#{1,6} (.*)$`)
)

// anchors are those that GitHub gives a document's headings.
func anchors(t *testing.T, document string) map[string]bool {
	t.Helper()
	all, times := map[string]bool{}, map[string]int{}
	_, outside := fenced(text(t, document))
	for _, line := range outside {
		m := heading.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, link.ReplaceAllString(m[1], "]"))
		if n := times[slug]; n > 0 {
			all[fmt.Sprintf("%s-%d", slug, n)] = true
		} else {
			all[slug] = true
		}
		times[slug]++
	}
	return all
}

// broken says what is wrong with a link of a document, "" for nothing; addresses elsewhere
// are looked at, not called.
func broken(t *testing.T, document, target string) string {
	t.Helper()
	if u, err := url.Parse(target); err != nil || u.Scheme != "" {
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return "is no address"
		}
		return ""
	}
	file, anchor, anchored := strings.Cut(target, "#")
	if file == "" {
		file = document
	} else {
		file = filepath.ToSlash(filepath.Join(filepath.Dir(document), file))
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil || strings.HasPrefix(file, "..") {
		return "leads to no file"
	}
	if anchored && strings.HasSuffix(file, ".md") && !anchors(t, file)[anchor] {
		return "leads to no heading"
	}
	return ""
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	reached := map[string]bool{"README.md": true}
	for _, document := range documents(t) {
		_, outside := fenced(text(t, document))
		for i, line := range outside {
			line = span.ReplaceAllString(line, "`")
			for _, m := range append(link.FindAllStringSubmatch(line, -1), autolink.FindAllStringSubmatch(line, -1)...) {
				if fault := broken(t, document, m[1]); fault != "" {
					t.Errorf("%s:%d: %s %s", document, i+1, m[1], fault)
				}
				file, _, _ := strings.Cut(m[1], "#")
				reached[filepath.ToSlash(filepath.Join(filepath.Dir(document), file))] = true
			}
		}
	}
	for _, document := range documents(t) {
		require.True(t, reached[document], "no document leads to %s", document)
	}
}

func TestALinkThatLeadsNowhereIsFound(t *testing.T) {
	for target, fault := range map[string]string{
		"docs/emulator.md":         "",
		"docs/emulator.md#state":   "",
		"#who-answers":             "",
		"https://example.com/a":    "",
		"docs/nothing.md":          "leads to no file",
		"../outside.md":            "leads to no file",
		"docs/emulator.md#nothing": "leads to no heading",
		"#nothing":                 "leads to no heading",
		"https:///a":               "is no address",
		"ftp://example.com":        "is no address",
		"mailto:":                  "is no address",
	} {
		require.Equal(t, fault, broken(t, "README.md", target), target)
	}
}

func TestAFenceIsReadAsGitHubReadsIt(t *testing.T) {
	blocks, outside := fenced("a\n\n<!-- not run: it needs a tenant -->\n```sh\nmake x\n```\n\n```sh\nmake y\n```\nb")
	require.Equal(t, []block{{4, "sh", "make x\n", "it needs a tenant"}, {8, "sh", "make y\n", ""}}, blocks)
	require.Equal(t, "b", outside[len(outside)-1])
	require.NotContains(t, outside, "make x")
	for line, is := range map[string]bool{
		"    make features": true, "    PINGONE_MODE=live make record": true, "\tgo test ./...": true, "    made of sentences": false, "make features": false,
	} {
		require.Equal(t, is, command.MatchString(line), line)
	}
}
