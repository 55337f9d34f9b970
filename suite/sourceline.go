package suite

import (
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// registeredAt is where the caller stands that is so many calls above: the file by its path
// from the root of its module, however the program was built.
func registeredAt(above int) (string, int) {
	counter, file, line, _ := runtime.Caller(above)
	pkg := runtime.FuncForPC(counter).Name() // such as example.com/m/steps.(*World).register
	name := strings.LastIndexByte(pkg, '/') + 1
	end, _, _ := strings.Cut(pkg[name:], ".")
	if strings.HasSuffix(file, "_test.go") {
		end = strings.TrimSuffix(end, "_test")
	}
	return path.Join(belowModule(pkg[:name]+end), path.Base(filepath.ToSlash(file))), line
}

// belowModule is a package's path without that of its module.
func belowModule(pkg string) string {
	for _, module := range modules() {
		if rest, is := strings.CutPrefix(pkg+"/", module+"/"); is {
			return rest
		}
	}
	return pkg
}

// modules are the paths of those that this program is built of.
var modules = sync.OnceValue(func() (all []string) {
	info, is := debug.ReadBuildInfo()
	if !is {
		return nil
	}
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path != "" {
			all = append(all, m.Path)
		}
	}
	return all
})
