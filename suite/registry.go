package suite

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/cucumber/godog"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/retry"
)

// Registry takes the sentences of one scenario. Each call names a sentence by a regular
// expression from ^ to $, which reads a step as it is written, and the function that
// carries it out. A sentence that may carry a published number says so itself, by
// `(?: \(step \d+\))?` before its $.
//
// A function takes a context, if it wants one, and one parameter for each group of its
// expression: a string, an int (0 when the group is empty), or what Resolve has made
// known. Given and When return an error; Then returns (Evidence, error). A function
// of another shape panics when it is registered.
type Registry struct {
	sc        *godog.ScenarioContext
	scenario  *Scenario
	needed    map[string]bool                       // the expressions that the scenario's steps need
	listed    *[]Sentence                           // set when sentences are only listed
	where     bool                                  // whether with where they stand
	resolvers map[reflect.Type]func(string) outcome // by what they find
	functions []reflect.Value
}

// drop lets go of the scenario, which has ended: godog keeps each sentence that it has carried out until the run ends.
func (r *Registry) drop() { *r = Registry{} }

// Sentence is one registered sentence.
type Sentence struct {
	// Role is Given, When or Then.
	Role string
	// Expression is the regular expression as it was registered.
	Expression string
	// File and Line are where, the file by its path from the module's root.
	File string
	Line int
}

// outcome is what a resolver found, or why it found nothing.
type outcome struct {
	value reflect.Value
	err   error
}

// Scenario is the scenario whose sentences are registered. Before its first step it is
// empty: functions may keep it, but must not use it while they register.
func (r *Registry) Scenario() *Scenario { return r.scenario }

// Resolve makes a type of parameter known: find, a func(string) (T, error), turns the text
// of a group into a T, such as a name into the person who bears it. When T is a Subject, a
// sentence that has such a parameter names it. A find of another shape panics.
func (r *Registry) Resolve(find any) {
	f := reflect.ValueOf(find)
	if t := reflect.TypeOf(find); t == nil || t.Kind() != reflect.Func || t.NumIn() != 1 || t.In(0) != stringType ||
		t.NumOut() != 2 || t.Out(1) != errorType {
		panic(fmt.Sprintf("Resolve takes a func(string) (T, error), not %v", t))
	}
	if r.resolvers == nil {
		r.resolvers = map[reflect.Type]func(string) outcome{}
	}
	r.resolvers[f.Type().Out(0)] = func(text string) outcome {
		out := f.Call([]reflect.Value{reflect.ValueOf(text)})
		err, _ := out[1].Interface().(error)
		return outcome{out[0], err}
	}
}

// Given registers a sentence about what is there before. Its calls may wait for
// what was created just before to show.
func (r *Registry) Given(expression string, function any) {
	if r.wants("Given", expression, function) {
		r.sc.Given(compiled(expression), r.wrap(expression, function, retry.Settling))
	}
}

// When registers a sentence about what somebody does. Who "tries" something expects
// that it may be refused: such calls are sent once, but for rights that have not spread
// yet. All others may wait like Given.
func (r *Registry) When(expression string, function any) {
	wish := retry.Settling
	if strings.Contains(expression, " tries ") {
		wish = retry.Trying
	}
	if r.wants("When", expression, function) {
		r.sc.When(compiled(expression), r.wrap(expression, function, wish))
	}
}

// Patiently makes calls that are none of what somebody tries, but look around before or after it: they may wait for what
// is new to show, and are repeated when PingOne is busy.
func Patiently(ctx context.Context) context.Context { return retry.Settling(ctx) }

// Then registers a sentence about what can be seen afterwards. Its function returns what
// it has looked at.
func (r *Registry) Then(expression string, function any) {
	if r.wants("Then", expression, function) {
		r.sc.Then(compiled(expression), r.wrap(expression, function, func(ctx context.Context) context.Context { return ctx }))
	}
}

// wants tells whether the scenario needs the sentence, and notes it when all are listed.
func (r *Registry) wants(role, expression string, function any) bool {
	if r.listed == nil {
		return r.needed[expression]
	}
	r.check(role, expression, reflect.TypeOf(function))
	one := Sentence{Role: role, Expression: expression}
	if r.where {
		one.File, one.Line = registeredAt(3)
	}
	*r.listed = append(*r.listed, one)
	return false
}

var (
	contextType  = reflect.TypeFor[context.Context]()
	errorType    = reflect.TypeFor[error]()
	evidenceType = reflect.TypeFor[Evidence]()
	stringType   = reflect.TypeFor[string]()
)

