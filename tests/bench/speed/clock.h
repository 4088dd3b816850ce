/* The clock around calls, the same for this library and for a peer that is called from C. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

/* One call for n rows from row `begin` on; 0 on failure. */
typedef int (*bench_way)(const void* caller, int64_t begin, int64_t n);

static inline double bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Calls of n rows each, one behind the other through the rows and round again, until the seconds are over. Writes the seconds
 * of each call, at most `room`. step: how far the next call begins behind this one. Returns how many; -1 on failure. */
static inline int64_t bench_timed(bench_way way, const void* caller, int64_t rows, int64_t n, int64_t step,
                                  double seconds, double* out, int64_t room) {
  int64_t calls = 0, begin = 0;
  const double end = bench_now() + seconds;
  double start = bench_now();
  while (start < end && calls < room) {
    start = bench_now();
    if (!way(caller, begin, n)) return -1;
    out[calls++] = bench_now() - start;
    begin = begin + step + (step > n ? step : n) <= rows ? begin + step : 0;
  }
  return calls;
}

#endif
