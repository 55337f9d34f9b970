package emulator

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// pipe is a connection that notes that it was closed, and tells nobody, as the server does later.
type pipe struct {
	net.Conn
	closed bool
}

func (p *pipe) Close() error { p.closed = true; return nil }

func TestWhichConnectionMakesRoom(t *testing.T) {
	const limit = 3
	c := newConnections(limit)
	var all []*pipe
	open := func(states ...http.ConnState) *pipe {
		p := &pipe{}
		all = append(all, p)
		for _, state := range append([]http.ConnState{http.StateNew}, states...) {
			c.changed(p, state)
		}
		return p
	}
	closed := func() (which []int) {
		for i, p := range all {
			if p.closed {
				which = append(which, i)
			}
		}
		return which
	}
	answering := open(http.StateActive)
	c.sent(answering)
	again := open(http.StateActive, http.StateIdle)
	open()
	c.changed(again, http.StateActive)
	c.changed(again, http.StateIdle)
	require.Empty(t, closed(), "there is room for three")
	open()
	require.Equal(t, []int{2}, closed(), "nobody is idle for longer: the second was used since")
	c.changed(all[2], http.StateClosed)
	require.Len(t, c.open, limit)
	c.changed(all[3], http.StateHijacked)
	open()
	require.Equal(t, []int{2}, closed(), "one has gone by itself")
	c.changed(all[4], http.StateActive)
	open()
	require.Equal(t, []int{1, 2}, closed(), "who is idle goes before who is sending")
	c.changed(all[5], http.StateActive)
	open()
	require.Equal(t, []int{1, 2, 4}, closed(), "the newest stays: who has been sending longest goes")
	c.sent(all[5])
	c.changed(all[6], http.StateActive)
	c.sent(all[6])
	c.changed(all[1], http.StateClosed)
	c.changed(all[2], http.StateClosed)
	c.changed(all[4], http.StateClosed)
	open()
	require.Equal(t, []int{1, 2, 4, 7}, closed(), "all others are being answered")

	c.closeIdle()
	require.Equal(t, []int{1, 2, 4, 7}, closed(), "who is answered is not idle")
	c.changed(answering, http.StateIdle)
	c.closeIdle()
	require.Equal(t, []int{0, 1, 2, 4, 7}, closed())
}

func TestWhenAllConnectionsAreClosed(t *testing.T) {
	c := newConnections(3)
	over := func(empty <-chan struct{}) bool {
		select {
		case <-empty:
			return true
		default:
			return false
		}
	}
	require.True(t, over(c.allClosed()), "there was none")
	one, other := &pipe{}, &pipe{}
	c.changed(one, http.StateNew)
	c.changed(other, http.StateNew)
	c.changed(other, http.StateActive)
	empty := c.allClosed()
	require.False(t, over(empty))
	c.changed(one, http.StateClosed)
	require.False(t, over(empty), "one is left")
	c.changed(other, http.StateClosed)
	require.True(t, over(empty))
	c.changed(one, http.StateNew)
	c.changed(one, http.StateClosed)
	require.True(t, over(c.allClosed()))
}
