#include "data_options.hpp"

#include "errors.hpp"

namespace interplay::cli {

void DataOptions::add_files(CLI::App& command) {
  const std::string in = "Data";
  command.add_option("--ratings", ratings, "One row an event: user, item, label, context")
      ->type_name("FILE")
      ->required()
      ->group(in);
  command.add_option("--users", users, "One row a user, with the user column: features")
      ->type_name("FILE")
      ->group(in);
  command.add_option("--items", items, "One row an item, with the item column: features")
      ->type_name("FILE")
      ->group(in);
}

void DataOptions::add_roles(CLI::App& command) {
  const std::string in = "Columns";
  command.add_option("--user", user, "The column with the user's id")->type_name("COLUMN")->group(in);
  command.add_option("--item", item, "The column with the item's id")->type_name("COLUMN")->group(in);
  command
      .add_option("--label", label, "What to predict; without it every row is a positive one (clicks, plays)")
      ->type_name("COLUMN")
      ->group(in);
  command.add_option("--time", time, "When it happened; orders the splits, and is no feature")
      ->type_name("COLUMN")
      ->group(in);
  command.add_option("--weight", weight, "How much a row counts")->type_name("COLUMN")->group(in);
  command.add_option("--group", group, "Rows that belong together")->type_name("COLUMN")->group(in);
  command.add_option("--ignore", ignore, "Columns that are no features, as in title,zip; all others are")
      ->type_name("COLUMN,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(in);
  command
      .add_flag(
          "--histories", histories,
          "Make fields of what each user has done and of who has met each item; needs --user and --item")
      ->group(in);
  command
      .add_option("--schema", schema,
                  "The library's schema, for what these options do not say: a file, or '{\"fields\": ...}'")
      ->type_name("JSON")
      ->group(in);
}

void DataOptions::check_roles() const {
  if (schema.empty() && user.empty() && item.empty() && label.empty())
    throw UsageError("expected --user, --item and --label with the names of these columns, or --schema");
}

Json DataOptions::schema_on(Json base) const {
  Json out = schema.empty() ? std::move(base) : json_argument(schema, "--schema");
  if (!out.is_object()) out = Json::object();
  const std::pair<const char*, const std::string*> roles[] = {{"user", &user},     {"item", &item},
                                                              {"label", &label},   {"time", &time},
                                                              {"weight", &weight}, {"group", &group}};
  for (const auto& [role, column] : roles)
    if (!column->empty()) out[role] = *column;
  for (const std::string& column : ignore) {
    if (!at(out, "ignore").is_array()) out["ignore"] = Json::array();
    out["ignore"].push_back(column);
  }
  if (histories) out["histories"] = true;
  return out;
}

CLI::Option* add_split(CLI::App& command, std::string& method, const std::string& description) {
  return command.add_option("--split", method, description)
      ->type_name("random|last|time|users")
      ->check(one_of({"random", "last", "time", "users"}));
}

}  // namespace interplay::cli
