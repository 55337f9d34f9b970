package emulator

import (
	"container/list"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// connections keeps the number of open connections in bounds. When there are too many, one is closed on which nothing is
// being answered: the one that has been idle longest or, if none is, the one that has been sending its call longest.
type connections struct {
	limit int

	mu            sync.Mutex
	open          map[net.Conn]*list.Element // in one of the lists, nil while a call is being answered
	idle, sending *list.List                 // of net.Conn, longest first
	empty         chan struct{}              // closed with the last connection, once somebody waits
}

func newConnections(limit int) *connections {
	return &connections{limit: limit, open: map[net.Conn]*list.Element{}, idle: list.New(), sending: list.New()}
}

// changed is called by the HTTP server with every change of a connection.
func (c *connections) changed(connection net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[connection] = c.idle.PushBack(connection)
		if len(c.open) > c.limit {
			c.makeRoom()
		}
	case http.StateActive:
		c.leave(connection)
		c.open[connection] = c.sending.PushBack(connection)
	case http.StateIdle:
		c.leave(connection)
		c.open[connection] = c.idle.PushBack(connection)
	case http.StateClosed, http.StateHijacked:
		c.leave(connection)
		delete(c.open, connection)
		if len(c.open) == 0 && c.empty != nil {
			close(c.empty)
			c.empty = nil
		}
	}
}

// connectionKey is the key of a call's connection in its context.
type connectionKey struct{}

// known is the context of a connection's calls.
func (c *connections) known(ctx context.Context, connection net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, connection)
}

// heeding notes when a call has been sent whole, from when on it is being answered.
func (c *connections) heeding(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, _ := r.Context().Value(connectionKey{}).(net.Conn)
		sent := sync.OnceFunc(func() { c.sent(connection) })
		if r.ContentLength == 0 {
			sent()
		} else {
			r.Body = &heeded{r.Body, sent}
		}
		next.ServeHTTP(w, r)
	})
}

// heeded is a body that says when it has been read whole.
type heeded struct {
	io.ReadCloser
	sent func()
}

func (h *heeded) Read(p []byte) (int, error) {
	n, err := h.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		h.sent()
	}
	return n, err
}

func (c *connections) sent(connection net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(connection)
}

// leave takes a connection off the list that it is in.
func (c *connections) leave(connection net.Conn) {
	if element := c.open[connection]; element != nil {
		c.idle.Remove(element)
		c.sending.Remove(element)
		c.open[connection] = nil
	}
}

// makeRoom closes one connection for the newest, which is idle itself.
func (c *connections) makeRoom() {
	if c.idle.Len() == 1 && c.sending.Len() > 0 {
		c.closeLongest(c.sending)
		return
	}
	c.closeLongest(c.idle)
}

// closeLongest closes the connection that has been in a list longest. The server calls changed when it has noticed.
func (c *connections) closeLongest(of *list.List) {
	connection := of.Front().Value.(net.Conn)
	c.leave(connection)
	_ = connection.Close() // it is not needed any more, whatever comes of it
}

// closeIdle closes every connection without a call.
func (c *connections) closeIdle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.idle.Len() > 0 {
		c.closeLongest(c.idle)
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
