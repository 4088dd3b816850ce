// Command generate writes engines.go, the parameters of the library's engines as Go. Run it by go generate.
package main

import (
	"fmt"
	"os"

	"interplay.dev/interplay"
	"interplay.dev/interplay/internal/source"
)

func main() {
	text, err := source.Engines(interplay.Engines, interplay.DescribeEngine)
	if err == nil {
		err = os.WriteFile("engines.go", text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
