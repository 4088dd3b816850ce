//! The engines and their parameters. Written by bindings/rust/generate from what the library publishes: do not edit.

use crate::parameters::engine;

engine! {
    /// Feature interactions learned by multi-head self-attention over field embeddings (Song et al., CIKM 2019).
    AutoInt = "autoint" {
        /// Of a layer's output; at_end: once, after the last layer. One of `relu`, `none`, `at_end`. Default: `"relu"`.
        activation: String,
        /// Disentangled: queries and keys lose their mean over the fields, and a weight of each field alone is added (DESTINE). One of `dot`, `disentangled`. Default: `"dot"`.
        attention: String,
        /// Width of the attention, all heads together; num_heads must divide it. 1 to 4096. Default: `32`.
        attention_dim: i64,
        /// Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0: none. 0 to 0.99999. Default: `0`.
        average: f64,
        /// Rows of one step. 1 to 1048576. Default: `256`.
        batch_size: i64,
        /// Largest norm of a step's whole gradient; 0: no limit. 0 to 1e+30. Default: `0`.
        clip_norm: f64,
        /// Batch normalisation in the tower. Default: `false`.
        deep_batch_norm: bool,
        /// Share of the tower's numbers that are dropped while training. 0 to 0.95. Default: `0`.
        deep_dropout: f64,
        /// AutoInt+: widths of a feed-forward tower beside the attention; [400, 400] say. Default: `[]`.
        deep_layers: Vec<i64>,
        /// What schedule drop multiplies the learning rate with. 0 to 1. Default: `0.1`.
        drop_factor: f64,
        /// Share of attention weights that are dropped while training. 0 to 0.95. Default: `0.1`.
        dropout: f64,
        /// Width d of the vector that stands for a value. 1 to 1024. Default: `32`.
        embedding_dim: i64,
        /// Share of the embeddings' numbers that are dropped while training. 0 to 0.95. Default: `0.2`.
        embedding_dropout: f64,
        /// Standard deviation of the embeddings' first values. 0 to 10. Default: `0.01`.
        embedding_init: f64,
        /// Strength of the penalty on embeddings, in the form that l2_form says. 0 to 1000. Default: `0.1`.
        embedding_l2: f64,
        /// Passes over the training rows, at most. 1 to 100000. Default: `20`.
        epochs: i64,
        /// Added to the root of the second moment. 1e-16 to 1. Default: `1e-8`.
        epsilon: f64,
        /// How often the validation loss is measured. 1 to 1000. Default: `1`.
        evaluations_per_epoch: i64,
        /// Width of a feed-forward block behind each layer, as a multiple of the layer's; 0: none. 0 to 16. Default: `0`.
        feed_forward: i64,
        /// One more number for each value, added to the logit. Default: `false`.
        first_order: bool,
        /// One affine layer from embedding_dim to attention_dim before the first layer. Default: `false`.
        input_projection: bool,
        /// Decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2 times the squared norm of the whole tables is added to the mean loss. lazy: the same for the rows of the batch alone. frequency: lazy, divided by how often a row is used, so that rare and common rows are penalised alike in an epoch. auto: form and strength by the number of training rows. One of `auto`, `decoupled`, `loss`, `lazy`, `frequency`. Default: `"decoupled"`.
        l2_form: String,
        /// An attention width for each layer, instead of attention_dim and num_layers. Default: `[]`.
        layer_dims: Vec<i64>,
        /// After the warm-up. 0 to 10. Default: `0.001`.
        learning_rate: f64,
        /// Auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its row's (Rendle et al. 2009); softmax, the row's item against all of its drawn ones (sampled softmax). One of `auto`, `bpr`, `softmax`. Default: `"auto"`.
        loss: String,
        /// Models that are trained apart, from other first values and in another order; the mean of their logits is the score. Each costs as much as the first, in training and in scoring. 1 to 64. Default: `1`.
        members: i64,
        /// How negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75. One of `uniform`, `popularity`. Default: `"uniform"`.
        negative_sampling: String,
        /// Unseen items drawn for each row of data without labels. 1 to 1000. Default: `4`.
        negatives: i64,
        /// Negatives are items that the user has not seen; false: any items but for chance. Default: `true`.
        negatives_exclude_seen: bool,
        /// Layer normalisation of a layer's output; post: as in a Transformer, after the feed-forward block too. One of `none`, `before_activation`, `after_activation`, `post`. Default: `"none"`.
        norm: String,
        /// Heads of each attention layer: ways in which fields may combine. 1 to 64. Default: `2`.
        num_heads: i64,
        /// Attention layers. Each raises the order of the interactions; 0 leaves a linear model. 0 to 16. Default: `3`.
        num_layers: i64,
        /// Product: a number's value times a learned vector; linear: and another vector added. One of `product`, `linear`. Default: `"product"`.
        number_embedding: String,
        /// Binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels. One of `auto`, `binary`, `rating`, `regression`. Default: `"auto"`.
        objective: String,
        /// Lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed when a row is next needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. One of `lazy_adam`, `adam`, `adamw`, `adagrad`. Default: `"lazy_adam"`.
        optimizer: String,
        /// A constant in the logit, which starts at the prior. Default: `true`.
        output_bias: bool,
        /// Share of the joined heads' numbers that are dropped while training. 0 to 0.95. Default: `0`.
        output_dropout: f64,
        /// W^O, from the joined heads back to the layer's input width; affine: with a bias. One of `linear`, `affine`, `none`. Default: `"linear"`.
        output_projection: String,
        /// Evaluations in a row without a better validation loss before training stops; 0: never. 0 to 100000. Default: `3`.
        patience: i64,
        /// What the logit reads: the embeddings and every layer, every layer, or the last layer. One of `all_with_input`, `all`, `last`. Default: `"all_with_input"`.
        pool: String,
        /// Defaults of the other parameters. tutorial: the defaults shown here; paper: the CIKM 2019 paper; authors: their released code; fuxictr: FuxiCTR 1.2.2 and later; best: what measured best here, from about 50,000 rows on; small: likewise, below. One of `tutorial`, `paper`, `authors`, `fuxictr`, `best`, `small`. Default: `"tutorial"`.
        preset: String,
        /// Keep the first layer's queries, keys and values of every value ready, in memory and not in the file: scoring takes up to a sixth less time, and an embedding, with attention_dim equal to its width, four times the room. Default: `false`.
        projections: bool,
        /// Identity: queries, keys and values are the field's vector itself. One of `learned`, `identity`. Default: `"learned"`.
        qkv: String,
        /// Of Q, K and V. One of `none`, `relu`. Default: `"none"`.
        qkv_activation: String,
        /// A bias on Q, K, V and the residual's projection. Default: `false`.
        qkv_bias: bool,
        /// What is added to a layer's output: its input, a learned projection of it (always, or where widths differ), or once, after the last layer, a projection of the embeddings. One of `identity`, `none`, `projection_if_needed`, `projection`, `once`. Default: `"identity"`.
        residual: String,
        /// Of the residual's projection. One of `none`, `relu`. Default: `"none"`.
        residual_activation: String,
        /// Keep the state with the best validation loss instead of the last. Default: `true`.
        restore_best: bool,
        /// Cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at drop_factor times the rate until patience is lost again. One of `constant`, `cosine`, `drop`. Default: `"constant"`.
        schedule: String,
        /// Head: attention scores are divided by the root of a head's width. One of `head`, `none`. Default: `"head"`.
        score_scale: String,
        /// Keys every random draw: the same seed, data and build give the same model. 0 to 1000000000000000. Default: `1`.
        seed: i64,
        /// Share of the training values replaced by the unknown value, so that it is trained. 0.0 to 0.5. Default: `0.03`.
        unknown_rate: f64,
        /// Share of the training rows held out at random to choose the best epoch; 0: none. 0.0 to 0.9. Default: `0.1`.
        validation_fraction: f64,
        /// Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end. 0 to 1000000000. Default: `100`.
        warmup_steps: i64,
        /// Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. 0 to 1000. Default: `0`.
        weight_decay: f64,
    }
}

