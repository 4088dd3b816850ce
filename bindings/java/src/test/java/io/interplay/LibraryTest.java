package io.interplay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the library is looked for, each time in a process of its own: it is loaded once in a life. */
class LibraryTest {
  static final class Program {
    public static void main(String[] args) {
      System.out.println(Interplay.version());
    }
  }

  private static String home(Class<?> one) {
    return Path.of(URI.create(one.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
  }

  /** What a program prints that starts with -Dinterplay.library and ends with the status. */
  private static String printed(Path library, int status) throws Exception {
    String classes = home(Interplay.class) + File.pathSeparator + home(Program.class);
    Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
        "--enable-native-access=ALL-UNNAMED", "-Dinterplay.library=" + library, "-cp", classes, Program.class.getName())
        .redirectErrorStream(true).start();
    String text = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, java.waitFor(), text);
    return text;
  }

  @Test
  void a_library_that_cannot_be_loaded_names_the_property(@TempDir Path folder) throws Exception {
    Path nowhere = folder.resolve("nowhere.so");
    String missing = printed(nowhere, 1);
    assertTrue(missing.contains("-Dinterplay.library=" + nowhere + ": there is no such file"), missing);
    Path text = Files.writeString(folder.resolve("text.so"), "no library");
    String wrong = printed(text, 1);
    assertTrue(wrong.contains("-Dinterplay.library=" + text + ": it cannot be loaded"), wrong);
  }
}
