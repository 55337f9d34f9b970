package emulator

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// connections keeps the number of open connections in bounds. One without a call
// that is being answered is idle: when there are too many, the one that has been
// idle longest is closed.
type connections struct {
	limit int

	mu    sync.Mutex
	open  map[net.Conn]*list.Element // nil while a call is being answered
	idle  *list.List                 // of net.Conn, longest first
	empty chan struct{}              // closed with the last connection, once somebody waits
}

func newConnections(limit int) *connections {
	return &connections{limit: limit, open: map[net.Conn]*list.Element{}, idle: list.New()}
}

// changed is called by the HTTP server with every change of a connection.
func (c *connections) changed(connection net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[connection] = c.idle.PushBack(connection)
		if len(c.open) > c.limit {
			c.closeLongestIdle()
		}
	case http.StateActive:
		c.leaveIdle(connection)
	case http.StateIdle:
		c.leaveIdle(connection)
		c.open[connection] = c.idle.PushBack(connection)
	case http.StateClosed, http.StateHijacked:
		c.leaveIdle(connection)
		delete(c.open, connection)
		if len(c.open) == 0 && c.empty != nil {
			close(c.empty)
			c.empty = nil
		}
	}
}

// leaveIdle takes a connection off the idle ones.
func (c *connections) leaveIdle(connection net.Conn) {
	if element := c.open[connection]; element != nil {
		c.idle.Remove(element)
		c.open[connection] = nil
	}
}

// closeLongestIdle closes one; the newest is idle itself, so there is one. The
// server calls changed when it has noticed.
func (c *connections) closeLongestIdle() {
	connection := c.idle.Front().Value.(net.Conn)
	c.leaveIdle(connection)
	_ = connection.Close() // it is not needed any more, whatever comes of it
}

// closeIdle closes every connection without a call.
func (c *connections) closeIdle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.idle.Len() > 0 {
		c.closeLongestIdle()
	}
}

// allClosed is closed when no connection is open. No new one may come meanwhile.
func (c *connections) allClosed() <-chan struct{} {
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
