package io.interplay;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** A model in the making, from tensors that were trained elsewhere. A second thread's call waits for the first's. */
public final class Assembly extends Handle {
  /** See interplay_assembly_new in interplay.h for the description. */
  public Assembly(String engine, Map<String, ?> parameters, Map<String, ?> description) {
    super(make(engine, parameters, description), Abi.ASSEMBLY_FREE, () -> {});
  }

  private static MemorySegment make(String engine, Map<String, ?> parameters, Map<String, ?> description) {
    try (Call call = new Call()) {
      return call.invoke(Abi.ASSEMBLY_NEW, call.text(engine), call.json(parameters), call.json(description), call.out());
    }
  }

  /** The values of a category field: the column "value"; row i is row i + 1 of the field's tensor. */
  public synchronized void addValues(String field, Table values) {
    try (Call call = new Call()) {
      call.invoke(Abi.ASSEMBLY_ADD_VALUES, call.use(this), call.text(field), call.use(values));
    }
  }

  /** A tensor of numbers, row-major. Fails with BAD_DATA where there are not as many as the shape says. */
  public synchronized void addTensor(String name, Type type, long[] shape, List<? extends Number> values) {
    long size = 1;
    for (long length : shape) size *= length;
    if (size != values.size()) {
      throw new InterplayException(
          Status.BAD_DATA, "tensor \"" + name + "\": expected " + size + " numbers by its shape, found " + values.size());
    }
    try (Call call = new Call()) {
      MemorySegment data = call.arena.allocate(MemoryLayout.sequenceLayout(Math.max(size, 1), TableBuilder.layout(type)));
      Values.Place place = (i, text) -> new InterplayException(Status.BAD_DATA, "tensor \"" + name + "\": number " + i + ": " + text);
      for (int i = 0; i < size; i++) Values.set(data, type, i, values.get(i), place);
      call.invoke(Abi.ASSEMBLY_ADD_TENSOR, call.use(this), call.text(name), type.code(), data, shape.length,
          call.arena.allocateFrom(JAVA_LONG, shape));
    }
  }

  /** The fitted model. After a failure mend the assembly and finish it again. */
  public synchronized Model finish() {
    try (Call call = new Call()) {
      return new Model(call.invoke(Abi.ASSEMBLY_FINISH, call.use(this), call.out()));
    }
  }
}
