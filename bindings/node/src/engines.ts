// The engines as classes. Written by bindings/node/generate from what the library publishes: do not edit.
import type { LoadOptions, Model } from "./model.js";
import { type Named, opened, Recommender } from "./recommender.js";

/** Parameters of AutoInt; what is not given has the engine's default, or the preset's where there is one. */
export interface AutoIntParams {
  /**
   * Defaults of the other parameters. tutorial: the defaults shown here; paper: the CIKM 2019 paper; authors: their released code; fuxictr:
   * FuxiCTR 1.2.2 and later; best: what measured best here, from about 50,000 rows on; small: likewise, below. Default: "tutorial".
   */
  preset?: "tutorial" | "paper" | "authors" | "fuxictr" | "best" | "small" | undefined;
  /** Width d of the vector that stands for a value. 1 to 1024. Default: 32. */
  embedding_dim?: number | undefined;
  /** Width of the attention, all heads together; num_heads must divide it. 1 to 4096. Default: 32. */
  attention_dim?: number | undefined;
  /** Heads of each attention layer: ways in which fields may combine. 1 to 64. Default: 2. */
  num_heads?: number | undefined;
  /** Attention layers. Each raises the order of the interactions; 0 leaves a linear model. 0 to 16. Default: 3. */
  num_layers?: number | undefined;
  /** An attention width for each layer, instead of attention_dim and num_layers. Default: []. */
  layer_dims?: readonly number[] | undefined;
  /** Share of attention weights that are dropped while training. 0 to 0.95. Default: 0.1. */
  dropout?: number | undefined;
  /** Share of the embeddings' numbers that are dropped while training. 0 to 0.95. Default: 0.2. */
  embedding_dropout?: number | undefined;
  /** Share of the joined heads' numbers that are dropped while training. 0 to 0.95. Default: 0. */
  output_dropout?: number | undefined;
  /** Standard deviation of the embeddings' first values. 0 to 10. Default: 0.01. */
  embedding_init?: number | undefined;
  /** product: a number's value times a learned vector; linear: and another vector added. Default: "product". */
  number_embedding?: "product" | "linear" | undefined;
  /** One affine layer from embedding_dim to attention_dim before the first layer. Default: false. */
  input_projection?: boolean | undefined;
  /** identity: queries, keys and values are the field's vector itself. Default: "learned". */
  qkv?: "learned" | "identity" | undefined;
  /** A bias on Q, K, V and the residual's projection. Default: false. */
  qkv_bias?: boolean | undefined;
  /** Of Q, K and V. Default: "none". */
  qkv_activation?: "none" | "relu" | undefined;
  /** disentangled: queries and keys lose their mean over the fields, and a weight of each field alone is added (DESTINE). Default: "dot". */
  attention?: "dot" | "disentangled" | undefined;
  /** head: attention scores are divided by the root of a head's width. Default: "head". */
  score_scale?: "head" | "none" | undefined;
  /** W^O, from the joined heads back to the layer's input width; affine: with a bias. Default: "linear". */
  output_projection?: "linear" | "affine" | "none" | undefined;
  /**
   * What is added to a layer's output: its input, a learned projection of it (always, or where widths differ), or once, after the last
   * layer, a projection of the embeddings. Default: "identity".
   */
  residual?: "identity" | "none" | "projection_if_needed" | "projection" | "once" | undefined;
  /** Of the residual's projection. Default: "none". */
  residual_activation?: "none" | "relu" | undefined;
  /** Layer normalisation of a layer's output; post: as in a Transformer, after the feed-forward block too. Default: "none". */
  norm?: "none" | "before_activation" | "after_activation" | "post" | undefined;
  /** Of a layer's output; at_end: once, after the last layer. Default: "relu". */
  activation?: "relu" | "none" | "at_end" | undefined;
  /** Width of a feed-forward block behind each layer, as a multiple of the layer's; 0: none. 0 to 16. Default: 0. */
  feed_forward?: number | undefined;
  /** What the logit reads: the embeddings and every layer, every layer, or the last layer. Default: "all_with_input". */
  pool?: "all_with_input" | "all" | "last" | undefined;
  /** One more number for each value, added to the logit. Default: false. */
  first_order?: boolean | undefined;
  /** A constant in the logit, which starts at the prior. Default: true. */
  output_bias?: boolean | undefined;
  /** AutoInt+: widths of a feed-forward tower beside the attention; [400, 400] say. Default: []. */
  deep_layers?: readonly number[] | undefined;
  /** Batch normalisation in the tower. Default: false. */
  deep_batch_norm?: boolean | undefined;
  /** Share of the tower's numbers that are dropped while training. 0 to 0.95. Default: 0. */
  deep_dropout?: number | undefined;
  /**
   * Keep the first layer's queries, keys and values of every value ready, in memory and not in the file: scoring takes up to a sixth less
   * time, and an embedding, with attention_dim equal to its width, four times the room. Default: false.
   */
  projections?: boolean | undefined;
  /**
   * Models that are trained apart, from other first values and in another order; the mean of their logits is the score. Each costs as much
   * as the first, in training and in scoring. 1 to 64. Default: 1.
   */
  members?: number | undefined;
  /**
   * auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its row's (Rendle et al.
   * 2009); softmax, the row's item against all of its drawn ones (sampled softmax). Default: "auto".
   */
  loss?: "auto" | "bpr" | "softmax" | undefined;
  /** Passes over the training rows, at most. 1 to 100000. Default: 20. */
  epochs?: number | undefined;
  /** Rows of one step. 1 to 1048576. Default: 256. */
  batch_size?: number | undefined;
  /**
   * lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed when a row is next
   * needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. Default: "lazy_adam".
   */
  optimizer?: "lazy_adam" | "adam" | "adamw" | "adagrad" | undefined;
  /** After the warm-up. 0 to 10. Default: 0.001. */
  learning_rate?: number | undefined;
  /** Added to the root of the second moment. 1e-16 to 1. Default: 1e-8. */
  epsilon?: number | undefined;
  /**
   * Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end. 0 to 1000000000. Default:
   * 100.
   */
  warmup_steps?: number | undefined;
  /**
   * cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at drop_factor times the rate
   * until patience is lost again. Default: "constant".
   */
  schedule?: "constant" | "cosine" | "drop" | undefined;
  /** What schedule drop multiplies the learning rate with. 0 to 1. Default: 0.1. */
  drop_factor?: number | undefined;
  /** Evaluations in a row without a better validation loss before training stops; 0: never. 0 to 100000. Default: 3. */
  patience?: number | undefined;
  /** How often the validation loss is measured. 1 to 1000. Default: 1. */
  evaluations_per_epoch?: number | undefined;
  /** Keep the state with the best validation loss instead of the last. Default: true. */
  restore_best?: boolean | undefined;
  /** Strength of the penalty on embeddings, in the form that l2_form says. 0 to 1000. Default: 0.1. */
  embedding_l2?: number | undefined;
  /**
   * decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2 times the squared norm of
   * the whole tables is added to the mean loss. lazy: the same for the rows of the batch alone. frequency: lazy, divided by how often a row
   * is used, so that rare and common rows are penalised alike in an epoch. auto: form and strength by the number of training rows. Default:
   * "decoupled".
   */
  l2_form?: "auto" | "decoupled" | "loss" | "lazy" | "frequency" | undefined;
  /** Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. 0 to 1000. Default: 0. */
  weight_decay?: number | undefined;
  /** Largest norm of a step's whole gradient; 0: no limit. 0 to 1e+30. Default: 0. */
  clip_norm?: number | undefined;
  /**
   * Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0: none. 0 to 0.99999.
   * Default: 0.
   */
  average?: number | undefined;
  /** keys every random draw: the same seed, data and build give the same model. 0 to 1000000000000000. Default: 1. */
  seed?: number | undefined;
  /** share of the training rows held out at random to choose the best epoch; 0: none. 0 to 0.9. Default: 0.1. */
  validation_fraction?: number | undefined;
  /** share of the training values replaced by the unknown value, so that it is trained. 0 to 0.5. Default: 0.03. */
  unknown_rate?: number | undefined;
  /** unseen items drawn for each row of data without labels. 1 to 1000. Default: 4. */
  negatives?: number | undefined;
  /** how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75. Default: "uniform". */
  negative_sampling?: "uniform" | "popularity" | undefined;
  /** negatives are items that the user has not seen; false: any items but for chance. Default: true. */
  negatives_exclude_seen?: boolean | undefined;
  /**
   * binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels.
   * Default: "auto".
   */
  objective?: "auto" | "binary" | "rating" | "regression" | undefined;
}

