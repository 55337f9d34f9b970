package runner

import (
	"context"
	"io"
	"os"

	"golang.org/x/term"

	"pingone-conformance/config"
	"pingone-conformance/suite"
)

// terminal tells whether somebody looks at what is written to w, and how wide it is.
func terminal(w io.Writer) (width func() int, is bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil, false
	}
	return func() int {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
		return 80
	}, true
}

// dress puts colour and the live line on what is printed, where somebody looks at it. The
// returned function takes the line away.
func (f *Flags) dress(ctx context.Context, o *suite.Options, stdout, stderr io.Writer) (io.Writer, func()) {
	_, looked := terminal(stdout)
	out, gone := stdout, func() {}
	if width, is := terminal(stderr); is && !f.Quiet && !config.Dumb() && o.Config.Passcode.Source != config.Prompt {
		var line *liveLine
		line, gone = follow(ctx, stderr, width)
		out, o.Progress = above{line, out}, line
	}
	if config.Colour(looked) {
		out = &coloured{out: out}
	}
	return out, gone
}
