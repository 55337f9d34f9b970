package oauth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/expiring"
	"pingone-conformance/emulator/internal/flow"
)

// What outlives the process when somebody keeps it: sessions, refresh tokens, and what
// is revoked or used up. Flows and codes do not: they are over within minutes.

// keptSession is a browser.Session on disk.
type keptSession struct {
	ID, UserID, Token, EnvID string
	AuthTime                 time.Time
	Methods                  []string
}

// keptRefresh is a refreshGrant on disk.
type keptRefresh struct {
	EnvID, AppID, UserID  string
	Scopes, Methods       []string
	SID, ACR, Nonce       string
	AuthTime, Until, Used time.Time
	Family                keptFamily
}

// keptCode is a spentCode on disk.
type keptCode struct {
	AppID  string
	Family keptFamily
}

// keptFamily is a family on disk. Who has the same ID has the same family; the one
// that was written last has all its tokens.
type keptFamily struct {
	ID     string
	Access []keptAccess
}

type keptAccess struct {
	Digest    string
	ExpiresAt time.Time
}

func keepFamily(f *family) keptFamily {
	if f == nil {
		return keptFamily{}
	}
	// An address is the family's own as long as anything on disk is of it.
	kept := keptFamily{ID: fmt.Sprintf("%p", f)}
	for _, token := range f.access {
		kept.Access = append(kept.Access, keptAccess{token.digest, token.expiresAt})
	}
	return kept
}

// familyOf is the family of what is taken back from disk.
func (s *Server) familyOf(kept keptFamily) *family {
	if kept.ID == "" {
		return nil
	}
	if s.recalled == nil {
		s.recalled = map[string]*family{}
	}
	f := s.recalled[kept.ID]
	if f == nil {
		f = &family{}
		s.recalled[kept.ID] = f
	}
	for _, token := range kept.Access {
		one := issuedAccess{token.Digest, token.ExpiresAt}
		if !slices.ContainsFunc(f.access, func(known issuedAccess) bool { return known.digest == one.digest }) {
			f.access = append(f.access, one)
		}
	}
	return f
}

// expires is any of them with its end.
type expires[T any] struct {
	Value   T
	Expires time.Time
}

// Watch begins to note what changes, for Changes.
func (s *Server) Watch() {
	s.sessions.Kept().Watch()
	s.refreshes.Watch()
	s.revoked.Watch()
	s.spent.Watch()
	s.ended.Watch()
	s.recalled = nil
}

// Changes are what has changed since it was asked last: by key, nil for what is gone.
// With all, they are everything. The tenant is locked.
func (s *Server) Changes(all bool) map[string][]byte {
	changes := map[string][]byte{}
	collect(changes, "session/", s.sessions.Kept(), all, func(b *browser.Session) any {
		return keptSession{b.ID, b.UserID, b.Token, b.EnvID, b.AuthTime, b.Methods}
	})
	collect(changes, "refresh/", s.refreshes, all, func(g *refreshGrant) any {
		return keptRefresh{g.envID, g.appID, g.userID, g.scopes, g.methods, g.sid, g.acr, g.nonce, g.authTime, g.refreshesUntil, g.usedAt, keepFamily(g.family)}
	})
	collect(changes, "revoked/", s.revoked, all, func(struct{}) any { return struct{}{} })
	collect(changes, "spent/", s.spent, all, func(c *spentCode) any { return keptCode{c.appID, keepFamily(c.family)} })
	collect(changes, "ended/", s.ended, all, func(struct{}) any { return struct{}{} })
	return changes
}

// Touched says whether an environment itself was changed since it was asked last.
func (s *Server) Touched() bool {
	touched := s.touched
	s.touched = false
	return touched
}

func collect[T any](into map[string][]byte, prefix string, from *expiring.Map[T], all bool, plain func(T) any) {
	keys := from.Changed()
	if all {
		keys = from.Keys()
	}
	for _, key := range keys {
		value, end, found := from.Kept(key)
		if !found {
			into[prefix+key] = nil
			continue
		}
		encoded, err := json.Marshal(expires[any]{plain(value), end})
		if err == nil { // plain values always encode
			into[prefix+key] = encoded
		}
	}
}

// Recall takes back one of Changes; a key that is none of them is left alone.
func (s *Server) Recall(key string, encoded []byte) error {
	kind, id, _ := strings.Cut(key, "/")
	now := s.tenant.Now()
	switch kind {
	case "session":
		return recall(encoded, func(k keptSession, end time.Time) {
			s.sessions.Kept().Put(id, &browser.Session{
				Browser: flow.Browser{ID: k.ID, UserID: k.UserID, AuthTime: k.AuthTime, Methods: k.Methods}, Token: k.Token, EnvID: k.EnvID,
			}, now, end)
		})
	case "refresh":
		return recall(encoded, func(k keptRefresh, end time.Time) {
			s.refreshes.Put(id, &refreshGrant{tokenSpec: tokenSpec{
				scopes: k.Scopes, sid: k.SID, acr: k.ACR, nonce: k.Nonce, methods: k.Methods, authTime: k.AuthTime,
				family: s.familyOf(k.Family), refreshesUntil: k.Until,
			}, envID: k.EnvID, appID: k.AppID, userID: k.UserID, usedAt: k.Used}, now, end)
		})
	case "revoked":
		return recall(encoded, func(_ struct{}, end time.Time) { s.revoked.Put(id, struct{}{}, now, end) })
	case "spent":
		return recall(encoded, func(k keptCode, end time.Time) {
			s.spent.Put(id, &spentCode{appID: k.AppID, family: s.familyOf(k.Family)}, now, end)
		})
	case "ended":
		return recall(encoded, func(_ struct{}, end time.Time) { s.ended.Put(id, struct{}{}, now, end) })
	}
	return nil
}

func recall[T any](encoded []byte, put func(T, time.Time)) error {
	var kept expires[T]
	if err := json.Unmarshal(encoded, &kept); err != nil {
		return fmt.Errorf("read what was kept: %w", err)
	}
	put(kept.Value, kept.Expires)
	return nil
}

// PersonOf is whom a flow is about; "" when the flow is unknown or about nobody yet.
func (s *Server) PersonOf(flowID string) string {
	if f, known := s.signOns.Look(flowID, s.tenant.Now()); known {
		return f.About()
	}
	return ""
}
