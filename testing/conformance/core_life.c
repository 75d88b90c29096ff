/* The life of a coroutine: made, run, finished, abandoned, reset, freed. */
#include <stdio.h>
#include <string.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"

static coro *make(coro_fn fn, void *arg) {
  coro *c = NULL;
  CHECK_INT(coro_new(&c, fn, arg, NULL), 0);
  return c;
}

/* --- Bodies -------------------------------------------------------------- */

static void count(void *arg) { ++*(int *)arg; }

static void count_and_suspend(void *arg) {
  ++*(int *)arg;
  CHECK_INT(coro_suspend(), 0);
  ++*(int *)arg;
}

/* --- Misuse -------------------------------------------------------------- */

static void refuses_bad_arguments(void) {
  coro_options o = {0};
  coro *const untouched = (coro *)(void *)&o;
  coro *c = untouched;
  int n = 0;
  CHECK_INT(coro_new(NULL, count, &n, NULL), CORO_EINVAL);
  CHECK_INT(coro_new(&c, NULL, &n, NULL), CORO_EINVAL);
  o.storage_align = 48;
  o.storage_bytes = 1;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_EINVAL);
  o.storage_align = 3;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_EINVAL);
  memset(&o, 0, sizeof o);
  o.stack_bytes = ((size_t)1 << 30) + 1;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_EINVAL);
  o.stack_bytes = SIZE_MAX;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_EINVAL);
  o.stack_bytes = 1;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_ESMALL);
  o.stack_bytes = 65536;
  o.storage_bytes = 65536;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_ESMALL);
  o.storage_bytes = SIZE_MAX;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_ESMALL);
  o.storage_bytes = SIZE_MAX - 256;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_ESMALL);
  o.storage_bytes = 1;
  o.storage_align = SIZE_MAX / 2 + 1;
  CHECK_INT(coro_new(&c, count, &n, &o), CORO_ESMALL);
  CHECK(c == untouched);
  CHECK_INT(n, 0);
}

static void null_handle_is_refused(void) {
  void *p = &p;
  CHECK_INT(coro_resume(NULL), CORO_EINVAL);
  CHECK_INT(coro_resume_with(NULL, &p, &p), CORO_EINVAL);
  CHECK(p == &p);
  CHECK_INT(coro_free(NULL), CORO_EINVAL);
  CHECK_INT(coro_fini(NULL), CORO_EINVAL);
  CHECK_INT(coro_abandon(NULL), CORO_EINVAL);
  CHECK_INT(coro_reset(NULL, count, NULL), CORO_EINVAL);
  CHECK_INT(coro_status(NULL), CORO_EINVAL);
  CHECK_INT(coro_result(NULL, &p), CORO_EINVAL);
  CHECK(p == &p);
  CHECK(coro_storage(NULL) == NULL);
  CHECK(strcmp(coro_name(NULL), "") == 0);
  CHECK_INT(coro_id(NULL), 0);
}

/* The memory is the caller's or the pool's, so the handle can be looked at
 * although it is freed.  On backends with own stacks it is the heap's. */
static void expect_freed(coro *c, int *n) {
  void *p = &p;
  CHECK_INT(coro_resume(c), CORO_EINVAL);
  CHECK_INT(coro_resume_with(c, NULL, &p), CORO_EINVAL);
  CHECK_INT(coro_free(c), CORO_EINVAL);
  CHECK_INT(coro_fini(c), CORO_EINVAL);
  CHECK_INT(coro_abandon(c), CORO_EINVAL);
  CHECK_INT(coro_reset(c, count, n), CORO_EINVAL);
  CHECK_INT(coro_status(c), CORO_EINVAL);
  CHECK_INT(coro_result(c, &p), CORO_EINVAL);
  CHECK(p == &p);
}

static void freed_handle_is_refused(void) {
  static char memory[65536];
  int n = 0;
  coro *c;
  if (core_has_own_stacks()) return;
  c = make(count, &n);
  CHECK_INT(coro_free(c), 0);
  expect_freed(c, &n);
  REQUIRE(coro_init(&c, memory, sizeof memory, count, &n, NULL) == 0);
  CHECK_INT(coro_fini(c), 0);
  expect_freed(c, &n);
  c = make(count, &n);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
  n = 0;
  expect_freed(c, &n);
  CHECK_INT(n, 0);
}

