package files_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/files"
)

// BenchmarkReports compares a replay of everything with all reports to one without, in turn,
// so that a machine that others use weighs on both alike.
func BenchmarkReports(b *testing.B) {
	folder := b.TempDir()
	replay := func(reports bool) float64 {
		began := time.Now()
		o := specification(config.Config{Mode: config.Replay})
		if !reports {
			o.Recorder = nil
		}
		_, err := suite.Run(b.Context(), o)
		require.NoError(b, err)
		if reports {
			run := o.Recorder.Results(o, err)
			_, err := files.Write(folder, &run)
			require.NoError(b, err)
		}
		return float64(time.Since(began))
	}
	replay(true)
	for range b.N {
		var ratios, without, with []float64
		for range 15 {
			plain, full := replay(false), replay(true)
			ratios, without, with = append(ratios, full/plain), append(without, plain), append(with, full)
		}
		for _, all := range [][]float64{ratios, without, with} {
			slices.Sort(all)
		}
		b.ReportMetric(ratios[len(ratios)/2], "with/without")
		b.ReportMetric(without[len(without)/2]/1e6, "ms-without")
		b.ReportMetric(with[len(with)/2]/1e6, "ms-with")
	}
}
