package contract

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestAReportNamesTheRulesAndTheirGrade(t *testing.T) {
	const id = "00000000-0000-4000-8000-000000000001"
	rows := map[string]struct {
		method, path string
		status       int
		body         string
		rules        []string
	}{
		"a list": {
			"GET", "/v1/environments/" + id + "/populations", 200, `{"_links":{"self":{"href":"x"}},"_embedded":{"populations":[]},"size":0,"count":0}`,
			[]string{"List Populations documented", "schema collection documented", "schema collection inferred"},
		},
		"a refusal":              {"GET", "/v1/environments/" + id + "/populations", 404, `{}`, []string{"List Populations documented", "schema error documented", "schema error-404 documented"}},
		"a call that is unknown": {"GET", "/elsewhere", 200, `{}`, nil},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			report := NewChecker().Check(&client.Exchange{
				Request: client.Request{Method: row.method, URL: &url.URL{Scheme: "https", Host: "api.pingone.com", Path: row.path}},
				Status:  row.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(row.body),
			})
			var rules []string
			for _, rule := range report.Rules() {
				rules = append(rules, rule.Name+" "+rule.Grade)
				require.Contains(t, rule.Source, "https://")
			}
			require.Equal(t, row.rules, rules)
		})
	}
}
