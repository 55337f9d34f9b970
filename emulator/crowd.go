package emulator

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// crowd knows every open connection and keeps their number in bounds. Those
// without a call that is being answered are quiet: when there are too many
// connections, the one that has been quiet longest is closed.
type crowd struct {
	limit int

	mu    sync.Mutex
	open  map[net.Conn]*list.Element // nil while a call is being answered
	quiet *list.List                 // of net.Conn, longest first
	empty chan struct{}              // closed with the last connection, once somebody waits
}

func newCrowd(limit int) *crowd {
	return &crowd{limit: limit, open: map[net.Conn]*list.Element{}, quiet: list.New()}
}

// note is told of every change by the HTTP server.
func (c *crowd) note(connection net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[connection] = c.quiet.PushBack(connection)
		if len(c.open) > c.limit {
			c.closeLongestQuiet()
		}
	case http.StateActive:
		c.speaks(connection)
	case http.StateIdle:
		c.speaks(connection)
		c.open[connection] = c.quiet.PushBack(connection)
	case http.StateClosed, http.StateHijacked:
		c.speaks(connection)
		delete(c.open, connection)
		if len(c.open) == 0 && c.empty != nil {
			close(c.empty)
			c.empty = nil
		}
	}
}

// speaks takes a connection off the quiet ones.
func (c *crowd) speaks(connection net.Conn) {
	if element := c.open[connection]; element != nil {
		c.quiet.Remove(element)
		c.open[connection] = nil
	}
}

// closeLongestQuiet closes one; the newest is quiet itself, so there is one. The
// server tells of its end when it has noticed.
func (c *crowd) closeLongestQuiet() {
	connection := c.quiet.Front().Value.(net.Conn)
	c.speaks(connection)
	_ = connection.Close() // it is not needed any more, whatever comes of it
}

// closeQuiet closes every connection without a call.
func (c *crowd) closeQuiet() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.quiet.Len() > 0 {
		c.closeLongestQuiet()
	}
}

// emptied is closed when no connection is open. No new one may come meanwhile.
func (c *crowd) emptied() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	empty := make(chan struct{})
	if len(c.open) == 0 {
		close(empty)
		return empty
	}
	c.empty = empty
	return empty
}
