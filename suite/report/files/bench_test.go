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
// so that a machine that others use weighs on both alike. Time on the processors is less at
// their mercy than time on the clock.
func BenchmarkReports(b *testing.B) {
	folder := b.TempDir()
	replay := func(reports bool) (clock, processor float64) {
		began, used := time.Now(), processorTime()
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
		return float64(time.Since(began)), float64(processorTime() - used)
	}
	replay(true)
	for range b.N {
		var clocks, processors, without, with []float64
		for range 15 {
			clock, processor := replay(false)
			fullClock, fullProcessor := replay(true)
			clocks, processors = append(clocks, fullClock/clock), append(processors, fullProcessor/processor)
			without, with = append(without, processor), append(with, fullProcessor)
		}
		b.ReportMetric(median(clocks), "with/without")
		b.ReportMetric(median(processors), "cpu-with/without")
		b.ReportMetric(median(without)/1e6, "cpu-ms-without")
		b.ReportMetric(median(with)/1e6, "cpu-ms-with")
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
