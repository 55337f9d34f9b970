package suite

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"pingone-conformance/internal/plain"
)

// inRounds runs the selection Options.Repeat times in the same places. A round is a run of the whole selection; where
// one leaves room, several go on at a time. It returns one result for each scenario: that of its first
// failure, or of the round in which it took longest.
func inRounds(ctx context.Context, o Options, places Opener, selected int) ([]Result, error) {
	o.Concurrency = max(1, o.Concurrency)
	lanes := max(1, min(o.Repeat, o.Concurrency/selected))
	o.Concurrency /= lanes
	r := &repetition{options: o, places: places, began: time.Now(), known: map[string]*tally{}}
	var group sync.WaitGroup
	for range lanes {
		group.Go(func() {
			for r.next(ctx) {
			}
		})
	}
	group.Wait()
	results := r.results()
	if r.broken != nil {
		return results, r.broken
	}
	r.print()
	return results, r.verdict(ctx, results)
}

// repetition is what became of the rounds so far.
type repetition struct {
	options Options
	places  Opener
	began   time.Time

	mu     sync.Mutex
	round  int // the newest that has begun
	known  map[string]*tally
	order  []*tally
	broken error // why no round can run, whatever its scenarios do
}

// tally is what became of one scenario in all rounds.
type tally struct {
	result        Result // the first failure, or the longest
	elapsed       []time.Duration
	failed, first int // how often, and first in which round
	started       int
}

// next runs one more round; false when there is none.
func (r *repetition) next(ctx context.Context) bool {
	r.mu.Lock()
	if ctx.Err() != nil && r.round > 0 || r.broken != nil || r.round == r.options.Repeat {
		r.mu.Unlock()
		return false
	}
	r.round++
	o := r.options
	o.round = r.round
	r.mu.Unlock()
	if o.Seed != 0 {
		o.Seed += int64(o.round) - 1
	}
	var story bytes.Buffer
	o.Output = &story
	results, err := play(ctx, o, r.places)
	r.mu.Lock()
	defer r.mu.Unlock()
	failed := r.add(o.round, results)
	if err != nil && !failed && ctx.Err() == nil {
		r.broken = err
	}
	if o.round == 1 || failed || r.broken != nil {
		_, _ = fmt.Fprintf(r.out(), "Round %d of %d\n%s\n", o.round, o.Repeat, story.Bytes())
	}
	return true
}

func (r *repetition) out() io.Writer {
	if r.options.Output == nil {
		return io.Discard
	}
	return r.options.Output
}

// add counts a round's results, and tells whether one failed.
func (r *repetition) add(round int, results []Result) (failed bool) {
	for _, result := range results {
		name := result.Scenario.Feature + "/" + result.Scenario.Name
		t := r.known[name]
		if t == nil {
			t = &tally{result: result}
			r.known[name] = t
			r.order = append(r.order, t)
		}
		t.started++
		switch {
		case errors.Is(result.Err, ErrNotStarted):
			continue
		case result.Err != nil:
			failed = true
			if t.failed++; t.failed == 1 {
				t.first, t.result = round, result
			}
		case t.failed == 0 && result.Elapsed >= t.result.Elapsed:
			t.result = result
		}
		t.elapsed = append(t.elapsed, result.Elapsed)
	}
	return failed
}

// results are one for each scenario, in the order in which they ended first.
func (r *repetition) results() []Result {
	var all []Result
	for _, t := range r.order {
		one := t.result
		if t.failed > 0 && t.started > 1 {
			one.Err = fmt.Errorf("failed %s of %d, first in round %d: %w", plain.Count(t.failed, "time"), t.started, t.first, one.Err)
		}
		all = append(all, one)
	}
	return all
}

func (r *repetition) verdict(ctx context.Context, results []Result) error {
	failed := 0
	for _, t := range r.order {
		if t.failed > 0 {
			failed++
		}
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w (%w) in round %d of %d: %d of %s had failed at least once",
			ErrInterrupted, context.Cause(ctx), r.round, r.options.Repeat, failed, plain.Count(len(results), "scenario"))
	case failed > 0:
		return fmt.Errorf("%d of %s failed in at least one of %d rounds", failed, plain.Count(len(results), "scenario"), r.options.Repeat)
	}
	return nil
}

// mostSlow is how many of the slowest scenarios are named.
const mostSlow = 5

// print says which scenarios are the slowest, which fail always and which fail sometimes.
func (r *repetition) print() {
	out := r.out()
	_, _ = fmt.Fprintf(out, "%s in %s\n", plain.Count(r.round, "round"), time.Since(r.began).Round(time.Millisecond))
	slowest := slices.Clone(r.order)
	for _, t := range slowest {
		slices.Sort(t.elapsed)
	}
	slices.SortStableFunc(slowest, func(a, b *tally) int { return cmp.Compare(b.middle(), a.middle()) })
	for i, t := range slowest[:min(mostSlow, len(slowest))] {
		if len(t.elapsed) == 0 {
			continue
		}
		_, _ = fmt.Fprintf(out, "  slow %d  middle %s, longest %s: %s\n", i+1, rounded(t.middle()), rounded(t.elapsed[len(t.elapsed)-1]), t.name())
	}
	for _, t := range r.order {
		switch {
		case t.failed == 0:
		case t.failed == len(t.elapsed):
			_, _ = fmt.Fprintf(out, "  broken  failed each of %s: %s\n", plain.Count(t.failed, "time"), t.name())
		default:
			_, _ = fmt.Fprintf(out, "  flaky   failed %s of %d, first in round %d: %s\n", plain.Count(t.failed, "time"), len(t.elapsed), t.first, t.name())
		}
	}
	_, _ = fmt.Fprintln(out)
}

// rounded is a time as precise as it is worth being read.
func rounded(d time.Duration) time.Duration {
	if d < 100*time.Millisecond {
		return d.Round(100 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

// middle is the middle of the sorted times, 0 when there are none.
func (t *tally) middle() time.Duration {
	if len(t.elapsed) == 0 {
		return 0
	}
	return t.elapsed[len(t.elapsed)/2]
}

func (t *tally) name() string {
	return plain.Line(t.result.Scenario.Feature + "/" + t.result.Scenario.Name)
}
