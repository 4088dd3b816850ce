/* Only for a build on Debian's binary OpenBLAS (see .ci/openblas): that archive starts a thread when it is loaded, and a
 * guest may not. Constructors run in link order, so CMake links this behind the archive, and the thread is gone again
 * before anybody can see it. From then on OpenBLAS computes on the caller's thread. */
void goto_set_num_threads(int count);
int blas_thread_shutdown_(void);

__attribute__((constructor)) static void compute_on_the_caller_alone(void) {
  goto_set_num_threads(1);
  blas_thread_shutdown_();
}
