package tenant

import (
	"cmp"
	"slices"
)

// Thing is anything that can be created.
type Thing interface {
	comparable
	GetMeta() *Meta
}

// Table holds things of one kind by their ids.
type Table[T Thing] map[string]T

// Add puts a thing under its id.
func (t Table[T]) Add(thing T) { t[thing.GetMeta().ID] = thing }

// Sorted are the things in the order of their creation.
func (t Table[T]) Sorted() []T {
	list := make([]T, 0, len(t))
	for _, thing := range t {
		list = append(list, thing)
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(a.GetMeta().Seq, b.GetMeta().Seq) })
	return list
}

// First is a thing that is as wanted; nil when none is.
func (t Table[T]) First(wanted func(T) bool) (found T) {
	for _, thing := range t {
		if wanted(thing) {
			return thing
		}
	}
	return found
}
