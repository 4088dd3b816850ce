/* What cores can do at most: float32 multiply-adds without memory, as wide as -march=native gives. */
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#if defined(__AVX512F__)
enum { width = 16 };
#elif defined(__AVX__)
enum { width = 8 };
#else
enum { width = 4 };
#endif
/* enough of them to fill two pipelines of four cycles, and few enough for 16 registers */
enum { chains = 12, turns = 4096 };

typedef float vector __attribute__((vector_size(width * sizeof(float))));

/* One burst; the sums decay towards b / (1 - a), so no number becomes extreme and slow. */
static double burst(vector* sums, vector a, vector b) {
  vector s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], s4 = sums[4], s5 = sums[5];
  vector s6 = sums[6], s7 = sums[7], s8 = sums[8], s9 = sums[9], s10 = sums[10], s11 = sums[11];
  const double start = bench_now();
  for (int i = 0; i < turns; ++i) {
    s0 = s0 * a + b, s1 = s1 * a + b, s2 = s2 * a + b, s3 = s3 * a + b;
    s4 = s4 * a + b, s5 = s5 * a + b, s6 = s6 * a + b, s7 = s7 * a + b;
    s8 = s8 * a + b, s9 = s9 * a + b, s10 = s10 * a + b, s11 = s11 * a + b;
    /* one after the other stays so: the compiler must not fold the chains into one */
    __asm__ volatile("" : "+x"(s0), "+x"(s1), "+x"(s2), "+x"(s3), "+x"(s4), "+x"(s5));
    __asm__ volatile("" : "+x"(s6), "+x"(s7), "+x"(s8), "+x"(s9), "+x"(s10), "+x"(s11));
  }
  const double seconds = bench_now() - start;
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3, sums[4] = s4, sums[5] = s5;
  sums[6] = s6, sums[7] = s7, sums[8] = s8, sums[9] = s9, sums[10] = s10, sums[11] = s11;
  return seconds;
}

static void begin_with(vector* sums, vector* a, vector* b) {
  for (int i = 0; i < width; ++i) (*a)[i] = 0.999f, (*b)[i] = 0.001f;
  for (int c = 0; c < chains; ++c) sums[c] = *b * (float)c;
}

static const double burst_flops = 2.0 * width * chains * turns;

/* GFLOP/s of the best burst within `seconds`: other programs only ever take away from it. */
double bench_peak(double seconds) {
  vector sums[chains], a, b;
  begin_with(sums, &a, &b);
  const double end = bench_now() + seconds;
  double best = 0;
  while (bench_now() < end) {
    const double rate = burst_flops / burst(sums, a, b) * 1e-9;
    if (rate > best) best = rate;
  }
  float rest = 0;
  for (int c = 0; c < chains; ++c) rest += sums[c][0];
  return rest == rest ? best : 0;
}

typedef struct tally {
  _Atomic int32_t ready; /* how many have been started: to fork a large process takes a while */
  double rates[64];
} tally;

static void count_bursts(tally* all, int32_t n, int32_t number, double seconds) {
  vector sums[chains], a, b;
  begin_with(sums, &a, &b);
  atomic_fetch_add(&all->ready, 1);
  while (atomic_load(&all->ready) < n) continue;
  int64_t bursts = 0;
  const double start = bench_now(), end = start + seconds;
  for (; bench_now() < end; ++bursts) (void)burst(sums, a, b);
  all->rates[number] = (double)bursts * burst_flops / (bench_now() - start) * 1e-9;
}

/* GFLOP/s on the whole of n processes that do nothing else for `seconds`, all at once: what the machine gives to that many,
 * whatever else it does. 0 where a process could not be had. */
double bench_peak_processes(int32_t n, double seconds) {
  tally* all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) return 0;
  pid_t children[64];
  int32_t started = 0;
  while (started < n && started < 64 && (children[started] = fork()) >= 0) {
    if (children[started] == 0) {
      count_bursts(all, n, started, seconds);
      _exit(0);
    }
    ++started;
  }
  if (started < n) atomic_store(&all->ready, n); /* let those go that wait for the others */
  double sum = 0;
  for (int32_t i = 0; i < started; ++i)
    sum += waitpid(children[i], NULL, 0) == children[i] ? all->rates[i] : 0;
  (void)munmap(all, sizeof *all);
  return started == n ? sum : 0;
}

int bench_peak_width(void) { return width; }
