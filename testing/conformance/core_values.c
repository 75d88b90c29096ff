/* Values on their way out of a coroutine and into it; frames are in
 * core_frame.c. */
#include <pthread.h>
#include <string.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"

static coro *make(coro_fn fn, void *arg) {
  coro *c = NULL;
  CHECK_INT(coro_new(&c, fn, arg, NULL), 0);
  return c;
}

static void nothing(void *arg) { (void)arg; }

/* --- Yield and inject ---------------------------------------------------- */

/* Yields whatever is injected, until that is NULL. */
static void echo(void *arg) {
  void *value = arg;
  while (value) CHECK_INT(coro_yield(value, &value), 0);
}

static void pointers_keep_their_identity(void) {
  struct {
    char one;
    int aligned;
    char many[4096];
  } places[3];
  void *values[4], *yielded = NULL;
  coro *c = make(echo, &places[0]);
  values[0] = &places[0].one;
  values[1] = &places[1].many[4095];
  values[2] = (void *)~(uintptr_t)0;
  values[3] = (void *)(uintptr_t)1;
  CHECK_INT(coro_resume_with(c, values[3], &yielded), CORO_SUSPENDED);
  CHECK(yielded == &places[0]); /* what went into the first run is dropped */
  for (int i = 0; i < 4; i++) {
    CHECK_INT(coro_resume_with(c, values[i], &yielded), CORO_SUSPENDED);
    CHECK(yielded == values[i]);
  }
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_DONE);
  CHECK(yielded == NULL);
  CHECK_INT(coro_free(c), 0);
}

static void double_up(void *arg) {
  double *value = arg;
  void *next = NULL;
  while (value) {
    *value *= 2;
    CHECK_INT(coro_yield(value, &next), 0);
    value = next;
  }
}

static uint64_t bits(double d) {
  uint64_t n;
  memcpy(&n, &d, sizeof n);
  return n;
}

static void doubles_pass_unchanged(void) {
  const double given[] = {0.1, -0.0, 1e308, 4.9e-324, 3.0};
  double d = given[0];
  void *yielded;
  coro *c = make(double_up, &d);
  for (int i = 0; i < 5; i++) {
    d = given[i];
    CHECK_INT(coro_resume_with(c, &d, &yielded), CORO_SUSPENDED);
    CHECK(yielded == &d);
    CHECK(bits(d) == bits(given[i] * 2));
  }
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

/* --- Paired with plain suspends and resumes ------------------------------ */

struct pairing {
  void *injected[4];
  int marks[4];
};

static void yield_and_suspend(void *arg) {
  struct pairing *p = arg;
  CHECK_INT(coro_yield(&p->marks[0], &p->injected[0]), 0);
  CHECK_INT(coro_suspend(), 0);
  CHECK_INT(coro_yield(&p->marks[2], &p->injected[2]), 0);
  CHECK_INT(coro_yield(&p->marks[3], NULL), 0);
}

static void plain_resume_injects_null(void) {
  struct pairing p;
  void *yielded = &p;
  coro *c = make(yield_and_suspend, &p);
  memset(&p, 0, sizeof p);
  p.injected[0] = p.injected[2] = &p;
  CHECK_INT(coro_resume_with(c, NULL, NULL), CORO_SUSPENDED);
  CHECK_INT(coro_resume_with(c, &p.marks[1], &yielded), CORO_SUSPENDED);
  CHECK(p.injected[0] == &p.marks[1]);
  CHECK(yielded == NULL); /* a plain suspend has no value */
  /* Injected into a plain suspend it is dropped, not kept for the yield. */
  CHECK_INT(coro_resume_with(c, &p.marks[1], &yielded), CORO_SUSPENDED);
  CHECK(yielded == &p.marks[2]);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK(p.injected[2] == NULL);
  yielded = &p;
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_DONE);
  CHECK(yielded == NULL);
  CHECK_INT(coro_free(c), 0);
}

static void put_value_aside(void *arg) { (void)arg; }

static void suspend_with_between_yields(void *arg) {
  CHECK_INT(coro_yield(arg, NULL), 0);
  CHECK_INT(coro_suspend_with(put_value_aside, arg), 0);
  CHECK_INT(coro_yield(arg, NULL), 0);
}

