package io.interplay;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions of interplay.h one to one: the constant X_Y is interplay_x_y. The signature is the result and the
 * arguments: i an int32, l 64 bits, p a pointer, v nothing. A test compares names and signatures with the header.
 */
enum Abi {
  ABI_VERSION("i"),
  VERSION("p"),
  ERROR_STATUS("ip"),
  ERROR_MESSAGE("pp"),
  ERROR_DETAIL("pp"),
  ERROR_FREE("vp"),
  TEXT_DATA("pp"),
  TEXT_SIZE("lp"),
  TEXT_FREE("vp"),
  FIT_PAIRS("ipplppppp"),
  PREDICT_PAIRS("iplpppp"),
  RECOMMEND_USER("ipllpppp"),
  TABLE_NEW("ilpp"),
  TABLE_ADD("ippiplppp"),
  TABLE_ADD_STRINGS("ippplplppp"),
  TABLE_COLUMN("ipppp"),
  TABLE_INFO("ippp"),
  TABLE_FROM_ARROW("ippp"),
  TABLE_TO_ARROW("ippp"),
  TABLE_FREE("vp"),
  DATASET_NEW("ippp"),
  DATASET_APPEND("ipppp"),
  DATASET_APPEND_ARROW("ipppp"),
  DATASET_SEAL("ipp"),
  DATASET_SPLIT("ippppp"),
  DATASET_INFO("ippp"),
  DATASET_FREE("vp"),
  MONITOR_NEW("ipppp"),
  MONITOR_CANCEL("vp"),
  MONITOR_READ("ippp"),
  MONITOR_FREE("vp"),
  ENGINE_LOAD("ippp"),
  ENGINE_LIST("ipp"),
  ENGINE_INFO("ippp"),
  MODEL_CREATE("ipppp"),
  MODEL_FIT("ipppppppp"),
  MODEL_PREDICT("ippppp"),
  MODEL_RECOMMEND("ippppppp"),
  MODEL_EVALUATE("ipppppp"),
  MODEL_EXPLAIN("ipppppp"),
  MODEL_UPDATE("ipppppp"),
  MODEL_INFO("ippp"),
  SCORER_OPEN("ippiippp"),
  SCORER_SCORE("ipppl" + "plpp"),
  SCORER_TOP("ipppl" + "pllpppp"),
  SCORER_RESOLVE("ipippl" + "pp"),
  SCORER_ITEM("iplppp"),
  SCORER_STATS("ippp"),
  SCORER_FREE("vp"),
  ASSEMBLY_NEW("ippppp"),
  ASSEMBLY_ADD_VALUES("ipppp"),
  ASSEMBLY_ADD_TENSOR("ippipipp"),
  ASSEMBLY_FINISH("ippp"),
  ASSEMBLY_FREE("vp"),
  MODEL_TENSORS("ippp"),
  MODEL_TENSOR("ipppp"),
  MODEL_SAVE("ipppp"),
  MODEL_LOAD("ipppp"),
  MODEL_DUMP("ipppp"),
  MODEL_PARSE("iplppp"),
  FILE_INFO("ippp"),
  MODEL_RETAIN("pp"),
  MODEL_FREE("vp");

  final String signature;
  final MethodHandle handle;

  Abi(String signature) {
    this.signature = signature;
    String name = "interplay_" + name().toLowerCase(java.util.Locale.ROOT);
    this.handle =
        Linker.nativeLinker()
            .downcallHandle(
                Library.LOOKUP
                    .find(name)
                    .orElseThrow(() -> new UnsatisfiedLinkError(name + " is not in " + Library.PATH)),
                descriptor(signature));
  }

  private static FunctionDescriptor descriptor(String signature) {
    List<MemoryLayout> arguments = new ArrayList<>();
    signature.substring(1).chars().forEach(c -> arguments.add(layout((char) c)));
    MemoryLayout[] given = arguments.toArray(MemoryLayout[]::new);
    return signature.charAt(0) == 'v'
        ? FunctionDescriptor.ofVoid(given)
        : FunctionDescriptor.of(layout(signature.charAt(0)), given);
  }

  private static MemoryLayout layout(char c) {
    return c == 'i' ? JAVA_INT : c == 'l' ? JAVA_LONG : ADDRESS;
  }

  /** Calls it slowly, boxing the arguments: for what is not in a hot loop. */
  Object call(Object... arguments) {
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** C throws nothing, so this is a defect of the binding, or an error of the virtual machine. */
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException r) return r;
    if (e instanceof Error r) throw r;
    return new IllegalStateException(e);
  }
}