/* --- Life ---------------------------------------------------------------- */

static void creating_runs_nothing(void) {
  int n = 0;
  coro *c = make(count, &n);
  CHECK_INT(n, 0);
  CHECK_INT(coro_status(c), CORO_READY);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 1);
  CHECK_INT(coro_free(c), 0);
}

static void never_suspending_finishes_at_once(void) {
  void *result = NULL;
  int n = 0;
  coro *c = make(count, &n);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_status(c), CORO_DONE);
  CHECK_INT(coro_result(c, &result), 0);
  CHECK(result == NULL);
  CHECK_INT(coro_resume(c), CORO_EDONE);
  CHECK_INT(coro_free(c), 0);
  CHECK_INT(n, 1);
}

struct seen {
  coro *self;
  int step;
};

static void look_at_oneself(void *arg) {
  struct seen *s = arg;
  CHECK_INT(coro_status(s->self), CORO_RUNNING);
  CHECK(coro_current() == s->self);
  s->step = 1;
  coro_suspend();
  CHECK_INT(coro_status(s->self), CORO_RUNNING);
  s->step = 2;
}

static void status_is_right_at_each_step(void) {
  struct seen s = {NULL, 0};
  s.self = make(look_at_oneself, &s);
  CHECK_INT(coro_status(s.self), CORO_READY);
  CHECK_INT(coro_status(s.self), CORO_READY);
  CHECK_INT(coro_resume(s.self), CORO_SUSPENDED);
  CHECK_INT(s.step, 1);
  CHECK_INT(coro_status(s.self), CORO_SUSPENDED);
  CHECK_INT(coro_status(s.self), CORO_SUSPENDED);
  CHECK_INT(coro_resume(s.self), CORO_DONE);
  CHECK_INT(s.step, 2);
  CHECK_INT(coro_status(s.self), CORO_DONE);
  CHECK_INT(coro_free(s.self), 0);
}

struct outer {
  coro *self, *inner;
};

static void look_at_outer(void *arg) {
  struct outer *o = arg;
  CHECK_INT(coro_status(o->self), CORO_NORMAL);
  CHECK_INT(coro_status(o->inner), CORO_RUNNING);
  CHECK_INT(coro_resume(o->self), CORO_ENESTED);
  CHECK_INT(coro_free(o->self), CORO_EBUSY);
  CHECK_INT(coro_abandon(o->self), CORO_EBUSY);
  CHECK_INT(coro_reset(o->self, count, NULL), CORO_EBUSY);
  CHECK_INT(coro_status(o->self), CORO_NORMAL);
}

static void run_inner(void *arg) {
  struct outer *o = arg;
  CHECK_INT(coro_resume(o->inner), CORO_DONE);
  CHECK_INT(coro_status(o->self), CORO_RUNNING);
}

static void resumer_is_normal(void) {
  struct outer o;
  o.self = make(run_inner, &o);
  o.inner = make(look_at_outer, &o);
  CHECK_INT(coro_resume(o.self), CORO_DONE);
  CHECK_INT(coro_free(o.inner), 0);
  CHECK_INT(coro_free(o.self), 0);
}

static void touch_argument_and_storage(void *arg) {
  int *n = arg, *stored = coro_current_storage();
  for (int i = 1; i <= 3; i++) {
    *n = i;
    *stored = 10 * i;
    coro_suspend();
  }
}

static void argument_and_storage_are_shared(void) {
  coro_options o = {0};
  coro *c;
  int n = 0, *stored;
  o.storage_bytes = sizeof *stored;
  REQUIRE(coro_new(&c, touch_argument_and_storage, &n, &o) == 0);
  stored = coro_storage(c);
  CHECK_INT(*stored, 0);
  for (int i = 1; i <= 3; i++) {
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(n, i);
    CHECK_INT(*stored, 10 * i);
    CHECK(coro_storage(c) == stored);
  }
  CHECK(coro_current_storage() == NULL);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(*stored, 30);
  CHECK_INT(coro_free(c), 0);
}

/* --- Freeing ------------------------------------------------------------- */

