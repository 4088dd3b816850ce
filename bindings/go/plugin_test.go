package interplay_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"interplay.dev/interplay"
)

// plugin compiles the project's template of an engine in C, which lies near the story, as its author would.
func plugin(t *testing.T) string {
	t.Helper()
	scenario := os.Getenv("INTERPLAY_SCENARIO")
	if scenario == "" {
		scenario = "../../tests/scenario/scenario.json"
	}
	template := filepath.Join(filepath.Dir(scenario), "../../examples/engine_template/c/damped_means.c")
	if _, err := os.Stat(template); err != nil {
		t.Skipf("the template of an engine is not beside the story: %v", err)
	}
	flags, err := exec.Command("pkg-config", "--cflags", "interplay").Output()
	if err != nil {
		t.Skipf("pkg-config does not tell where engine.h is: %v", err)
	}
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler cc on the PATH")
	}
	path := filepath.Join(t.TempDir(), "damped_means_c.so")
	arguments := append([]string{"-shared", "-fPIC", template, "-o", path, "-lm"}, strings.Fields(string(flags))...)
	if text, err := exec.Command(compiler, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("the template does not compile: %v\n%s", err, text)
	}
	return path
}

func TestAPluginIsAnEngineLikeAnyOther(t *testing.T) {
	path := plugin(t)
	name, err := interplay.LoadEngine(path)
	must(err)
	again, err := interplay.LoadEngine(path)
	must(err)
	if name != "damped_means_c" || again != name {
		t.Errorf("expected damped_means_c twice, found %q and %q", name, again)
	}

	params := interplay.Engine(name, map[string]any{"damping": 0})
	model, err := interplay.FitPairs(params, []int64{1, 1, 2, 2}, []int64{7, 8, 7, 8}, []float32{1, 2, 4, 5})
	must(err)
	defer model.Close()
	found, err := model.PredictPairs([]int64{1, 2}, []int64{7, 8})
	must(err)
	if !reflect.DeepEqual(found, []float32{1, 5}) { // users lie 1.5 below and above the mean of 3, items 0.5
		t.Errorf("expected 1 and 5, found %v", found)
	}
}

func TestAPluginIsNamedByAnAbsolutePath(t *testing.T) {
	_, err := interplay.LoadEngine("plugin.so")
	fails(t, err, interplay.InvalidArgument, `expected an absolute path, found "plugin.so"`)

	missing := filepath.Join(t.TempDir(), "plugin.so")
	_, err = interplay.LoadEngine(missing)
	fails(t, err, interplay.NotFound, missing)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected a missing file to be fs.ErrNotExist, found %v", err)
	}
}
