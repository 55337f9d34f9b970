package config

import (
	"slices"
	"strings"
)

// neighbours are the variables of Ping's other tools, as names or, with an
// underscore at the end, as beginnings. They may lie around in the same environment
// and are none of our business.
var neighbours = slices.Concat(
	terraformProvider,
	terraformTests,
	davinciProvider,
	goClient,
	mcpServer,
	pingctl,
	samples,
	passcodeCommand,
)

// registry.terraform.io/providers/pingidentity/pingone/latest/docs
var terraformProvider = []string{
	"PINGONE_API_ACCESS_TOKEN",
	"PINGONE_API_SERVICE_HOSTNAME",
	"PINGONE_AUTH_SERVICE_HOSTNAME",
	"PINGONE_REGION",
	"PINGONE_TF_",
}

// github.com/pingidentity/terraform-provider-pingone/blob/main/contributing/acceptance-test-strategy.md
var terraformTests = []string{
	"PINGONE_DOMAIN_",
	"PINGONE_EMAIL_DOMAIN_TEST_SKIP",
	"PINGONE_GOOGLE_",
	"PINGONE_KEY_",
	"PINGONE_LICENSE_ID",
	"PINGONE_ORGANIZATION_ID",
	"PINGONE_ORGANIZATION_NAME",
	"PINGONE_SYNIVERSE_",
	"PINGONE_TWILIO_",
	"PINGONE_VERIFIED_EMAIL_DOMAIN",
}

// registry.terraform.io/providers/pingidentity/davinci/latest/docs
var davinciProvider = []string{
	"PINGONE_DAVINCI_",
	"PINGONE_PASSWORD",
	"PINGONE_USERNAME",
}

// pkg.go.dev/github.com/pingidentity/pingone-go-client
var goClient = []string{
	"PINGONE_API_ACCESS_TOKEN_EXPIRY",
	"PINGONE_API_DOMAIN",
	"PINGONE_AUTH_GRANT_TYPE",
	"PINGONE_AUTHORIZATION_CODE_",
	"PINGONE_CLIENT_CREDENTIALS_",
	"PINGONE_CUSTOM_DOMAIN",
	"PINGONE_DEVICE_CODE_",
	"PINGONE_ROOT_DOMAIN",
	"PINGONE_STORAGE_",
	"PINGONE_TOP_LEVEL_DOMAIN",
}

// github.com/pingidentity/pingone-mcp-server
var mcpServer = []string{
	"PINGONE_MCP_",
}

// developer.pingidentity.com/devops/get-started/configVars.html
var pingctl = []string{
	"PINGONE_WORKER_APP_",
}

// What sample applications and labs around PingOne call an environment, its hosts and
// its applications; no page of Ping's lists them.
var samples = []string{
	"PINGONE_ADMIN_CLIENT_ID",
	"PINGONE_ADMIN_CLIENT_SECRET",
	"PINGONE_ADMIN_ENV_ID",
	"PINGONE_ADMIN_SECRET",
	"PINGONE_API_PATH",
	"PINGONE_AUTH_PATH",
	"PINGONE_ENV_ID",
	"PINGONE_REDIRECT_URI",
	"PINGONE_RISK_POLICY_SET_ID",
	"PINGONE_SCOPES",
	"PINGONE_WORKER_ENV_ID",
}

// What a passcode command is given by this suite; it may start the suite again.
var passcodeCommand = []string{
	"PINGONE_PASSCODE_DEVICE_MASKED",
	"PINGONE_PASSCODE_DEVICE_TYPE",
	"PINGONE_PASSCODE_FLOW_ID",
	"PINGONE_PASSCODE_SINCE",
}

func isNeighbour(name string) bool {
	return slices.ContainsFunc(neighbours, func(neighbour string) bool {
		return name == neighbour || strings.HasSuffix(neighbour, "_") && strings.HasPrefix(name, neighbour)
	})
}
