// errors, texts and versions
#include "capi/guard.hpp"

using namespace interplay::core;

extern "C" {

uint32_t interplay_abi_version(void) { return 1U * 65536U + 0U; }

const char* interplay_version(void) { return INTERPLAY_VERSION; }

interplay_status interplay_error_status(const interplay_error* error) {
  return error != nullptr ? error->status : INTERPLAY_OK;
}

const char* interplay_error_message(const interplay_error* error) {
  return error != nullptr ? error->message.c_str() : "";
}

const char* interplay_error_detail(const interplay_error* error) {
  return error != nullptr ? error->detail.c_str() : "{}";
}

void interplay_error_free(interplay_error* error) { free_error(error); }

const char* interplay_text_data(const interplay_text* text) {
  return text != nullptr ? text->bytes.c_str() : "";
}

size_t interplay_text_size(const interplay_text* text) { return text != nullptr ? text->bytes.size() : 0; }

void interplay_text_free(interplay_text* text) { delete text; }

}  // extern "C"
