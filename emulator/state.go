package emulator

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/state"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// ErrStateInUse refuses a state file that another process has open.
var ErrStateInUse = state.ErrInUse

// openState opens the state file and fills the tenant from it; false when it holds
// nothing yet.
func (s *Server) openState() (found bool, err error) {
	if s.options.State == "" {
		return false, nil
	}
	file, err := state.Open(s.options.State)
	if err != nil {
		return false, err
	}
	s.keeper = &keeper{file: file, seed: maphash.MakeSeed(), envs: map[string]uint64{}}
	return s.load()
}

// load takes over what the file holds.
func (s *Server) load() (found bool, err error) {
	data := tenant.Data{Environments: tenant.Table[*tenant.Environment]{}}
	var people []*tenant.User
	var homes []string
	var later [][2]string // sessions, tokens: once the clock is set
	err = s.keeper.file.Load(func(key string, value []byte) error {
		kind, rest, _ := strings.Cut(key, "/")
		switch kind {
		case "env":
			e := new(tenant.Environment)
			if err := json.Unmarshal(value, e); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			data.Environments.Add(e)
		case "user":
			u := new(tenant.User)
			if err := json.Unmarshal(value, u); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			home, _, _ := strings.Cut(rest, "/")
			people, homes = append(people, u), append(homes, home)
		case "outbox":
			var m Message
			if err := json.Unmarshal(value, &m); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			data.Outbox = append(data.Outbox, m)
			data.Sent, _ = strconv.Atoi(strings.TrimLeft(rest, "0"))
		case "removed":
			return json.Unmarshal(value, &data.Removed)
		case "initial":
			return json.Unmarshal(value, &s.initial)
		case "clock", "key":
			return s.loadOwn(kind, value)
		default:
			later = append(later, [2]string{key, string(value)})
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	for i, u := range people {
		if e := data.Environments[homes[i]]; e != nil {
			e.Users.Add(u)
		}
	}
	if len(data.Environments) == 0 {
		return false, nil
	}
	return true, s.recall(data, later)
}

// loadOwn takes over the clock or a key.
func (s *Server) loadOwn(kind string, value []byte) error {
	if kind == "clock" {
		shift, err := time.ParseDuration(string(value))
		s.clock.shift.Store(int64(shift))
		return err
	}
	private, err := x509.ParsePKCS8PrivateKey(value)
	key, is := private.(*rsa.PrivateKey)
	if err != nil || !is {
		return errors.New("the signing key cannot be read")
	}
	return s.signOn.TrustKey(key)
}

// recall makes the tenant hold what was kept, and the authorization server remember.
func (s *Server) recall(data tenant.Data, later [][2]string) error {
	data.Seq = newest(data)
	s.tenant.Replace(data)
	s.keeper.sent = data.Sent
	for _, one := range later {
		if err := s.signOn.Recall(one[0], []byte(one[1])); err != nil {
			return fmt.Errorf("state file %s: %w", s.options.State, err)
		}
	}
	return nil
}

// newest is the highest number of a thing: what is made next is newer.
func newest(data tenant.Data) int {
	seq := 0
	see := func(m *tenant.Meta) { seq = max(seq, m.Seq) }
	for _, e := range data.Environments {
		see(&e.Meta)
		for _, a := range e.Applications {
			see(&a.Meta)
			seeAll(a.Grants, see)
			seeAll(a.Assignments, see)
		}
		for _, r := range e.Resources {
			see(&r.Meta)
			seeAll(r.Scopes, see)
		}
		for _, p := range e.Policies {
			see(&p.Meta)
			seeAll(p.Actions, see)
		}
		seeAll(e.Populations, see)
		seeAll(e.DevicePolicies, see)
		for _, list := range e.Records {
			seeAll(list, see)
		}
		for _, u := range e.Users {
			see(&u.Meta)
			seeAll(u.Devices, see)
		}
	}
	return seq
}

func seeAll[T tenant.Thing](things tenant.Table[T], see func(*tenant.Meta)) {
	for _, thing := range things {
		see(thing.GetMeta())
	}
}

// keepAll writes everything anew, as after a reset.
func (s *Server) keepAll() error {
	if s.keeper == nil {
		return nil
	}
	s.tenant.Lock()
	changes := s.signOn.Changes(true)
	for i, key := range s.signOn.Keys() {
		if encoded, err := x509.MarshalPKCS8PrivateKey(key); err == nil { // an RSA key always encodes
			changes["key/"+strconv.Itoa(i)] = encoded
		}
	}
	if initial, err := json.Marshal(s.initial); err == nil { // what was encoded once encodes again
		changes["initial"] = initial
	}
	changes["clock"] = []byte(time.Duration(s.clock.shift.Load()).String())
	s.keeper.envs, s.keeper.removed, s.keeper.sent = map[string]uint64{}, 0, 0
	s.keeper.environments(s.tenant, changes)
	s.keeper.outbox(s.tenant, changes)
	wait := s.keeper.file.Put(changes, true)
	s.tenant.Unlock()
	return wait()
}

// keep writes what a call may have changed before its answer goes out.
func (s *Server) keep(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		if call.Reads() {
			return next(call)
		}
		before := s.personOf(call)
		answer := next(call)
		if wait := s.keepChanges(call, answer, before); wait != nil {
			if err := wait(); err != nil {
				problem := wire.UnexpectedError()
				problem.Details = []wire.Detail{{Code: "UNEXPECTED_ERROR", Message: err.Error()}}
				return problem.Answer(call.ID)
			}
		}
		return answer
	}
}

func (s *Server) personOf(call *wire.Call) string {
	flowID := call.Path["flowID"]
	if flowID == "" {
		flowID = call.URL.Query().Get("flowId")
	}
	if flowID == "" {
		return ""
	}
	reading := s.tenant.Reading()
	reading.Lock()
	defer reading.Unlock()
	return s.signOn.PersonOf(flowID)
}

// keepChanges hands what the call may have changed to the file; nil when that is nothing.
func (s *Server) keepChanges(call *wire.Call, answer *wire.Answer, before string) func() error {
	after := s.personOf(call)
	s.tenant.Lock()
	defer s.tenant.Unlock()
	changes := s.signOn.Changes(false)
	about, rest, _ := strings.Cut(call.Operation, ".")
	people := []string{before, after, call.Path["userID"]}
	switch about {
	case "flow", "authorize", "resume", "userinfo":
		people = append(people, flowIn(answer, s.signOn.PersonOf), namedIn(call, s.tenant.Environment(call.Path["envID"])))
	case "user", "device":
		if rest == "create" || rest == "import" {
			people = append(people, idIn(answer))
		}
	}
	if ofEnvironments(call) || s.signOn.Touched() {
		s.keeper.environments(s.tenant, changes)
	}
	if call.Method != http.MethodGet || about == "authorize" || about == "resume" {
		slices.Sort(people)
		for _, id := range slices.Compact(people) {
			if id != "" {
				s.keeper.user(s.tenant, changes, call.Path["envID"], id)
			}
		}
	}
	s.keeper.outbox(s.tenant, changes)
	if len(changes) == 0 {
		return nil
	}
	return s.keeper.file.Put(changes, false)
}

// ofEnvironments says whether a call may have changed what the environments hold beside
// their people: those of the management API but for people and their devices.
func ofEnvironments(call *wire.Call) bool {
	about, _, _ := strings.Cut(call.Operation, ".")
	return strings.HasPrefix(call.URL.Path, "/v1/") && about != "user" && about != "device"
}

func idIn(answer *wire.Answer) string {
	var made struct{ ID string }
	_ = json.Unmarshal(answer.Body, &made) // an answer that is no JSON names nobody
	return made.ID
}

// namedIn is who tries to sign on, perhaps with a wrong password, which is counted.
func namedIn(call *wire.Call, e *tenant.Environment) string {
	var said struct{ Username string }
	_ = json.Unmarshal(call.Body, &said) // what is no JSON names nobody
	if e == nil {
		return ""
	}
	if u := e.UserByUsername(said.Username); u != nil {
		return u.ID
	}
	return ""
}

// flowIn is the person of the flow that an answer shows.
func flowIn(answer *wire.Answer, personOf func(string) string) string {
	if id := idIn(answer); id != "" {
		return personOf(id)
	}
	return ""
}
