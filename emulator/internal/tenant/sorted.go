package tenant

import "sort"

// ordered is anything that knows when it was created relative to the others.
type ordered interface{ order() int }

// Sorted returns the values of a map in the order of their creation.
func Sorted[T ordered](things map[string]T) []T {
	list := make([]T, 0, len(things))
	for _, thing := range things {
		list = append(list, thing)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].order() < list[j].order() })
	return list
}

func (e *Environment) order() int  { return e.Seq }
func (a *Application) order() int  { return a.Seq }
func (g *Grant) order() int        { return g.Seq }
func (a *Assignment) order() int   { return a.Seq }
func (r *Resource) order() int     { return r.Seq }
func (s *Scope) order() int        { return s.Seq }
func (p *SignOnPolicy) order() int { return p.Seq }
func (a *Action) order() int       { return a.Seq }
func (p *Population) order() int   { return p.Seq }
func (u *User) order() int         { return u.Seq }
func (d *Device) order() int       { return d.Seq }
func (p *DevicePolicy) order() int { return p.Seq }
