package emulator_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

func TestTheLogHoldsALineForEachCallAndNoSecret(t *testing.T) {
	for _, format := range []string{"", emulator.LogText, emulator.LogJSON} {
		var log bytes.Buffer
		server := start(t, emulator.Options{Log: &log, LogFormat: format})
		c := authorized(t, server)
		c.get("/users?filter=username+eq+%22secret-name%22")
		status, _ := c.call(http.MethodGet, c.url+"/v1/"+c.token, "", nil)
		require.Equal(t, 404, status)
		status, _ = c.call("SECRET-NAME", "/users", "", nil)
		require.Equal(t, 405, status)
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		require.Len(t, lines, 4)
		for _, secret := range []string{c.token, server.Credentials().ClientSecret, "secret-name", c.env} {
			require.NotContains(t, log.String(), secret)
		}
		require.Contains(t, lines[1], "/v1/environments/"+c.env[:8]+"…/users")
		if format == emulator.LogJSON {
			require.Equal(t, "user.list", gjson.Get(lines[1], "operation").String())
			require.Equal(t, int64(404), gjson.Get(lines[2], "status").Int())
			require.WithinDuration(t, time.Now(), gjson.Get(lines[2], "time").Time(), time.Minute)
			require.Equal(t, []string{"GET", "/v1…"}, names(gjson.Get(lines[2], "[method,path]")))
			require.Less(t, gjson.Get(lines[2], "ms").Float(), 60_000.0)
			require.False(t, gjson.Get(lines[2], "operation").Exists())
			require.Equal(t, "?", gjson.Get(lines[3], "method").String(), "any word may be sent")
			continue
		}
		require.Regexp(t, `^\S+ GET    /v1… 404 \d+\.\dms $`, lines[2])
		require.Regexp(t, `^\S+ \?      /v1/environments/[0-9a-f]{8}…/users 405 `, lines[3])
		require.Regexp(t, `^\d\d:\d\d:\d\d\.\d{3} GET    /v1/environments/[0-9a-f]{8}…/users 200 \d+\.\dms user\.list$`, lines[1])
	}
	_, err := emulator.Start(context.Background(), emulator.Options{LogFormat: "xml"})
	require.ErrorContains(t, err, `"xml" is no format of a log`)
}
