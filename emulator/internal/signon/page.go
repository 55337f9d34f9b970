package signon

import "pingone-conformance/emulator/internal/wire"

func (s *Server) signOnPage(v *visit) *wire.Answer {
	return wire.Text(200, "text/html;charset=UTF-8", "")
}
