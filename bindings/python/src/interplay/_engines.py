"""The engines as classes. Written by bindings/python/generate from what the library publishes: do not edit."""
from __future__ import annotations

from typing import Any, Literal

from .recommender import Recommender


class AutoInt(Recommender):
    """Feature interactions learned by multi-head self-attention over field embeddings (Song et al., CIKM 2019).

    Parameters (None: the default, or the preset's where there is one):

        name: Yours.
        more: An unknown parameter is the library's to refuse: its error names the nearest.
        preset: Defaults of the other parameters. tutorial: the defaults shown here; paper: the CIKM 2019 paper; authors: their
            released code; fuxictr: FuxiCTR 1.2.2 and later; best: what measured best here, from about 50,000 rows on; small:
            likewise, below. One of tutorial, paper, authors, fuxictr, best, small. Default: tutorial.
        embedding_dim: Width d of the vector that stands for a value. 1 to 1024. Default: 32.
        attention_dim: Width of the attention, all heads together; num_heads must divide it. 1 to 4096. Default: 32.
        num_heads: Heads of each attention layer: ways in which fields may combine. 1 to 64. Default: 2.
        num_layers: Attention layers. Each raises the order of the interactions; 0 leaves a linear model. 0 to 16. Default: 3.
        layer_dims: An attention width for each layer, instead of attention_dim and num_layers. Default: [].
        dropout: Share of attention weights that are dropped while training. 0 to 0.95. Default: 0.1.
        embedding_dropout: Share of the embeddings' numbers that are dropped while training. 0 to 0.95. Default: 0.2.
        output_dropout: Share of the joined heads' numbers that are dropped while training. 0 to 0.95. Default: 0.
        embedding_init: Standard deviation of the embeddings' first values. 0 to 10. Default: 0.01.
        number_embedding: product: a number's value times a learned vector; linear: and another vector added. One of product,
            linear. Default: product.
        input_projection: One affine layer from embedding_dim to attention_dim before the first layer. Default: False.
        qkv: identity: queries, keys and values are the field's vector itself. One of learned, identity. Default: learned.
        qkv_bias: A bias on Q, K, V and the residual's projection. Default: False.
        qkv_activation: Of Q, K and V. One of none, relu. Default: none.
        attention: disentangled: queries and keys lose their mean over the fields, and a weight of each field alone is added
            (DESTINE). One of dot, disentangled. Default: dot.
        score_scale: head: attention scores are divided by the root of a head's width. One of head, none. Default: head.
        output_projection: W^O, from the joined heads back to the layer's input width; affine: with a bias. One of linear,
            affine, none. Default: linear.
        residual: What is added to a layer's output: its input, a learned projection of it (always, or where widths differ), or
            once, after the last layer, a projection of the embeddings. One of identity, none, projection_if_needed, projection,
            once. Default: identity.
        residual_activation: Of the residual's projection. One of none, relu. Default: none.
        norm: Layer normalisation of a layer's output; post: as in a Transformer, after the feed-forward block too. One of none,
            before_activation, after_activation, post. Default: none.
        activation: Of a layer's output; at_end: once, after the last layer. One of relu, none, at_end. Default: relu.
        feed_forward: Width of a feed-forward block behind each layer, as a multiple of the layer's; 0: none. 0 to 16. Default:
            0.
        pool: What the logit reads: the embeddings and every layer, every layer, or the last layer. One of all_with_input, all,
            last. Default: all_with_input.
        first_order: One more number for each value, added to the logit. Default: False.
        output_bias: A constant in the logit, which starts at the prior. Default: True.
        deep_layers: AutoInt+: widths of a feed-forward tower beside the attention; [400, 400] say. Default: [].
        deep_batch_norm: Batch normalisation in the tower. Default: False.
        deep_dropout: Share of the tower's numbers that are dropped while training. 0 to 0.95. Default: 0.
        projections: Keep the first layer's queries, keys and values of every value ready, in memory and not in the file:
            scoring takes up to a sixth less time, and an embedding, with attention_dim equal to its width, four times the room.
            Default: False.
        members: Models that are trained apart, from other first values and in another order; the mean of their logits is the
            score. Each costs as much as the first, in training and in scoring. 1 to 64. Default: 1.
        loss: auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its
            row's (Rendle et al. 2009); softmax, the row's item against all of its drawn ones (sampled softmax). One of auto,
            bpr, softmax. Default: auto.
        epochs: Passes over the training rows, at most. 1 to 100000. Default: 20.
        batch_size: Rows of one step. 1 to 1.04858e+06. Default: 256.
        optimizer: lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed
            when a row is next needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. One of
            lazy_adam, adam, adamw, adagrad. Default: lazy_adam.
        learning_rate: After the warm-up. 0 to 10. Default: 0.001.
        epsilon: Added to the root of the second moment. 1e-16 to 1. Default: 1e-08.
        warmup_steps: Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end.
            0 to 1e+09. Default: 100.
        schedule: cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at
            drop_factor times the rate until patience is lost again. One of constant, cosine, drop. Default: constant.
        drop_factor: What schedule drop multiplies the learning rate with. 0 to 1. Default: 0.1.
        patience: Evaluations in a row without a better validation loss before training stops; 0: never. 0 to 100000. Default:
            3.
        evaluations_per_epoch: How often the validation loss is measured. 1 to 1000. Default: 1.
        restore_best: Keep the state with the best validation loss instead of the last. Default: True.
        embedding_l2: Strength of the penalty on embeddings, in the form that l2_form says. 0 to 1000. Default: 0.1.
        l2_form: decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2
            times the squared norm of the whole tables is added to the mean loss. lazy: the same for the rows of the batch
            alone. frequency: lazy, divided by how often a row is used, so that rare and common rows are penalised alike in an
            epoch. auto: form and strength by the number of training rows. One of auto, decoupled, loss, lazy, frequency.
            Default: decoupled.
        weight_decay: Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. 0 to 1000. Default:
            0.
        clip_norm: Largest norm of a step's whole gradient; 0: no limit. 0 to 1e+30. Default: 0.
        average: Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0:
            none. 0 to 0.99999. Default: 0.
        seed: keys every random draw: the same seed, data and build give the same model. 0 to 1e+15. Default: 1.
        validation_fraction: share of the training rows held out at random to choose the best epoch; 0: none. 0 to 0.9. Default:
            0.1.
        unknown_rate: share of the training values replaced by the unknown value, so that it is trained. 0 to 0.5. Default:
            0.03.
        negatives: unseen items drawn for each row of data without labels. 1 to 1000. Default: 4.
        negative_sampling: how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75.
            One of uniform, popularity. Default: uniform.
        negatives_exclude_seen: negatives are items that the user has not seen; false: any items but for chance. Default: True.
        objective: binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared
            error; auto: by the labels. One of auto, binary, rating, regression. Default: auto.
    """

    ENGINE = "autoint"

    def __init__(
        self,
        name: str | None = None,
        *,
        preset: Literal["tutorial", "paper", "authors", "fuxictr", "best", "small"] | None = None,
        embedding_dim: int | None = None,
        attention_dim: int | None = None,
        num_heads: int | None = None,
        num_layers: int | None = None,
        layer_dims: list[int] | None = None,
        dropout: float | None = None,
        embedding_dropout: float | None = None,
        output_dropout: float | None = None,
        embedding_init: float | None = None,
        number_embedding: Literal["product", "linear"] | None = None,
        input_projection: bool | None = None,
        qkv: Literal["learned", "identity"] | None = None,
        qkv_bias: bool | None = None,
        qkv_activation: Literal["none", "relu"] | None = None,
        attention: Literal["dot", "disentangled"] | None = None,
        score_scale: Literal["head", "none"] | None = None,
        output_projection: Literal["linear", "affine", "none"] | None = None,
        residual: Literal["identity", "none", "projection_if_needed", "projection", "once"] | None = None,
        residual_activation: Literal["none", "relu"] | None = None,
        norm: Literal["none", "before_activation", "after_activation", "post"] | None = None,
        activation: Literal["relu", "none", "at_end"] | None = None,
        feed_forward: int | None = None,
        pool: Literal["all_with_input", "all", "last"] | None = None,
        first_order: bool | None = None,
        output_bias: bool | None = None,
        deep_layers: list[int] | None = None,
        deep_batch_norm: bool | None = None,
        deep_dropout: float | None = None,
        projections: bool | None = None,
        members: int | None = None,
        loss: Literal["auto", "bpr", "softmax"] | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        optimizer: Literal["lazy_adam", "adam", "adamw", "adagrad"] | None = None,
        learning_rate: float | None = None,
        epsilon: float | None = None,
        warmup_steps: int | None = None,
        schedule: Literal["constant", "cosine", "drop"] | None = None,
        drop_factor: float | None = None,
        patience: int | None = None,
        evaluations_per_epoch: int | None = None,
        restore_best: bool | None = None,
        embedding_l2: float | None = None,
        l2_form: Literal["auto", "decoupled", "loss", "lazy", "frequency"] | None = None,
        weight_decay: float | None = None,
        clip_norm: float | None = None,
        average: float | None = None,
        seed: int | None = None,
        validation_fraction: float | None = None,
        unknown_rate: float | None = None,
        negatives: int | None = None,
        negative_sampling: Literal["uniform", "popularity"] | None = None,
        negatives_exclude_seen: bool | None = None,
        objective: Literal["auto", "binary", "rating", "regression"] | None = None,
        **more: Any,
    ) -> None:
        given = {**locals(), **more}
        del given["self"], given["more"], given["__class__"]
        super().__init__(**given)


