package io.interplay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written here twice, once for C and once for Java, is the same. */
class AbiTest {
  private static final Pattern FUNCTION = Pattern.compile("INTERPLAY_API\\s+([^;(]*?)\\binterplay_(\\w+)\\(([^;]*)\\);");

  @Test
  void every_function_of_the_header_is_here_with_its_signature() {
    String header = Tree.read("include/interplay/interplay.h").replaceAll("(?s)/\\*.*?\\*/", "");
    TreeMap<String, String> declared = new TreeMap<>();
    Matcher found = FUNCTION.matcher(header);
    while (found.find()) {
      StringBuilder signature = new StringBuilder(letter(found.group(1)));
      if (!found.group(3).strip().equals("void")) for (String argument : found.group(3).split(",")) signature.append(letter(argument));
      declared.put(found.group(2), signature.toString());
    }
    TreeMap<String, String> here = new TreeMap<>();
    for (Abi function : Abi.values()) here.put(function.name().toLowerCase(Locale.ROOT), function.signature);
    declared.remove("engine_register"); // takes a function that is linked into the program: a Java program has none
    assertEquals(declared, here);
  }

  private static String letter(String c) {
    if (c.contains("*") || c.contains("[") || c.contains("interplay_progress")) return "p";
    return c.contains("64") || c.contains("size_t") ? "l" : c.contains("void") ? "v" : "i";
  }

  /** Numbers that the header's macros give, in the order of the enumerations. */
  @Test
  void constants_are_those_of_the_header() {
    String header = Tree.read("include/interplay/interplay.h");
    for (Status status : Status.values()) assertEquals(status.code(), constant(header, status.name()));
    for (Type type : Type.values()) assertEquals(type.code(), constant(header, type.name()));
    for (Scorer.Cell cell : Scorer.Cell.values()) assertEquals(cell.ordinal(), constant(header, "CELL_" + cell.name()));
  }

  private static int constant(String header, String name) {
    Matcher found = Pattern.compile("#define INTERPLAY_" + name + " (\\d+)").matcher(header);
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  /** Every published parameter has its method, and none is older than the library. */
  @Test
  void builders_have_the_parameters_that_the_library_publishes() {
    for (Class<?> builder : new Class<?>[] {AutoInt.Builder.class, Fm.Builder.class, Popularity.Builder.class}) {
      var published = (java.util.Map<?, ?>) ((java.util.Map<?, ?>) Interplay.engine(
          builder.getDeclaringClass().getSimpleName().toLowerCase(Locale.ROOT)).get("parameters")).get("properties");
      var names = new java.util.TreeSet<String>();
      for (var method : builder.getDeclaredMethods()) {
        if (method.getParameterCount() == 1) names.add(method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
      }
      var wanted = new java.util.TreeSet<String>();
      published.keySet().forEach(name -> wanted.add(((String) name).replaceAll("_(\\d)", "$1")));
      assertEquals(wanted, names, builder + ": run bindings/java/generate");
    }
  }

  @Test
  void what_generate_writes_is_what_is_here(@TempDir Path folder) throws Exception {
    String library = System.getProperty("interplay.test.library");
    org.junit.jupiter.api.Assumptions.assumeTrue(library != null, "run_tests names the library for bindings/java/generate");
    Path root = Path.of(System.getProperty("interplay.tree"));
    Process generate = new ProcessBuilder(root.resolve("bindings/java/generate").toString(), library, folder.toString()).inheritIO().start();
    assertEquals(0, generate.waitFor());
    for (String name : new String[] {"AutoInt.java", "Fm.java", "Popularity.java"}) {
      assertEquals(Files.readString(folder.resolve(name)), Tree.read("bindings/java/src/main/java/io/interplay/" + name));
    }
  }
}
