/* Who gets control, in which order, and who is refused it. */
#include <string.h>

#include "coro/coro.h"
#include "coro/stack.h"
#include "testing/conformance/core_check.h"

static coro *make(coro_fn fn, void *arg) {
  coro *c = NULL;
  CHECK_INT(coro_new(&c, fn, arg, NULL), 0);
  return c;
}

/* The order of events, as letters. */
struct script {
  char text[64];
  size_t length;
  coro *a, *b, *c, *starter;
  int last;
};

static void put(struct script *s, char letter) {
  if (s->length + 1 < sizeof s->text) s->text[s->length++] = letter;
  s->text[s->length] = '\0';
}

#define HAPPENED(s, expected) CHECK(strcmp((s)->text, expected) == 0)

/* --- Order --------------------------------------------------------------- */

static void odd_steps(void *arg) {
  put(arg, '1');
  coro_suspend();
  put(arg, '3');
  coro_suspend();
  put(arg, '5');
  coro_suspend();
  put(arg, '7');
}

static void order_is_exact(void) {
  struct script s = {0};
  coro *c = make(odd_steps, &s);
  put(&s, '0');
  coro_resume(c);
  put(&s, '2');
  coro_resume(c);
  put(&s, '4');
  coro_resume(c);
  put(&s, '6');
  CHECK_INT(coro_resume(c), CORO_DONE);
  HAPPENED(&s, "01234567");
  CHECK_INT(coro_free(c), 0);
}

/* --- suspend_with -------------------------------------------------------- */

static void look_from_the_resumer(void *arg) {
  struct script *s = arg;
  CHECK(coro_current() == NULL);
  CHECK_INT(coro_status(s->a), CORO_SUSPENDED);
  put(s, 'f');
}

static void suspend_with_a_look(void *arg) {
  put(arg, '1');
  CHECK_INT(coro_suspend_with(look_from_the_resumer, arg), 0);
  put(arg, '2');
}

