package wire

import (
	"net"
	"net/http"
	"time"
)

// Delivery is how an answer goes out when the line is bad. Nothing here changes
// what an answer says.
type Delivery struct {
	// Reset sends nothing and resets the connection.
	Reset bool
	// Half promises the whole body, sends half of it and cuts the connection.
	// An answer without a body is cut off altogether.
	Half bool
	// Over is how long the body takes to trickle out; closing Stop hurries it.
	Over time.Duration
	Stop <-chan struct{}
}

// pieces is into how many parts a trickling body is cut.
const pieces = 20

// Pause waits for a time, or for one of the channels to be closed; a nil channel
// never is.
func Pause(length time.Duration, done, stop <-chan struct{}) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-done:
	case <-stop:
	}
}

// send writes a body whose header is written. A caller that hung up has nobody to tell.
func (m Delivery) send(w http.ResponseWriter, body []byte, done <-chan struct{}) {
	switch {
	case m.Half:
		if len(body) > 0 {
			_, _ = w.Write(body[:len(body)/2])
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler) // how net/http cuts a connection; it says nothing about it
	case m.Over > 0:
		m.trickle(w, body, done)
	default:
		_, _ = w.Write(body)
	}
}

func (m Delivery) trickle(w http.ResponseWriter, body []byte, done <-chan struct{}) {
	size := max(1, len(body)/pieces)
	pause := m.Over * time.Duration(size) / time.Duration(max(1, len(body)))
	for len(body) > 0 {
		Pause(pause, done, m.Stop)
		n := min(size, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		body = body[n:]
	}
}

// reset ends the connection so that the caller sees a reset, not an orderly end.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // without a connection of our own, cutting it off is the next best
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // what is unsent is thrown away, which is what sends the reset
	}
	_ = connection.Close()
}
