/* A coroutine belongs to the thread that first resumes it. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "coro/coro.h"
#include "coro/stack.h"
#include "testing/conformance/core_check.h"

static coro *make(coro_fn fn, void *arg) {
  coro *c = NULL;
  CHECK_INT(coro_new(&c, fn, arg, NULL), 0);
  return c;
}

static void on_a_thread(void *(*fn)(void *), void *arg) {
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, fn, arg) == 0);
  pthread_join(thread, NULL);
}

static void count_and_suspend(void *arg) {
  ++*(int *)arg;
  coro_suspend();
  ++*(int *)arg;
}

static void nothing(void *arg) { (void)arg; }

/* --- Refused ------------------------------------------------------------- */

/* On a thread that has had no coroutine yet, and after its first. */
static void *try_all(void *arg) {
  coro *c = arg, *mine;
  void *p = arg;
  for (int round = 0; round < 2; round++) {
    CHECK_INT(coro_resume(c), CORO_ETHREAD);
    CHECK_INT(coro_resume_with(c, &p, &p), CORO_ETHREAD);
    CHECK(p == arg);
    CHECK_INT(coro_abandon(c), CORO_ETHREAD);
    CHECK_INT(coro_free(c), CORO_EBUSY);
    CHECK_INT(coro_reset(c, nothing, NULL), CORO_EBUSY);
    CHECK_INT(coro_status(c), CORO_SUSPENDED);
    mine = make(nothing, NULL);
    CHECK_INT(coro_resume(mine), CORO_DONE);
    CHECK_INT(coro_free(mine), 0);
  }
  return NULL;
}

static void suspended_elsewhere_is_refused(void) {
  int n = 0;
  coro *c = make(count_and_suspend, &n);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  on_a_thread(try_all, c);
  CHECK_INT(n, 1);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 2);
  CHECK_INT(coro_free(c), 0);
}

static void *try_running(void *arg) {
  coro *c = arg;
  CHECK_INT(coro_status(c), CORO_NORMAL); /* as header says */
  CHECK_INT(coro_resume(c), CORO_ETHREAD);
  CHECK_INT(coro_abandon(c), CORO_EBUSY);
  CHECK_INT(coro_free(c), CORO_EBUSY);
  CHECK_INT(coro_reset(c, nothing, NULL), CORO_EBUSY);
  CHECK(coro_current() == NULL);
  return NULL;
}

static void be_tried(void *arg) {
  on_a_thread(try_running, *(coro **)arg);
  coro_suspend();
}

