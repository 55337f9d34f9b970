package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/proof/detect"
)

// gcPercent spends memory, of which a proof needs little, on time.
const gcPercent = 400

// detecting is what the flags of detect say.
type detecting struct {
	only         []string
	verbose, all bool
	varied       bool
	features     string
	learn        string
	parallel     int
}

func newDetect() *cobra.Command {
	d := &detecting{}
	cmd := &cobra.Command{
		Use: "detect", Short: "Break the emulator in every named way and show which scenario notices", GroupID: toProve, Args: noArguments,
		Long: `Detect breaks one documented rule of the emulator at a time, runs the features against
it, and prints which scenario noticed. The scenario that noticed the last time is tried
first, by itself; all others follow when it does not. It fails when nothing noticed a deviation, or
when the features fail without any. "pingone-conformance emulator --deviate list"
explains the deviations.`,
		Example: `  pingone-conformance detect --only code-reusable,pkce-ignored --verbose`,
		RunE:    stoppable(d.run),
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&d.only, "only", nil, "try these deviations, `names` separated by commas")
	flags.BoolVarP(&d.verbose, "verbose", "v", false, "print whole messages, as a user of the specification sees them")
	flags.BoolVar(&d.all, "all", false, "run every scenario against every deviation, and not only until one has failed; takes a few times as long")
	flags.BoolVar(&d.varied, "varied", false, "let the emulator also answer otherwise in every way that the pages allow")
	flags.StringVar(&d.features, "features", "", "the `folder` of other features than those that are built in")
	flags.StringVar(&d.learn, "learn", "", "write into this `file` which scenario noticed, to be tried first from then on: internal/proof/detect/first.txt")
	flags.IntVar(&d.parallel, "parallel", 0, "how `many` deviations to try at a time; 0 is one for each processor")
	complete(cmd, "only", deviationNames)
	return cmd
}

func (d *detecting) run(ctx context.Context, cmd *cobra.Command) error {
	debug.SetGCPercent(gcPercent)
	stdout, began := cmd.OutOrStdout(), time.Now()
	o := detect.Options{Suite: specification(), Only: d.only, Parallel: d.parallel, All: d.all, Varied: d.varied, First: detect.Learned()}
	if d.features != "" {
		o.Suite.Features = os.DirFS(d.features)
	}
	tell := progress(cmd.ErrOrStderr())
	if d.verbose {
		tell = func(o detect.Outcome) { _ = detect.Detail(stdout, o) }
	}
	outcomes, err := detect.Run(ctx, o, tell)
	if err != nil {
		return err
	}
	if err := detect.Print(stdout, outcomes); err != nil {
		return err
	}
	if err := d.write(o.First.Learn(outcomes)); err != nil {
		return err
	}
	say(stdout, "\n%s in %s\n", plain.Count(len(outcomes), "deviation"), time.Since(began).Round(time.Second))
	if left := len(detect.Survivors(outcomes)); left > 0 {
		return fmt.Errorf("nothing noticed %d of %s", left, plain.Count(len(outcomes), "deviation"))
	}
	return nil
}

// write keeps which scenario noticed, if it was asked to.
func (d *detecting) write(learned detect.First) error {
	if d.learn == "" {
		return nil
	}
	var table bytes.Buffer
	if err := learned.Write(&table); err != nil {
		return err
	}
	if err := os.WriteFile(d.learn, table.Bytes(), 0o600); err != nil {
		return fmt.Errorf("--learn: %w", err)
	}
	return nil
}

// progress shows that something happens: a dot for each deviation that was
// noticed, an S for one that survived.
func progress(w io.Writer) func(detect.Outcome) {
	return func(o detect.Outcome) {
		mark := "."
		if !o.Noticed() {
			mark = "S"
		}
		say(w, "%s", mark)
	}
}

// deviationNames are the names of all deviations, each with what it breaks, as shells show it.
func deviationNames() []string {
	var words []string
	for _, d := range emulator.Deviations() {
		words = append(words, d.Name+"\t"+d.Breaks)
	}
	return words
}
