package interplay_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"interplay.dev/interplay"
	"interplay.dev/interplay/internal/source"
)

// What the header has and this package does not call, and why.
var leftOut = map[string]string{
	"interplay_engine_register":      "it takes a C function of the program itself, which Go programs have not: LoadEngine takes a file",
	"interplay_dataset_append_arrow": "a table from the stream is appended instead",
	"interplay_error_status":         "it is the status that the call returned",
}

func TestEveryFunctionOfTheHeaderIsBound(t *testing.T) {
	flags, err := exec.Command("pkg-config", "--variable=includedir", "interplay").Output()
	if err != nil {
		t.Skipf("pkg-config does not tell where the header is: %v", err)
	}
	header, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(flags)), "interplay", "interplay.h"))
	must(err)
	bound := map[string]bool{}
	files, err := filepath.Glob("*.go")
	must(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(err)
		for _, found := range regexp.MustCompile(`C\.(interplay_\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			bound[found[1]] = true
		}
	}
	declared := regexp.MustCompile(`(?m)^INTERPLAY_API [^(]*?(interplay_\w+)\(`).FindAllStringSubmatch(string(header), -1)
	if len(declared) < 55 {
		t.Fatalf("expected the header's functions, found %d: has its form changed?", len(declared))
	}
	var missing []string
	for _, function := range declared {
		if _, known := leftOut[function[1]]; !bound[function[1]] && !known {
			missing = append(missing, function[1])
		}
	}
	sort.Strings(missing)
	if missing != nil {
		t.Errorf("interplay.h declares functions that this package does not call: bind them, or say in leftOut why not: %s",
			strings.Join(missing, ", "))
	}
}

func TestTheWrittenParametersAreThoseOfTheLibrary(t *testing.T) {
	want, err := source.Engines(interplay.Engines, interplay.DescribeEngine)
	must(err)
	found, err := os.ReadFile("engines.go")
	must(err)
	if string(found) != string(want) {
		t.Error("engines.go is older than the library: run go generate")
	}
}

func TestParametersAreCopiedNotShared(t *testing.T) {
	base := interplay.AutoInt().Epochs(3)
	wide := base.EmbeddingDim(64)
	if len(base.Values()) != 1 || len(wide.Values()) != 2 || wide.Values()["epochs"] != int64(3) {
		t.Errorf("base %v, wide %v", base.Values(), wide.Values())
	}
}