static void running_elsewhere_is_refused(void) {
  coro *c = make(be_tried, &c);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

static void *ask_at_the_root(void *arg) {
  (void)arg;
  CHECK(coro_current() == NULL);
  CHECK_INT(coro_suspend(), CORO_EROOT);
  CHECK_INT(coro_suspend_with(nothing, NULL), CORO_EROOT);
  CHECK_INT(coro_yield(NULL, NULL), CORO_EROOT);
  CHECK_INT(coro_defer(nothing, NULL), CORO_EROOT);
  CHECK_INT(coro_undefer(0), CORO_EROOT);
  CHECK_INT(coro_set_result(NULL), CORO_EROOT);
  CHECK(coro_current_storage() == NULL);
  return NULL;
}

static void ask_from_within(void *arg) {
  (void)arg;
  on_a_thread(ask_at_the_root, NULL);
}

static void each_thread_has_its_root(void) {
  coro *c = make(ask_from_within, NULL);
  on_a_thread(ask_at_the_root, NULL);
  CHECK_INT(coro_resume(c), CORO_DONE); /* while this thread is inside one */
  CHECK_INT(coro_free(c), 0);
}

/* --- Handed over --------------------------------------------------------- */

static void *run_to_the_end(void *arg) {
  coro *c = arg;
  CHECK_INT(coro_status(c), CORO_READY);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  return NULL;
}

static void ready_one_is_handed_over(void) {
  int n = 0;
  coro *c = make(count_and_suspend, &n);
  on_a_thread(run_to_the_end, c);
  CHECK_INT(n, 2);
  CHECK_INT(coro_status(c), CORO_DONE);
  /* A reset makes it this thread's, and it may be handed over once more. */
  CHECK_INT(coro_reset(c, count_and_suspend, &n), 0);
  on_a_thread(run_to_the_end, c);
  CHECK_INT(coro_reset(c, count_and_suspend, &n), 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 6);
  CHECK_INT(coro_free(c), 0);
}

static void *abandon_and_free(void *arg) {
  CHECK_INT(coro_abandon(arg), 0);
  CHECK_INT(coro_status(arg), CORO_DONE);
  CHECK_INT(coro_free(arg), 0);
  return NULL;
}

static void *only_free(void *arg) {
  CHECK_INT(coro_free(arg), 0);
  return NULL;
}

static void any_thread_frees(void) {
  int n = 0;
  coro *c;
  for (int round = 0; round < 3; round++) {
    on_a_thread(only_free, make(count_and_suspend, &n));
    on_a_thread(abandon_and_free, make(count_and_suspend, &n));
    c = make(nothing, NULL);
    CHECK_INT(coro_resume(c), CORO_DONE);
    on_a_thread(only_free, c);
  }
  CHECK_INT(n, 0);
}

/* --- A thread that ends -------------------------------------------------- */

enum { LEFT = 8 };

struct left {
  coro *done[LEFT], *ready[LEFT];
  coro_stack stack;
  int n;
};

static void *leave_some(void *arg) {
  struct left *l = arg;
  for (int i = 0; i < LEFT; i++) {
    l->done[i] = make(nothing, NULL);
    CHECK_INT(coro_resume(l->done[i]), CORO_DONE);
    l->ready[i] = make(count_and_suspend, &l->n);
  }
  if (!core_has_own_stacks()) CHECK_INT(coro_stack_alloc(&l->stack, 8192), 0);
  return NULL;
}

static void stacks_outlive_their_thread(void) {
  struct left l;
  l.n = 0;
  on_a_thread(leave_some, &l);
  for (int i = 0; i < LEFT; i++) {
    CHECK_INT(coro_free(l.done[i]), 0);
    CHECK_INT(coro_status(l.ready[i]), CORO_READY);
    CHECK_INT(coro_resume(l.ready[i]), CORO_SUSPENDED);
    CHECK_INT(coro_resume(l.ready[i]), CORO_DONE);
    CHECK_INT(coro_free(l.ready[i]), 0);
  }
  CHECK_INT(l.n, 2 * LEFT);
  if (!core_has_own_stacks()) CHECK_INT(coro_stack_free(&l.stack), 0);
}

struct given {
  char memory[65536];
  coro *c;
  int n;
};

static void *leave_one_suspended(void *arg) {
  struct given *g = arg;
  CHECK_INT(coro_init(&g->c, g->memory, sizeof g->memory, count_and_suspend,
                      &g->n, NULL),
            0);
  CHECK_INT(coro_resume(g->c), CORO_SUSPENDED);
  return NULL;
}

/* A body belongs to the thread that ran it, so nobody can end it once that is
 * gone.  The memory is the caller's, who may use it again. */
static void suspended_one_of_an_ended_thread_is_nobodys(void) {
  static struct given g;
  if (core_has_own_stacks()) return;
  on_a_thread(leave_one_suspended, &g);
  for (int i = 0; i < 3; i++) on_a_thread(try_all, g.c);
  CHECK_INT(coro_resume(g.c), CORO_ETHREAD);
  CHECK_INT(coro_abandon(g.c), CORO_ETHREAD);
  CHECK_INT(coro_free(g.c), CORO_EBUSY);
  CHECK_INT(g.n, 1);
  REQUIRE(coro_init(&g.c, g.memory, sizeof g.memory, count_and_suspend, &g.n,
                    NULL) == 0);
  CHECK_INT(coro_resume(g.c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(g.c), CORO_DONE);
  CHECK_INT(coro_fini(g.c), 0);
}

/* --- Many at once -------------------------------------------------------- */

enum { THREADS = 4, IDS = 3000 };

struct numbers {
  uint64_t id[IDS];
};

static void *take_ids(void *arg) {
  struct numbers *numbers = arg;
  for (int i = 0; i < IDS; i++) {
    coro *c = make(nothing, NULL);
    numbers->id[i] = coro_id(c);
    CHECK_INT(coro_free(c), 0);
  }
  return NULL;
}

static int by_number(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void ids_are_unique_across_threads(void) {
  static struct numbers numbers[THREADS];
  uint64_t *all = numbers[0].id;
  pthread_t threads[THREADS];
  int started = 0;
  for (; started < THREADS; started++)
    if (pthread_create(&threads[started], NULL, take_ids, &numbers[started]))
      break;
  CHECK_INT(started, THREADS);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
  qsort(all, (size_t)THREADS * IDS, sizeof *all, by_number);
  CHECK(all[0] > 0);
  for (int i = 1; i < THREADS * IDS; i++)
    if (all[i] == all[i - 1]) {
      CHECK(all[i] != all[i - 1]);
      break;
    }
}

/* One makes, the other frees: the stacks go back to the pool they are from. */
struct exchange {
  _Atomic(coro *) box;
  int rounds;
};

static void *free_all(void *arg) {
  struct exchange *x = arg;
  for (int i = 0; i < x->rounds; i++) {
    coro *c;
    while (!(c = atomic_exchange(&x->box, NULL))) sched_yield();
    if (i % 2) CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(coro_free(c), 0);
  }
  return NULL;
}

static void stacks_go_back_from_another_thread(void) {
  struct exchange x;
  pthread_t thread;
  atomic_init(&x.box, NULL);
  x.rounds = core_is_slow() ? 300 : 20000;
  REQUIRE(pthread_create(&thread, NULL, free_all, &x) == 0);
  for (int i = 0; i < x.rounds; i++) {
    coro *c = make(nothing, NULL);
    while (atomic_load(&x.box)) sched_yield();
    atomic_store(&x.box, c);
  }
  pthread_join(thread, NULL);
}

extern const core_case core_threads_cases[];
const core_case core_threads_cases[] = {
    {"coro.h", "one suspended on another thread is refused",
     suspended_elsewhere_is_refused},
    {"coro.h", "one running on another thread is refused",
     running_elsewhere_is_refused},
    {"16", "each thread has its root", each_thread_has_its_root},
    {"coro.h", "one that is READY may be handed over",
     ready_one_is_handed_over},
    {"coro.h", "any thread may free", any_thread_frees},
    {"stack.h", "stacks in use outlive their thread",
     stacks_outlive_their_thread},
    {"coro.h", "one suspended on a thread that has ended is nobody's",
     suspended_one_of_an_ended_thread_is_nobodys},
    {"coro.h", "ids are unique across threads", ids_are_unique_across_threads},
    {"stack.h", "stacks go back from another thread",
     stacks_go_back_from_another_thread},
    {0, 0, 0}};
