// The commands. Each adds itself to the program; parsing puts what is to be done into `run`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace interplay::cli {

using Run = std::function<void()>;

void add_audit(CLI::App& app, Run& run);
void add_fit(CLI::App& app, Run& run);
void add_compare(CLI::App& app, Run& run);
void add_predict(CLI::App& app, Run& run);
void add_recommend(CLI::App& app, Run& run);
void add_evaluate(CLI::App& app, Run& run);
void add_explain(CLI::App& app, Run& run);
void add_update(CLI::App& app, Run& run);
void add_info(CLI::App& app, Run& run);
void add_engines(CLI::App& app, Run& run);
void add_engine_check(CLI::App& app, Run& run);

}  // namespace interplay::cli
