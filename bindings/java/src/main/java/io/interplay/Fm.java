// Written by bindings/java/generate. Do not edit.
package io.interplay;

/** The engine "fm": Factorization machine: biases and pairwise interactions (Rendle, ICDM 2010); with rank 0 a linear model. */
public final class Fm {
  private Fm() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Names only what is to differ from the defaults. The library checks the values when a model is created. */
  public static final class Builder {
    private final java.util.Map<String, Object> values = new java.util.LinkedHashMap<>();

    private Builder() {}

    /** Width of the vectors whose inner products are the interactions; 0: none, which is logistic or linear regression. (default 16; 0 to 1024) */
    public Builder rank(long value) {
      values.put("rank", value);
      return this;
    }

    /** Standard deviation of the vectors' first values. (default 0.01; 0 to 10) */
    public Builder embeddingInit(double value) {
      values.put("embedding_init", value);
      return this;
    }

    /** Share of the vectors' numbers that are dropped while training. (default 0.2; 0 to 0.95) */
    public Builder embeddingDropout(double value) {
      values.put("embedding_dropout", value);
      return this;
    }

    /** Models that are trained apart, from other first values and in another order; the mean of their logits is the score. Each costs as much as the first, in training and in scoring. (default 1; 1 to 64) */
    public Builder members(long value) {
      values.put("members", value);
      return this;
    }

    /** auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its row's (Rendle et al. 2009); softmax, the row's item against all of its drawn ones (sampled softmax). (default "auto"; one of auto, bpr, softmax) */
    public Builder loss(String value) {
      values.put("loss", value);
      return this;
    }

    /** Passes over the training rows, at most. (default 20; 1 to 100000) */
    public Builder epochs(long value) {
      values.put("epochs", value);
      return this;
    }

    /** Rows of one step. (default 256; 1 to 1048576) */
    public Builder batchSize(long value) {
      values.put("batch_size", value);
      return this;
    }

    /** lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed when a row is next needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. (default "lazy_adam"; one of lazy_adam, adam, adamw, adagrad) */
    public Builder optimizer(String value) {
      values.put("optimizer", value);
      return this;
    }

    /** After the warm-up. (default 0.001; 0 to 10) */
    public Builder learningRate(double value) {
      values.put("learning_rate", value);
      return this;
    }

    /** Added to the root of the second moment. (default 1e-08; 1e-16 to 1) */
    public Builder epsilon(double value) {
      values.put("epsilon", value);
      return this;
    }

    /** Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end. (default 100; 0 to 1000000000) */
    public Builder warmupSteps(long value) {
      values.put("warmup_steps", value);
      return this;
    }

    /** cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at drop_factor times the rate until patience is lost again. (default "constant"; one of constant, cosine, drop) */
    public Builder schedule(String value) {
      values.put("schedule", value);
      return this;
    }

    /** What schedule drop multiplies the learning rate with. (default 0.1; 0 to 1) */
    public Builder dropFactor(double value) {
      values.put("drop_factor", value);
      return this;
    }

    /** Evaluations in a row without a better validation loss before training stops; 0: never. (default 3; 0 to 100000) */
    public Builder patience(long value) {
      values.put("patience", value);
      return this;
    }

    /** How often the validation loss is measured. (default 1; 1 to 1000) */
    public Builder evaluationsPerEpoch(long value) {
      values.put("evaluations_per_epoch", value);
      return this;
    }

    /** Keep the state with the best validation loss instead of the last. (default true) */
    public Builder restoreBest(boolean value) {
      values.put("restore_best", value);
      return this;
    }

    /** Strength of the penalty on embeddings, in the form that l2_form says. (default 0.1; 0 to 1000) */
    public Builder embeddingL2(double value) {
      values.put("embedding_l2", value);
      return this;
    }

    /** decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2 times the squared norm of the whole tables is added to the mean loss. lazy: the same for the rows of the batch alone. frequency: lazy, divided by how often a row is used, so that rare and common rows are penalised alike in an epoch. auto: form and strength by the number of training rows. (default "decoupled"; one of auto, decoupled, loss, lazy, frequency) */
    public Builder l2Form(String value) {
      values.put("l2_form", value);
      return this;
    }

    /** Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. (default 0; 0 to 1000) */
    public Builder weightDecay(double value) {
      values.put("weight_decay", value);
      return this;
    }

    /** Largest norm of a step's whole gradient; 0: no limit. (default 0; 0 to 1e+30) */
    public Builder clipNorm(double value) {
      values.put("clip_norm", value);
      return this;
    }

    /** Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0: none. (default 0; 0 to 0.99999) */
    public Builder average(double value) {
      values.put("average", value);
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
      return new Parameters("fm", values);
    }
  }
}