static void free_oneself(void *arg) {
  struct outer *o = arg;
  CHECK_INT(coro_free(o->self), CORO_EBUSY);
  CHECK_INT(coro_status(o->self), CORO_RUNNING);
  if (o->inner) CHECK_INT(coro_resume(o->inner), CORO_DONE);
  coro_suspend();
}

static void free_takes_ready_and_done_only(void) {
  struct outer o = {NULL, NULL};
  int n = 0;
  coro *ready = make(count, &n), *done = make(count, &n);
  CHECK_INT(coro_free(ready), 0);
  CHECK_INT(n, 0);
  CHECK_INT(coro_resume(done), CORO_DONE);
  CHECK_INT(coro_free(done), 0);

  o.self = make(free_oneself, &o);
  o.inner = make(look_at_outer, &o); /* NORMAL: look_at_outer tries */
  CHECK_INT(coro_resume(o.self), CORO_SUSPENDED);
  CHECK_INT(coro_free(o.self), CORO_EBUSY);
  CHECK_INT(coro_status(o.self), CORO_SUSPENDED);
  CHECK_INT(coro_resume(o.self), CORO_DONE);
  CHECK_INT(coro_free(o.self), 0);
  CHECK_INT(coro_free(o.inner), 0);
}

static void free_of_suspended_runs_nothing(void) {
  int n = 0;
  coro *c = make(count_and_suspend, &n);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_free(c), CORO_EBUSY);
  CHECK_INT(n, 1);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 2);
  CHECK_INT(coro_free(c), 0);
}

static void fini_is_for_init(void) {
  static char memory[65536];
  coro_options o = {0};
  int n = 0;
  coro *c = make(count, &n);
  CHECK_INT(coro_fini(c), CORO_EINVAL);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_fini(c), CORO_EINVAL);
  CHECK_INT(coro_status(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
  o.stack = memory;
  o.stack_bytes = sizeof memory;
  if (core_has_own_stacks()) {
    CHECK_INT(coro_init(&c, memory, sizeof memory, count, &n, NULL),
              CORO_ENOTSUP);
    CHECK_INT(coro_new(&c, count, &n, &o), CORO_ENOTSUP);
    return;
  }
  REQUIRE(coro_init(&c, memory, sizeof memory, count_and_suspend, &n, NULL) ==
          0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_fini(c), CORO_EBUSY);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_fini(c), 0);
  CHECK_INT(coro_fini(c), CORO_EINVAL);
  REQUIRE(coro_new(&c, count, &n, &o) == 0);
  CHECK_INT(coro_fini(c), 0);
  REQUIRE(coro_init(&c, memory, sizeof memory, count, &n, NULL) == 0);
  CHECK_INT(coro_free(c), 0);
}

/* --- Abandoning ---------------------------------------------------------- */

struct log {
  char text[32];
  size_t length;
  coro *other;
};

static void put(struct log *l, char letter) {
  if (l->length + 1 < sizeof l->text) l->text[l->length++] = letter;
  l->text[l->length] = '\0';
}

#define LOGGED(l, expected) CHECK(strcmp((l)->text, expected) == 0)

static void put_a(void *arg) { put(arg, 'a'); }
static void put_b(void *arg) { put(arg, 'b'); }
static void put_c(void *arg) { put(arg, 'c'); }

static void defer_three(void *arg) {
  CHECK_INT(coro_defer(put_a, arg), 0);
  CHECK_INT(coro_defer(put_b, arg), 0);
  put(arg, '1');
  coro_suspend();
  CHECK_INT(coro_defer(put_c, arg), 0);
  put(arg, '2');
  coro_suspend();
  put(arg, '3');
}

static void abandon_runs_handlers_once_in_reverse(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_three, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  LOGGED(&l, "12");
  CHECK_INT(coro_free(c), CORO_EBUSY);
  LOGGED(&l, "12");
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "12cba");
  CHECK_INT(coro_status(c), CORO_DONE);
  CHECK_INT(coro_resume(c), CORO_EDONE);
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "12cba");
  CHECK_INT(coro_free(c), 0);
  LOGGED(&l, "12cba");
}

static void return_runs_handlers_in_reverse(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_three, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  LOGGED(&l, "123cba");
  CHECK_INT(coro_free(c), 0);
  LOGGED(&l, "123cba");
}

