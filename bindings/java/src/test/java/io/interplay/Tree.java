package io.interplay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files of interplay's own tree that the tests compare with: the property interplay.tree, else two folders up. */
final class Tree {
  private static final Path ROOT = Path.of(System.getProperty("interplay.tree", "../.."));

  private Tree() {}

  static Path path(String path) {
    return ROOT.resolve(path);
  }

  static String read(String path) {
    try {
      return Files.readString(path(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> json(String path) {
    return Json.object(read(path));
  }
}
