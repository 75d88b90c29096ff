/*
 * Making, freeing and asking; switch.c has the switching.
 *
 * A coroutine is one piece of memory, from the pool, an allocator, the caller,
 * or, where the backend makes stacks itself, the heap without the stack:
 *
 *     stack                                              stack + stack_bytes
 *     | ... free ...  frames |  struct coro  | storage        |
 *                            c, 64-aligned   aligned as asked
 *
 *  - All of it is inside the memory given; nothing else is written.
 *  - The fields that a switch needs are next to the first frame.
 *  - A freed coroutine's link says so for as long as the memory is not reused.
 */
#define CORO_NO_INLINE 1
#include "coro/coro.h"

#include <stdlib.h>
#include <string.h>

#include "coro/backends/backend.h"
#include "coro/frame.h"
#include "coro/sanitizer.h"
#include "coro/stack.h"
#include "coro/stack_pool.h"

/* The assembly's offsets. */
_Static_assert(sizeof(void *) != 8 ||
                   (offsetof(coro, pc) == 8 && offsetof(coro, sp) == 16 &&
                    offsetof(coro, link) == 24 && offsetof(coro, low) == 32 &&
                    offsetof(coro, own_base) == 48 &&
                    offsetof(coro, resumer_base) == 56 &&
                    offsetof(coro, fn) == 64 && offsetof(coro, arg) == 72 &&
                    sizeof(coro) == 256),
               "the .S files and the inline assembly know these");

const coro_options coro__no_options;

static CORO__THREAD_LOCAL coro_env env CORO__TLS_MODEL;

int coro_env_set(const coro_env *new_env) {
  static const coro_env original;
  if (!new_env) new_env = &original;
  if (new_env->stack_bytes && new_env->stack_bytes < coro_stack_min())
    return CORO_ESMALL;
  if (new_env->stack_bytes > CORO_STACK_MAX) return CORO_EINVAL;
  if (CORO__OWN_STACKS && new_env->allocator) return CORO_ENOTSUP;
  env = *new_env;
  return 0;
}

/* --- Making -------------------------------------------------------------- */

static void give_back(const struct coro__memory *m, unsigned flags) {
  if (flags & CORO__FROM_POOL)
    coro__stack_give(m->low + m->bytes, m->bytes, m->owner);
  else if (flags & CORO__FROM_ALLOCATOR) {
    const coro_allocator *a = m->owner;
    a->free(a->context, m->low, m->bytes);
  } else if (flags & CORO__FROM_HEAP)
    free(m->low);
}

/* A stack of `bytes`; or, where the backend makes that, only the `block` that
 * control block and storage take. */
static inline int take_memory(struct coro__memory *m, unsigned *flags,
                              const coro_options *o, size_t bytes,
                              size_t block) {
  const coro_allocator *allocator = o->allocator ? o->allocator : env.allocator;
  m->bytes = bytes;
  m->owner = NULL;
  if (CORO__OWN_STACKS) {
    if (o->stack || allocator) return CORO_ENOTSUP;
    *flags = CORO__FROM_HEAP;
    m->low = malloc(block);
    return m->low ? 0 : CORO_ENOMEM;
  }
  if (o->stack) {
    *flags = 0;
    m->low = o->stack;
    return 0;
  }
  if (allocator) {
    *flags = CORO__FROM_ALLOCATOR;
    m->owner = allocator;
    m->low = allocator->alloc(allocator->context, bytes);
    return m->low ? 0 : CORO_ENOMEM;
  }
  *flags = CORO__FROM_POOL;
  return coro__stack_take(m, bytes);
}

static void set_name(coro *c, const char *name) {
  size_t n = 0;
  for (; n < CORO_NAME_MAX && name[n]; n++) c->name[n] = name[n];
  c->name[n] = '\0';
}

