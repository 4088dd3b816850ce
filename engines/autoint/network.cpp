#include "network.hpp"

#include "kit/ops/elementwise.hpp"
#include "kit/ops/linear.hpp"
#include "kit/ops/norm.hpp"
#include "kit/ops/output.hpp"
#include "layers/attention.hpp"
#include "layers/disentangled.hpp"
#include "layers/relayout.hpp"

namespace interplay::autoint {
namespace {

using kit::Axis;
using kit::Graph;
using kit::Linear;
using kit::no_slot;

class Builder {
 public:
  Builder(const Settings& settings, std::size_t fields)
      : s_(settings), graph_(std::make_shared<Graph>()), fields_(fields) {}
  std::shared_ptr<const Graph> build();

 private:
  std::size_t qkv(const std::string& name, std::size_t x, std::size_t width);
  std::size_t attend(const std::string& name, std::size_t x, std::size_t layer);
  std::size_t join(const std::string& name, std::size_t x, std::size_t attended);
  std::size_t interacting_layer(std::size_t layer, std::size_t x);
  std::size_t feed_forward(const std::string& name, std::size_t x);
  std::size_t projected(const std::string& name, std::size_t x, const Axis& axis, std::size_t residual,
                        bool relu);
  void first_order();
  void deep_tower(std::size_t e0);
  void read_out(const std::vector<std::size_t>& layers);

