package oauth

import (
	"cmp"
	"net/http"
	"net/url"

	"pingone-conformance/emulator/internal/wire"
)

// fault is why an authorization request is refused. What it looks like depends
// on how the request wants its answer, see refuse.
type fault struct {
	// oauth is the error code for a redirect, such as invalid_request.
	oauth  string
	detail wire.Detail
	// untrusted says that client or redirect URI are not known to be good:
	// nothing is ever sent to the redirect URI then.
	untrusted bool
	// inOAuth says that a JSON answer has OAuth's shape instead of PingOne's.
	inOAuth bool
}

// invalid is a fault in the value of a parameter.
func invalid(target, message string) *fault {
	return &fault{oauth: "invalid_request", detail: wire.Detail{Code: "INVALID_VALUE", Target: target, Message: message}}
}

// required is a missing parameter.
func required(target string) *fault {
	return &fault{oauth: "invalid_request", detail: wire.Detail{Code: "REQUIRED_VALUE", Target: target, Message: "A required parameter is missing."}}
}

// refused is a fault for which OAuth has a code of its own. Recorded answers to
// such faults have OAuth's shape even where nothing is redirected.
func refused(oauth, message string) *fault {
	return &fault{oauth: oauth, detail: wire.Detail{Code: "INVALID_VALUE", Message: message}, inOAuth: true}
}

func (f *fault) distrust() *fault {
	f.untrusted = true
	return f
}

// refuse answers an authorization request that is at fault: as JSON in pi.flow
// mode; else on the sign-on page while client and redirect URI cannot be
// trusted, and as an OAuth error at the redirect URI once they can.
//
// The vendor documents none of these bodies. The JSON follows the one recorded
// answer of the authorization server to a bad token parameter (INVALID_DATA,
// INVALID_VALUE, the parameter as target), the sign-on page what the vendor's
// sample reads from its query.
//
// https://github.com/pingidentity/pingone-sample-custom-signon
func (s *Server) refuse(v *visit, p *parameters, f *fault) *wire.Answer {
	switch {
	case p.responseMode == modeFlow && f.inOAuth:
		return wire.OAuthError(http.StatusBadRequest, f.oauth, f.detail.Message)
	case p.responseMode == modeFlow:
		return wire.InvalidData(f.detail).Answer(v.ID)
	case f.untrusted && !s.decide.Trusts(p.get("redirect_uri")):
		problem := wire.InvalidData(f.detail).Answer(v.ID)
		return wire.Redirect(v.base() + "/signon/?" + url.Values{"error": {string(problem.Body)}}.Encode())
	default:
		p.redirectURI = cmp.Or(p.redirectURI, p.get("redirect_uri"))
		return s.respond(p, url.Values{"error": {f.oauth}, "error_description": {f.detail.Message}})
	}
}