static void abandon_of_ready_and_done_runs_nothing(void) {
  int n = 0;
  coro *ready = make(count, &n), *done = make(count, &n);
  CHECK_INT(coro_abandon(ready), 0);
  CHECK_INT(coro_status(ready), CORO_DONE);
  CHECK_INT(coro_resume(ready), CORO_EDONE);
  CHECK_INT(n, 0);
  CHECK_INT(coro_free(ready), 0);
  CHECK_INT(coro_resume(done), CORO_DONE);
  CHECK_INT(coro_abandon(done), 0);
  CHECK_INT(coro_status(done), CORO_DONE);
  CHECK_INT(n, 1);
  CHECK_INT(coro_free(done), 0);
}

static void abandon_oneself(void *arg) {
  coro **self = arg;
  CHECK_INT(coro_abandon(*self), CORO_EBUSY);
  CHECK_INT(coro_status(*self), CORO_RUNNING);
  coro_suspend();
}

static void abandon_of_running_is_refused(void) {
  coro *c = make(abandon_oneself, &c);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

static void try_to_suspend(void *arg) {
  void *p = &p;
  CHECK_INT(coro_suspend(), CORO_EENDING);
  CHECK_INT(coro_suspend_with(put_a, arg), CORO_EENDING);
  CHECK_INT(coro_yield(arg, &p), CORO_EENDING);
  CHECK(p == &p);
  put(arg, 's');
}

static void defer_a_suspend(void *arg) {
  coro_defer(put_a, arg);
  coro_defer(try_to_suspend, arg);
  coro_suspend();
  put(arg, '!');
}

static void handler_cannot_suspend_after_abandon(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_a_suspend, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "sa");
  CHECK_INT(coro_status(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

static void suspend_and_put(void *arg) {
  put(arg, '(');
  CHECK_INT(coro_suspend(), 0);
  put(arg, ')');
}

static void defer_a_real_suspend(void *arg) {
  coro_defer(put_a, arg);
  coro_defer(suspend_and_put, arg);
}

static void handler_may_suspend_after_return(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_a_real_suspend, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  LOGGED(&l, "(");
  CHECK_INT(coro_status(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  LOGGED(&l, "()a");
  CHECK_INT(coro_free(c), 0);
}

static void abandon_while_a_handler_is_suspended(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_a_real_suspend, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "(a");
  CHECK_INT(coro_status(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

static void defer_more(void *arg) {
  put(arg, 'm');
  CHECK_INT(coro_defer(put_c, arg), 0);
}

static void defer_a_deferrer(void *arg) {
  coro_defer(put_a, arg);
  coro_defer(defer_more, arg);
  coro_suspend();
}

static void handler_may_defer(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_a_deferrer, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "mca");
  CHECK_INT(coro_reset(c, defer_a_deferrer, &l), 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  LOGGED(&l, "mcamca");
  CHECK_INT(coro_free(c), 0);
}

/* The handler of an abandoned coroutine is that coroutine, with the one who
 * abandoned it as its resumer. */
static void end_another(void *arg) {
  struct log *l = arg;
  coro *self = coro_current();
  CHECK_INT(coro_status(self), CORO_RUNNING);
  CHECK_INT(coro_free(self), CORO_EBUSY);
  CHECK_INT(coro_abandon(self), CORO_EBUSY);
  put(l, 'x');
  CHECK_INT(coro_abandon(l->other), 0);
  CHECK(coro_current() == self);
  CHECK_INT(coro_free(l->other), 0);
  put(l, 'y');
}

static void defer_ending_another(void *arg) {
  coro_defer(end_another, arg);
  coro_suspend();
}

static void handler_may_abandon_another(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(defer_ending_another, &l);
  l.other = make(defer_three, &l);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(l.other), CORO_SUSPENDED);
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "1xbay");
  CHECK_INT(coro_free(c), 0);
}

static void many_handlers(void *arg) {
  for (int i = 0; i < 1000; i++) coro_defer(count, arg);
  coro_suspend();
}

static void thousand_handlers_run(void) {
  int n = 0;
  coro *c = make(many_handlers, &n);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(n, 0);
  CHECK_INT(coro_abandon(c), 0);
  CHECK_INT(n, 1000);
  CHECK_INT(coro_free(c), 0);
}

static void use_undefer(void *arg) {
  struct log *l = arg;
  CHECK_INT(coro_undefer(1), CORO_EINVAL);
  CHECK_INT(coro_defer(NULL, l), CORO_EINVAL);
  CHECK_INT(coro_undefer(0), CORO_EINVAL);
  coro_defer(put_a, l);
  coro_defer(put_b, l);
  coro_defer(put_c, l);
  CHECK_INT(coro_undefer(1), 0);
  LOGGED(l, "c");
  CHECK_INT(coro_undefer(0), 0);
  LOGGED(l, "c");
  coro_defer(suspend_and_put, l);
  CHECK_INT(coro_undefer(1), 0); /* runs here, so it may suspend */
  LOGGED(l, "c()");
  put(l, '.');
}

static void undefer_takes_the_last(void) {
  struct log l = {{0}, 0, NULL};
  coro *c = make(use_undefer, &l);
  CHECK_INT(coro_defer(put_a, &l), CORO_EROOT);
  CHECK_INT(coro_defer(NULL, &l), CORO_EINVAL);
  CHECK_INT(coro_undefer(1), CORO_EROOT);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  LOGGED(&l, "c().a");
  CHECK_INT(coro_free(c), 0);
}

/* --- Coroutines inside coroutines ---------------------------------------- */

static void make_and_destroy_others(void *arg) {
  int *n = arg;
  coro *others[8];
  for (int i = 0; i < 8; i++) others[i] = make(count_and_suspend, n);
  for (int i = 0; i < 8; i++) CHECK_INT(coro_resume(others[i]), 0);
  coro_suspend();
  for (int i = 0; i < 4; i++) CHECK_INT(coro_resume(others[i]), CORO_DONE);
  for (int i = 4; i < 8; i++) CHECK_INT(coro_abandon(others[i]), 0);
  for (int i = 0; i < 8; i++) CHECK_INT(coro_free(others[i]), 0);
}

static void coroutine_owns_others(void) {
  int n = 0;
  coro *c = make(make_and_destroy_others, &n);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(n, 8);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 12);
  CHECK_INT(coro_free(c), 0);
}

/* --- Using memory again -------------------------------------------------- */

static void leave_traces(void *arg) {
  memset(coro_current_storage(), 0xa5, 100);
  coro_set_result(arg);
  coro_defer(count, arg);
  coro_yield(arg, NULL);
}

/* The pool gives back what was freed last, so nearly always the same address;
 * with own stacks the heap decides. */
static void reused_handle_is_fresh(void) {
  coro_options o = {0};
  int n = 0, same = 0;
  coro *before = NULL;
  uint64_t id = 0;
  for (int round = 0; round < 20; round++) {
    void *result = &n, *yielded = NULL;
    const char *storage;
    coro *c;
    o.storage_bytes = 100;
    o.name = round % 2 ? NULL : "a name that the next one must not have";
    REQUIRE(coro_new(&c, leave_traces, &n, &o) == 0);
    same += c == before;
    before = c;
    CHECK_INT(coro_status(c), CORO_READY);
    CHECK(coro_id(c) > id);
    id = coro_id(c);
    if (!o.name) CHECK(strcmp(coro_name(c), "") == 0);
    CHECK_INT(coro_result(c, &result), 0);
    CHECK(result == NULL);
    storage = coro_storage(c);
    for (int i = 0; i < 100; i++) CHECK_INT(storage[i], 0);
    n = 0;
    CHECK_INT(coro_resume_with(c, &n, &yielded), CORO_SUSPENDED);
    CHECK(yielded == &n);
    /* Abandoned with a handler, a result and a value: none may come back. */
    CHECK_INT(coro_abandon(c), 0);
    CHECK_INT(n, 1);
    CHECK_INT(coro_free(c), 0);
  }
  if (!core_has_own_stacks()) CHECK(same > 0);
}

static void look_for_traces(void *arg) {
  void *injected = arg;
  CHECK_INT(coro_undefer(0), CORO_EINVAL);
  coro_suspend();
  CHECK_INT(coro_yield(NULL, &injected), 0);
  CHECK(injected == NULL);
}

static void reused_handle_inherits_no_value(void) {
  coro_options o = {0};
  int n = 0;
  for (int round = 0; round < 4; round++) {
    void *yielded = &n;
    coro *c;
    o.storage_bytes = 100;
    REQUIRE(coro_new(&c, leave_traces, &n, &o) == 0);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_abandon(c), 0);
    CHECK_INT(coro_free(c), 0);
    REQUIRE(coro_new(&c, look_for_traces, &n, &o) == 0);
    CHECK_INT(coro_resume_with(c, &n, &yielded), CORO_SUSPENDED);
    CHECK(yielded == NULL);
    CHECK_INT(coro_resume(c), CORO_SUSPENDED);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(coro_free(c), 0);
  }
}

static void name_result_and_storage(void *arg) {
  *(int *)coro_current_storage() += 1;
  coro_set_result(arg);
  coro_yield(arg, NULL);
}

static void reset_runs_again(void) {
  coro_options o = {0};
  int n = 0;
  void *result = NULL, *yielded;
  uint64_t id;
  coro *c;
  o.name = "again";
  o.storage_bytes = sizeof(int);
  REQUIRE(coro_new(&c, name_result_and_storage, &n, &o) == 0);
  id = coro_id(c);
  for (int round = 1; round <= 5; round++) {
    CHECK_INT(coro_status(c), CORO_READY);
    CHECK(strcmp(coro_name(c), "again") == 0);
    CHECK_INT(coro_id(c), id);
    CHECK_INT(coro_result(c, &result), 0);
    CHECK(result == NULL);
    yielded = NULL;
    CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_SUSPENDED);
    CHECK(yielded == &n);
    CHECK_INT(*(int *)coro_storage(c), round);
    if (round % 2)
      CHECK_INT(coro_resume(c), CORO_DONE);
    else
      CHECK_INT(coro_abandon(c), 0);
    CHECK_INT(coro_result(c, &result), 0);
    CHECK(result == &n);
    CHECK_INT(coro_reset(c, name_result_and_storage, &n), 0);
  }
  CHECK_INT(coro_reset(c, count, &n), CORO_EBUSY);
  CHECK_INT(coro_free(c), 0);
}

static void reset_takes_done_only(void) {
  int n = 0;
  coro *c = make(count_and_suspend, &n);
  CHECK_INT(coro_reset(c, count, &n), CORO_EBUSY);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_reset(c, count, &n), CORO_EBUSY);
  CHECK_INT(coro_status(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_reset(c, NULL, &n), CORO_EINVAL);
  CHECK_INT(coro_status(c), CORO_DONE);
  CHECK_INT(coro_reset(c, count, &n), 0);
  CHECK_INT(coro_status(c), CORO_READY);
  n = 0;
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 1);
  CHECK_INT(coro_free(c), 0);
}

static void suspend_in_all_ways(void *arg) {
  CHECK_INT(coro_suspend(), 0);
  CHECK_INT(coro_suspend_with(count, arg), 0);
  CHECK_INT(coro_yield(arg, NULL), 0);
}

static void reset_after_abandon_can_suspend(void) {
  struct log l = {{0}, 0, NULL};
  int n = 0;
  coro *c = make(defer_three, &l);
  CHECK_INT(coro_abandon(c), 0); /* READY */
  CHECK_INT(coro_reset(c, defer_three, &l), 0);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_abandon(c), 0);
  LOGGED(&l, "1ba");
  CHECK_INT(coro_reset(c, suspend_in_all_ways, &n), 0);
  for (int i = 0; i < 3; i++) CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n, 1);
  LOGGED(&l, "1ba");
  CHECK_INT(coro_free(c), 0);
}

