package results

import (
	"reflect"
	"sync"
	"time"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/har"
)

// tidy makes every text of a run one that may be shown, as package plain has it: on one line
// unless its field is tagged `plain:"text"`, or `plain:"whole"` where nothing may be cut. A
// list that is nil becomes an empty one, since null is no list.
func tidy(run *Run) { tidyValue(reflect.ValueOf(run).Elem(), plain.Line) }

// untouched are the types without texts for people.
var untouched = map[reflect.Type]bool{reflect.TypeFor[har.Packed](): true, reflect.TypeFor[time.Time](): true}

func tidyValue(v reflect.Value, show func(string) string) {
	switch v.Kind() {
	case reflect.String:
		if text := v.String(); text != "" {
			if shown := show(text); shown != text {
				v.SetString(shown)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			tidyValue(v.Elem(), show)
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			tidyValue(v.Index(i), show)
		}
	case reflect.Struct:
		if untouched[v.Type()] {
			return
		}
		for i, show := range showsOf(v.Type()) {
			tidyValue(v.Field(i), show)
		}
	}
}

// showing are the ways of showing a text, by the tag of its field.
var showing = map[string]func(string) string{"": plain.Line, "text": plain.Text, "whole": plain.Whole}

var shows sync.Map // of showsOf, by type

// showsOf is how the texts of each field are shown.
func showsOf(t reflect.Type) []func(string) string {
	if known, is := shows.Load(t); is {
		return known.([]func(string) string)
	}
	all := make([]func(string) string, t.NumField())
	for i := range all {
		all[i] = showing[t.Field(i).Tag.Get("plain")]
	}
	shows.Store(t, all)
	return all
}
