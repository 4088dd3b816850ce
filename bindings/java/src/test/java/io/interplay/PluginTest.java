package io.interplay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine from a shared library is one like any other. */
class PluginTest {
  /** The template in C, compiled as its author would; skips the test where that cannot be. */
  private static Path compiled(Path folder) throws Exception {
    Path template = Tree.path("examples/engine_template/c/damped_means.c");
    assumeTrue(Files.exists(template), "the template of an engine is not in the tree");
    boolean compiler = Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(on -> Files.isExecutable(Path.of(on, "cc")));
    assumeTrue(compiler, "there is no C compiler cc on the PATH");
    Path plugin = folder.resolve("damped_means_c.so").toAbsolutePath();
    var cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-I", Tree.path("include").toString(), template.toString(),
        "-o", plugin.toString(), "-lm");
    assertEquals(0, cc.inheritIO().start().waitFor());
    return plugin;
  }

  @Test
  void a_plugin_is_an_engine_like_any_other(@TempDir Path folder) throws Exception {
    Path plugin = compiled(folder);
    String name = Interplay.loadEngine(plugin);
    assertEquals("damped_means_c", name);
    assertEquals(name, Interplay.loadEngine(plugin));
    long[] users = {1, 1, 2, 2};
    long[] items = {7, 8, 7, 8};
    try (Model model = Model.fitPairs(name, Map.of("damping", 0), users, items, new float[] {1, 2, 4, 5})) {
      // users lie 1.5 below and above the mean of 3, items 0.5
      assertArrayEquals(new float[] {1, 5}, model.predict(new long[] {1, 2}, new long[] {7, 8}));
    }
  }

  @Test
  void a_plugin_is_named_by_an_absolute_path(@TempDir Path folder) {
    InterplayException relative = assertThrows(InterplayException.class, () -> Interplay.loadEngine(Path.of("plugin.so")));
    assertEquals(Status.INVALID_ARGUMENT, relative.status());
    assertTrue(relative.getMessage().contains("expected an absolute path, found \"plugin.so\""), relative.getMessage());
    Path missing = folder.resolve("plugin.so").toAbsolutePath();
    assertEquals(Status.NOT_FOUND, assertThrows(InterplayException.class, () -> Interplay.loadEngine(missing)).status());
  }
}