/* --- Names and numbers --------------------------------------------------- */

static void names_are_copied_and_cut(void) {
  char name[64];
  coro_options o = {0};
  coro *c;
  int n = 0;
  for (size_t length = 0; length < sizeof name; length++) {
    size_t kept = length < CORO_NAME_MAX ? length : CORO_NAME_MAX;
    memset(name, 'n', sizeof name);
    name[length < sizeof name ? length : sizeof name - 1] = '\0';
    o.name = name;
    REQUIRE(coro_new(&c, count, &n, &o) == 0);
    memset(name, '?', sizeof name);
    CHECK_INT(strlen(coro_name(c)), kept);
    CHECK_INT(strspn(coro_name(c), "n"), kept);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(coro_free(c), 0);
  }
  /* No terminator is needed behind what is copied. */
  memset(name, 'n', sizeof name);
  REQUIRE(coro_new(&c, count, &n, &o) == 0);
  CHECK_INT(strlen(coro_name(c)), CORO_NAME_MAX);
  CHECK_INT(coro_free(c), 0);
}

static void ids_are_never_given_twice(void) {
  uint64_t last = 0;
  int n = 0;
  for (int i = 0; i < 5000; i++) {
    coro *c = make(count, &n);
    CHECK(coro_id(c) > last);
    last = coro_id(c);
    CHECK_INT(coro_free(c), 0);
  }
}

