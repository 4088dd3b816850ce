/* An engine that calls a function which is in no library: found when it is loaded, not when the call is made. */
#include <interplay/engine.h>

const interplay_engine* a_function_that_nobody_has(void);

INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi, const interplay_host* host);
INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi, const interplay_host* host) {
  return host_abi == 0 && host == NULL ? a_function_that_nobody_has() : NULL;
}