class FM(Recommender):
    """Factorization machine: biases and pairwise interactions (Rendle, ICDM 2010); with rank 0 a linear model.

    Parameters (None: the default):

        name: Yours.
        more: An unknown parameter is the library's to refuse: its error names the nearest.
        rank: Width of the vectors whose inner products are the interactions; 0: none, which is logistic or linear regression. 0
            to 1024. Default: 16.
        embedding_init: Standard deviation of the vectors' first values. 0 to 10. Default: 0.01.
        embedding_dropout: Share of the vectors' numbers that are dropped while training. 0 to 0.95. Default: 0.2.
        members: Models that are trained apart, from other first values and in another order; the mean of their logits is the
            score. Each costs as much as the first, in training and in scoring. 1 to 64. Default: 1.
        loss: auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its
            row's (Rendle et al. 2009); softmax, the row's item against all of its drawn ones (sampled softmax). One of auto,
            bpr, softmax. Default: auto.
        epochs: Passes over the training rows, at most. 1 to 100000. Default: 20.
        batch_size: Rows of one step. 1 to 1.04858e+06. Default: 256.
        optimizer: lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed
            when a row is next needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature. One of
            lazy_adam, adam, adamw, adagrad. Default: lazy_adam.
        learning_rate: After the warm-up. 0 to 10. Default: 0.001.
        epsilon: Added to the root of the second moment. 1e-16 to 1. Default: 1e-08.
        warmup_steps: Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end.
            0 to 1e+09. Default: 100.
        schedule: cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at
            drop_factor times the rate until patience is lost again. One of constant, cosine, drop. Default: constant.
        drop_factor: What schedule drop multiplies the learning rate with. 0 to 1. Default: 0.1.
        patience: Evaluations in a row without a better validation loss before training stops; 0: never. 0 to 100000. Default:
            3.
        evaluations_per_epoch: How often the validation loss is measured. 1 to 1000. Default: 1.
        restore_best: Keep the state with the best validation loss instead of the last. Default: True.
        embedding_l2: Strength of the penalty on embeddings, in the form that l2_form says. 0 to 1000. Default: 0.1.
        l2_form: decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2
            times the squared norm of the whole tables is added to the mean loss. lazy: the same for the rows of the batch
            alone. frequency: lazy, divided by how often a row is used, so that rare and common rows are penalised alike in an
            epoch. auto: form and strength by the number of training rows. One of auto, decoupled, loss, lazy, frequency.
            Default: decoupled.
        weight_decay: Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay. 0 to 1000. Default:
            0.
        clip_norm: Largest norm of a step's whole gradient; 0: no limit. 0 to 1e+30. Default: 0.
        average: Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0:
            none. 0 to 0.99999. Default: 0.
        seed: keys every random draw: the same seed, data and build give the same model. 0 to 1e+15. Default: 1.
        validation_fraction: share of the training rows held out at random to choose the best epoch; 0: none. 0 to 0.9. Default:
            0.1.
        unknown_rate: share of the training values replaced by the unknown value, so that it is trained. 0 to 0.5. Default:
            0.03.
        negatives: unseen items drawn for each row of data without labels. 1 to 1000. Default: 4.
        negative_sampling: how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75.
            One of uniform, popularity. Default: uniform.
        negatives_exclude_seen: negatives are items that the user has not seen; false: any items but for chance. Default: True.
        objective: binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared
            error; auto: by the labels. One of auto, binary, rating, regression. Default: auto.
    """

    ENGINE = "fm"

    def __init__(
        self,
        name: str | None = None,
        *,
        rank: int | None = None,
        embedding_init: float | None = None,
        embedding_dropout: float | None = None,
        members: int | None = None,
        loss: Literal["auto", "bpr", "softmax"] | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        optimizer: Literal["lazy_adam", "adam", "adamw", "adagrad"] | None = None,
        learning_rate: float | None = None,
        epsilon: float | None = None,
        warmup_steps: int | None = None,
        schedule: Literal["constant", "cosine", "drop"] | None = None,
        drop_factor: float | None = None,
        patience: int | None = None,
        evaluations_per_epoch: int | None = None,
        restore_best: bool | None = None,
        embedding_l2: float | None = None,
        l2_form: Literal["auto", "decoupled", "loss", "lazy", "frequency"] | None = None,
        weight_decay: float | None = None,
        clip_norm: float | None = None,
        average: float | None = None,
        seed: int | None = None,
        validation_fraction: float | None = None,
        unknown_rate: float | None = None,
        negatives: int | None = None,
        negative_sampling: Literal["uniform", "popularity"] | None = None,
        negatives_exclude_seen: bool | None = None,
        objective: Literal["auto", "binary", "rating", "regression"] | None = None,
        **more: Any,
    ) -> None:
        given = {**locals(), **more}
        del given["self"], given["more"], given["__class__"]
        super().__init__(**given)


