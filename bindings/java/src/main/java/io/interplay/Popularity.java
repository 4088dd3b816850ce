// Written by bindings/java/generate. Do not edit.
package io.interplay;

/** The engine "popularity": A mean and a bias for each user and item; without labels, the most popular items. */
public final class Popularity {
  private Popularity() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Names only what is to differ from the defaults. The library checks the values when a model is created. */
  public static final class Builder {
    private final java.util.Map<String, Object> values = new java.util.LinkedHashMap<>();

    private Builder() {}

    /** Rows of an average label that are added to each user's own. (default 15; 0 to 1000000000) */
    public Builder userDamping(double value) {
      values.put("user_damping", value);
      return this;
    }

    /** Rows of an average label that are added to each item's own. (default 10; 0 to 1000000000) */
    public Builder itemDamping(double value) {
      values.put("item_damping", value);
      return this;
    }

    /** How often the items' biases are found from the users' and the other way round. (default 10; 1 to 10000) */
    public Builder rounds(long value) {
      values.put("rounds", value);
      return this;
    }

    /** keys every random draw: the same seed, data and build give the same model (default 1; 0 to 1000000000000000) */
    public Builder seed(long value) {
      values.put("seed", value);
      return this;
    }

    /** share of the training rows held out at random to choose the best epoch; 0: none (default 0.1; 0.0 to 0.9) */
    public Builder validationFraction(double value) {
      values.put("validation_fraction", value);
      return this;
    }

    /** share of the training values replaced by the unknown value, so that it is trained (default 0.03; 0.0 to 0.5) */
    public Builder unknownRate(double value) {
      values.put("unknown_rate", value);
      return this;
    }

    /** unseen items drawn for each row of data without labels (default 4; 1 to 1000) */
    public Builder negatives(long value) {
      values.put("negatives", value);
      return this;
    }

    /** how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75 (default "uniform"; one of uniform, popularity) */
    public Builder negativeSampling(String value) {
      values.put("negative_sampling", value);
      return this;
    }

    /** negatives are items that the user has not seen; false: any items but for chance (default true) */
    public Builder negativesExcludeSeen(boolean value) {
      values.put("negatives_exclude_seen", value);
      return this;
    }

    /** binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels (default "auto"; one of auto, binary, rating, regression) */
    public Builder objective(String value) {
      values.put("objective", value);
      return this;
    }

    public Parameters build() {
      return new Parameters("popularity", values);
    }
  }
}
