#include "kit/settings.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {
namespace {

constexpr const char* properties = R"(
    "members": {"type": "integer", "default": 1, "minimum": 1, "maximum": 64,
      "description": "Models that are trained apart, from other first values and in another order; the mean of their logits is the score. Each costs as much as the first, in training and in scoring."},
    "loss": {"type": "string", "default": "auto", "enum": ["auto", "bpr", "softmax"],
      "description": "auto: log loss or squared error by the objective. For data without labels also: bpr, each drawn item against its row's (Rendle et al. 2009); softmax, the row's item against all of its drawn ones (sampled softmax)."},
    "epochs": {"type": "integer", "default": 20, "minimum": 1, "maximum": 100000,
      "description": "Passes over the training rows, at most."},
    "batch_size": {"type": "integer", "default": 256, "minimum": 1, "maximum": 1048576,
      "description": "Rows of one step."},
    "optimizer": {"type": "string", "default": "lazy_adam", "enum": ["lazy_adam", "adam", "adamw", "adagrad"],
      "description": "lazy_adam: embeddings move only when a batch names them. adam: as published, all move at every step, computed when a row is next needed. adamw: adam with weight_decay on the dense weights. adagrad: lazy by nature."},
    "learning_rate": {"type": "number", "default": 0.001, "minimum": 0, "maximum": 10,
      "description": "After the warm-up."},
    "epsilon": {"type": "number", "default": 1e-8, "minimum": 1e-16, "maximum": 1,
      "description": "Added to the root of the second moment."},
    "warmup_steps": {"type": "integer", "default": 100, "minimum": 0, "maximum": 1000000000,
      "description": "Steps over which the learning rate grows from 0 in a straight line; early stopping counts from their end."},
    "schedule": {"type": "string", "default": "constant", "enum": ["constant", "cosine", "drop"],
      "description": "cosine: down to 0 at the last epoch. drop: constant until patience is lost, then the best state goes on at drop_factor times the rate until patience is lost again."},
    "drop_factor": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 1,
      "description": "What schedule drop multiplies the learning rate with."},
    "patience": {"type": "integer", "default": 3, "minimum": 0, "maximum": 100000,
      "description": "Evaluations in a row without a better validation loss before training stops; 0: never."},
    "evaluations_per_epoch": {"type": "integer", "default": 1, "minimum": 1, "maximum": 1000,
      "description": "How often the validation loss is measured."},
    "restore_best": {"type": "boolean", "default": true, "enum": [true, false],
      "description": "Keep the state with the best validation loss instead of the last."},
    "embedding_l2": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 1000,
      "description": "Strength of the penalty on embeddings, in the form that l2_form says."},
    "l2_form": {"type": "string", "default": "decoupled", "enum": ["auto", "decoupled", "loss", "lazy", "frequency"],
      "description": "decoupled: each step multiplies every embedding by 1 - learning_rate * embedding_l2. loss: embedding_l2 / 2 times the squared norm of the whole tables is added to the mean loss. lazy: the same for the rows of the batch alone. frequency: lazy, divided by how often a row is used, so that rare and common rows are penalised alike in an epoch. auto: form and strength by the number of training rows."},
    "weight_decay": {"type": "number", "default": 0, "minimum": 0, "maximum": 1000,
      "description": "Of adamw: each step multiplies the dense weights by 1 - learning_rate * weight_decay."},
    "clip_norm": {"type": "number", "default": 0, "minimum": 0, "maximum": 1e30,
      "description": "Largest norm of a step's whole gradient; 0: no limit."},
    "average": {"type": "number", "default": 0, "minimum": 0, "maximum": 0.99999,
      "description": "Decay per step of an exponential moving average of the weights, which is then what is evaluated and kept; 0: none."})";

}  // namespace

std::string training_properties() { return properties; }

Training read_training(const Params& params) {
  Training t;
  t.members = params.integer("members");
  t.epochs = params.integer("epochs");
  t.batch_size = params.integer("batch_size");
  t.warmup_steps = params.integer("warmup_steps");
  t.patience = params.integer("patience");
  t.evaluations_per_epoch = params.integer("evaluations_per_epoch");
  t.learning_rate = params.number("learning_rate");
  t.drop_factor = params.number("drop_factor");
  t.embedding_l2 = params.number("embedding_l2");
  t.weight_decay = params.number("weight_decay");
  t.clip_norm = params.number("clip_norm");
  t.average = params.number("average");
  t.epsilon = params.number("epsilon");
  t.restore_best = params.flag("restore_best");
  t.loss = choice<Loss>(params, "loss",
                        {{"auto", Loss::pointwise}, {"bpr", Loss::bpr}, {"softmax", Loss::softmax}});
  t.method = choice<Method>(params, "optimizer",
                            {{"lazy_adam", Method::lazy_adam},
                             {"adam", Method::adam},
                             {"adamw", Method::adamw},
                             {"adagrad", Method::adagrad}});
  t.penalty = choice<Penalty>(params, "l2_form",
                              {{"decoupled", Penalty::decoupled},
                               {"auto", Penalty::decoupled},
                               {"loss", Penalty::loss},
                               {"lazy", Penalty::lazy},
                               {"frequency", Penalty::frequency}});
  t.auto_penalty = params.text("l2_form") == "auto";
  if (t.embedding_l2 == 0 && !t.auto_penalty) t.penalty = Penalty::none;
  t.rate = choice<Rate>(params, "schedule",
                        {{"constant", Rate::constant}, {"cosine", Rate::cosine}, {"drop", Rate::drop}});
  t.seed = params.seed();
  return t;
}

void check_training(const Training& t) {
  if (t.penalty == Penalty::decoupled && t.learning_rate * t.embedding_l2 >= 1)
    throw Error(
        INTERPLAY_INVALID_ARGUMENT,
        "learning_rate * embedding_l2 must be less than 1 with l2_form decoupled, or a step would turn "
        "embeddings around",
        R"({"key": "embedding_l2"})");
  if (t.learning_rate * t.weight_decay >= 1)
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "learning_rate * weight_decay must be less than 1, or a step would turn weights around",
                R"({"key": "weight_decay"})");
  if (t.weight_decay > 0 && t.method != Method::adamw)
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "weight_decay is for optimizer adamw; set optimizer, or weight_decay 0",
                R"({"key": "weight_decay"})");
  if (t.rate == Rate::drop && t.patience == 0)
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "schedule drop waits for lost patience, and patience is 0 (never)", R"({"key": "patience"})");
}

void warn_about(const Training& t, Run& run) {
  if (t.learning_rate > 0.03 && t.method != Method::adagrad)
    run.warn("learning_rate is above 0.03, where Adam often diverges; 0.001 is usual");
}

void choose_penalty(Training& t, std::int64_t rows) {
  if (!t.auto_penalty) return;
  t.penalty = Penalty::loss;
  const double size = static_cast<double>(std::max<std::int64_t>(rows, 1)) / 1e5;
  t.embedding_l2 = std::clamp(0.01 * std::pow(size, -0.7), 1e-5, 0.1);
}

}  // namespace interplay::kit