static void suspend_with_has_no_value(void) {
  int n = 0;
  void *yielded = NULL;
  coro *c = make(suspend_with_between_yields, &n);
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_SUSPENDED);
  CHECK(yielded == &n);
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_SUSPENDED);
  CHECK(yielded == NULL);
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_SUSPENDED);
  CHECK(yielded == &n);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

/* What the coroutine yields to the function is not for the resumer. */
static void let_it_yield(void *arg) {
  coro **c = arg;
  void *yielded = NULL;
  CHECK_INT(coro_resume_with(*c, NULL, &yielded), CORO_SUSPENDED);
  CHECK(yielded == c);
}

static void suspend_with_and_yield(void *arg) {
  CHECK_INT(coro_suspend_with(let_it_yield, arg), 0);
  CHECK_INT(coro_yield(arg, NULL), 0);
}

static void value_for_the_function_goes_no_further(void) {
  void *yielded = &yielded;
  coro *c = make(suspend_with_and_yield, &c);
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_SUSPENDED);
  CHECK(yielded == NULL);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

/* The resumer has a value on its way while the coroutine's function runs, and
 * the coroutine's memory is gone by the time it arrives. */
static void *from_static(void *context, size_t bytes) {
  static char memory[65536 + 16];
  (void)context;
  return bytes <= 65536 ? memory + (16 - (uintptr_t)memory % 16) % 16 : NULL;
}

static void scribble(void *context, void *memory, size_t bytes) {
  ++*(int *)context;
  memset(memory, 0xa5, bytes);
}

static void end_and_free(void *arg) {
  coro **c = arg;
  CHECK_INT(coro_abandon(*c), 0);
  CHECK_INT(coro_free(*c), 0);
}

static void suspend_to_be_freed(void *arg) {
  coro_suspend_with(end_and_free, arg);
}

static void value_of_a_freed_one_is_null(void) {
  int freed = 0, value = 0;
  coro_allocator allocator = {from_static, scribble, NULL};
  coro_options o = {0};
  void *yielded = &value;
  coro *c;
  allocator.context = &freed;
  o.allocator = &allocator;
  if (core_has_own_stacks()) return;
  REQUIRE(coro_new(&c, suspend_to_be_freed, &c, &o) == 0);
  CHECK_INT(coro_resume_with(c, NULL, &yielded), CORO_SUSPENDED);
  CHECK_INT(freed, 1);
  CHECK(yielded == NULL);
}

static void yield_twice(void *arg) {
  void **injected = arg;
  CHECK_INT(coro_yield(NULL, &injected[0]), 0);
  CHECK_INT(coro_yield(NULL, &injected[1]), 0);
}

static void *inject_from_outside(void *arg) {
  void *p = arg;
  CHECK_INT(coro_resume_with(arg, &p, &p), CORO_ETHREAD);
  CHECK(p == arg);
  return NULL;
}

