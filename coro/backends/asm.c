/* The C half of the assembly backends. */
#include "coro/backends/backend.h"

#if defined(__x86_64__)
const char coro__backend_name[] = "x86_64";
#elif defined(__aarch64__)
const char coro__backend_name[] = "aarch64";
#else
#error "no assembly backend for this CPU: use backend=ucontext"
#endif

const size_t coro__backend_stack_bytes = CORO__PLAIN ? 1024 : 3072;

extern char coro__entry_ending[] CORO__HIDDEN;

int coro__backend_thread(void) { return 0; }

/* The red zone of the frame that suspended, 128 bytes on x86_64, is live. */
void coro__backend_end(coro *c) {
  c->fp = c;
  c->pc = coro__entry_ending;
  c->sp = (void *)(((uintptr_t)c->sp - 128) & ~(uintptr_t)15);
}
