package replay

import "pingone-conformance/internal/replay/internal/scrub"

// StandIns are what replay uses in place of the configuration's values.
//
// The worker's environment and the target environment share one stand-in, so
// that a recording made where they differ equals one made where they do not.
type StandIns struct {
	EnvironmentID, WorkerEnvironmentID string
	ClientID, ClientSecret             string
	Phone, Email                       string
	APIURL, AuthURL, AppsURL           string
}

// Replayed returns the stand-ins of the configuration in every fixture. The
// phone number is from the range that is set aside for fiction, the e-mail
// address at a reserved domain, the hosts those of PingOne's NA region.
func Replayed() StandIns {
	return StandIns{
		EnvironmentID:       scrub.ConfigID(1),
		WorkerEnvironmentID: scrub.ConfigID(1),
		ClientID:            scrub.ConfigID(2),
		ClientSecret:        scrub.StandIn("client-secret", 1, ""),
		Phone:               scrub.Phone,
		Email:               scrub.Email,
		APIURL:              scrub.APIOrigin + "/v1",
		AuthURL:             scrub.AuthOrigin,
		AppsURL:             scrub.AppsOrigin,
	}
}