static void refused_injection_is_not_kept(void) {
  void *injected[2] = {NULL, NULL};
  pthread_t thread;
  coro *c = make(yield_twice, injected);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  injected[0] = &thread;
  REQUIRE(pthread_create(&thread, NULL, inject_from_outside, c) == 0);
  pthread_join(thread, NULL);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK(injected[0] == NULL);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

/* --- The result ---------------------------------------------------------- */

static void set_results(void *arg) {
  int *values = arg;
  CHECK_INT(coro_set_result(&values[0]), 0);
  coro_suspend();
  CHECK_INT(coro_set_result(&values[1]), 0);
}

static void result_outlives_the_end(void) {
  int values[2] = {0, 0};
  void *result = values;
  coro *c = make(set_results, values);
  CHECK_INT(coro_result(c, NULL), CORO_EINVAL);
  CHECK_INT(coro_result(c, &result), 0);
  CHECK(result == NULL);
  CHECK_INT(coro_resume(c), CORO_SUSPENDED);
  CHECK_INT(coro_result(c, &result), 0);
  CHECK(result == &values[0]);
  CHECK_INT(coro_resume(c), CORO_DONE);
  for (int i = 0; i < 3; i++) {
    result = NULL;
    CHECK_INT(coro_result(c, &result), 0);
    CHECK(result == &values[1]);
  }
  CHECK_INT(coro_free(c), 0);
}

static void result_of_another(void *arg) {
  void **results = arg;
  CHECK_INT(coro_result(coro_current(), &results[0]), 0);
  CHECK_INT(coro_set_result(arg), 0);
  CHECK_INT(coro_result(coro_current(), &results[1]), 0);
}

static void result_can_be_asked_for_inside(void) {
  void *results[2] = {&results, NULL};
  coro *c = make(result_of_another, results);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK(results[0] == NULL);
  CHECK(results[1] == results);
  CHECK_INT(coro_free(c), 0);
}

/* --- Storage ------------------------------------------------------------- */

static void storage_has_its_alignment(void) {
  for (size_t align = 0; align <= 4096; align = align ? align * 2 : 1)
    for (size_t bytes = 1; bytes <= 5000; bytes = bytes * 5 + 3) {
      coro_options o = {0};
      size_t expected = align ? align : 64;
      char *storage;
      coro *c;
      o.storage_bytes = bytes;
      o.storage_align = align;
      REQUIRE(coro_new(&c, nothing, NULL, &o) == 0);
      storage = coro_storage(c);
      CHECK_INT((uintptr_t)storage % expected, 0);
      for (size_t i = 0; i < bytes; i++)
        if (storage[i]) {
          CHECK_INT(storage[i], 0);
          break;
        }
      memset(storage, 0xa5, bytes);
      CHECK_INT(coro_status(c), CORO_READY);
      CHECK_INT(coro_resume(c), CORO_DONE);
      CHECK(coro_storage(c) == storage);
      CHECK_INT(storage[bytes - 1], (char)0xa5);
      CHECK_INT(coro_free(c), 0);
    }
}

static void check_own_storage(void *arg) {
  coro **self = arg;
  CHECK(coro_current_storage() == coro_storage(*self));
}

static void no_storage_is_null(void) {
  coro_options o = {0};
  coro *c = make(check_own_storage, &c);
  CHECK(coro_storage(c) == NULL);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
  o.storage_bytes = 1;
  REQUIRE(coro_new(&c, check_own_storage, &c, &o) == 0);
  CHECK(coro_storage(c) != NULL);
  CHECK_INT(coro_resume(c), CORO_DONE);
  CHECK_INT(coro_free(c), 0);
}

/* An alignment wider than the pool's own, and nothing to align. */
static void alignment_without_storage_is_harmless(void) {
  for (size_t align = 1; align <= (size_t)1 << 18; align *= 2) {
    coro_options o = {0};
    coro *c, *others[4];
    o.stack_bytes = (size_t)1 << 20;
    o.storage_align = align;
    REQUIRE(coro_new(&c, nothing, NULL, &o) == 0);
    CHECK(coro_storage(c) == NULL);
    CHECK_INT(coro_resume(c), CORO_DONE);
    CHECK_INT(coro_free(c), 0);
    o.storage_align = 0;
    for (int i = 0; i < 4; i++) {
      REQUIRE(coro_new(&others[i], nothing, NULL, &o) == 0);
      for (int j = 0; j < i; j++) CHECK(others[i] != others[j]);
    }
    for (int i = 0; i < 4; i++) {
      CHECK_INT(coro_resume(others[i]), CORO_DONE);
      CHECK_INT(coro_free(others[i]), 0);
    }
  }
}

extern const core_case core_values_cases[];
const core_case core_values_cases[] = {
    {"9", "pointers are yielded and injected as they are",
     pointers_keep_their_identity},
    {"10", "a double goes in and out unchanged", doubles_pass_unchanged},
    {"coro.h", "a plain resume injects NULL, a plain suspend yields NULL",
     plain_resume_injects_null},
    {"coro.h", "suspend_with yields NULL", suspend_with_has_no_value},
    {"14", "what is yielded to suspend_with's function goes no further",
     value_for_the_function_goes_no_further},
    {"14", "what suspend_with's function frees has yielded NULL",
     value_of_a_freed_one_is_null},
    {"coro.h", "what is injected by a refused resume is not kept",
     refused_injection_is_not_kept},
    {"5", "the result can be read repeatedly, before and after the end",
     result_outlives_the_end},
    {"coro.h", "the result can be asked for inside",
     result_can_be_asked_for_inside},
    {"coro.h", "storage is zeroed and aligned as asked, up to 4096",
     storage_has_its_alignment},
    {"coro.h", "a coroutine without storage has NULL", no_storage_is_null},
    {"coro.h", "an alignment without storage is harmless",
     alignment_without_storage_is_harmless},
    {0, 0, 0}};
