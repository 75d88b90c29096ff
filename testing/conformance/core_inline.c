/* Inline and out-of-line forms of resume and suspend share one protocol: each
 * goes on with what the other has left, in every combination, by calls and by
 * pointers. */
#include "testing/conformance/core_callers.h"

#include "testing/conformance/core_check.h"

CORE_CALLERS(inline)

static const struct callers *const forms[] = {&callers_inline,
                                              &callers_outline};

static coro *make(coro_fn fn, void *arg) {
  coro *c = NULL;
  CHECK_INT(coro_new(&c, fn, arg, NULL), 0);
  return c;
}

/* What a body's registers add up to. */
static long expected_sum(long steps) {
  long a = 1, b = 2, d = 3, e = 5, f = 7, g = 11;
  while (steps-- > 0) {
    a += 1;
    b += a;
    d ^= b;
    e += d;
    f -= e;
    g ^= f;
  }
  return a + b + d + e + f + g;
}

static void either_resumes_either(void) {
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) {
      struct steps s = {100, 0, 0, NULL, NULL, NULL};
      int rc;
      s.self = make(forms[i]->body, &s);
      for (int step = 0; (rc = forms[j]->resume(s.self)) == 0; step++) {
        CHECK_INT(s.done, step + 1);
        CHECK(forms[j]->current() == NULL);
      }
      CHECK_INT(rc, CORO_DONE);
      CHECK_INT(s.done, 100);
      CHECK_INT(s.sum, expected_sum(100));
      CHECK_INT(coro_free(s.self), 0);
    }
}

static void resumers_may_take_turns(void) {
  for (int i = 0; i < 2; i++) {
    struct steps s = {100, 0, 0, NULL, NULL, NULL};
    int rc, turn = 0;
    s.self = make(forms[i]->body, &s);
    while ((rc = forms[turn++ / 3 % 2]->resume(s.self)) == 0) continue;
    CHECK_INT(rc, CORO_DONE);
    CHECK_INT(s.sum, expected_sum(100));
    CHECK_INT(coro_free(s.self), 0);
  }
}

static void forms_nest(void) {
  for (int all = 0; all < 8; all++) {
    const struct callers *outer = forms[all & 1], *inner = forms[all >> 1 & 1],
                         *between = forms[all >> 2];
    struct steps low = {100, 0, 0, NULL, NULL, NULL};
    struct steps high = {100, 0, 0, NULL, NULL, NULL};
    low.self = make(inner->body, &low);
    high.self = make(outer->body, &high);
    high.inner = low.self;
    high.resume_inner = between->resume;
    while (coro_resume(high.self) == 0) continue;
    CHECK_INT(high.sum, expected_sum(100));
    CHECK_INT(coro_resume(low.self), CORO_DONE);
    CHECK_INT(low.sum, expected_sum(100));
    CHECK_INT(coro_free(high.self), 0);
    CHECK_INT(coro_free(low.self), 0);
  }
}

static void suspend_by_pointer(void *arg) {
  int (*volatile suspend)(void) = coro_suspend;
  coro *(*volatile current)(void) = coro_current;
  coro **self = arg;
  for (int i = 0; i < 10; i++) {
    CHECK(current() == *self);
    CHECK_INT(suspend(), 0);
  }
}

static void pointers_to_the_functions_work(void) {
  int (*volatile resume)(coro *) = coro_resume;
  int (*volatile suspend)(void) = coro_suspend;
  coro *c = make(suspend_by_pointer, &c);
  CHECK_INT(suspend(), CORO_EROOT);
  CHECK_INT(resume(NULL), CORO_EINVAL);
  for (int i = 0; i < 10; i++) CHECK_INT(resume(c), CORO_SUSPENDED);
  CHECK_INT(resume(c), CORO_DONE);
  CHECK_INT(resume(c), CORO_EDONE);
  CHECK_INT(coro_free(c), 0);
}

static void look(void *arg) { ++*(int *)arg; }

static void suspend_with_and_without(void *arg) {
  for (int i = 0; i < 10; i++) {
    CHECK_INT(coro_suspend_with(look, arg), 0);
    CHECK_INT(coro_suspend(), 0);
  }
}

/* The function runs before a resumer of either form goes on. */
static void suspend_with_lands_in_either(void) {
  for (int j = 0; j < 2; j++) {
    int n = 0;
    coro *c = make(suspend_with_and_without, &n);
    for (int i = 0; i < 10; i++) {
      CHECK_INT(forms[j]->resume(c), CORO_SUSPENDED);
      CHECK_INT(n, i + 1);
      CHECK_INT(forms[j]->resume(c), CORO_SUSPENDED);
      CHECK_INT(n, i + 1);
    }
    CHECK_INT(forms[j]->resume(c), CORO_DONE);
    CHECK_INT(coro_free(c), 0);
  }
}

static void both_forms_refuse_alike(void) {
  for (int j = 0; j < 2; j++) {
    struct steps s = {0, 0, 0, NULL, NULL, NULL};
    coro *c = make(forms[j]->body, &s);
    CHECK_INT(forms[j]->suspend(), CORO_EROOT);
    CHECK_INT(forms[j]->resume(NULL), CORO_EINVAL);
    CHECK(forms[j]->current() == NULL);
    CHECK_INT(forms[j]->resume(c), CORO_DONE);
    CHECK_INT(forms[j]->resume(c), CORO_EDONE);
    CHECK_INT(coro_free(c), 0);
  }
}

extern const core_case core_inline_cases[];
const core_case core_inline_cases[] = {
    {"coro.h", "inline and out-of-line callers resume each other's coroutines",
     either_resumes_either},
    {"coro.h", "inline and out-of-line callers may take turns",
     resumers_may_take_turns},
    {"coro.h", "inline and out-of-line callers nest", forms_nest},
    {"coro.h", "resume and suspend have addresses",
     pointers_to_the_functions_work},
    {"14", "suspend_with lands in inline and out-of-line resumers",
     suspend_with_lands_in_either},
    {"coro.h", "inline and out-of-line callers are refused alike",
     both_forms_refuse_alike},
    {0, 0, 0}};
