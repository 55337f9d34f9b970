package deviation

import (
	"encoding/json"
	"maps"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// anothers answer what belongs to another thing: its items, its address, or how it looks.
func anothers() []Deviation {
	const self, leads = "_links.self leads to the resource itself", "a link leads where its name says"
	return append(embedded(),
		scopesOfAnother(),
		pendingOffered(),
		shape("flow-self-link-of-another", "the self link of a flow leads to another flow", self, pageFlows, bendLink("self", another("flows"), "flow.")),
		shape("device-self-link-of-another-user", "the self link of a device leads to a device of another user", self, pageDevice, bendLink("self", another("users"), "device.create")),
		shape("action-self-link-of-another-policy", "the self link of an action leads to an action of another policy", self, pageAction, bendLink("self", another("signOnPolicies"), "action.create")),
		shape("user-link-roles-of-another", "the link roleAssignments of a user leads to those of another user", leads, pageUser, bendLink("roleAssignments", another("users"), "user.create")),
		shape("mfa-enabled-link-of-another-user", "the answer to switching MFA on links another user", leads, pageMFAEnabled, bendLink("user", another("users"), "user.mfaEnabled.update")),
	)
}

// embedded are things that are shown inside another one otherwise than by themselves.
func embedded() []Deviation {
	const rule = "what is shown inside another thing is as it is by itself"
	return []Deviation{
		shape("flow-device-type-wrong", "a flow shows a device of another type than it has", rule, pageMFAOnly, onSuccess(edit(func(_ *wire.Call, body object) {
			for _, device := range devicesOf(body) {
				device["type"] = "VOICE"
			}
		}), "flow.", "authorize")),
		shape("flow-user-name-wrong", "a flow shows another name of the person than the record has", rule, pageFlows, set("_embedded.user.name.given", "Somebody", "flow.")),
		shape("listed-user-differs", "a user in a list has another e-mail address than by itself", rule, pageUser, onSuccess(edit(func(_ *wire.Call, body object) {
			eachItem(body, func(item object) { item["email"] = "somebody@example.com" })
		}), "user.list")),
	}
}

// another is an address with another id after the name of a collection.
func another(collection string) func(string) string {
	return func(href string) string {
		before, after, found := strings.Cut(href, "/"+collection+"/")
		if !found {
			return href
		}
		_, below, deeper := strings.Cut(after, "/")
		if deeper {
			below = "/" + below
		}
		return before + "/" + collection + "/" + elsewhere + below
	}
}

// devicesOf are those that a flow offers.
func devicesOf(body object) []object {
	embedded, _ := body["_embedded"].(object)
	items, _ := embedded["devices"].([]any)
	var devices []object
	for _, item := range items {
		if device, isObject := item.(object); isObject {
			devices = append(devices, device)
		}
	}
	return devices
}

// scopesOfAnother lists the scopes of the resource that stands beside the one that is asked about.
func scopesOfAnother() Deviation {
	beside := newNotes[string]()
	return shape("scopes-of-another-resource-listed", "the list of a resource's scopes shows those of another one", "a list below a resource shows what belongs to it", pageGrant,
		onSuccess(edit(func(_ *wire.Call, body object) {
			last := ""
			eachItem(body, func(item object) {
				id, _ := item["id"].(string)
				if last != "" {
					beside.note(id, last)
					beside.note(last, id)
				}
				last = id
			})
		}), "resource.list")).
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				other, known := beside.of(call.Path["resourceID"])
				if call.Operation != "scope.list" || !known {
					return next(call)
				}
				elsewhere := *call
				elsewhere.Path = maps.Clone(call.Path)
				elsewhere.Path["resourceID"] = other
				return next(&elsewhere)
			}
		})
}

// pendingOffered shows, beside the devices of a flow, one of the same person that was never activated.
func pendingOffered() Deviation {
	owners, pending := newNotes[string](), newNotes[string]()
	d := Deviation{
		Name: "pending-device-offered", Group: Semantics, Breaks: "a flow offers a device that was never activated", Rule: "only a device that is ACTIVE may answer", Page: pageDevice,
	}
	return d.answering(onSuccess(edit(func(call *wire.Call, body object) {
		id, _ := body["id"].(string)
		if call.Operation == "device.create" {
			owners.note(id, call.Path["userID"])
			if body["status"] == "ACTIVATION_REQUIRED" {
				pending.note(call.Path["userID"], id)
			}
			return
		}
		devices := devicesOf(body)
		if len(devices) == 0 {
			return
		}
		shown, _ := devices[0]["id"].(string)
		owner, _ := owners.of(shown)
		if waits, there := pending.of(owner); there {
			more := maps.Clone(devices[0])
			more["id"] = waits
			embedded, _ := body["_embedded"].(object)
			items, _ := embedded["devices"].([]any)
			embedded["devices"] = append(items, more)
		}
	}), "device.create", "flow.", "authorize"))
}

// inMilliseconds counts a member in milliseconds that counts seconds.
func inMilliseconds(member string, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) {
		if n, isNumber := body[member].(json.Number); isNumber && !strings.Contains(n.String(), ".") {
			body[member] = json.Number(n.String() + "000")
		}
	}), operations...)
}
