package suite_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

func TestARefusalIsToldInTheWordsOfWhoeverAnswered(t *testing.T) {
	for name, row := range map[string]struct{ body, says string }{
		"PingOne":                 {`{"code":"INVALID_DATA","message":"no","details":[{"code":"REQUIRED_VALUE","target":"name","message":"missing"}]}`, "answered 502; PingOne says INVALID_DATA: no (REQUIRED_VALUE name missing)"},
		"an authorization server": {`{"error":"invalid_client","error_description":"who?"}`, "answered 502; PingOne says invalid_client: who?"},
		"somebody on the way":     {`<html><body>{"code":"X"}</body></html>`, "answered 502; the answer is an HTML page and no JSON: not PingOne's API answered, but something on the way, such as a proxy"},
		"somebody without a word": {``, "answered 502"},
	} {
		t.Run(name, func(t *testing.T) {
			ex := &client.Exchange{
				Status: http.StatusBadGateway, Body: []byte(row.body), Header: http.Header{},
				Request: client.Request{Method: http.MethodPost, URL: &url.URL{Path: "/v1/environments/1/users"}},
			}
			require.EqualError(t, suite.Must("create Anna", ex, nil, 201), "create Anna: wanted 201, but POST /v1/environments/1/users "+row.says)
		})
	}
}
