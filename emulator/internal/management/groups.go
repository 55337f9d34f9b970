package management

import (
	"net/http"
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// membershipRoutes put people into groups.
//
// https://developer.pingidentity.com/pingone-api/platform/users/group-membership.html
func membershipRoutes() []route {
	roles := []string{identityDataAdmin}
	const all, one = "/users/{userID}/memberOfGroups", "/users/{userID}/memberOfGroups/{groupID}"
	return []route{
		{operation: "membership.list", method: http.MethodGet, path: all, roles: roles, handle: onUser(listMemberships)},
		{operation: "membership.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, handle: onUser(joinGroup)},
		{operation: "membership.read", method: http.MethodGet, path: one, roles: roles, handle: onUser(readMembership)},
		{operation: "membership.delete", method: http.MethodDelete, path: one, roles: roles, handle: onUser(leaveGroup)},
	}
}

func listMemberships(r *request, u *tenant.User) (*wire.Answer, error) {
	var items []object
	for _, id := range u.Groups {
		items = append(items, r.membership(u, id))
	}
	return ok(collectionBody(r.self(nil), "groupMemberships", items, len(items), links{"environment": r.base(), "user": r.userHref(u)})), nil
}

func joinGroup(r *request, u *tenant.User) (*wire.Answer, error) {
	body, f, err := r.body(text("id").must())
	if err != nil {
		return nil, err
	}
	refersTo("id", "/groups")(r, f, body)
	id := textAt(body, "id")
	if u.Member(id) {
		f.taken("id", id)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	u.Groups = append(u.Groups, id)
	return created(r.membership(u, id)), nil
}

func readMembership(r *request, u *tenant.User) (*wire.Answer, error) {
	if !u.Member(r.Path["groupID"]) {
		return nil, wire.NotFound()
	}
	return ok(r.membership(u, r.Path["groupID"])), nil
}

func leaveGroup(r *request, u *tenant.User) (*wire.Answer, error) {
	if !u.Member(r.Path["groupID"]) {
		return nil, wire.NotFound()
	}
	u.Groups = slices.DeleteFunc(u.Groups, func(id string) bool { return id == r.Path["groupID"] })
	return gone(), nil
}

// leaveDeletedGroups ends the memberships of groups that are gone.
func leaveDeletedGroups(r *request) {
	groups := r.env.RecordsAt("/groups")
	for _, u := range r.env.Users {
		u.Groups = slices.DeleteFunc(u.Groups, func(id string) bool { return groups[id] == nil })
	}
}

func (r *request) membership(u *tenant.User, id string) object {
	group := r.env.RecordsAt("/groups")[id]
	body := layered(group.Sent, object{"id": id, "type": "DIRECT"})
	return r.hal(r.userHref(u)+"/memberOfGroups/"+id, body, links{"user": r.userHref(u), "group": r.base() + "/groups/" + id})
}
