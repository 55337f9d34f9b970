package signon

import (
	"container/list"
	"time"
)

// shelf keeps values by key until they expire, and never more than its
// capacity: the one that was put or extended longest ago goes first.
type shelf[T any] struct {
	capacity int
	byKey    map[string]*list.Element
	order    *list.List // of *shelved[T], oldest first
}

type shelved[T any] struct {
	key     string
	value   T
	expires time.Time
}

func newShelf[T any](capacity int) *shelf[T] {
	return &shelf[T]{capacity: capacity, byKey: map[string]*list.Element{}, order: list.New()}
}

// put stores a value and makes room by dropping what has expired, then the oldest.
func (s *shelf[T]) put(key string, value T, now, expires time.Time) {
	s.drop(key)
	for front := s.order.Front(); front != nil; front = s.order.Front() {
		oldest := front.Value.(*shelved[T])
		if oldest.expires.After(now) && s.order.Len() < s.capacity {
			break
		}
		s.drop(oldest.key)
	}
	s.byKey[key] = s.order.PushBack(&shelved[T]{key, value, expires})
}

// get returns the value unless there is none or it has expired.
func (s *shelf[T]) get(key string, now time.Time) (T, bool) {
	var none T
	element, found := s.byKey[key]
	if !found {
		return none, false
	}
	item := element.Value.(*shelved[T])
	if !item.expires.After(now) {
		s.drop(key)
		return none, false
	}
	return item.value, true
}

// extend gives a value a new expiry.
func (s *shelf[T]) extend(key string, expires time.Time) {
	if element, found := s.byKey[key]; found {
		element.Value.(*shelved[T]).expires = expires
		s.order.MoveToBack(element)
	}
}

func (s *shelf[T]) drop(key string) {
	if element, found := s.byKey[key]; found {
		s.order.Remove(element)
		delete(s.byKey, key)
	}
}

func (s *shelf[T]) dropIf(doomed func(T) bool) {
	for element := s.order.Front(); element != nil; {
		next := element.Next()
		if item := element.Value.(*shelved[T]); doomed(item.value) {
			s.drop(item.key)
		}
		element = next
	}
}

func (s *shelf[T]) len() int { return s.order.Len() }
