// Package fault makes the emulator answer as a busy platform and a bad network
// do: late, refused for the moment, cut off, not yet consistent, with a wrong
// clock. Rules say which calls are struck, and how.
//
// What is wrong with the contract of an answer does not belong here: a fault is
// something that PingOne and the lines to it do without breaking their word. The kinds
// that lie are of what stands between: proxies, portals, caches that answer in its place.
package fault
