// The first byte chooses the document, the rest is its text.
#include "fuzz/promises.hpp"
#include "fuzz/targets.hpp"
#include "support/shop.hpp"

namespace interplay::fuzz {
namespace {

using namespace interplay::test;

template <class T>
using Owned = detail::Handle<T>;

/// Learned once, for all inputs.
struct Shop {
  Dataset data = shop(Ids::integers);
  Model autoint = learned("autoint", Ids::integers), popularity = learned("popularity", Ids::integers);
  Table rows = some_rows(Ids::integers), users = Table(2), things = Table(2);
  std::string file = popularity.dump().str();
  Shop() {
    users.add("user_id", std::vector<int64_t>{1, 3});
    things.add("item_id", std::vector<int64_t>{10, 16});
  }
};
const Shop& the_shop() {
  static const Shop* const one = new Shop;
  return *one;
}

/// What a model says of its parameters makes the same model again.
void create(const char* engine, const char* text) {
  const Owned<interplay_model> model(make<interplay_model>(interplay_model_create, engine, text));
  if (model == nullptr) return;
  const auto parameters = [](const interplay_model* of) {
    const Owned<interplay_text> info(make<interplay_text>(interplay_model_info, of));
    return core::Json::parse(interplay_text_data(info.get())).at("parameters").dump();
  };
  const std::string first = parameters(model.get());
  const Owned<interplay_model> again(make<interplay_model>(interplay_model_create, engine, first.c_str()));
  promise(again != nullptr, "parameters that a model has are refused: " + first);
  promise(parameters(again.get()) == first, "parameters change on their way: " + first);
}

void schema(const char* text) {
  const Owned<interplay_dataset> data(make<interplay_dataset>(interplay_dataset_new, text));
  if (data == nullptr) return;
  static const Table* const rows = new Table([] {
    Table made = some_rows(Ids::integers);
    made.add("rating", std::vector<float>{1, 2, 3, 5}).add("when", std::vector<int64_t>{4, 3, 2, 1});
    return made.add("device", std::vector<std::string>{"a", "", "a", "b"}), std::move(made);
  }());
  (void)call(interplay_dataset_append, data.get(), "interactions",
             static_cast<const interplay_table*>(rows->get()));
  (void)call(interplay_dataset_seal, data.get());
  (void)Owned<interplay_text>(
      make<interplay_text>(interplay_dataset_info, static_cast<const interplay_dataset*>(data.get())));
}

void split(const char* text) {
  interplay_dataset *first = nullptr, *second = nullptr;
  const interplay_status status = call(interplay_dataset_split, the_shop().data.get(), text, &first, &second);
  promise((first != nullptr && second != nullptr) == (status == INTERPLAY_OK), "a split without its parts");
  interplay_dataset_free(first);
  interplay_dataset_free(second);
}

/// Options of the calls that a fitted model answers.
void ask(char document, const char* text) {
  const Shop& shop = the_shop();
  const interplay_model *const model = shop.autoint.get(), *const plain = shop.popularity.get();
  const interplay_monitor* const nobody = nullptr;
  const interplay_table *const rows = shop.rows.get(), *const no_table = nullptr;
  switch (document) {
    case 'i':
      return Owned<interplay_model>(make<interplay_model>(interplay_model_fit, plain, shop.data.get(),
                                                          static_cast<const interplay_dataset*>(nullptr),
                                                          text, nobody,
                                                          static_cast<const interplay_comm*>(nullptr)))
          .reset();
    case 'r':
      return Owned<interplay_table>(make<interplay_table>(interplay_model_predict, model, rows, text))
          .reset();
    case 'e':
      return Owned<interplay_table>(
                 make<interplay_table>(interplay_model_recommend, model,
                                       static_cast<const interplay_table*>(shop.users.get()), no_table, text,
                                       nobody))
          .reset();
    case 'v':
      return Owned<interplay_text>(
                 make<interplay_text>(interplay_model_evaluate, model, shop.data.get(), text, nobody))
          .reset();
    case 'x':
      return Owned<interplay_text>(make<interplay_text>(interplay_model_explain, model, rows, text, nobody))
          .reset();
    case 'u':
      return Owned<interplay_model>(
                 make<interplay_model>(interplay_model_update, model, "items",
                                       static_cast<const interplay_table*>(shop.things.get()), text))
          .reset();
    case 'w':
      return Owned<interplay_text>(make<interplay_text>(interplay_model_dump, model, text)).reset();
    case 'l':
      return Owned<interplay_model>(
                 make<interplay_model>(interplay_model_parse, shop.file.data(), shop.file.size(), text))
          .reset();
    default:
      const char* const columns[] = {"user_id", "item_id"};
      return Owned<interplay_scorer>(
                 make<interplay_scorer>(interplay_scorer_open, model, columns, 1U, 1U, text))
          .reset();
  }
}

}  // namespace

void json(const std::uint8_t* data, std::size_t size) {
  Bytes input(data, size);
  const char document = static_cast<char>(input.byte());
  const std::string text = input.rest();  // up to its first NUL, as for every C string
  switch (document) {
    case 'a':
      return create("autoint", text.c_str());
    case 'f':
      return create("fm", text.c_str());
    case 'p':
      return create("popularity", text.c_str());
    case 's':
      return schema(text.c_str());
    case 't':
      return split(text.c_str());
    case 'd':
      return Owned<interplay_assembly>(
                 make<interplay_assembly>(interplay_assembly_new, "autoint", nullptr, text.c_str()))
          .reset();
    case 'i':
    case 'r':
    case 'e':
    case 'v':
    case 'x':
    case 'u':
    case 'w':
    case 'l':
    case 'o':
      return ask(document, text.c_str());
    default:
      return;
  }
}

std::vector<std::string> no_seeds() { return {}; }

}  // namespace interplay::fuzz
