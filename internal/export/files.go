package export

import (
	"context"
	"fmt"

	"pingone-conformance/suite"
)

// Formats are what Files makes, in the order of the help.
var Formats = []string{"postman", "curl", "k6"}

// Files are the exports in one format, by file name.
func Files(ctx context.Context, o suite.Options, format string) (map[string][]byte, error) {
	journeys, err := Journeys(ctx, o)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, j := range journeys {
		if err := j.write(files, format); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (j Journey) write(files map[string][]byte, format string) (err error) {
	switch format {
	case "postman":
		if files[j.Name+".postman_collection.json"], err = j.Postman(); err != nil {
			return err
		}
		files[j.Name+".postman_environment.json"], err = j.PostmanEnvironment()
		return err
	case "curl":
		files[j.Name+".sh"], err = j.Curl()
		return err
	case "k6":
		files[j.Name+".js"], err = j.K6()
		return err
	}
	return fmt.Errorf("format %q is not known: they are %v", format, Formats)
}