static void suspend_with_runs_on_the_resumer(void) {
  struct script s = {0};
  s.a = make(suspend_with_a_look, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  put(&s, 'r');
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  HAPPENED(&s, "1fr2");
  CHECK_INT(coro_free(s.a), 0);
}

static void suspend_with_refuses(void) {
  struct script s = {0};
  CHECK_INT(coro_suspend_with(NULL, &s), CORO_EINVAL);
  CHECK_INT(coro_suspend_with(look_from_the_resumer, &s), CORO_EROOT);
  HAPPENED(&s, "");
}

static void suspend_with_nothing(void *arg) {
  CHECK_INT(coro_suspend_with(NULL, arg), CORO_EINVAL);
  put(arg, '1');
}

static void suspend_with_null_goes_on(void) {
  struct script s = {0};
  coro *c = make(suspend_with_nothing, &s);
  CHECK_INT(coro_resume(c), CORO_DONE);
  HAPPENED(&s, "1");
  CHECK_INT(coro_free(c), 0);
}

static void resume_the_same(void *arg) {
  struct script *s = arg;
  put(s, 'f');
  CHECK_INT(coro_status(s->a), CORO_SUSPENDED);
  s->last = coro_resume(s->a);
  put(s, 'g');
}

static void suspend_to_be_resumed_at_once(void *arg) {
  put(arg, '1');
  CHECK_INT(coro_suspend_with(resume_the_same, arg), 0);
  put(arg, '2');
  coro_suspend();
  put(arg, '3');
}

static void suspend_with_may_resume_the_same(void) {
  struct script s = {0};
  s.a = make(suspend_to_be_resumed_at_once, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  CHECK_INT(s.last, CORO_SUSPENDED);
  put(&s, 'r');
  HAPPENED(&s, "1f2gr");
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  HAPPENED(&s, "1f2gr3");
  CHECK_INT(coro_free(s.a), 0);
}

/* --- The callback ends the very coroutine --- */

static void put_deferred(void *arg) { put(arg, 'd'); }

static void abandon_the_same(void *arg) {
  struct script *s = arg;
  put(s, 'f');
  CHECK_INT(coro_abandon(s->a), 0);
  CHECK_INT(coro_status(s->a), CORO_DONE);
}

static void abandon_and_free_the_same(void *arg) {
  struct script *s = arg;
  abandon_the_same(s);
  CHECK_INT(coro_free(s->a), 0);
  s->a = NULL;
}

static void suspend_to_be_abandoned(void *arg) {
  coro_defer(put_deferred, arg);
  coro_suspend_with(abandon_the_same, arg);
  put(arg, '!');
}

static void suspend_to_be_freed(void *arg) {
  coro_defer(put_deferred, arg);
  coro_suspend_with(abandon_and_free_the_same, arg);
  put(arg, '!');
}

static void resume_a(void *arg) {
  struct script *s = arg;
  coro *self = coro_current();
  put(s, '(');
  CHECK(coro_resume(s->a) >= 0);
  put(s, ')');
  CHECK(coro_current() == self);
}

static void suspend_with_may_end_the_same(void) {
  struct script s = {0};
  s.a = make(suspend_to_be_abandoned, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  HAPPENED(&s, "fd");
  CHECK_INT(coro_status(s.a), CORO_DONE);
  CHECK_INT(coro_free(s.a), 0);

  memset(&s, 0, sizeof s);
  s.a = make(suspend_to_be_freed, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  HAPPENED(&s, "fd");
  CHECK(s.a == NULL);

  memset(&s, 0, sizeof s); /* with a coroutine as the resumer */
  s.a = make(suspend_to_be_freed, &s);
  s.b = make(resume_a, &s);
  CHECK_INT(coro_resume(s.b), CORO_DONE);
  HAPPENED(&s, "(fd)");
  CHECK_INT(coro_free(s.b), 0);
}

static void finish_the_same(void *arg) {
  struct script *s = arg;
  CHECK_INT(coro_resume(s->a), CORO_DONE);
  CHECK_INT(coro_free(s->a), 0);
  s->a = make(odd_steps, s); /* which likely lies at the same address */
}

static void suspend_to_be_finished(void *arg) {
  put(arg, '+');
  coro_suspend_with(finish_the_same, arg);
  put(arg, '-');
}

static void suspend_with_may_replace_the_same(void) {
  struct script s = {0};
  s.a = make(suspend_to_be_finished, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  HAPPENED(&s, "+-");
  CHECK_INT(coro_status(s.a), CORO_READY);
  CHECK_INT(coro_free(s.a), 0);
}

/* --- The callback uses suspend_with itself --- */

static void put_inner(void *arg) { put(arg, 'i'); }

static void inner_with_callback(void *arg) {
  put(arg, '[');
  coro_suspend_with(put_inner, arg);
  put(arg, ']');
}

static void resume_inner(void *arg) {
  struct script *s = arg;
  put(s, 'f');
  CHECK_INT(coro_resume(s->b), CORO_SUSPENDED);
  put(s, 'g');
}

static void outer_with_callback(void *arg) {
  put(arg, '1');
  coro_suspend_with(resume_inner, arg);
  put(arg, '2');
}

static void suspend_with_nests(void) {
  struct script s = {0};
  s.a = make(outer_with_callback, &s);
  s.b = make(inner_with_callback, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  HAPPENED(&s, "1f[ig");
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  CHECK_INT(coro_resume(s.b), CORO_DONE);
  HAPPENED(&s, "1f[ig2]");
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_free(s.b), 0);
}

/* The callback runs as the resumer, so it suspends the resumer. */
static void suspend_the_resumer(void *arg) {
  struct script *s = arg;
  CHECK(coro_current() == s->b);
  put(s, 'f');
  CHECK_INT(coro_suspend(), 0);
  put(s, 'g');
}

static void suspend_both(void *arg) {
  put(arg, '1');
  coro_suspend_with(suspend_the_resumer, arg);
  put(arg, '2');
}

static void suspend_with_may_suspend_the_resumer(void) {
  struct script s = {0};
  s.a = make(suspend_both, &s);
  s.b = make(resume_a, &s);
  CHECK_INT(coro_resume(s.b), CORO_SUSPENDED);
  HAPPENED(&s, "(1f");
  CHECK_INT(coro_status(s.a), CORO_SUSPENDED);
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_resume(s.b), CORO_DONE);
  HAPPENED(&s, "(1f2g)");
  CHECK_INT(coro_free(s.b), 0);
}

/* --- Who am I ------------------------------------------------------------ */

static void check_current(void *arg) {
  struct script *s = arg;
  CHECK(coro_current() == s->b);
  coro_suspend();
  CHECK(coro_current() == s->b);
}

static void check_current_around(void *arg) {
  struct script *s = arg;
  CHECK(coro_current() == s->a);
  coro_resume(s->b);
  CHECK(coro_current() == s->a);
  coro_suspend();
  CHECK(coro_current() == s->a);
  coro_resume(s->b);
  CHECK(coro_current() == s->a);
}

static void current_is_right_everywhere(void) {
  struct script s = {0};
  CHECK(coro_current() == NULL);
  s.a = make(check_current_around, &s);
  s.b = make(check_current, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  CHECK(coro_current() == NULL);
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  CHECK(coro_current() == NULL);
  CHECK_INT(coro_status(s.b), CORO_DONE);
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_free(s.b), 0);
}

/* --- Refusals ------------------------------------------------------------ */

static void resume_oneself(void *arg) {
  struct script *s = arg;
  void *p = s;
  CHECK_INT(coro_resume(s->a), CORO_ESELF);
  CHECK_INT(coro_resume_with(s->a, s, &p), CORO_ESELF);
  CHECK(p == s);
  CHECK_INT(coro_status(s->a), CORO_RUNNING);
  CHECK(coro_current() == s->a);
  put(s, '1');
  coro_suspend();
  CHECK_INT(coro_resume(s->a), CORO_ESELF);
  put(s, '2');
}

static void resuming_oneself_is_refused(void) {
  struct script s = {0};
  s.a = make(resume_oneself, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  HAPPENED(&s, "12");
  CHECK_INT(coro_free(s.a), 0);
}

static void resume_ancestors(void *arg) {
  struct script *s = arg;
  void *p = s;
  CHECK_INT(coro_resume(s->a), CORO_ENESTED);
  CHECK_INT(coro_resume(s->b), CORO_ENESTED);
  CHECK_INT(coro_resume_with(s->a, NULL, &p), CORO_ENESTED);
  CHECK(p == s);
  CHECK_INT(coro_status(s->a), CORO_NORMAL);
  CHECK_INT(coro_status(s->b), CORO_NORMAL);
  CHECK_INT(coro_status(s->c), CORO_RUNNING);
  CHECK(coro_current() == s->c);
  put(s, 'c');
}

static void resume_c(void *arg) {
  struct script *s = arg;
  CHECK_INT(coro_resume(s->c), CORO_DONE);
  put(s, 'b');
}

static void resume_b(void *arg) {
  struct script *s = arg;
  CHECK_INT(coro_resume(s->b), CORO_DONE);
  put(s, 'a');
}

static void resuming_an_ancestor_is_refused(void) {
  struct script s = {0};
  s.a = make(resume_b, &s);
  s.b = make(resume_c, &s);
  s.c = make(resume_ancestors, &s);
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  HAPPENED(&s, "cba");
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_free(s.b), 0);
  CHECK_INT(coro_free(s.c), 0);
}

static void resuming_a_finished_one_is_refused(void) {
  struct script s = {0};
  void *p = &s;
  coro *c = make(put_inner, &s);
  CHECK_INT(coro_resume(c), CORO_DONE);
  for (int i = 0; i < 3; i++) {
    CHECK_INT(coro_resume(c), CORO_EDONE);
    CHECK_INT(coro_resume_with(c, NULL, &p), CORO_EDONE);
    CHECK_INT(coro_status(c), CORO_DONE);
  }
  CHECK(p == &s);
  HAPPENED(&s, "i");
  CHECK_INT(coro_free(c), 0);
}

static void suspending_the_root_is_refused(void) {
  void *p = &p;
  CHECK_INT(coro_suspend(), CORO_EROOT);
  CHECK_INT(coro_yield(NULL, &p), CORO_EROOT);
  CHECK_INT(coro_set_result(p), CORO_EROOT);
  CHECK(p == &p);
  CHECK(coro_current() == NULL);
  CHECK(coro_current_storage() == NULL);
}

/* --- Who gets control ---------------------------------------------------- */

static void suspend_twice(void *arg) {
  put(arg, '1');
  coro_suspend();
  put(arg, '2');
  coro_suspend();
  put(arg, '3');
}

static void go_on(void *arg) {
  struct script *s = arg;
  put(s, 'b');
  s->last = coro_resume(s->c);
  put(s, 'B');
}

static void start_c(void *arg) {
  struct script *s = arg;
  put(s, 'a');
  CHECK_INT(coro_resume(s->c), CORO_SUSPENDED);
  put(s, 'A');
  coro_suspend();
  put(s, '!');
}

static void control_goes_to_the_last_resumer(void) {
  struct script s = {0};
  s.a = make(start_c, &s);
  s.b = make(go_on, &s);
  s.c = make(suspend_twice, &s);
  CHECK_INT(coro_resume(s.a), CORO_SUSPENDED);
  CHECK_INT(coro_resume(s.b), CORO_DONE); /* c's suspend goes to b */
  CHECK_INT(s.last, CORO_SUSPENDED);
  HAPPENED(&s, "a1Ab2B");
  CHECK_INT(coro_reset(s.b, go_on, &s), 0);
  CHECK_INT(coro_resume(s.b), CORO_DONE); /* and so does c's end */
  CHECK_INT(s.last, CORO_DONE);
  HAPPENED(&s, "a1Ab2Bb3B");
  CHECK_INT(coro_abandon(s.a), 0);
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_free(s.b), 0);
  CHECK_INT(coro_free(s.c), 0);
}

static void start_and_finish(void *arg) {
  struct script *s = arg;
  CHECK_INT(coro_resume(s->c), CORO_SUSPENDED);
}

static void child_outlives_its_starter(void) {
  struct script s = {0};
  s.a = make(start_and_finish, &s);
  s.b = make(go_on, &s);
  s.c = make(suspend_twice, &s);
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_status(s.c), CORO_SUSPENDED);
  CHECK_INT(coro_resume(s.b), CORO_DONE);
  CHECK_INT(s.last, CORO_SUSPENDED);
  CHECK_INT(coro_free(s.b), 0);
  CHECK_INT(coro_resume(s.c), CORO_DONE); /* the root is the third resumer */
  HAPPENED(&s, "1b2B3");
  CHECK_INT(coro_free(s.c), 0);
}

static void chain_c(void *arg) {
  put(arg, 'c');
  coro_suspend();
  put(arg, 'C');
}

static void chain_b(void *arg) {
  struct script *s = arg;
  put(s, 'b');
  CHECK_INT(coro_resume(s->c), CORO_SUSPENDED);
  put(s, 'B');
  CHECK_INT(coro_resume(s->c), CORO_DONE);
  coro_suspend();
  put(s, '#');
}

static void chain_a(void *arg) {
  struct script *s = arg;
  put(s, 'a');
  CHECK_INT(coro_resume(s->b), CORO_SUSPENDED);
  put(s, 'A');
  CHECK_INT(coro_resume(s->b), CORO_DONE);
}

static void suspend_goes_up_one_step(void) {
  struct script s = {0};
  s.a = make(chain_a, &s);
  s.b = make(chain_b, &s);
  s.c = make(chain_c, &s);
  CHECK_INT(coro_resume(s.a), CORO_DONE);
  HAPPENED(&s, "abcBCA#");
  CHECK_INT(coro_free(s.a), 0);
  CHECK_INT(coro_free(s.b), 0);
  CHECK_INT(coro_free(s.c), 0);
}

/* --- Many ---------------------------------------------------------------- */

/* ThreadSanitizer has 8128 threads and fibers at most; Valgrind looks for a
 * stack among all of them. */
static int depth(void) { return core_is_slow() ? 500 : 10000; }

struct nest {
  int level, unwound, bottom, failed;
};

static void nest(void *arg) {
  struct nest *n = arg;
  int level = ++n->level;
  if (level < n->bottom) {
    coro_options o = {0};
    coro *c;
    o.stack_bytes = 16384;
    if (coro_new(&c, nest, n, &o) < 0) {
      n->failed = 1;
      return;
    }
    if (coro_resume(c) != CORO_DONE) n->failed = 1;
    if (coro_free(c) != 0) n->failed = 1;
  }
  if (n->unwound != n->bottom - level) n->failed = 1;
  n->unwound++;
}

static void ten_thousand_nested_resumes(void) {
  struct nest n = {0, 0, 0, 0};
  coro *c = make(nest, &n);
  n.bottom = depth();
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(n.failed, 0);
  CHECK_INT(n.unwound, n.bottom);
  CHECK_INT(coro_free(c), 0);
}

struct bounce {
  coro *other;
  long turns, rounds;
  size_t left; /* of the stack, at the first turn */
  int grown;
};

/* Anything left behind at a switch would show as less stack remaining. */
static void look_at_stack(struct bounce *b) {
  size_t left = coro_stack_remaining();
  if (b->turns++ == 0) b->left = left;
  if (b->left != left) b->grown = 1;
}

static void turn(void *arg) {
  for (;;) {
    look_at_stack(arg);
    coro_suspend();
  }
}

/* The two take turns through their parent. */
static void bounce_through_parent(void *arg) {
  struct bounce *b = arg;
  struct bounce x = {NULL, 0, 0, 0, 0}, y = {NULL, 0, 0, 0, 0};
  x.other = make(turn, &x);
  y.other = make(turn, &y);
  while (b->turns < b->rounds) {
    look_at_stack(b);
    if (coro_resume(x.other) != 0 || coro_resume(y.other) != 0) break;
    if (x.turns != b->turns || y.turns != b->turns) break;
  }
  b->grown |= x.grown | y.grown;
  CHECK_INT(x.turns, b->rounds);
  CHECK_INT(y.turns, b->rounds);
  CHECK_INT(coro_abandon(x.other), 0);
  CHECK_INT(coro_abandon(y.other), 0);
  CHECK_INT(coro_free(x.other), 0);
  CHECK_INT(coro_free(y.other), 0);
}

/* Here one resumes the other and is resumed by the root. */
static void resume_other(void *arg) {
  struct bounce *b = arg;
  while (b->turns < b->rounds) {
    look_at_stack(b);
    if (coro_resume(b->other) != 0) break;
    coro_suspend();
  }
}

static void million_rounds(void) {
  struct bounce high = {NULL, 0, 0, 0, 0}, low = {NULL, 0, 0, 0, 0};
  coro *c = make(bounce_through_parent, &high);
  high.rounds = core_is_slow() ? 10000 : 1000000;
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(high.turns, high.rounds);
  CHECK_INT(high.grown, 0);
  CHECK_INT(coro_free(c), 0);

  high.turns = 0;
  high.other = make(turn, &low);
  c = make(resume_other, &high);
  while (coro_resume(c) == CORO_SUSPENDED) continue;
  CHECK_INT(high.turns, high.rounds);
  CHECK_INT(low.turns, high.rounds);
  CHECK_INT(high.grown | low.grown, 0);
  CHECK_INT(coro_abandon(high.other), 0);
  CHECK_INT(coro_free(high.other), 0);
  CHECK_INT(coro_free(c), 0);
}

extern const core_case core_switch_cases[];
const core_case core_switch_cases[] = {
    {"4", "the order of steps of creator and body is exact", order_is_exact},
    {"14", "suspend_with runs its function on the resumer's side, once",
     suspend_with_runs_on_the_resumer},
    {"14", "suspend_with refuses a NULL function and the root",
     suspend_with_refuses},
    {"14", "suspend_with a NULL function goes on at once",
     suspend_with_null_goes_on},
    {"14", "suspend_with's function may resume the very coroutine",
     suspend_with_may_resume_the_same},
    {"14", "suspend_with's function may abandon and free the very coroutine",
     suspend_with_may_end_the_same},
    {"14", "suspend_with's function may put another in the coroutine's place",
     suspend_with_may_replace_the_same},
    {"14", "suspend_with's function suspends the resumer as whom it runs",
     suspend_with_may_suspend_the_resumer},
    {"15", "suspend_with's function may resume one that uses it as well",
     suspend_with_nests},
    {"16", "current is the running coroutine after every switch",
     current_is_right_everywhere},
    {"17", "resuming oneself is refused", resuming_oneself_is_refused},
    {"18", "resuming an ancestor is refused", resuming_an_ancestor_is_refused},
    {"19", "resuming a finished one is refused",
     resuming_a_finished_one_is_refused},
    {"20", "suspending the root is refused", suspending_the_root_is_refused},
    {"22", "suspend and end give control to the last resumer",
     control_goes_to_the_last_resumer},
    {"23", "a child that outlives its starter returns to who resumes it",
     child_outlives_its_starter},
    {"24", "ten thousand nested resumes unwind in order",
     ten_thousand_nested_resumes},
    {"25",
     "a million rounds between two coroutines take no more stack than one",
     million_rounds},
    {"26", "in a chain each suspend goes up one step",
     suspend_goes_up_one_step},
    {0, 0, 0}};
