package gotest

// Refuse is RefuseBuildTags for tags that were given.
var Refuse = refuse
