package config

import "os"

// Variable is a variable of the environment that a file of the user's names, such as
// ${NAME} in an emulator's seed; false when it is not set.
func Variable(name string) (value string, set bool) { return os.LookupEnv(name) }
