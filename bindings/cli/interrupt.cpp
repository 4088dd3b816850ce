#include "interrupt.hpp"

#include <csignal>

#include "errors.hpp"

namespace interplay::cli {
namespace {

volatile std::sig_atomic_t flag = 0;

extern "C" void on_signal(int number) {
  flag = 1;
  std::signal(number, SIG_DFL);
}

}  // namespace

void watch_for_interrupts() {
  for (const int number : {SIGINT, SIGTERM}) {
    // A background job of a shell without job control ignores SIGINT; that stays so.
    if (std::signal(number, on_signal) == SIG_IGN) std::signal(number, SIG_IGN);
  }
}

bool interrupted() { return flag != 0; }

void stop_if_interrupted() {
  if (interrupted()) throw Cancelled();
}

}  // namespace interplay::cli
