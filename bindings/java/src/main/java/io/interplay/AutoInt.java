// Written by bindings/java/generate. Do not edit.
package io.interplay;

/** The engine "autoint": Feature interactions learned by multi-head self-attention over field embeddings (Song et al., CIKM 2019). */
public final class AutoInt {
  private AutoInt() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Names only what is to differ from the defaults. The library checks the values when a model is created. */
  public static final class Builder {
    private final java.util.Map<String, Object> values = new java.util.LinkedHashMap<>();

    private Builder() {}

    /** Defaults of the other parameters. tutorial: the defaults shown here; paper: the CIKM 2019 paper; authors: their released code; fuxictr: FuxiCTR 1.2.2 and later; best: what measured best here, from about 50,000 rows on; small: likewise, below. (default "tutorial"; one of tutorial, paper, authors, fuxictr, best, small) */
    public Builder preset(String value) {
      values.put("preset", value);
      return this;
    }

    /** Width d of the vector that stands for a value. (default 32; 1 to 1024) */
    public Builder embeddingDim(long value) {
      values.put("embedding_dim", value);
      return this;
    }

    /** Width of the attention, all heads together; num_heads must divide it. (default 32; 1 to 4096) */
    public Builder attentionDim(long value) {
      values.put("attention_dim", value);
      return this;
    }

    /** Heads of each attention layer: ways in which fields may combine. (default 2; 1 to 64) */
    public Builder numHeads(long value) {
      values.put("num_heads", value);
      return this;
    }

    /** Attention layers. Each raises the order of the interactions; 0 leaves a linear model. (default 3; 0 to 16) */
    public Builder numLayers(long value) {
      values.put("num_layers", value);
      return this;
    }

    /** An attention width for each layer, instead of attention_dim and num_layers. (default []) */
    public Builder layerDims(java.util.List<Long> value) {
      values.put("layer_dims", value);
      return this;
    }

    /** Share of attention weights that are dropped while training. (default 0.1; 0 to 0.95) */
    public Builder dropout(double value) {
      values.put("dropout", value);
      return this;
    }

    /** Share of the embeddings' numbers that are dropped while training. (default 0.2; 0 to 0.95) */
    public Builder embeddingDropout(double value) {
      values.put("embedding_dropout", value);
      return this;
    }

    /** Share of the joined heads' numbers that are dropped while training. (default 0; 0 to 0.95) */
    public Builder outputDropout(double value) {
      values.put("output_dropout", value);
      return this;
    }

    /** Standard deviation of the embeddings' first values. (default 0.01; 0 to 10) */
    public Builder embeddingInit(double value) {
      values.put("embedding_init", value);
      return this;
    }

    /** product: a number's value times a learned vector; linear: and another vector added. (default "product"; one of product, linear) */
    public Builder numberEmbedding(String value) {
      values.put("number_embedding", value);
      return this;
    }

    /** One affine layer from embedding_dim to attention_dim before the first layer. (default false) */
    public Builder inputProjection(boolean value) {
      values.put("input_projection", value);
      return this;
    }

    /** identity: queries, keys and values are the field's vector itself. (default "learned"; one of learned, identity) */
    public Builder qkv(String value) {
      values.put("qkv", value);
      return this;
    }

    /** A bias on Q, K, V and the residual's projection. (default false) */
    public Builder qkvBias(boolean value) {
      values.put("qkv_bias", value);
      return this;
    }

    /** Of Q, K and V. (default "none"; one of none, relu) */
    public Builder qkvActivation(String value) {
      values.put("qkv_activation", value);
      return this;
    }

    /** disentangled: queries and keys lose their mean over the fields, and a weight of each field alone is added (DESTINE). (default "dot"; one of dot, disentangled) */
    public Builder attention(String value) {
      values.put("attention", value);
      return this;
    }

    /** head: attention scores are divided by the root of a head's width. (default "head"; one of head, none) */
    public Builder scoreScale(String value) {
      values.put("score_scale", value);
      return this;
    }

    /** W^O, from the joined heads back to the layer's input width; affine: with a bias. (default "linear"; one of linear, affine, none) */
    public Builder outputProjection(String value) {
      values.put("output_projection", value);
      return this;
    }

    /** What is added to a layer's output: its input, a learned projection of it (always, or where widths differ), or once, after the last layer, a projection of the embeddings. (default "identity"; one of identity, none, projection_if_needed, projection, once) */
    public Builder residual(String value) {
      values.put("residual", value);
      return this;
    }

    /** Of the residual's projection. (default "none"; one of none, relu) */
    public Builder residualActivation(String value) {
      values.put("residual_activation", value);
      return this;
    }

    /** Layer normalisation of a layer's output; post: as in a Transformer, after the feed-forward block too. (default "none"; one of none, before_activation, after_activation, post) */
    public Builder norm(String value) {
      values.put("norm", value);
      return this;
    }

    /** Of a layer's output; at_end: once, after the last layer. (default "relu"; one of relu, none, at_end) */
    public Builder activation(String value) {
      values.put("activation", value);
      return this;
    }

    /** Width of a feed-forward block behind each layer, as a multiple of the layer's; 0: none. (default 0; 0 to 16) */
    public Builder feedForward(long value) {
      values.put("feed_forward", value);
      return this;
    }

    /** What the logit reads: the embeddings and every layer, every layer, or the last layer. (default "all_with_input"; one of all_with_input, all, last) */
    public Builder pool(String value) {
      values.put("pool", value);
      return this;
    }

    /** One more number for each value, added to the logit. (default false) */
    public Builder firstOrder(boolean value) {
      values.put("first_order", value);
      return this;
    }

    /** A constant in the logit, which starts at the prior. (default true) */
    public Builder outputBias(boolean value) {
      values.put("output_bias", value);
      return this;
    }

    /** AutoInt+: widths of a feed-forward tower beside the attention; [400, 400] say. (default []) */
    public Builder deepLayers(java.util.List<Long> value) {
      values.put("deep_layers", value);
      return this;
    }

    /** Batch normalisation in the tower. (default false) */
    public Builder deepBatchNorm(boolean value) {
      values.put("deep_batch_norm", value);
      return this;
    }

    /** Share of the tower's numbers that are dropped while training. (default 0; 0 to 0.95) */
    public Builder deepDropout(double value) {
      values.put("deep_dropout", value);
      return this;
    }

    /** Keep the first layer's queries, keys and values of every value ready, in memory and not in the file: scoring takes up to a sixth less time, and an embedding, with attention_dim equal to its width, four times the room. (default false) */
    public Builder projections(boolean value) {
      values.put("projections", value);
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
      return new Parameters("autoint", values);
    }
  }
}
