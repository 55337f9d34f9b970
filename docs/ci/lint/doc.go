// Package recipes holds a test only: that the recipes beside it are what their services
// read. It is a module of its own, so that the linter's dependencies stay out of ours.
package recipes