/** Feature interactions learned by multi-head self-attention over field embeddings (Song et al., CIKM 2019). */
export class AutoInt extends Recommender<AutoIntParams> {
  /** A wrong parameter is refused by the library, with the nearest right one. With a model, one around it instead of a new one. */
  constructor(params: AutoIntParams & Named = {}, model?: Model) {
    super("autoint", params, model);
  }

  /** One from a file of save. */
  static override async load(path: string | URL, options: LoadOptions & Named = {}): Promise<AutoInt> {
    const [name, model] = await opened(path, options);
    return new AutoInt({ name }, model);
  }
}

/** Parameters of FM; what is not given has the engine's default, or the preset's where there is one. */
export interface FMParams {
  /**
   * Width of the vectors whose inner products are the interactions; 0: none, which is logistic or linear regression. 0 to 1024. Default:
   * 16.
   */
  rank?: number | undefined;
  /** Standard deviation of the vectors' first values. 0 to 10. Default: 0.01. */
  embedding_init?: number | undefined;
  /** Share of the vectors' numbers that are dropped while training. 0 to 0.95. Default: 0.2. */
  embedding_dropout?: number | undefined;
  /**
   * Models that are trained apart, from other first values and in another order; the mean of their logits is the score. Each costs as much
   * as the first, in training and in scoring. 1 to 64. Default: 1.
   */
  members?: number | undefined;
  /**
   * auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its row's (Rendle et al.
   * 2009); softmax, the row's item against all of its drawn ones (sampled softmax). Default: "auto".
   */
  loss?: "auto" | "bpr" | "softmax" | undefined;
  /** Passes over the training rows, at most. 1 to 100000. Default: 20. */
  epochs?: number | undefined;
  /** Rows of one step. 1 to 1048576. Default: 256. */
  batch_size?: number | undefined;
  /**
   * lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed when a row is next
   * needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. Default: "lazy_adam".
   */
  optimizer?: "lazy_adam" | "adam" | "adamw" | "adagrad" | undefined;
  /** After the warm-up. 0 to 10. Default: 0.001. */
  learning_rate?: number | undefined;
  /** Added to the root of the second moment. 1e-16 to 1. Default: 1e-8. */
  epsilon?: number | undefined;
  /**
   * Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end. 0 to 1000000000. Default:
   * 100.
   */
  warmup_steps?: number | undefined;
  /**
   * cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at drop_factor times the rate
   * until patience is lost again. Default: "constant".
   */
  schedule?: "constant" | "cosine" | "drop" | undefined;
  /** What schedule drop multiplies the learning rate with. 0 to 1. Default: 0.1. */
  drop_factor?: number | undefined;
  /** Evaluations in a row without a better validation loss before training stops; 0: never. 0 to 100000. Default: 3. */
  patience?: number | undefined;
  /** How often the validation loss is measured. 1 to 1000. Default: 1. */
  evaluations_per_epoch?: number | undefined;
  /** Keep the state with the best validation loss instead of the last. Default: true. */
  restore_best?: boolean | undefined;
  /** Strength of the penalty on embeddings, in the form that l2_form says. 0 to 1000. Default: 0.1. */
  embedding_l2?: number | undefined;
  /**
   * decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2 times the squared norm of
   * the whole tables is added to the mean loss. lazy: the same for the rows of the batch alone. frequency: lazy, divided by how often a row
   * is used, so that rare and common rows are penalised alike in an epoch. auto: form and strength by the number of training rows. Default:
   * "decoupled".
   */
  l2_form?: "auto" | "decoupled" | "loss" | "lazy" | "frequency" | undefined;
  /** Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. 0 to 1000. Default: 0. */
  weight_decay?: number | undefined;
  /** Largest norm of a step's whole gradient; 0: no limit. 0 to 1e+30. Default: 0. */
  clip_norm?: number | undefined;
  /**
   * Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0: none. 0 to 0.99999.
   * Default: 0.
   */
  average?: number | undefined;
  /** keys every random draw: the same seed, data and build give the same model. 0 to 1000000000000000. Default: 1. */
  seed?: number | undefined;
  /** share of the training rows held out at random to choose the best epoch; 0: none. 0 to 0.9. Default: 0.1. */
  validation_fraction?: number | undefined;
  /** share of the training values replaced by the unknown value, so that it is trained. 0 to 0.5. Default: 0.03. */
  unknown_rate?: number | undefined;
  /** unseen items drawn for each row of data without labels. 1 to 1000. Default: 4. */
  negatives?: number | undefined;
  /** how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75. Default: "uniform". */
  negative_sampling?: "uniform" | "popularity" | undefined;
  /** negatives are items that the user has not seen; false: any items but for chance. Default: true. */
  negatives_exclude_seen?: boolean | undefined;
  /**
   * binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels.
   * Default: "auto".
   */
  objective?: "auto" | "binary" | "rating" | "regression" | undefined;
}

