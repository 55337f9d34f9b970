package client_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestAnHTMLPageIsKnown(t *testing.T) {
	const page = "\n<!DOCTYPE html>\n<html><head><title>Sign on to the network</title></head></html>"
	for name, row := range map[string]struct {
		media, body string
		want        bool
	}{
		"a page":                          {"text/html; charset=utf-8", page, true},
		"a page in other words":           {"application/xhtml+xml", `<?xml version="1.0"?><html/>`, true},
		"a page that says it is JSON":     {"application/json", page, true},
		"a page that does not say":        {"", page, true},
		"a page without a usual start":    {"text/html", "Access denied", true},
		"JSON":                            {"application/json", `{"message":"<html>"}`, false},
		"JSON that does not say":          {"", `{"id":"1"}`, false},
		"a text":                          {"text/plain", "no", false},
		"nothing, though it is called so": {"text/html", "", false},
	} {
		ex := &client.Exchange{Header: http.Header{}, Body: []byte(row.body)}
		ex.Header.Set("Content-Type", row.media)
		require.Equal(t, row.want, ex.IsPage(), name)
	}
	require.False(t, (*client.Exchange)(nil).IsPage())
}