engine! {
    /// Factorization machine: biases and pairwise interactions (Rendle, ICDM 2010); with rank 0 a linear model.
    Fm = "fm" {
        /// Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0: none. 0 to 0.99999. Default: `0`.
        average: f64,
        /// Rows of one step. 1 to 1048576. Default: `256`.
        batch_size: i64,
        /// Largest norm of a step's whole gradient; 0: no limit. 0 to 1e+30. Default: `0`.
        clip_norm: f64,
        /// What schedule drop multiplies the learning rate with. 0 to 1. Default: `0.1`.
        drop_factor: f64,
        /// Share of the vectors' numbers that are dropped while training. 0 to 0.95. Default: `0.2`.
        embedding_dropout: f64,
        /// Standard deviation of the vectors' first values. 0 to 10. Default: `0.01`.
        embedding_init: f64,
        /// Strength of the penalty on embeddings, in the form that l2_form says. 0 to 1000. Default: `0.1`.
        embedding_l2: f64,
        /// Passes over the training rows, at most. 1 to 100000. Default: `20`.
        epochs: i64,
        /// Added to the root of the second moment. 1e-16 to 1. Default: `1e-8`.
        epsilon: f64,
        /// How often the validation loss is measured. 1 to 1000. Default: `1`.
        evaluations_per_epoch: i64,
        /// Decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2 times the squared norm of the whole tables is added to the mean loss. lazy: the same for the rows of the batch alone. frequency: lazy, divided by how often a row is used, so that rare and common rows are penalised alike in an epoch. auto: form and strength by the number of training rows. One of `auto`, `decoupled`, `loss`, `lazy`, `frequency`. Default: `"decoupled"`.
        l2_form: String,
        /// After the warm-up. 0 to 10. Default: `0.001`.
        learning_rate: f64,
        /// Auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its row's (Rendle et al. 2009); softmax, the row's item against all of its drawn ones (sampled softmax). One of `auto`, `bpr`, `softmax`. Default: `"auto"`.
        loss: String,
        /// Models that are trained apart, from other first values and in another order; the mean of their logits is the score. Each costs as much as the first, in training and in scoring. 1 to 64. Default: `1`.
        members: i64,
        /// How negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75. One of `uniform`, `popularity`. Default: `"uniform"`.
        negative_sampling: String,
        /// Unseen items drawn for each row of data without labels. 1 to 1000. Default: `4`.
        negatives: i64,
        /// Negatives are items that the user has not seen; false: any items but for chance. Default: `true`.
        negatives_exclude_seen: bool,
        /// Binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels. One of `auto`, `binary`, `rating`, `regression`. Default: `"auto"`.
        objective: String,
        /// Lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed when a row is next needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. One of `lazy_adam`, `adam`, `adamw`, `adagrad`. Default: `"lazy_adam"`.
        optimizer: String,
        /// Evaluations in a row without a better validation loss before training stops; 0: never. 0 to 100000. Default: `3`.
        patience: i64,
        /// Width of the vectors whose inner products are the interactions; 0: none, which is logistic or linear regression. 0 to 1024. Default: `16`.
        rank: i64,
        /// Keep the state with the best validation loss instead of the last. Default: `true`.
        restore_best: bool,
        /// Cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at drop_factor times the rate until patience is lost again. One of `constant`, `cosine`, `drop`. Default: `"constant"`.
        schedule: String,
        /// Keys every random draw: the same seed, data and build give the same model. 0 to 1000000000000000. Default: `1`.
        seed: i64,
        /// Share of the training values replaced by the unknown value, so that it is trained. 0.0 to 0.5. Default: `0.03`.
        unknown_rate: f64,
        /// Share of the training rows held out at random to choose the best epoch; 0: none. 0.0 to 0.9. Default: `0.1`.
        validation_fraction: f64,
        /// Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end. 0 to 1000000000. Default: `100`.
        warmup_steps: i64,
        /// Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. 0 to 1000. Default: `0`.
        weight_decay: f64,
    }
}

