package steps

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/cucumber/godog"

	"pingone-conformance/internal/retry"
)

// book registers the sentences of one scenario so that every error that leaves one
// is told in the same way.
type book struct {
	sc *godog.ScenarioContext
	w  *World
	// wanted tells which sentences the scenario may need; the others are left out.
	wanted func(*phrase) bool
}

// Given registers a sentence about what is there before. Its calls may wait for
// what was created just before to show.
func (b book) Given(sentence *phrase, handler any) {
	if b.wanted(sentence) {
		b.sc.Given(sentence.expression(), b.telling(handler, retry.Settling))
	}
}

// When registers a sentence about what somebody does. Who "tries" something expects
// that it may be refused: such calls are sent once. All others may wait like Given.
func (b book) When(sentence *phrase, handler any) {
	wish := retry.Settling
	if strings.Contains(sentence.pattern, " tries ") {
		wish = retry.Never
	}
	if b.wanted(sentence) {
		b.sc.When(sentence.expression(), b.telling(handler, wish))
	}
}

// Then registers a sentence about what can be seen afterwards.
func (b book) Then(sentence *phrase, handler any) {
	if b.wanted(sentence) {
		b.sc.Then(sentence.expression(), b.telling(handler, func(ctx context.Context) context.Context { return ctx }))
	}
}

// telling wraps a handler, a function whose last result is an error: wish says in
// its context how its calls may be repeated.
func (b book) telling(handler any, wish func(context.Context) context.Context) any {
	function := reflect.ValueOf(handler)
	return reflect.MakeFunc(function.Type(), func(args []reflect.Value) []reflect.Value {
		if len(args) > 0 {
			if ctx, ok := args[0].Interface().(context.Context); ok {
				args[0] = reflect.ValueOf(wish(ctx))
			}
		}
		results := function.Call(args)
		last := len(results) - 1
		if err, ok := results[last].Interface().(error); ok && err != nil {
			err = b.w.told(err)
			results[last] = reflect.ValueOf(&err).Elem()
		}
		return results
	}).Interface()
}

// told is err as people may read it: with the number of the published step, without
// any secret, and with the recording to open. Its cause stays reachable.
func (w *World) told(err error) error {
	var already *tale
	if errors.As(err, &already) || w.place == nil {
		return err
	}
	text := err.Error()
	if w.step > 0 {
		text = fmt.Sprintf("step %d: %s", w.step, text)
	}
	if len(w.breaches) > 0 {
		text += "\nbesides, the answer breaks its contract: " + strings.Join(w.breaches, "\n")
		w.breaches = nil
	}
	text = w.place.Session.Scrub(text)
	if w.place.Session.Replaying() {
		text += "\nthe recording is " + w.place.Session.File()
	} else if where := w.writeTranscript(); where != "" {
		text += "\n" + where
	}
	return &tale{text: text, cause: err}
}

// tale is an error whose text was made for people.
type tale struct {
	text  string
	cause error
}

// Error returns the text, free of secrets.
func (t *tale) Error() string { return t.text }

// Unwrap returns the cause, whose own text may hold secrets.
func (t *tale) Unwrap() error { return t.cause }
