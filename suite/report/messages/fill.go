package messages

import "reflect"

// fill makes an empty list of each list that is nil: the schema takes no null for a list.
func fill(message any) { fillValue(reflect.ValueOf(message)) }

func fillValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillValue(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i))
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillValue(v.Index(i))
		}
	}
}
