package deviation

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

func TestABrowserHasTheNewestCookies(t *testing.T) {
	sent := http.Header{"Cookie": {"ST=old; AWSALB=kept"}}
	proven := &wire.Answer{Header: http.Header{"Set-Cookie": {"ST=new; Path=/; HttpOnly"}}}
	require.Equal(t, "AWSALB=kept; ST=new", cookiesAfter(&wire.Call{Header: sent}, proven))
	require.Equal(t, "ST=old; AWSALB=kept", cookiesAfter(&wire.Call{Header: sent}, &wire.Answer{}))
	require.Empty(t, cookiesAfter(&wire.Call{}, &wire.Answer{}))
}
