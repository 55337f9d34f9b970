package replay

import "errors"

// KeepInMemory makes Finish write no file, for sessions whose recording is only
// compared with another. It is called before the first call goes out.
func (s *Session) KeepInMemory() { s.file = "" }

// Recording returns what was heard so far in the form of a fixture, scrubbed and
// normalised, whether or not the scenario passed. It was not searched for what may
// be left of the tenant, as a file is before it is written: its texts are for
// comparing, not for showing. In replay, where nobody new answers, it is an error.
func (s *Session) Recording() (*Recording, error) {
	if s.tape == nil {
		return nil, errors.New("a replayed session hears nothing new")
	}
	return s.tape.recording(s)
}
