package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// snapshotVersion is raised when an older program could not read a snapshot.
const snapshotVersion = 1

// snapshot is all that an emulator holds but sessions, flows and codes.
type snapshot struct {
	Version int             `json:"version"`
	Shift   time.Duration   `json:"shift"`
	Data    json.RawMessage `json:"data"`
}

func (s *Server) snapshot() (snapshot, error) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	data, err := json.Marshal(s.tenant.Data())
	if err != nil {
		return snapshot{}, fmt.Errorf("take a snapshot: %w", err)
	}
	return snapshot{snapshotVersion, time.Duration(s.clock.shift.Load()), data}, nil
}

func (s *Server) restore(taken snapshot) error {
	if taken.Version != snapshotVersion {
		return fmt.Errorf("a snapshot of version %d cannot be restored here, only of version %d", taken.Version, snapshotVersion)
	}
	var data tenant.Data
	if err := json.Unmarshal(taken.Data, &data); err != nil || data.Environments == nil {
		return errors.Join(errors.New("this is no snapshot of an emulator"), err)
	}
	s.replace(data, taken.Shift)
	return s.keepAll()
}

func (s *Server) replace(data tenant.Data, shift time.Duration) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	s.tenant.Replace(data)
	s.signOn.Forget()
	s.clock.shift.Store(int64(shift))
}

// Snapshot is all that the emulator holds, as JSON for Restore: people, applications,
// policies, outbox and clock. Sessions, flows and codes are no part of it.
func (s *Server) Snapshot() ([]byte, error) {
	taken, err := s.snapshot()
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return json.Marshal(taken)
}

// Restore makes the emulator hold what it held when the snapshot was taken, and ends
// all sessions and flows.
func (s *Server) Restore(taken []byte) error {
	var decoded snapshot
	if err := json.Unmarshal(taken, &decoded); err != nil {
		return fmt.Errorf("emulator: this is no snapshot of an emulator: %w", err)
	}
	if err := s.restore(decoded); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	return nil
}

// Reset makes the emulator what it was at its start, with a state file at its very first:
// what it holds, its clock, faults, deviations and variations. Sessions and flows end.
func (s *Server) Reset() error {
	if err := s.restore(s.initial); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	s.journal.clear()
	return errors.Join(s.faults.Set(s.options.Faults), s.behave(s.options.Deviations, s.options.Variations))
}

func (s *Server) reset(w http.ResponseWriter, _ *http.Request) { done(w, s.Reset()) }

func (s *Server) takeSnapshot(w http.ResponseWriter, _ *http.Request) {
	taken, err := s.snapshot()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeJSON(w, taken)
}

func (s *Server) restoreSnapshot(w http.ResponseWriter, r *http.Request) {
	var taken snapshot
	if !readJSON(w, r, &taken) {
		return
	}
	if err := s.restore(taken); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	done(w, nil)
}
