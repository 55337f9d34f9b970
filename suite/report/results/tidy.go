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
		if t := v.Type(); t == reflect.TypeFor[har.Packed]() || t == reflect.TypeFor[time.Time]() {
			return // no texts for people
		}
		for i, show := range showsOf(v.Type()) {
			tidyValue(v.Field(i), show)
		}
	}
}

// showing is the way of showing a text, by the tag of its field.
func showing(tag string) func(string) string {
	switch tag {
	case "text":
		return plain.Text
	case "whole":
		return plain.Whole
	}
	return plain.Line
}

var shows sync.Map // of showsOf, by type

// showsOf is how the texts of each field are shown.
func showsOf(t reflect.Type) []func(string) string {
	if known, is := shows.Load(t); is {
		return known.([]func(string) string)
	}
	all := make([]func(string) string, t.NumField())
	for i := range all {
		all[i] = showing(t.Field(i).Tag.Get("plain"))
	}
	shows.Store(t, all)
	return all
}
