package wire

import (
	"fmt"
	"net/http"
	"strings"
)

// Problem is PingOne's error body, as the management API and the flows answer it.
//
// https://developer.pingidentity.com/pingone-api/platform/reference/error-codes.html
type Problem struct {
	Status  int
	Code    string // the class: INVALID_DATA, NOT_FOUND, ...
	Message string // English, for people only
	Details []Detail
}

// Detail is one fault: Target names the member, Code what is wrong with it,
// and InnerError what would have been right.
type Detail struct {
	Code       string         `json:"code"`
	Target     string         `json:"target,omitempty"`
	Message    string         `json:"message"`
	InnerError map[string]any `json:"innerError,omitempty"`
}

// Answer writes the problem down. The id is the call's correlation id
// (Call.ID); the router fills it in when it is "".
func (p Problem) Answer(id string) *Answer {
	answer := HAL(p.Status, p.body(id))
	if id == "" {
		answer.late = func(correlationID string) []byte {
			return HAL(p.Status, p.body(correlationID)).Body
		}
	}
	return answer
}

type problemBody struct {
	ID      string   `json:"id"`
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Details []Detail `json:"details,omitempty"`
}

func (p Problem) body(id string) problemBody {
	return problemBody{ID: id, Code: p.Code, Message: p.Message, Details: p.Details}
}

const opening = "The request could not be completed. "

// InvalidData is 400 INVALID_DATA: well-formed, but a value is not acceptable.
func InvalidData(details ...Detail) Problem {
	return Problem{http.StatusBadRequest, "INVALID_DATA", opening + "One or more validation errors were in the request.", details}
}

// InvalidRequest is 400 INVALID_REQUEST: broken JSON or a value of the wrong type.
func InvalidRequest(details ...Detail) Problem {
	return Problem{http.StatusBadRequest, "INVALID_REQUEST", opening + "The request was malformed or invalid.", details}
}

// RequestFailed is 400 REQUEST_FAILED: valid, but impossible as things are now.
func RequestFailed(details ...Detail) Problem {
	return Problem{http.StatusBadRequest, "REQUEST_FAILED", opening + "The request was valid but cannot be carried out.", details}
}

// NotFound is 404 NOT_FOUND.
func NotFound() Problem {
	return Problem{http.StatusNotFound, "NOT_FOUND", opening + "The requested resource was not found.", []Detail{{
		Code: "NOT_FOUND", Message: "There is no such resource.",
	}}}
}

// AccessFailed is 401 ACCESS_FAILED with INVALID_TOKEN: no bearer token, one
// that is no longer valid, or a flow call without its cookies.
func AccessFailed() Problem {
	return Problem{http.StatusUnauthorized, "ACCESS_FAILED", opening + "You do not have access to this resource.", []Detail{{
		Code: "INVALID_TOKEN", Target: "Authentication Credentials",
		Message: "The authorization token is missing, not valid, or expired.",
	}}}
}

// Forbidden is 403 ACCESS_FAILED with INSUFFICIENT_PERMISSIONS: the caller has
// no role for it, or the environment does not exist.
func Forbidden() Problem {
	return Problem{http.StatusForbidden, "ACCESS_FAILED", opening + "You do not have access to this resource.", []Detail{{
		Code: "INSUFFICIENT_PERMISSIONS", Message: "The actor is not authorized to perform the request.",
	}}}
}

// LicenseExceeded is 403 ACCESS_FAILED with LICENSE_EXCEEDED: more of something
// than the licence (here, the emulator's memory) allows, or none of it at all.
func LicenseExceeded(what string, quota int) Problem {
	return Problem{http.StatusForbidden, "ACCESS_FAILED", opening + "You are not licensed to make this request.", []Detail{{
		Code: "LICENSE_EXCEEDED", Target: what, Message: "The license does not allow (more) " + what + ".",
		InnerError: map[string]any{"quotaLimit": quota},
	}}}
}

// LimitExceeded is 429 REQUEST_LIMITED with LIMIT_EXCEEDED, as for a device too many.
func LimitExceeded(target string, quota int) Problem {
	return Problem{http.StatusTooManyRequests, "REQUEST_LIMITED", opening + "A limit was reached.", []Detail{{
		Code: "LIMIT_EXCEEDED", Target: target, Message: "The limit was reached.",
		InnerError: map[string]any{"quotaLimit": quota},
	}}}
}

// MethodNotAllowed is 405. The vendor lists the status without naming a code
// for it, so this takes the one of a malformed request.
func MethodNotAllowed() Problem {
	return Problem{http.StatusMethodNotAllowed, "INVALID_REQUEST", opening + "The method is not supported here.", []Detail{{
		Code: "INVALID_VALUE", Target: "method", Message: "The method is not supported here.",
	}}}
}

// UnsupportedMediaType is 415 INVALID_REQUEST.
func UnsupportedMediaType() Problem {
	return Problem{http.StatusUnsupportedMediaType, "INVALID_REQUEST", opening + "The Content-Type is not supported here.", []Detail{{
		Code: "INVALID_VALUE", Target: "Content-Type", Message: "The Content-Type is not supported here.",
	}}}
}

// TooLarge is 413 INVALID_REQUEST with SIZE_LIMIT_EXCEEDED.
func TooLarge(maximum int64) Problem {
	return Problem{http.StatusRequestEntityTooLarge, "INVALID_REQUEST", opening + "The request body is too large.", []Detail{{
		Code: "SIZE_LIMIT_EXCEEDED", Message: "The request body is too large.",
		InnerError: map[string]any{"maximumValue": maximum},
	}}}
}

// UnexpectedError is 500 UNEXPECTED_ERROR.
func UnexpectedError() Problem {
	return Problem{http.StatusInternalServerError, "UNEXPECTED_ERROR", "An unexpected error occurred.", []Detail{{
		Code: "UNEXPECTED_ERROR", Message: "An unexpected error occurred.",
	}}}
}

// Error makes a Problem an error: "400 INVALID_DATA: name REQUIRED_VALUE".
func (p Problem) Error() string {
	text := fmt.Sprintf("%d %s", p.Status, p.Code)
	for i, d := range p.Details {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		text += separator + strings.TrimSpace(d.Target+" "+d.Code)
	}
	return text
}
