package io.interplay;

import java.util.Map;

/**
 * An engine's name and the parameters that differ from its defaults; {@link AutoInt}, {@link Fm} and {@link Popularity} build
 * it. The library checks it, in {@link #create} and {@link #fit}.
 */
public record Parameters(String engine, Map<String, Object> values) {
  public Parameters {
    values = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(values));
  }

  /** A model that has learned nothing yet. */
  public Model create() {
    return Model.create(engine, values);
  }

  /** Create and fit on pairs, see {@link Model#fitPairs}. */
  public Model fit(long[] userIds, long[] itemIds, float[] ratings) {
    return Model.fitPairs(engine, values, userIds, itemIds, ratings);
  }

  /** Create and fit on a sealed dataset. */
  public Model fit(Dataset train) {
    try (Model created = create()) {
      return created.fit(train);
    }
  }
}