engine! {
    /// A mean and a bias for each user and item; without labels, the most popular items.
    Popularity = "popularity" {
        /// Rows of an average label that are added to each item's own. 0 to 1000000000. Default: `10`.
        item_damping: f64,
        /// How negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75. One of `uniform`, `popularity`. Default: `"uniform"`.
        negative_sampling: String,
        /// Unseen items drawn for each row of data without labels. 1 to 1000. Default: `4`.
        negatives: i64,
        /// Negatives are items that the user has not seen; false: any items but for chance. Default: `true`.
        negatives_exclude_seen: bool,
        /// Binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared error; auto: by the labels. One of `auto`, `binary`, `rating`, `regression`. Default: `"auto"`.
        objective: String,
        /// How often the items' biases are found from the users' and the other way round. 1 to 10000. Default: `10`.
        rounds: i64,
        /// Keys every random draw: the same seed, data and build give the same model. 0 to 1000000000000000. Default: `1`.
        seed: i64,
        /// Share of the training values replaced by the unknown value, so that it is trained. 0.0 to 0.5. Default: `0.03`.
        unknown_rate: f64,
        /// Rows of an average label that are added to each user's own. 0 to 1000000000. Default: `15`.
        user_damping: f64,
        /// Share of the training rows held out at random to choose the best epoch; 0: none. 0.0 to 0.9. Default: `0.1`.
        validation_fraction: f64,
    }
}
