/* A host that opens the library while it runs, and looks whether the guest leaves its process alone: threads, output,
 * signals, locale, environment, rounding, files; and whether it works under a comma locale and behind a fork.
 * Usage: abi_guest LIBRARY */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fenv.h>
#include <interplay/interplay.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

enum { rows = 400, users = 20, items = 40 };
static const char params[] =
    "{\"embedding_dim\": 8, \"attention_dim\": 8, \"num_layers\": 1, \"epochs\": 3, "
    "\"batch_size\": 32, \"learning_rate\": 0.001}";

static struct {
  __typeof__(interplay_fit_pairs)* fit_pairs;
  __typeof__(interplay_predict_pairs)* predict_pairs;
  __typeof__(interplay_model_create)* create;
  __typeof__(interplay_model_info)* info;
  __typeof__(interplay_model_dump)* dump;
  __typeof__(interplay_model_free)* model_free;
  __typeof__(interplay_error_message)* message;
  __typeof__(interplay_error_free)* error_free;
  __typeof__(interplay_text_data)* data;
  __typeof__(interplay_text_size)* size;
  __typeof__(interplay_text_free)* text_free;
} api;

static int64_t user_ids[rows], item_ids[rows];
static float labels[rows];
static int failures;
static FILE* report; /* the true stderr: 1 and 2 are under watch */

static void check(int holds, const char* what) {
  if (holds) return;
  ++failures;
  fprintf(report, "abi_guest: %s\n", what);
}

static void look_up(void* library, const char* name, void* function) {
  void* symbol = dlsym(library, name);
  if (symbol == NULL) {
    fprintf(report, "abi_guest: %s is not exported\n", name);
    exit(1);
  }
  memcpy(function, &symbol, sizeof symbol);
}

static int entries(const char* folder) {
  int n = 0;
  DIR* dir = opendir(folder);
  if (dir == NULL) return -1;
  while (readdir(dir) != NULL) ++n;
  closedir(dir);
  return n;
}
static int threads(void) { return entries("/proc/self/task"); }
static int descriptors(void) { return entries("/proc/self/fd"); }

/* What a guest must not change. */
struct house {
  int threads, descriptors, rounding;
  char locale[256];
  mode_t mask;
  struct sigaction signals[65];
  size_t environment;
};

static size_t environment_size(void) {
  size_t n = 0;
  for (char** e = environ; *e != NULL; ++e) n += strlen(*e) + 1;
  return n;
}

static struct house look_around(void) {
  struct house h;
  memset(&h, 0, sizeof h);
  h.threads = threads();
  h.descriptors = descriptors();
  h.rounding = fegetround();
  snprintf(h.locale, sizeof h.locale, "%s", setlocale(LC_ALL, NULL));
  h.mask = umask(0);
  umask(h.mask);
  for (int s = 1; s < 65; ++s) sigaction(s, NULL, &h.signals[s]);
  h.environment = environment_size();
  return h;
}

static void compare(const struct house* before, const char* when) {
  const struct house after = look_around();
  char text[200];
  const struct {
    int same;
    const char* what;
  } checks[] = {
      {after.threads == before->threads, "the number of threads"},
      {after.descriptors == before->descriptors, "the number of open files"},
      {after.rounding == before->rounding, "the rounding mode"},
      {strcmp(after.locale, before->locale) == 0, "the locale"},
      {after.mask == before->mask, "the umask"},
      {after.environment == before->environment, "the environment"},
  };
  for (size_t i = 0; i < sizeof checks / sizeof checks[0]; ++i) {
    snprintf(text, sizeof text, "%s changed %s", when, checks[i].what);
    check(checks[i].same, text);
  }
  for (int s = 1; s < 65; ++s) {
    snprintf(text, sizeof text, "%s changed the handler of signal %d", when, s);
    check(after.signals[s].sa_handler == before->signals[s].sa_handler, text);
  }
}

static interplay_model* fit(void) {
  interplay_error* error = NULL;
  interplay_model* model = NULL;
  if (api.fit_pairs("autoint", params, rows, user_ids, item_ids, labels, &model, &error) != INTERPLAY_OK) {
    check(0, api.message(error));
    api.error_free(error);
  }
  return model;
}

static int predicts(const interplay_model* model, float* scores) {
  return api.predict_pairs(model, rows, user_ids, item_ids, scores, NULL) == INTERPLAY_OK;
}

