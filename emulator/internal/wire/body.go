package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"strings"
)

// Object reads the call's body as one JSON object. Numbers stay json.Number, so
// that 1.5 for a whole number is seen. A fault comes back as 400 INVALID_REQUEST.
func (c *Call) Object() (map[string]any, *Problem) {
	decoder := json.NewDecoder(bytes.NewReader(c.Body))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil || object == nil {
		p := InvalidRequest(Detail{Code: "INVALID_VALUE", Message: "The body is not a JSON object."})
		return nil, &p
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		p := InvalidRequest(Detail{Code: "INVALID_VALUE", Message: "Something follows the JSON object in the body."})
		return nil, &p
	}
	return object, nil
}

// MediaType is the Content-Type without its parameters, in lower case; "" when
// there is none.
func (c *Call) MediaType() string {
	header := c.Header.Get("Content-Type")
	if header == "" {
		return ""
	}
	mediaType, _, err := mime.ParseMediaType(header)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(header))
	}
	return mediaType
}

// Bearer is the token of the Authorization header; "" when there is none.
func (c *Call) Bearer() string {
	scheme, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
