package replay

import (
	"io/fs"
	"path"
)

// Finding is what a scan finds.
type Finding = finding

// Scan looks through every recording for what must not be in one: any of the
// values, in plain or encoded (they are named by their keys, never shown); tokens
// that no stand-in signed; secrets that are no stand-ins; ids, e-mail addresses,
// phone numbers and hosts that may belong to somebody. A recording that cannot be
// read is a finding, too. It returns how many recordings there were.
func Scan(files fs.FS, values map[string]string) (findings []Finding, recordings int) {
	err := fs.WalkDir(files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".txtar" {
			return err
		}
		recordings++
		r, err := Load(files, file)
		if err != nil {
			findings = append(findings, Finding{File: file, What: err.Error()})
			return nil
		}
		findings = append(findings, r.scan(r.Format(), values)...)
		return nil
	})
	if err != nil {
		findings = append(findings, Finding{File: ".", What: err.Error()})
	}
	return findings, recordings
}
