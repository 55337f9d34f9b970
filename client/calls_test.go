package client_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestEveryCallSendsWhatPingOneDocuments(t *testing.T) {
	secrets := map[string]string{
		"bearer": "Bearer worker-token", "basic": "Basic aWQ6cHc=", "person": "Bearer anna-token", "none": "",
	}
	accept := map[string]string{"api": client.JSON, "aut": "*/*"}
	hosts := strings.NewReplacer("https://api.pingone.com", "api", "https://auth.pingone.com", "auth")
	for _, row := range calls {
		t.Run(row.method, func(t *testing.T) {
			c, w := overWire(t)
			c.SetToken("worker-token")

			done := row.call(given{c, context.Background(), answered(t, row.earlier)})

			require.NoError(t, done.err)
			require.Len(t, w.sent, 1)
			request := w.last()
			require.Equal(t, row.request, request.Method+" "+hosts.Replace(request.URL.String()))
			require.Equal(t, row.mediaType, request.Header.Get("Content-Type"))
			require.Equal(t, accept[row.request[strings.Index(row.request, " ")+1:][:3]], request.Header.Get("Accept"))
			require.Equal(t, secrets[row.secret], request.Header.Get("Authorization"))
			require.Regexp(t, `^pingone-conformance/\d+\.\d+\.\d+$`, request.Header.Get("User-Agent"))
			require.Equal(t, row.operation, done.exchange.Operation)
			require.Equal(t, request.URL.String(), done.exchange.Request.URL.String())
			require.Equal(t, w.bodies[0], string(done.exchange.Request.Body))
		})
	}
}

func TestEveryMethodThatCallsStandsInTheTable(t *testing.T) {
	listed := map[string]bool{}
	for _, row := range calls {
		listed[row.method] = true
	}
	kind := reflect.TypeFor[*client.Client]()
	for i := range kind.NumMethod() {
		method := kind.Method(i)
		if method.Type.NumOut() == 2 && method.Type.Out(0) == reflect.TypeFor[*client.Exchange]() {
			require.True(t, listed[method.Name], "%s has no row in the table of calls", method.Name)
		}
	}
}

func TestBodiesAreWhatPingOneDocuments(t *testing.T) {
	bodies := map[string]string{
		"CheckUsernamePassword": `{"username":"anna","password":"pass"}`,
		"CheckOTP":              `{"otp":"123456"}`,
		"SelectDevice":          `{"device":{"id":"dev"}}`,
		"ResetPassword":         `{"currentPassword":"old","newPassword":"new"}`,
		"FlowAction":            "",
		"EnableMFA":             `{"mfaEnabled":true}`,
		"ActivateDevice":        `{"otp":"123456"}`,
		"WorkerToken":           "grant_type=client_credentials",
		"AuthorizeByPost":       "client_id=app",
		"ReadUser":              "",
	}
	for _, row := range calls {
		want, listed := bodies[row.method]
		if !listed {
			continue
		}
		delete(bodies, row.method)
		t.Run(row.method, func(t *testing.T) {
			c, w := overWire(t)
			done := row.call(given{c, context.Background(), answered(t, row.earlier)})
			require.NoError(t, done.err)
			require.Equal(t, want, w.bodies[0])
		})
	}
	require.Empty(t, bodies, "no call of that name")
}

// documented reads the comment of every method of Client.
func documented(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, declared := range parsed.Decls {
			if method, is := declared.(*ast.FuncDecl); is && method.Recv != nil {
				docs[method.Name.Name] = method.Doc.Text()
			}
		}
	}
	return docs
}

func TestEveryCommentEndsWithPageMethodAndPath(t *testing.T) {
	docs := documented(t)
	anyAddress := map[string]bool{"Get": true, "Do": true, "NextPage": true}
	variable := regexp.MustCompile(`\\\{\w+\\\}`)
	for _, row := range calls {
		if anyAddress[row.method] {
			continue
		}
		lines := strings.Split(strings.TrimSpace(docs[row.method]), "\n")
		require.Greater(t, len(lines), 2, row.method)
		require.Regexp(t, `^developer\.pingidentity\.com/pingone-api/`, lines[len(lines)-2], row.method)

		written := strings.ReplaceAll(regexp.QuoteMeta(lines[len(lines)-1]), "…", ".*")
		pattern := "^" + variable.ReplaceAllString(written, `[^/]+`) + `(\?.*)?$`
		sent := strings.NewReplacer(" api/", " /", " auth/", " /").Replace(row.request)
		require.Regexp(t, pattern, sent, row.method)
	}
}