  const Settings& s_;
  std::shared_ptr<Graph> graph_;
  std::size_t fields_;
};

/// Q, K and V of all heads side by side, three matrices (d, A), each with its own fans.
std::size_t Builder::qkv(const std::string& name, std::size_t x, std::size_t width) {
  const Axis axis{3 * s_.num_heads, width / s_.num_heads};
  if (s_.qkv_identity) return Relayout::add(*graph_, x, axis);
  return Linear::add(*graph_, name + "/qkv", x, axis, {.bias = s_.qkv_bias, .relu = s_.qkv_relu}, width);
}

std::size_t Builder::projected(const std::string& name, std::size_t x, const Axis& axis, std::size_t residual,
                               bool relu) {
  return Linear::add(*graph_, name + "/residual", x, axis,
                     {.bias = s_.qkv_bias, .relu = relu, .residual = residual});
}

/// Output projection, residual and activation: y = act(joined [W^O] + residual(x)).                Eq. (8)
std::size_t Builder::join(const std::string& name, std::size_t x, std::size_t attended) {
  const bool relu = s_.activation == Activation::relu && s_.norm != Norm::before_activation;
  const Axis width = graph_->slot(x).axis;
  const bool projects = s_.output_projection != Projection::none;
  const bool alike = projects || width.size() == graph_->slot(attended).axis.size();
  const bool identity =
      s_.residual == Residual::identity || (s_.residual == Residual::projection_if_needed && alike);
  const bool learned =
      s_.residual == Residual::projection || (s_.residual == Residual::projection_if_needed && !alike);

  std::size_t y = attended;
  if (projects) {
    const bool fused = identity || s_.residual == Residual::none || s_.residual == Residual::once;
    y = Linear::add(*graph_, name + "/projection", attended, width,
                    {.bias = s_.output_projection == Projection::affine,
                     .relu = fused && relu,
                     .residual = identity ? x : no_slot});
    if (fused) return y;
  }
  const Axis axis = graph_->slot(y).axis;
  if (learned && !s_.residual_relu) return projected(name, x, axis, y, relu);
  if (learned) {
    graph_->add<kit::Add>(*graph_, y, projected(name, x, axis, no_slot, true));
  } else if (identity) {
    graph_->add<kit::Add>(*graph_, y, width == axis ? x : Relayout::add(*graph_, x, axis));
  }
  if (relu) graph_->add<kit::Relu>(*graph_, y);
  return y;
}

/// The joined heads.                                                                           Eq. (5)-(7)
std::size_t Builder::attend(const std::string& name, std::size_t x, std::size_t layer) {
  std::size_t all = qkv(name, x, s_.widths[layer]);
  const Attention::Options options{s_.scaled, s_.dropout, layer};
  if (!s_.disentangled) return Attention::add(*graph_, all, options);
  all = CenterFields::add(*graph_, all, 2 * s_.num_heads);
  const std::size_t scores = Linear::add(*graph_, name + "/unary", x, {1, s_.num_heads}, {});
  const std::size_t same = Unary::add(*graph_, scores, all);
  const std::size_t joined = Attention::add(*graph_, all, options);
  graph_->add<AddToFields>(*graph_, joined, same);
  return joined;
}

/// x + W_2 relu(W_1 x + b_1) + b_2, a Transformer's second half
std::size_t Builder::feed_forward(const std::string& name, std::size_t x) {
  const Axis width = graph_->slot(x).axis;
  const std::size_t hidden = Linear::add(*graph_, name + "/feed_forward_1", x,
                                         {1, s_.feed_forward * width.size()}, {.bias = true, .relu = true});
  if (s_.output_dropout > 0) graph_->add<kit::Dropout>(*graph_, hidden, s_.output_dropout);
  return Linear::add(*graph_, name + "/feed_forward_2", hidden, width, {.bias = true, .residual = x});
}

std::size_t Builder::interacting_layer(std::size_t layer, std::size_t x) {
  const std::string name = "layers/" + std::to_string(layer);
  const std::size_t attended = attend(name, x, layer);
  if (s_.output_dropout > 0) graph_->add<kit::Dropout>(*graph_, attended, s_.output_dropout);
  std::size_t y = join(name, x, attended);
  if (s_.norm != Norm::none) y = kit::LayerNorm::add(*graph_, name + "/norm", y);
  if (s_.norm == Norm::before_activation && s_.activation == Activation::relu)
    graph_->add<kit::Relu>(*graph_, y);
  if (s_.feed_forward == 0) return y;
  y = feed_forward(name, y);
  return s_.norm == Norm::post ? kit::LayerNorm::add(*graph_, name + "/norm_2", y) : y;
}

void Builder::first_order() {
  const std::size_t slot = graph_->add_tables("first_order", fields_, 1, 0.001, s_.number_shift);
  graph_->add<kit::Sum>(*graph_, slot);
}

/// AutoInt+: affine, batch norm, ReLU, dropout, as often as there are widths; beside the attention.
void Builder::deep_tower(std::size_t e0) {
  std::size_t x = e0;
  for (std::size_t i = 0; i < s_.deep_layers.size(); ++i) {
    const std::string name = "deep/" + std::to_string(i);
    x = Linear::add(*graph_, name + "/affine", x, {1, s_.deep_layers[i]},
                    {.bias = true, .relu = !s_.deep_batch_norm, .flatten = i == 0});
    if (s_.deep_batch_norm) {
      x = kit::BatchNorm::add(*graph_, name + "/norm", x);
      graph_->add<kit::Relu>(*graph_, x);
    }
    if (s_.deep_dropout > 0) graph_->add<kit::Dropout>(*graph_, x, s_.deep_dropout);
  }
  kit::Readout::add(*graph_, "deep/output", x, s_.deep_layers.back());
}

/// One linear layer over everything that is read.                                                  Eq. (9)
void Builder::read_out(const std::vector<std::size_t>& layers) {
  std::size_t fan_in = 0;
  for (const std::size_t slot : layers) fan_in += graph_->slot(slot).flat().size();
  for (std::size_t i = 0; i < layers.size(); ++i)
    kit::Readout::add(*graph_, "output/" + std::to_string(i), layers[i], fan_in);
}

std::shared_ptr<const Graph> Builder::build() {
  graph_->attention_layers = static_cast<std::int32_t>(s_.widths.size());
  graph_->attention_heads = static_cast<std::int32_t>(s_.num_heads);
  if (s_.output_bias) kit::Bias::add(*graph_);
  const std::size_t e0 =
      graph_->add_tables("tables", fields_, s_.embedding_dim, s_.embedding_init, s_.number_shift);
  if (s_.embedding_dropout > 0) graph_->add<kit::Dropout>(*graph_, e0, s_.embedding_dropout);
  if (s_.first_order) first_order();
  if (!s_.deep_layers.empty()) deep_tower(e0);

  std::size_t x = e0;
  std::vector<std::size_t> read;
  if (s_.pool == Pool::all_with_input) read.push_back(e0);
  if (s_.input_projection)
    x = Linear::add(*graph_, "input", e0, {1, s_.widths.empty() ? s_.embedding_dim : s_.widths[0]},
                    {.bias = true});
  for (std::size_t layer = 0; layer < s_.widths.size(); ++layer) {
    x = interacting_layer(layer, x);
    if (s_.pool != Pool::last && layer + 1 < s_.widths.size()) read.push_back(x);
  }
  const bool relu = s_.activation == Activation::at_end;
  if (s_.residual == Residual::once)
    x = Linear::add(*graph_, "residual", e0, graph_->slot(x).axis,
                    {.bias = true, .relu = relu, .residual = x});
  else if (relu)
    graph_->add<kit::Relu>(*graph_, x);
  if (read.empty() || read.back() != x) read.push_back(x);
  read_out(read);
  return graph_;
}

}  // namespace

std::shared_ptr<const Graph> build(const Settings& settings, std::size_t fields) {
  return Builder(settings, fields).build();
}

}  // namespace interplay::autoint
