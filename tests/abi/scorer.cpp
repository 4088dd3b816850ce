// The promise of the hot path, over the library as shipped: once warm, a call allocates nothing, locks nothing and asks
// nothing of the system. Allocations and locks are counted by a malloc and a pthread_mutex_lock of this program's own, which
// the library's calls reach too; for the system, the calls are made under seccomp's strict mode, where the kernel kills
// whoever asks for more than to read or write.
#include <dlfcn.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <interplay/interplay.hpp>

static std::atomic<long> allocations{0}, locks{0};

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t n, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(size_t n, size_t size) {
  ++allocations;
  return __libc_calloc(n, size);
}
void* realloc(void* memory, size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
void* memalign(size_t alignment, size_t size);
void* memalign(size_t alignment, size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void** out, size_t alignment, size_t size) {
  *out = memalign(alignment, size);
  return *out != nullptr ? 0 : ENOMEM;
}
__attribute__((visibility("default"))) int pthread_mutex_lock(pthread_mutex_t* mutex) {
  // No static variable: making one may lock.
  const auto lock = reinterpret_cast<int (*)(pthread_mutex_t*)>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  ++locks;
  return lock(mutex);
}
}

namespace {

using interplay::cell;
using Cells = std::vector<interplay_cell>;

constexpr int64_t users = 30, items = 3000;

interplay::Model learn() {
  std::vector<int64_t> user, item, offsets{0};
  std::vector<float> rating, hour, power;
  std::vector<std::string> device, tags;
  for (int64_t n = 0; n < items; ++n) {
    user.push_back(n % users);
    item.push_back(n);
    rating.push_back(static_cast<float>(1 + (n * 7 + n / 3) % 5));
    hour.push_back(static_cast<float>(n % 24));
    device.push_back(n % 3 == 0 ? "phone" : "a desk with a name that no short string holds");
    for (int64_t tag = 0; tag < n % 4; ++tag) tags.push_back("tag " + std::to_string((n + tag) % 9));
    power.resize(tags.size(), 0.5F);
    offsets.push_back(static_cast<int64_t>(tags.size()));
  }
  interplay::Table rows(items);
  rows.add("user_id", user).add("item_id", item).add("rating", rating).add("hour", hour);
  rows.add("device", device).add_lists("tags", tags, offsets).add_lists("tags_power", power, offsets);
  interplay::Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating", "histories": true,
    "fields": {"tags": {"weights": "tags_power"}}})");
  data.append("interactions", rows).seal();
  return interplay::Model::create("autoint", R"({"embedding_dim": 8, "attention_dim": 8, "num_layers": 2,
    "epochs": 1, "batch_size": 256})")
      .fit(data);
}

/// A request as a host would make it: one user with a history of his own, many items with all that a row may have.
struct Request {
  interplay::CellHeap heap;
  Cells shared, rows;
  static constexpr std::size_t n = 1500;  // more than a block

  explicit Request(const interplay::Scorer* resolve) {
    const auto id = [&](std::size_t column, interplay_cell made) {
      return resolve != nullptr ? resolve->resolve(column, made, heap) : made;
    };
    Cells met, labels;
    for (int64_t i = 0; i < 50; ++i) {
      met.push_back(id(1, cell(i * 11)));
      labels.push_back(cell(static_cast<double>(i % 5)));
    }
    shared = {id(0, cell(int64_t{7})), heap.list(met), heap.list(met), heap.list(labels)};
    for (std::size_t i = 0; i < n; ++i) {
      const Cells tags{id(7, heap.text("tag 3")), id(7, heap.text("never heard of"))};
      rows.insert(rows.end(), {id(4, cell(static_cast<int64_t>(i * 2))), i % 7 == 0 ? cell() : cell(12.5),
                               id(6, heap.text("a desk with a name that no short string holds")),
                               heap.list(tags), heap.list(Cells{cell(0.25), cell(1.0)})});
    }
  }
};

struct Scenario {
  const char* name;
  int repeats;
  std::function<interplay_status()> call;
};

int failures = 0;

void check_counters(const Scenario& scenario) {
  for (int64_t i = 0; i < users; ++i)  // warm: every user's lists have been seen, however long
    if (scenario.call() != INTERPLAY_OK) ++failures;
  const long allocated = allocations.load(), locked = locks.load();
  for (int i = 0; i < scenario.repeats; ++i)
    if (scenario.call() != INTERPLAY_OK) ++failures;
  const long found_allocations = allocations.load() - allocated, found_locks = locks.load() - locked;
  if (found_allocations == 0 && found_locks == 0) return;
  ++failures;
  std::fprintf(stderr, "abi_scorer: %s: expected 0 allocations and 0 locks in %d calls, found %ld and %ld\n",
               scenario.name, scenario.repeats, found_allocations, found_locks);
}