class Popularity(Recommender):
    """A mean and a bias for each user and item; without labels, the most popular items.

    Parameters (None: the default):

        name: Yours.
        more: An unknown parameter is the library's to refuse: its error names the nearest.
        user_damping: Rows of an average label that are added to each user's own. 0 to 1e+09. Default: 15.
        item_damping: Rows of an average label that are added to each item's own. 0 to 1e+09. Default: 10.
        rounds: How often the items' biases are found from the users' and the other way round. 1 to 10000. Default: 10.
        seed: keys every random draw: the same seed, data and build give the same model. 0 to 1e+15. Default: 1.
        validation_fraction: share of the training rows held out at random to choose the best epoch; 0: none. 0 to 0.9. Default:
            0.1.
        unknown_rate: share of the training values replaced by the unknown value, so that it is trained. 0 to 0.5. Default:
            0.03.
        negatives: unseen items drawn for each row of data without labels. 1 to 1000. Default: 4.
        negative_sampling: how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75.
            One of uniform, popularity. Default: uniform.
        negatives_exclude_seen: negatives are items that the user has not seen; false: any items but for chance. Default: True.
        objective: binary: log loss on labels 0 and 1; rating: squared error within the labels' range; regression: squared
            error; auto: by the labels. One of auto, binary, rating, regression. Default: auto.
    """

    ENGINE = "popularity"

    def __init__(
        self,
        name: str | None = None,
        *,
        user_damping: float | None = None,
        item_damping: float | None = None,
        rounds: int | None = None,
        seed: int | None = None,
        validation_fraction: float | None = None,
        unknown_rate: float | None = None,
        negatives: int | None = None,
        negative_sampling: Literal["uniform", "popularity"] | None = None,
        negatives_exclude_seen: bool | None = None,
        objective: Literal["auto", "binary", "rating", "regression"] | None = None,
        **more: Any,
    ) -> None:
        given = {**locals(), **more}
        del given["self"], given["more"], given["__class__"]
        super().__init__(**given)
