// Package expiring keeps things for a while: values that expire, in a map that is
// bounded. What the values are does not belong here.
package expiring

import (
	"container/list"
	"maps"
	"slices"
	"time"
)

// Map keeps values by key until they expire, and never more than its
// capacity: the one that was put or extended longest ago goes first.
type Map[T any] struct {
	capacity int
	byKey    map[string]*list.Element
	order    *list.List // of *item[T], oldest first

	// changed are the keys put, extended or dropped since Changed was asked; nil when
	// nobody asks.
	changed map[string]struct{}
}

type item[T any] struct {
	key     string
	value   T
	expires time.Time
}

// New makes a map for so many values.
func New[T any](capacity int) *Map[T] {
	return &Map[T]{capacity: capacity, byKey: map[string]*list.Element{}, order: list.New()}
}

// Watch begins to note which keys change.
func (m *Map[T]) Watch() { m.changed = map[string]struct{}{} }

// Changed are the keys put, extended or dropped since it was asked last.
func (m *Map[T]) Changed() []string {
	if len(m.changed) == 0 {
		return nil
	}
	keys := slices.Collect(maps.Keys(m.changed))
	clear(m.changed)
	return keys
}

// Keys are all keys, oldest first.
func (m *Map[T]) Keys() []string {
	var keys []string
	for element := m.order.Front(); element != nil; element = element.Next() {
		keys = append(keys, element.Value.(*item[T]).key)
	}
	return keys
}

// Kept is the value of a key and when it expires, expired or not.
func (m *Map[T]) Kept(key string) (value T, expires time.Time, found bool) {
	element, found := m.byKey[key]
	if !found {
		return value, expires, false
	}
	kept := element.Value.(*item[T])
	return kept.value, kept.expires, true
}

// Note says that the value of a key has changed in itself.
func (m *Map[T]) Note(key string) { m.note(key) }

func (m *Map[T]) note(key string) {
	if m.changed != nil {
		m.changed[key] = struct{}{}
	}
}

// Put stores a value and makes room by dropping what has expired, then the oldest.
func (m *Map[T]) Put(key string, value T, now, expires time.Time) {
	m.Drop(key)
	for front := m.order.Front(); front != nil; front = m.order.Front() {
		oldest := front.Value.(*item[T])
		if oldest.expires.After(now) && m.order.Len() < m.capacity {
			break
		}
		m.Drop(oldest.key)
	}
	m.note(key)
	m.byKey[key] = m.order.PushBack(&item[T]{key, value, expires})
}

// Look returns the value unless there is none or it has expired. Unlike Get it changes
// nothing: those who only read may look at the same time.
func (m *Map[T]) Look(key string, now time.Time) (value T, found bool) {
	if element, there := m.byKey[key]; there {
		kept := element.Value.(*item[T])
		if kept.expires.After(now) {
			return kept.value, true
		}
	}
	return value, false
}

// Get returns the value unless there is none or it has expired.
func (m *Map[T]) Get(key string, now time.Time) (T, bool) {
	var none T
	element, found := m.byKey[key]
	if !found {
		return none, false
	}
	kept := element.Value.(*item[T])
	if !kept.expires.After(now) {
		m.Drop(key)
		return none, false
	}
	return kept.value, true
}

// Extend gives a value a new expiry.
func (m *Map[T]) Extend(key string, expires time.Time) {
	if element, found := m.byKey[key]; found {
		element.Value.(*item[T]).expires = expires
		m.order.MoveToBack(element)
		m.note(key)
	}
}

// Drop forgets a key.
func (m *Map[T]) Drop(key string) {
	if element, found := m.byKey[key]; found {
		m.order.Remove(element)
		delete(m.byKey, key)
		m.note(key)
	}
}

// Clear forgets everything.
func (m *Map[T]) Clear() {
	for key := range m.byKey {
		m.note(key)
	}
	clear(m.byKey)
	m.order.Init()
}

// DropIf forgets the values that are meant.
func (m *Map[T]) DropIf(doomed func(T) bool) {
	for element := m.order.Front(); element != nil; {
		next := element.Next()
		if kept := element.Value.(*item[T]); doomed(kept.value) {
			m.Drop(kept.key)
		}
		element = next
	}
}

// Newest is the value put or extended last that is as wanted.
func (m *Map[T]) Newest(wanted func(T) bool) (newest T, found bool) {
	for element := m.order.Back(); element != nil; element = element.Prev() {
		if value := element.Value.(*item[T]).value; wanted(value) {
			return value, true
		}
	}
	return newest, false
}
