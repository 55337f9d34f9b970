package wire

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// Media types that the emulator answers with.
const typeJSON = "application/json;charset=UTF-8"
const typeHAL = "application/hal+json;charset=UTF-8"

// JSON answers with v as application/json, as the endpoints of OAuth do.
func JSON(status int, v any) *Answer { return encoded(status, typeJSON, v) }

// HAL answers with v as application/hal+json, as everything else does; the router
// turns that into application/json for a caller that asks for it.
//
// https://developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-responses.html
func HAL(status int, v any) *Answer { return encoded(status, typeHAL, v) }

func encoded(status int, mediaType string, v any) *Answer {
	body, err := json.Marshal(v)
	if err != nil {
		// Only a programming error gets here: nothing that was decoded from
		// JSON or built from plain values fails to encode.
		return UnexpectedError().Answer("")
	}
	return &Answer{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: body}
}

// Empty answers with a status and no body, such as the 204 of a deletion.
func Empty(status int) *Answer {
	return &Answer{Status: status, Header: http.Header{}}
}

// Redirect answers 302 with a Location.
func Redirect(location string) *Answer {
	return &Answer{Status: http.StatusFound, Header: http.Header{"Location": {location}}}
}

// Text answers with a body of the given media type, such as "text/html;charset=UTF-8".
func Text(status int, mediaType, body string) *Answer {
	return &Answer{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: []byte(body)}
}

// With sets one header of the answer and returns the same answer.
func (a *Answer) With(name, value string) *Answer {
	if a.Header == nil {
		a.Header = http.Header{}
	}
	a.Header.Set(name, value)
	return a
}

// InQuery changes the query of an answer's Location.
func InQuery(change func(url.Values)) func(*Answer) {
	return func(a *Answer) {
		to, err := url.Parse(a.Header.Get("Location"))
		if err != nil {
			return
		}
		query := to.Query()
		change(query)
		to.RawQuery = query.Encode()
		a.With("Location", to.String())
	}
}

// OAuthError answers with the error body of RFC 6749 section 5.2 as PingOne
// writes it: the description ends in the call's correlation id.
//
// https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/authorization-flow-by-grant-type/ciba-grant-type.html
func OAuthError(status int, code, description string) *Answer {
	render := func(correlationID string) []byte {
		text := description
		if correlationID != "" {
			text += " (Correlation ID: " + correlationID + ")"
		}
		// Two strings always encode.
		body, _ := json.Marshal(struct {
			Error       string `json:"error"`
			Description string `json:"error_description"`
		}{code, text})
		return body
	}
	answer := &Answer{Status: status, Header: http.Header{"Content-Type": {typeJSON}}, Body: render("")}
	answer.late = render
	return answer
}

// Settle renders a body that quotes the correlation id, so that what changes
// answers on their way out sees it as it will be sent.
func (a *Answer) Settle(correlationID string) {
	if a.late != nil {
		a.Body, a.late = a.late(correlationID), nil
	}
}
