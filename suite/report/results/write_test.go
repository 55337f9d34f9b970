package results_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

// filled sets every member of a value to something else than zero, lists to two values, and
// every text to one of its own that JSON has to escape.
func filled(v reflect.Value, next *int) {
	*next++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("\"%d\\ <&> Ä東\u2028\x1b", *next))
	case reflect.Int:
		v.SetInt(int64(*next))
	case reflect.Float64:
		v.SetFloat(float64(*next) / 7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), next)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			filled(v.Index(i), next)
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(time.Unix(int64(*next), int64(*next)*1000)))
			return
		case reflect.TypeFor[har.Packed]():
			return
		}
		for i := range v.NumField() {
			filled(v.Field(i), next)
		}
	}
}

// Steps and calls are written by hand: each member has to be there, as encoding/json has it.
func TestWhatIsWrittenByHandIsWhatJSONIs(t *testing.T) {
	whole, empty := results.Run{}, results.Run{Features: []results.Feature{{Scenarios: []results.Scenario{{Steps: []results.Step{{}}}, {}}}, {}}}
	next := 0
	filled(reflect.ValueOf(&whole).Elem(), &next)
	whole.Features[0].Scenarios[0].Steps[0].Seconds = 1.25e-7
	whole.Features[0].Scenarios[0].Steps[0].Error = "one line\n\tand another"
	for name, run := range map[string]results.Run{"with everything": whole, "with nothing": empty} {
		t.Run(name, func(t *testing.T) {
			run.Count()
			var got, want bytes.Buffer
			require.NoError(t, results.Write(&got, &run))
			encoder := json.NewEncoder(&want)
			encoder.SetEscapeHTML(false)
			require.NoError(t, encoder.Encode(run))
			require.Equal(t, strings.ReplaceAll(want.String(), ",", ",\n"), strings.ReplaceAll(got.String(), ",", ",\n"))
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, fmt.Errorf("the disk is full") }

func TestAnErrorOfWritingIsReturned(t *testing.T) {
	require.ErrorContains(t, results.Write(broken{}, &results.Run{}), "the disk is full")
}
