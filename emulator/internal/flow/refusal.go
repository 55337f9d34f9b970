package flow

import "pingone-conformance/emulator/internal/tenant"

// Refusal is why an action was not done.
type Refusal struct {
	Kind    Kind
	Details []Detail
}

// Kind is the kind of a refusal.
type Kind int

const (
	// Malformed is for a value of the wrong type.
	Malformed Kind = iota
	// Invalid is for a value that is not acceptable.
	Invalid
	// Impossible is for what cannot be done as things are now.
	Impossible
	// Unknown is for what does not exist.
	Unknown
)

// Detail is one fault: Target names the member, Inner what would have been right.
type Detail struct {
	Code, Target, Message string
	Inner                 map[string]any
}

func invalid(code, target, message string) *Refusal {
	return &Refusal{Invalid, []Detail{{Code: code, Target: target, Message: message}}}
}

func impossible(code, message string, inner map[string]any) *Refusal {
	return &Refusal{Impossible, []Detail{{Code: code, Message: message, Inner: inner}}}
}

func unusable() *Refusal { return impossible("ACCOUNT_NOT_USABLE", "The account cannot be used.", nil) }

// Failure is how a flow failed.
type Failure struct {
	Code        string        `json:"code"`
	Message     string        `json:"message"`
	Unavailable []Unavailable `json:"unavailableDevices,omitempty"`
}

// Unavailable is a device that takes no passcode for now.
type Unavailable struct {
	ID string `json:"id"`
}

func noUsableDevices(locked []*tenant.Device) *Failure {
	reason := &Failure{Code: "NO_USABLE_DEVICES", Message: "The person has no usable devices."}
	for _, d := range locked {
		reason.Unavailable = append(reason.Unavailable, Unavailable{d.ID})
	}
	return reason
}

// failed is the refusal of the action in which the flow failed, nil when it did not.
func (f *Flow) failed() *Refusal {
	if f.Status != Failed {
		return nil
	}
	var inner map[string]any
	if f.Failure.Unavailable != nil {
		inner = map[string]any{"unavailableDevices": f.Failure.Unavailable}
	}
	return impossible(f.Failure.Code, f.Failure.Message, inner)
}
