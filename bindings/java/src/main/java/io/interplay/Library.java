package io.interplay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Finds libinterplay: the file that the system property interplay.library names, otherwise the one in the jar. It stays
 * loaded until the process ends.
 */
final class Library {
  static final String PATH;
  static final SymbolLookup LOOKUP;

  static {
    String given = System.getProperty("interplay.library");
    if (given != null) {
      PATH = "-Dinterplay.library=" + given;
      LOOKUP = named(Path.of(given));
    } else {
      PATH = "the jar";
      LOOKUP = unpacked();
    }
  }

  private Library() {}

  private static SymbolLookup named(Path file) {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      String why = Files.exists(file) ? "it cannot be loaded; expected a libinterplay.so.1 for " + platform() : "there is no such file";
      throw new UnsatisfiedLinkError(PATH + ": " + why + "; without this property the library in the jar is used");
    }
  }

  /** A folder that pom.xml names likewise. */
  private static String platform() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
  }

  /** The loader wants a file. It may be deleted as soon as it is mapped, so none is left behind. */
  private static SymbolLookup unpacked() {
    String resource = "native/" + platform() + "/libinterplay.so.1";
    try (InputStream in = Library.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new UnsatisfiedLinkError(
            "this jar has no libinterplay for " + platform() + "; name a file with -Dinterplay.library=/path/libinterplay.so.1");
      }
      Path file = Files.createTempFile("libinterplay", ".so.1");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return SymbolLookup.libraryLookup(file, Arena.global());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not unpack libinterplay into java.io.tmpdir", e);
    }
  }
}
