package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/proof/vary"
)

// varying is what the flags of vary say.
type varying struct {
	only     []string
	features string
	parallel int
}

func newVary() *cobra.Command {
	v := &varying{}
	cmd := &cobra.Command{
		Use: "vary", Short: "Answer otherwise in every way that the pages allow and show that nothing fails", GroupID: toProve, Args: noArguments,
		Long: `Vary lets the emulator answer otherwise in one way at a time that PingOne's pages allow,
and then in all ways at once, runs the features against each, and prints what came of it.
It fails when a scenario failed, which is a false alarm, or when a variation changed no
call. "pingone-conformance emulator --vary list" explains the variations.`,
		Example: `  pingone-conformance vary --only redirect-303,times-in-whole-seconds
  pingone-conformance vary --only all`,
		RunE: stoppable(v.run),
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&v.only, "only", nil, "try these variations, `names` separated by commas; all is all of them at once")
	flags.StringVar(&v.features, "features", "", "the `folder` of other features than those that are built in")
	flags.IntVar(&v.parallel, "parallel", 0, "how `many` variations to try at a time; 0 is one for each processor")
	complete(cmd, "only", variationNames)
	return cmd
}

func (v *varying) run(ctx context.Context, cmd *cobra.Command) error {
	debug.SetGCPercent(gcPercent)
	stdout, began := cmd.OutOrStdout(), time.Now()
	o := vary.Options{Suite: specification(), Only: v.only, Parallel: v.parallel}
	if v.features != "" {
		o.Suite.Features = os.DirFS(v.features)
	}
	outcomes, err := vary.Run(ctx, o, steady(cmd.ErrOrStderr()))
	if err != nil {
		return err
	}
	if err := vary.Print(stdout, outcomes); err != nil {
		return err
	}
	say(stdout, "\n%s in %s\n", plain.Count(len(outcomes), "run"), time.Since(began).Round(time.Second))
	if faulty := len(vary.Faulty(outcomes)); faulty > 0 {
		return fmt.Errorf("%d of %s raised a false alarm or changed no call", faulty, plain.Count(len(outcomes), "run"))
	}
	return nil
}

// steady shows that something happens: a dot for each run that stayed green, an F for one that did not.
func steady(w io.Writer) func(vary.Outcome) {
	return func(o vary.Outcome) {
		mark := "."
		if !o.Held() {
			mark = "F"
		}
		say(w, "%s", mark)
	}
}
