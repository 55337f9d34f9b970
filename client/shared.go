package client

import "sync"

// bearer is the worker's token, shared by the browsers of one scenario.
type bearer struct {
	mu    sync.RWMutex
	token string
}

func (b *bearer) set(token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token = token
}

func (b *bearer) get() string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.token
}

// observer passes exchanges on, one after the other.
type observer struct {
	mu   sync.Mutex
	tell func(*Exchange)
}

func (o *observer) saw(e *Exchange) {
	if o.tell == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tell(e)
}
