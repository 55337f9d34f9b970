// Package editor holds a test only: that Cucumber's extension for editors finds every
// sentence, of this project and of its example, and knows every step of the features.
//
// testdata/ has the extension's own parser as an npm package, pinned by a lock file; `make
// editor` installs it there, where Go looks for no packages.
package editor
