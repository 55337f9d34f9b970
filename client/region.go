package client

import (
	"fmt"
	"strings"
)

// DefaultRegion is the region taken when none is named.
const DefaultRegion = "NA"

// regions lists PingOne's regions and the top-level domain of each.
var regions = []struct{ code, domain string }{
	{"NA", "com"},
	{"EU", "eu"},
	{"AP", "asia"},
	{"CA", "ca"},
	{"AU", "com.au"},
	{"SG", "sg"},
}

// Regions lists the codes that Region knows.
func Regions() []string {
	codes := make([]string, 0, len(regions))
	for _, region := range regions {
		codes = append(codes, region.code)
	}
	return codes
}

// Region returns the API's URL (with /v1) and the authorization server's URL
// of a PingOne region: NA, EU, AP, CA, AU or SG, in upper case. Another code is
// an error that lists these.
//
// developer.pingidentity.com/pingone-api/before-you-begin/introduction.html#pingone-api-domains
func Region(code string) (apiURL, authURL string, err error) {
	for _, region := range regions {
		if region.code == code {
			return "https://api.pingone." + region.domain + "/v1", "https://auth.pingone." + region.domain, nil
		}
	}
	return "", "", fmt.Errorf("%q is no region of PingOne; use one of %s", code, strings.Join(Regions(), ", "))
}
