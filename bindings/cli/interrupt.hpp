// Ctrl-C. The handler sets a flag; the work looks at it where it can stop cleanly.
#pragma once

namespace interplay::cli {

/// SIGINT and SIGTERM set the flag once. The next one ends the program the hard way, should the first not be heard.
void watch_for_interrupts();
bool interrupted();
/// Throws Cancelled after an interrupt.
void stop_if_interrupted();

}  // namespace interplay::cli
