package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	row  = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	verb = regexp.MustCompile(`%(?:\[\d+\])?[-+#0 ]*[\d.]*[a-zA-Z]`)
	gaps = regexp.MustCompile(`(\s*…\s*)+`)
)

// form is a text with every place where something varies shown alike.
func form(text string) string {
	text = gaps.ReplaceAllString(verb.ReplaceAllString(text, "…"), "…")
	return strings.Trim(text, "…\n ")
}

// printed are the texts of the program's source, in which constants are joined as they are there.
func printed(t *testing.T) []string {
	t.Helper()
	var all []string
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "examples/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if e, is := n.(ast.Expr); is {
				if value, whole := constant(e); whole {
					all = append(all, form(value))
					return false
				}
			}
			return true
		})
		return nil
	}))
	return all
}

// constant is a literal, or a sum of literals.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		value, err := strconv.Unquote(e.Value)
		return value, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		left, first := constant(e.X)
		right, second := constant(e.Y)
		return left + right, first && second && e.Op == token.ADD
	}
	return "", false
}

// says tells whether the program has a text that contains the message.
func says(all []string, message string) bool {
	wanted := form(message)
	for _, one := range all {
		if strings.Contains(one, wanted) {
			return true
		}
	}
	return false
}

func TestEveryMessageOfTheTroublesIsOneOfTheProgram(t *testing.T) {
	all := printed(t)
	rows := row.FindAllStringSubmatch(text(t, "docs/troubleshooting.md"), -1)
	require.Greater(t, len(rows), 30)
	for _, m := range rows {
		require.Greater(t, len(strings.ReplaceAll(form(m[1]), "…", "")), 9, "%s says too little to be looked for", m[1])
		if !says(all, m[1]) {
			t.Errorf("nothing in the program says: %s", m[1])
		}
	}
	require.False(t, says(all, "the printer is on fire"))
	require.False(t, says(all, "it is …, which may hold real monsters"))
}