/** Factorization machine: biases and pairwise interactions (Rendle, ICDM 2010); with rank 0 a linear model. */
export class FM extends Recommender<FMParams> {
  /** A wrong parameter is refused by the library, with the nearest right one. With a model, one around it instead of a new one. */
  constructor(params: FMParams & Named = {}, model?: Model) {
    super("fm", params, model);
  }

  /** One from a file of save. */
  static override async load(path: string | URL, options: LoadOptions & Named = {}): Promise<FM> {
    const [name, model] = await opened(path, options);
    return new FM({ name }, model);
  }
}

/** Parameters of Popularity; what is not given has the engine's default, or the preset's where there is one. */
export interface PopularityParams {
  /** Rows of an average label that are added to each user's own. 0 to 1000000000. Default: 15. */
  user_damping?: number | undefined;
  /** Rows of an average label that are added to each item's own. 0 to 1000000000. Default: 10. */
  item_damping?: number | undefined;
  /** How often the items' biases are found from the users' and the other way round. 1 to 10000. Default: 10. */
  rounds?: number | undefined;
  /** keys every random draw: the same seed, data and build give the same model. 0 to 1000000000000000. Default: 1. */
  seed?: number | undefined;
  /** share of the training rows held out at random to choose the best epoch; 0: none. 0 to 0.9. Default: 0.1. */
  validation_fraction?: number | undefined;
  /** share of the training values replaced by the unknown value, so that it is trained. 0 to 0.5. Default: 0.03. */
  unknown_rate?: number | undefined;
  /** unseen items drawn for each row of data without labels. 1 to 1000. Default: 4. */
  negatives?: number | undefined;
  /** how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75. Default: "uniform". */
  negative_sampling?: "uniform" | "popularity" | undefined;
  /** negatives are items that the user has not seen; false: any items but for chance. Default: true. */
  negatives_exclude_seen?: boolean | undefined;
  /**
   * binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels.
   * Default: "auto".
   */
  objective?: "auto" | "binary" | "rating" | "regression" | undefined;
}

/** A mean and a bias for each user and item; without labels, the most popular items. */
export class Popularity extends Recommender<PopularityParams> {
  /** A wrong parameter is refused by the library, with the nearest right one. With a model, one around it instead of a new one. */
  constructor(params: PopularityParams & Named = {}, model?: Model) {
    super("popularity", params, model);
  }

  /** One from a file of save. */
  static override async load(path: string | URL, options: LoadOptions & Named = {}): Promise<Popularity> {
    const [name, model] = await opened(path, options);
    return new Popularity({ name }, model);
  }
}