constexpr int no_seccomp = 77;

/// How a child ends that makes these calls where the kernel allows none: its status, as waitpid gives it.
int status_without_system_calls(const Scenario& scenario) {
  const pid_t child = fork();  // what follows cannot be undone
  if (child == 0) {
    (void)scenario.call();
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(no_seccomp);
    long wrong = 0;
    for (int i = 0; i < scenario.repeats; ++i) wrong += scenario.call() != INTERPLAY_OK ? 1 : 0;
    syscall(SYS_exit, wrong == 0 ? 0 : 1);  // exit_group would be one call too many
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

void check_system_calls(const Scenario& scenario) {
  const int status = status_without_system_calls(scenario);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    ++failures;
    std::fprintf(stderr,
                 "abi_scorer: %s: expected no system call in %d calls, but the kernel ended it (status %d)\n",
                 scenario.name, scenario.repeats, status);
  }
}

/// All ways to look see what there is to be seen: without that, finding nothing would mean nothing.
bool seccomp_works() {
  const int status = status_without_system_calls({"a system call", 1, [] {
                                                    syscall(SYS_getppid);
                                                    return INTERPLAY_OK;
                                                  }});
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_seccomp) return false;
  if (!WIFSIGNALED(status)) {
    ++failures;
    std::fprintf(stderr,
                 "abi_scorer: expected the kernel to end a child that makes a system call, found status %d\n",
                 status);
  }
  return true;
}

void check_the_counters_themselves(const interplay::Model& model) {
  const long allocated = allocations.load(), locked = locks.load();
  const interplay::Scorer scorer(model, {"user_id"}, {"item_id"});
  interplay::Model::create("popularity", "{}");  // looks into the registry, which has a lock
  if (allocations.load() > allocated && locks.load() > locked) return;
  ++failures;
  std::fprintf(stderr,
               "abi_scorer: expected a scorer to allocate and the registry to lock, found %ld and %ld\n",
               allocations.load() - allocated, locks.load() - locked);
}

}  // namespace

int main() {
  const interplay::Model model = learn();
  check_the_counters_themselves(model);
  const interplay::Scorer::Names shared{"user_id", "user_history", "user_history_labels",
                                        "user_history_labels_weights"},
      row{"item_id", "hour", "device", "tags", "tags_power"};
  interplay::Scorer scorer(model, shared, row), pair(model, {}, {"user_id", "item_id"}),
      ranker(model, {"user_id"}, {});
  const Request told(nullptr), resolved(&scorer);
  std::vector<float> out(Request::n);
  std::vector<int64_t> index(100);
  std::size_t found = 0;
  const auto score = [&](const Request& request, std::size_t n) {
    return interplay_scorer_score(scorer.get(), request.shared.data(), request.rows.data(), n,
                                  request.heap.data(), request.heap.size(), out.data(), nullptr);
  };
  int64_t turn = 0;
  const Scenario scenarios[] = {
      {"one row of strings and lists", 1000, [&] { return score(told, 1); }},
      {"some rows of resolved ids", 1000, [&] { return score(resolved, 20); }},
      {"rows beyond a block", 20, [&] { return score(told, Request::n); }},
      {"a user and an item with their histories", 1000,
       [&] {
         const interplay_cell cells[] = {cell(turn % (users + 2)), cell(turn % (items + 2))};
         ++turn;
         return interplay_scorer_score(pair.get(), nullptr, cells, 1, nullptr, 0, out.data(), nullptr);
       }},
      {"the best of given rows", 100,
       [&] {
         return interplay_scorer_top(scorer.get(), told.shared.data(), told.rows.data(), 100,
                                     told.heap.data(), told.heap.size(), 10, index.data(), out.data(), &found,
                                     nullptr);
       }},
      {"the best of the catalogue", 20, [&] {
         const interplay_cell user = cell(turn++ % users);
         return interplay_scorer_top(ranker.get(), &user, nullptr, 0, nullptr, 0, 100, index.data(),
                                     out.data(), &found, nullptr);
       }}};
  for (const Scenario& scenario : scenarios) check_counters(scenario);
  if (failures == 0 && !seccomp_works()) {
    std::puts("skipped, no seccomp here: allocations and locks were counted, and system calls not looked at");
    return no_seccomp;
  }
  for (const Scenario& scenario : scenarios) check_system_calls(scenario);
  return failures == 0 ? 0 : 1;
}