// check panics when a function cannot carry out its sentence: that is a mistake of
// whoever wrote the two, found when a run begins.
func (r *Registry) check(role, expression string, f reflect.Type) {
	wrong := func(why string, args ...any) {
		panic(fmt.Sprintf("the sentence %s %s: %s", role, expression, fmt.Sprintf(why, args...)))
	}
	read := scan(expression)
	if !read.whole {
		wrong("it has to begin with ^ and end with $, or it reads a part of other sentences")
	}
	outs := []reflect.Type{errorType}
	if role == "Then" {
		outs = []reflect.Type{evidenceType, errorType}
	}
	if f == nil || f.Kind() != reflect.Func || f.NumOut() != len(outs) || f.Out(len(outs)-1) != errorType || f.Out(0) != outs[0] {
		wrong("its function has to return %v, not %v", outs, f)
	}
	texts := 0
	for i := range f.NumIn() {
		in := f.In(i)
		switch _, known := r.resolvers[in]; {
		case i == 0 && in == contextType:
			continue
		case !known && in.Kind() != reflect.String && in.Kind() != reflect.Int:
			wrong("nothing resolves a parameter of type %v", in)
		}
		texts++
	}
	if read.groups != texts {
		wrong("it has %d groups, but its function takes %d texts", read.groups, texts)
	}
}

// wrap makes of a function what godog calls: parameters are resolved, wish says in the
// context how calls may be repeated, a Then's evidence is taken, and every error that
// leaves is explained in the same way.
func (r *Registry) wrap(expression string, function any, wish func(context.Context) context.Context) any {
	t, number := reflect.TypeOf(function), len(r.functions)
	r.functions = append(r.functions, reflect.ValueOf(function))
	ins := []reflect.Type{contextType}
	first := 0
	if t.NumIn() > 0 && t.In(0) == contextType {
		first = 1
	}
	for range t.NumIn() - first {
		ins = append(ins, stringType)
	}
	return reflect.MakeFunc(reflect.FuncOf(ins, []reflect.Type{errorType}, false), func(args []reflect.Value) []reflect.Value {
		ctx, _ := args[0].Interface().(context.Context)
		args[0] = reflect.ValueOf(wish(ctx))
		r.scenario.record.reads(expression)
		defer r.explainPanic()
		err := r.call(r.functions[number], args, first)
		if err != nil {
			err = r.scenario.explain(err)
		}
		return []reflect.Value{reflect.ValueOf(&err).Elem()}
	}).Interface()
}

// explainPanic lets a panic go on with a text for people: without any secret. The runner
// turns it into the step's failure.
func (r *Registry) explainPanic() {
	cause := recover()
	if cause == nil {
		return
	}
	err, ok := cause.(error)
	if !ok {
		err = fmt.Errorf("%v", cause)
	}
	panic(r.scenario.explain(fmt.Errorf("the sentence's function panicked: %w", err)))
}

// call carries a sentence out: args are the context and the texts of its groups.
func (r *Registry) call(f reflect.Value, args []reflect.Value, first int) error {
	var named []Subject
	ready := append(make([]reflect.Value, 0, len(args)), args[1-first:1]...)
	for i, text := range args[1:] {
		value, err := r.parameter(f.Type().In(first+i), text.String())
		if err != nil {
			return err
		}
		if s, ok := value.Interface().(Subject); ok {
			named = append(named, s)
		}
		ready = append(ready, value)
	}
	r.scenario.proof.begin(named)
	results := f.Call(ready)
	err, _ := results[len(results)-1].Interface().(error)
	if err != nil || len(results) == 1 {
		return err
	}
	evidence, _ := results[0].Interface().(Evidence)
	r.scenario.record.saw(evidence)
	return r.scenario.proof.take(evidence, named, r.scenario.has)
}

// parameter turns the text of a group into what the function takes.
func (r *Registry) parameter(t reflect.Type, text string) (reflect.Value, error) {
	if resolve, known := r.resolvers[t]; known {
		found := resolve(text)
		return found.value, found.err
	}
	if t.Kind() == reflect.String {
		return reflect.ValueOf(text).Convert(t), nil
	}
	n := 0
	if text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			return reflect.Value{}, fmt.Errorf("%q is no whole number that can be counted with: %w", text, err)
		}
	}
	return reflect.ValueOf(n).Convert(t), nil
}

var published = lazy.Regexp(`\(step (\d+)\)$`)

// publishedNumber is the number at the end of a step's text, 0 when it has none.
func publishedNumber(text string) int {
	m := published.Get().FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

// orphanArgument refuses doc strings and tables: no sentence reads one, and godog
// would ignore it without a word.
func orphanArgument(s *godog.Scenario) error {
	for _, step := range s.Steps {
		if step.Argument != nil {
			return fmt.Errorf("%s: the step %q carries a doc string or table that no sentence reads", s.Uri, step.Text)
		}
	}
	return nil
}