/* Always inlined, so that the usual call, without options, is folded. */
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
static inline int
make(coro **out, coro_fn fn, void *arg, const coro_options *o, const char *file,
     int line) {
  /* Without storage the block ends where the memory does: coro_free() relies
   * on it. */
  size_t align =
      o->storage_bytes && o->storage_align > 64 ? o->storage_align : 64;
  size_t block = sizeof(coro) + o->storage_bytes + align;
  struct coro__memory m;
  uintptr_t storage;
  size_t bytes;
  unsigned flags;
  coro *c;
  int rc;

  if (!out || !fn || (o->storage_align & (o->storage_align - 1)))
    return CORO_EINVAL;
  if (CORO__UNLIKELY(!coro__ts.tag) && (rc = coro__thread_start()) < 0)
    return rc;
  bytes = o->stack_bytes || o->stack ? o->stack_bytes
          : env.stack_bytes          ? env.stack_bytes
                                     : CORO_STACK_DEFAULT;
  if (bytes > CORO_STACK_MAX) return CORO_EINVAL;
  /* Sizes that wrap around are too large for any stack. */
  if (block < o->storage_bytes || block > bytes ||
      bytes - block < coro__backend_stack_bytes + 16)
    return CORO_ESMALL;
  rc = take_memory(&m, &flags, o, bytes, block);
  if (CORO__UNLIKELY(rc)) return rc;

  storage = (uintptr_t)m.low + (CORO__OWN_STACKS ? block : m.bytes);
  storage = (storage - o->storage_bytes) & ~(uintptr_t)(align - 1);
  c = (coro *)storage - 1;

  c->link = coro__ts.tag;
  c->low = CORO__OWN_STACKS ? 0 : (uintptr_t)m.low;
  c->fn = fn;
  c->arg = arg;
  c->deferred = NULL;
  c->yielded = NULL;
  c->injected = NULL;
  c->result = NULL;
  c->id = coro__next_id();
  c->file = file;
  c->line = line;
  c->flags = flags;
  c->stack = m.low;
  c->stack_bytes = m.bytes;
  c->stack_owner = m.owner;
  c->storage_bytes = o->storage_bytes;
  c->name[0] = '\0';
  if (o->name) set_name(c, o->name);
  if (o->storage_bytes) memset(c + 1, 0, o->storage_bytes);
  rc = coro__backend_make(c, m.low);
  if (CORO__UNLIKELY(rc < 0)) {
    give_back(&m, flags);
    return rc;
  }
  coro__hook_new(c);
  *out = c;
  return 0;
}

int coro_new_at(coro **out, coro_fn fn, void *arg, const coro_options *options,
                const char *file, int line) {
  return options ? make(out, fn, arg, options, file, line)
                 : make(out, fn, arg, &coro__no_options, file, line);
}

int coro_init_at(coro **out, void *memory, size_t bytes, coro_fn fn, void *arg,
                 const coro_options *options, const char *file, int line) {
  coro_options o = {0};
  if (!memory) return CORO_EINVAL;
  if (options) o = *options;
  o.stack = memory;
  o.stack_bytes = bytes;
  return coro_new_at(out, fn, arg, &o, file, line);
}

int coro_reset(coro *c, coro_fn fn, void *arg) {
  int rc;
  if (!c || !fn || c->link == CORO__FREED) return CORO_EINVAL;
  if (c->link != CORO__DONE) return CORO_EBUSY;
  if ((rc = coro__thread_start()) < 0) return rc;
  coro__hook_free(c);
  coro__backend_unmake(c);
  c->fn = fn;
  c->arg = arg;
  c->yielded = NULL;
  c->injected = NULL;
  c->result = NULL;
  c->flags &= ~(unsigned)CORO__ENDING;
  c->low = CORO__OWN_STACKS ? 0 : (uintptr_t)c->stack;
  rc = coro__backend_make(c, c->stack);
  if (rc < 0) return rc;
  coro__hook_new(c);
  c->link = coro__ts.tag;
  return 0;
}

/* --- Ending -------------------------------------------------------------- */

/* May be asked from any thread: only link and pc count. */
static int has_no_frames(const coro *c) {
  return c->link == CORO__DONE || ((c->link & 1) && c->pc == CORO__READY_PC);
}

int coro_free(coro *c) {
  struct coro__memory m;
  if (!c || c->link == CORO__FREED || c == &coro__root) return CORO_EINVAL;
  if (!has_no_frames(c)) return CORO_EBUSY;
  coro__hook_free(c);
  if (CORO__OWN_STACKS) coro__backend_unmake(c);
  m.low = c->stack;
  m.bytes = c->stack_bytes;
  m.owner = c->stack_owner;
  c->link = CORO__FREED;
  if ((c->flags & CORO__FROM_POOL) && !c->storage_bytes)
    coro__stack_give((char *)(c + 1), m.bytes, m.owner);
  else
    give_back(&m, c->flags);
  return 0;
}

int coro_fini(coro *c) {
  const unsigned owned =
      CORO__FROM_POOL | CORO__FROM_ALLOCATOR | CORO__FROM_HEAP;
  if (!c || c->link == CORO__FREED || (c->flags & owned)) return CORO_EINVAL;
  return coro_free(c);
}

