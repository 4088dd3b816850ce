/* A process that uses another BLAS of its own, loaded for all to see as numpy's would be. Theirs computes rightly before and
 * after ours; ours gives the same scores as in a process without, starts no thread and leaves theirs alone. To be certain that
 * no call of ours goes astray, the program itself exports a cblas_sgemm, which a symbol lookup finds first.
 * Usage: two_blas LIBRARY [OTHER_BLAS]      prints the scores */
#include <dirent.h>
#include <dlfcn.h>
#include <interplay/interplay.h>
#include <stdio.h>
#include <string.h>

enum { n = 3000 };
typedef void gemm_fn(int, int, int, int, int, int, double, const double*, int, const double*, int, double,
                     double*, int);

static int astray;
__attribute__((visibility("default"))) void cblas_sgemm(void);
void cblas_sgemm(void) { ++astray; }

static int complain(const char* what) {
  fprintf(stderr, "two_blas: %s\n", what);
  return 1;
}

static int threads(void) {
  int count = 0;
  DIR* folder = opendir("/proc/self/task");
  if (folder == NULL) return -1;
  while (readdir(folder) != NULL) ++count;
  closedir(folder);
  return count;
}

/* [1 2; 3 4] x [5 6; 7 8] = [19 22; 43 50], row-major, by hand */
static int multiplies(gemm_fn* gemm) {
  static const double a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8}, expected[] = {19, 22, 43, 50};
  double c[4] = {0};
  gemm(101, 111, 111, 2, 2, 2, 1, a, 2, b, 2, 0, c, 2);
  return memcmp(c, expected, sizeof c) == 0;
}

static int find(void* from, const char* name, void* function) {
  void* symbol = dlsym(from, name);
  if (symbol == NULL) return complain(name), 0;
  memcpy(function, &symbol, sizeof symbol);
  return 1;
}

static int learn(void* library, float* scores) {
  __typeof__(interplay_fit_pairs)* fit;
  __typeof__(interplay_predict_pairs)* predict;
  static int64_t users[n], items[n];
  static float labels[n];
  interplay_model* model = NULL;
  if (!find(library, "interplay_fit_pairs", &fit) || !find(library, "interplay_predict_pairs", &predict))
    return 0;
  for (int i = 0; i < n; ++i) {
    users[i] = i % 50;
    items[i] = i / 50;
    labels[i] = (float)(1 + (users[i] * items[i]) % 5);
  }
  /* a deep tower: its products go to the BLAS, whatever the fields */
  return fit("autoint", "{\"epochs\": 2, \"deep_layers\": [64, 64]}", n, users, items, labels, &model,
             NULL) == INTERPLAY_OK &&
         predict(model, n, users, items, scores, NULL) == INTERPLAY_OK;
}

int main(int argc, char** argv) {
  static float scores[n];
  gemm_fn* gemm = NULL;
  if (argc < 2) return complain("usage: two_blas LIBRARY [OTHER_BLAS]");
  if (argc > 2) {
    void* other = dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL);
    if (other == NULL) return complain(dlerror()), 77;
    if (!find(other, "cblas_dgemm", &gemm)) return 1;
    if (!multiplies(gemm)) return complain("the other BLAS multiplies wrongly by itself");
  }
  const int before = threads();
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return complain(dlerror());
  if (threads() != before) return complain("a thread was started when the library was loaded");
  if (!learn(library, scores)) return complain("fit or predict failed");
  if (threads() != before) return complain("a thread was left behind");
  if (astray != 0) return complain("the library called the program's cblas_sgemm");
  if (gemm != NULL && !multiplies(gemm)) return complain("the other BLAS multiplies wrongly after ours");
  for (int i = 0; i < n; ++i) printf("%.9g\n", (double)scores[i]);
  return 0;
}
