package management

import (
	"net/http"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// kind is one kind of thing that can be listed, created, read, replaced and
// deleted. What is nil is not needed.
type kind[T tenant.Thing] struct {
	// operation begins the names of its operations, as in grant.create.
	operation string
	// path is that of the list below the environment, plural what the list calls
	// its items, and id the variable in the path of one.
	path, plural, id string
	roles            []string
	// most is how many there may be.
	most int

	// in is where the things of the call's path are; an error when that leads nowhere.
	in func(*request) (tenant.Table[T], error)
	// missing is the error for a thing that does not exist; nil: 404.
	missing func(*request) error
	// list answers the list, where it is more than all that there is.
	list func(*request, tenant.Table[T]) (*wire.Answer, error)
	// licensed says that creation is allowed at all.
	licensed func(*request) error
	// fields are what a body may hold, and check adds what else may be wrong with
	// it; old is the thing that is replaced, nil for one that is created.
	fields func(body map[string]any) []field
	name   func(T) string // unique among the things
	check  func(r *request, f *faults, body map[string]any, old T)
	// allowed refuses what a good body asks for.
	allowed func(*request, map[string]any) error
	// make makes a new thing, and fill replaces all of it that callers may set and
	// says when.
	make func() T
	fill func(*request, T, map[string]any)
	// changeable refuses to replace or delete what cannot change, and deletable to
	// delete what others need.
	changeable func(*request, T) error
	deletable  func(*request, T) error
	// added is told of a new thing, changed of every change.
	added   func(*request, T)
	changed func(*request)
	// defaults are what members have that were left out; show are those that the
	// emulator itself knows. Between them stands what was sent.
	defaults func(T) object
	show     func(*request, T) object
	// hidden are members that are not kept, even when they were sent.
	hidden []string
}

// routes are the five operations.
func (k kind[T]) routes() []route {
	one := k.path + "/{" + k.id + "}"
	return []route{
		{operation: k.operation + ".list", method: http.MethodGet, path: k.path, roles: k.roles, handle: k.listAll},
		{operation: k.operation + ".create", method: http.MethodPost, path: k.path, media: mediaJSON, roles: k.roles, handle: k.create},
		{operation: k.operation + ".read", method: http.MethodGet, path: one, roles: k.roles, handle: k.read},
		{operation: k.operation + ".update", method: http.MethodPut, path: one, media: mediaJSON, roles: k.roles, handle: k.update},
		{operation: k.operation + ".delete", method: http.MethodDelete, path: one, roles: k.roles, handle: k.delete},
	}
}

func (k kind[T]) listAll(r *request) (*wire.Answer, error) {
	things, err := k.in(r)
	if err != nil {
		return nil, err
	}
	if k.list != nil {
		return k.list(r, things)
	}
	var items []object
	for _, thing := range things.Sorted() {
		items = append(items, k.shown(r, thing))
	}
	return r.collection(k.plural, items), nil
}

// shown is a thing as it is answered: every member that was sent is there, whether
// the emulator knows it or not, as it was sent, unless the emulator knows better.
func (k kind[T]) shown(r *request, thing T) object {
	body := object{}
	if k.defaults != nil {
		body = k.defaults(thing)
	}
	return layered(layered(body, thing.GetMeta().Sent), k.show(r, thing))
}

func (k kind[T]) create(r *request) (*wire.Answer, error) {
	things, err := k.in(r)
	if err != nil {
		return nil, err
	}
	if k.licensed != nil {
		if err := k.licensed(r); err != nil {
			return nil, err
		}
	}
	var none T
	body, err := k.body(r, things, none)
	if err != nil {
		return nil, err
	}
	if k.most > 0 && len(things) >= k.most {
		return nil, wire.LicenseExceeded(k.plural, k.most)
	}
	thing := k.make()
	things.Add(thing)
	k.keep(r, thing, body)
	if meta := thing.GetMeta(); meta.CreatedAt.IsZero() {
		meta.CreatedAt = meta.UpdatedAt
	}
	if k.added != nil {
		k.added(r, thing)
	}
	k.tell(r)
	return created(k.shown(r, thing)), nil
}

// keep takes over what was sent.
func (k kind[T]) keep(r *request, thing T, body map[string]any) {
	thing.GetMeta().Sent = kept(body, k.hidden...)
	k.fill(r, thing, body)
}

// body reads the request's body and holds it against the rules of the kind.
func (k kind[T]) body(r *request, things tenant.Table[T], old T) (map[string]any, error) {
	sent, err := r.object()
	if err != nil {
		return nil, err
	}
	f := r.check(sent, k.fields(sent))
	if k.name != nil {
		for _, other := range things.Sorted() {
			if other != old && k.name(other) == textAt(sent, "name") {
				f.taken("name", other.GetMeta().ID)
			}
		}
	}
	if k.check != nil {
		k.check(r, f, sent, old)
	}
	if err := f.problem(); err != nil || k.allowed == nil {
		return sent, err
	}
	return sent, k.allowed(r, sent)
}

// find is the thing that the path names, and where it is.
func (k kind[T]) find(r *request) (things tenant.Table[T], thing T, err error) {
	if things, err = k.in(r); err == nil {
		thing, err = lookUp(things, r.Path[k.id])
		if err != nil && k.missing != nil {
			err = k.missing(r)
		}
	}
	return things, thing, err
}

// lookUp is the thing of an id; one that does not exist is 404.
func lookUp[T tenant.Thing](things tenant.Table[T], id string) (T, error) {
	thing, known := things[id]
	if !known {
		return thing, wire.NotFound()
	}
	return thing, nil
}

func (k kind[T]) read(r *request) (*wire.Answer, error) {
	_, thing, err := k.find(r)
	if err != nil {
		return nil, err
	}
	return ok(k.shown(r, thing)), nil
}

// findChangeable is find for what is about to be replaced or deleted.
func (k kind[T]) findChangeable(r *request) (tenant.Table[T], T, error) {
	things, thing, err := k.find(r)
	if err == nil && k.changeable != nil {
		err = k.changeable(r, thing)
	}
	return things, thing, err
}

func (k kind[T]) update(r *request) (*wire.Answer, error) {
	things, thing, err := k.findChangeable(r)
	if err != nil {
		return nil, err
	}
	body, err := k.body(r, things, thing)
	if err != nil {
		return nil, err
	}
	k.keep(r, thing, body)
	k.tell(r)
	return ok(k.shown(r, thing)), nil
}

func (k kind[T]) delete(r *request) (*wire.Answer, error) {
	things, thing, err := k.findChangeable(r)
	if err != nil {
		return nil, err
	}
	if k.deletable != nil {
		if err := k.deletable(r, thing); err != nil {
			return nil, err
		}
	}
	delete(things, thing.GetMeta().ID)
	r.env.ForgetRecords(r.below(k.path) + "/" + thing.GetMeta().ID)
	k.tell(r)
	return gone(), nil
}

func (k kind[T]) tell(r *request) {
	if k.changed != nil {
		k.changed(r)
	}
}
