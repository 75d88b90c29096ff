/* The two questions to the system that have nothing to do with stacks of our
 * own. */
#define _GNU_SOURCE 1
#define _DARWIN_C_SOURCE 1
#include <pthread.h>
#include <unistd.h>

#include "coro/internal.h"

void coro__write_error(const char *text, size_t bytes) {
  while (bytes) {
    ssize_t n = write(2, text, bytes);
    if (n <= 0) return;
    text += n;
    bytes -= (size_t)n;
  }
}

/* Asked once a thread: glibc reads /proc/self/maps for the main thread. */
uintptr_t coro__system_stack_low(void) {
  static CORO__THREAD_LOCAL uintptr_t low CORO__TLS_MODEL;
  if (low) return low;
#if defined(__APPLE__)
  low = (uintptr_t)pthread_get_stackaddr_np(pthread_self()) -
        pthread_get_stacksize_np(pthread_self());
#elif defined(__linux__)
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void *memory = NULL;
    size_t bytes;
    pthread_attr_getstack(&attributes, &memory, &bytes);
    low = (uintptr_t)memory;
    pthread_attr_destroy(&attributes);
  }
#endif
  return low;
}
