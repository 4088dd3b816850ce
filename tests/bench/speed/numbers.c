/* Numbers for the benchmark that are the same everywhere: weights, and ids as they come in real traffic. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next(uint64_t* state) { /* splitmix64 */
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static double uniform(uint64_t* state) { return (double)(next(state) >> 11) * 0x1p-53; }

void bench_normal(uint64_t seed, int64_t n, double deviation, float* out) {
  for (int64_t i = 0; i < n; ++i) {
    const double radius = sqrt(-2 * log(1 - uniform(&seed)));
    out[i] = (float)(deviation * radius * cos(6.283185307179586 * uniform(&seed)));
  }
}

/* n ids of 1 .. cardinality; the r-th most common one has a share in proportion to r^-exponent, and common ids lie anywhere.
 * Returns 0 when memory is out. */
int bench_zipf(uint64_t seed, int64_t cardinality, double exponent, int64_t n, int64_t* out) {
  double* upto = malloc((size_t)cardinality * sizeof *upto);
  int64_t* id = malloc((size_t)cardinality * sizeof *id);
  const int good = upto != NULL && id != NULL;
  double sum = 0;
  for (int64_t r = 0; good && r < cardinality; ++r) {
    upto[r] = sum += pow((double)(r + 1), -exponent);
    const int64_t at = (int64_t)(next(&seed) % (uint64_t)(r + 1)); /* Fisher-Yates from within */
    id[r] = id[at];
    id[at] = r + 1;
  }
  for (int64_t i = 0; good && i < n; ++i) {
    const double draw = uniform(&seed) * sum;
    int64_t low = 0, high = cardinality - 1;
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      if (upto[middle] > draw)
        high = middle;
      else
        low = middle + 1;
    }
    out[i] = id[low];
  }
  free(upto);
  free(id);
  return good;
}

enum { name_size = 17 };

/* The names of ids: "user-" and twelve digits, one behind the other without a NUL. bytes: room for name_size n; offsets: for
 * n + 1, or NULL. A name's digits are those of 1000003 id + 17, as the caller's int64 value of it. */
void bench_names(int64_t n, const int64_t* ids, char* bytes, int64_t* offsets) {
  for (int64_t i = 0; i < n; ++i) {
    char* name = bytes + i * name_size;
    memcpy(name, "user-", 5);
    uint64_t value = 1000003 * (uint64_t)ids[i] + 17;
    for (int at = name_size - 1; at >= 5; --at, value /= 10) name[at] = (char)('0' + value % 10);
    if (offsets) offsets[i] = i * name_size;
  }
  if (offsets) offsets[n] = n * name_size;
}

/* n numbers that are those of a pool again and again: as good as drawn ones, where nobody reads them for what they are. */
void bench_repeat(const float* pool, int64_t pool_size, int64_t n, float* out) {
  for (int64_t at = 0; at < n; at += pool_size)
    memcpy(out + at, pool, (size_t)(n - at < pool_size ? n - at : pool_size) * sizeof(float));
}

/* n int64 values 1000003 (first + i) + 17: those of ids from `first` on. */
void bench_values(int64_t first, int64_t n, int64_t* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = 1000003 * (first + i) + 17;
}