static int same_bytes(const interplay_model* a, const interplay_model* b) {
  interplay_text *x = NULL, *y = NULL;
  const int ok = api.dump(a, NULL, &x, NULL) == INTERPLAY_OK && api.dump(b, NULL, &y, NULL) == INTERPLAY_OK;
  const int same = ok && api.size(x) == api.size(y) && memcmp(api.data(x), api.data(y), api.size(x)) == 0;
  api.text_free(x);
  api.text_free(y);
  return same;
}

/* Numbers in JSON have a point whatever the host's locale says. 0 when no such locale is installed. */
static int under_a_comma(const interplay_model* expected) {
  static const char* const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "fr_FR.UTF-8",
                                      "ru_RU.UTF-8", "es_ES.UTF-8", "de_DE"};
  size_t i = 0;
  const size_t n = sizeof names / sizeof names[0];
  while (i < n && setlocale(LC_ALL, names[i]) == NULL) ++i;
  if (i == n || strcmp(localeconv()->decimal_point, ",") != 0) return 0;
  const struct house before = look_around();
  interplay_model* model = fit();
  check(model != NULL && same_bytes(model, expected),
        "a model that was fitted under a comma locale is another one");
  interplay_text* json = NULL;
  check(api.info(model, &json, NULL) == INTERPLAY_OK &&
            strstr(api.data(json), "\"learning_rate\": 0.001") != NULL,
        "the learning rate 0.001 did not survive a comma locale");
  api.text_free(json);
  api.model_free(model);
  compare(&before, "a fit under a comma locale");
  setlocale(LC_ALL, "C");
  return 1;
}

/* A server that forks its workers: the child scores, and may learn too. */
static void behind_a_fork(const interplay_model* model, const float* expected) {
  const pid_t child = fork();
  if (child == 0) {
    float scores[rows];
    alarm(60); /* a lock that nobody holds any more would wait for ever */
    if (!predicts(model, scores) || memcmp(scores, expected, sizeof scores) != 0) _exit(2);
    interplay_model* mine = fit();
    if (mine == NULL || !same_bytes(mine, model)) _exit(3);
    api.model_free(mine);
    _exit(0);
  }
  int status = -1;
  check(child > 0 && waitpid(child, &status, 0) == child, "fork failed");
  check(!WIFSIGNALED(status), "the child died of a signal, or waited for ever");
  check(!WIFEXITED(status) || WEXITSTATUS(status) != 2, "the child's scores are others than the parent's");
  check(!WIFEXITED(status) || WEXITSTATUS(status) != 3, "the child's model is another than the parent's");
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: abi_guest LIBRARY\n");
    return 1;
  }
  for (int i = 0; i < rows; ++i) {
    user_ids[i] = i % users;
    item_ids[i] = (i * 7 + i / users) % items;
    labels[i] = (float)(1 + (user_ids[i] + 2 * item_ids[i]) % 5);
  }
  report = fdopen(dup(2), "w");
  const int said = memfd_create("said", 0);
  if (report == NULL || said < 0 || dup2(said, 1) < 0 || dup2(said, 2) < 0) return 1;
  setvbuf(report, NULL, _IOLBF, 0);

  struct house before = look_around();
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(report, "abi_guest: %s\n", dlerror());
    return 1;
  }
  compare(&before, "loading the library");
  look_up(library, "interplay_fit_pairs", &api.fit_pairs);
  look_up(library, "interplay_predict_pairs", &api.predict_pairs);
  look_up(library, "interplay_model_create", &api.create);
  look_up(library, "interplay_model_info", &api.info);
  look_up(library, "interplay_model_dump", &api.dump);
  look_up(library, "interplay_model_free", &api.model_free);
  look_up(library, "interplay_error_message", &api.message);
  look_up(library, "interplay_error_free", &api.error_free);
  look_up(library, "interplay_text_data", &api.data);
  look_up(library, "interplay_text_size", &api.size);
  look_up(library, "interplay_text_free", &api.text_free);

  interplay_model* model = fit();
  if (model == NULL) return 1;
  compare(&before, "fit");
  float scores[rows];
  check(predicts(model, scores), "predict failed");
  compare(&before, "predict");
  interplay_model* none = NULL;
  check(api.create("nothing", "{}", &none, NULL) == INTERPLAY_NOT_FOUND && none == NULL,
        "an unknown engine was created");

  behind_a_fork(model, scores);
  const int comma = under_a_comma(model);
  api.model_free(model);

  dlclose(library);
  check(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL,
        "the library was unmapped, although threads may still need it");
  fflush(stdout);
  check(lseek(said, 0, SEEK_END) == 0, "something was printed");
  if (!comma)
    fprintf(report, "abi_guest: the part with a comma locale was skipped, none is installed (de_DE.UTF-8)\n");
  return failures == 0 ? 0 : 1;
}