static void version_and_backend_are_told(void) {
  char text[32];
  snprintf(text, sizeof text, "%d.%d.%d", CORO_VERSION_MAJOR,
           CORO_VERSION_MINOR, CORO_VERSION_PATCH);
  CHECK(strcmp(text, CORO_VERSION) == 0);
  CHECK(strcmp(coro_version(), CORO_VERSION) == 0);
  CHECK(strcmp(coro_backend(), "x86_64") == 0 ||
        strcmp(coro_backend(), "aarch64") == 0 ||
        strcmp(coro_backend(), "ucontext") == 0 ||
        strcmp(coro_backend(), "winfiber") == 0);
}

extern const core_case core_life_cases[];
const core_case core_life_cases[] = {
    {"coro.h", "creating refuses bad arguments and touches nothing",
     refuses_bad_arguments},
    {"21", "a NULL handle is refused by every call", null_handle_is_refused},
    {"45", "a freed handle is refused by every call", freed_handle_is_refused},
    {"1", "creating runs nothing, the first resume runs the body",
     creating_runs_nothing},
    {"2", "the status is right at each step, seen from outside and inside",
     status_is_right_at_each_step},
    {"3", "one that has resumed another is NORMAL and cannot be resumed",
     resumer_is_normal},
    {"5", "a body that never suspends finishes in one resume",
     never_suspending_finishes_at_once},
    {"6", "changes of the argument and the storage are seen at each suspend",
     argument_and_storage_are_shared},
    {"27", "free takes READY and DONE and refuses the others",
     free_takes_ready_and_done_only},
    {"28", "free of a suspended one is refused and runs nothing",
     free_of_suspended_runs_nothing},
    {"34", "fini is for what init made", fini_is_for_init},
    {"28",
     "abandon runs the handlers once, in reverse, and no more of the body",
     abandon_runs_handlers_once_in_reverse},
    {"28", "a return runs the handlers in reverse",
     return_runs_handlers_in_reverse},
    {"28", "abandon of READY and DONE runs nothing and leaves DONE",
     abandon_of_ready_and_done_runs_nothing},
    {"28", "abandon of the running one is refused",
     abandon_of_running_is_refused},
    {"28", "a thousand handlers run", thousand_handlers_run},
    {"28", "abandon while a handler is suspended runs the other handlers",
     abandon_while_a_handler_is_suspended},
    {"28", "a handler may defer another, which runs next", handler_may_defer},
    {"28", "a handler may abandon and free another coroutine",
     handler_may_abandon_another},
    {"29", "a handler that suspends gets a code and the abandon completes",
     handler_cannot_suspend_after_abandon},
    {"29", "after a return a handler may suspend",
     handler_may_suspend_after_return},
    {"coro.h", "undefer takes the last handler off, and runs it when asked",
     undefer_takes_the_last},
    {"30", "a coroutine makes, runs and destroys others",
     coroutine_owns_others},
    {"31", "a coroutine in used memory has nothing of the one before",
     reused_handle_is_fresh},
    {"31", "a coroutine in used memory inherits no value on its way",
     reused_handle_inherits_no_value},
    {"33", "a reset coroutine runs again with fresh values on its old stack",
     reset_runs_again},
    {"33", "reset takes a DONE one only", reset_takes_done_only},
    {"33", "a coroutine that is reset after an abandon can suspend",
     reset_after_abandon_can_suspend},
    {"coro.h", "names are copied and cut", names_are_copied_and_cut},
    {"coro.h", "ids only rise on one thread", ids_are_never_given_twice},
    {"coro.h", "version and backend are told", version_and_backend_are_told},
    {0, 0, 0}};