int coro_abandon(coro *c) {
  if (!c || c->link == CORO__FREED || c == &coro__root) return CORO_EINVAL;
  if (c->link == CORO__DONE) return 0;
  if (has_no_frames(c)) {
    c->link = CORO__DONE;
    return 0;
  }
  if (!(c->link & 1)) return CORO_EBUSY;
  if (c->link != coro__ts.tag) return CORO_ETHREAD;
  c->flags |= CORO__ENDING;
  c->low = UINTPTR_MAX;
  coro__hook_end(c);
  coro__backend_end(c);
  coro__enter(c);
  return 0;
}

/* --- Values -------------------------------------------------------------- */

int coro_yield(void *value, void **injected) {
  coro *c = coro_current();
  int rc;
  if (!c) return CORO_EROOT;
  c->yielded = value;
  c->injected = NULL;
  coro__ts.yielder = c;
  rc = coro_suspend();
  c->yielded = NULL;
  if (rc < 0) return rc;
  if (injected) *injected = c->injected;
  return 0;
}

int coro_resume_with(coro *c, void *injected, void **yielded) {
  int rc;
  if (coro_status(c) == CORO_SUSPENDED && c->link == coro__ts.tag)
    c->injected = injected;
  coro__ts.yielder = NULL;
  rc = coro_resume(c);
  if (rc < 0) return rc;
  /* Else c is looked at no more: a function of coro_suspend_with() may have
   * freed it. */
  if (yielded) *yielded = coro__ts.yielder == c ? c->yielded : NULL;
  return rc;
}

int coro_set_result(void *result) {
  coro *c = coro_current();
  if (!c) return CORO_EROOT;
  c->result = result;
  return 0;
}

int coro_result(const coro *c, void **result) {
  if (!c || !result || c->link == CORO__FREED) return CORO_EINVAL;
  *result = c->result;
  return 0;
}

/* --- Clean-up ------------------------------------------------------------ */

int coro_defer(coro_fn fn, void *arg) {
  coro *c = coro_current();
  struct coro__deferred *d;
  if (!fn) return CORO_EINVAL;
  if (!c) return CORO_EROOT;
  d = malloc(sizeof *d);
  if (!d) return CORO_ENOMEM;
  d->fn = fn;
  d->arg = arg;
  d->next = c->deferred;
  c->deferred = d;
  return 0;
}

int coro_undefer(int run) {
  coro *c = coro_current();
  struct coro__deferred *d;
  coro_fn fn;
  void *arg;
  if (!c) return CORO_EROOT;
  d = c->deferred;
  if (!d) return CORO_EINVAL;
  c->deferred = d->next;
  fn = d->fn;
  arg = d->arg;
  free(d);
  if (run) fn(arg);
  return 0;
}

/* --- Asking -------------------------------------------------------------- */

coro *coro_current(void) {
  coro *c = coro__ts.current;
  return c == &coro__root ? NULL : c;
}

int coro_status(const coro *c) {
  if (!c || c->link == CORO__FREED || c == &coro__root) return CORO_EINVAL;
  if (c->link == CORO__DONE) return CORO_DONE;
  if (!(c->link & 1)) return c == coro__ts.current ? CORO_RUNNING : CORO_NORMAL;
  return c->pc == CORO__READY_PC ? CORO_READY : CORO_SUSPENDED;
}

int coro__frame_check(coro *c, int want) {
  int status = coro_status(c);
  if (status < 0) return status;
  if (status == CORO_SUSPENDED && c->link != coro__ts.tag) return CORO_ETHREAD;
  if (status == want) {
    coro__ts.yielder = NULL;
    return 0;
  }
  if (status == CORO_READY) return CORO_EUNSTARTED;
  if (status == CORO_SUSPENDED) return CORO_ESTARTED;
  return coro_resume(c); /* refused, and says why */
}

int coro__frame_result(const coro *c, int result) {
  return result == CORO_SUSPENDED && coro__ts.yielder != c ? CORO_EAGAIN
                                                           : result;
}

int coro__frame_yields(coro *c) {
  coro *running = coro_current();
  if (!running) return CORO_EROOT;
  if (running != c) return CORO_EINVAL;
  if (c->flags & CORO__ENDING) return CORO_EENDING;
  coro__ts.yielder = c;
  return 0;
}

void *coro_storage(const coro *c) {
  return c && c->storage_bytes ? (void *)(uintptr_t)(c + 1) : NULL;
}

void *coro_current_storage(void) { return coro_storage(coro_current()); }

const char *coro_name(const coro *c) { return c ? c->name : ""; }

uint64_t coro_id(const coro *c) { return c ? c->id : 0; }

const char *coro_version(void) { return CORO_VERSION; }

const char *coro_backend(void) { return coro__backend_name; }
