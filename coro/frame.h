/*
 * coro/frame.h - typed coroutines: a body with arguments, a type that it
 * yields, one that is injected into it, and one that it returns.
 *
 *   // returns long, yields int, is injected bool; takes (int from, int step)
 *   CORO_FRAME(counter, long, int, bool, (int, from), (int, step))
 *
 *   CORO_FRAME_BODY(counter) {
 *     long sum = 0;
 *     for (int i = self->from;; i += self->step) {
 *       bool more;
 *       sum += i;
 *       if (counter_yield(self, i, &more) < 0 || !more) return sum;
 *     }
 *   }
 *
 *   counter *c;
 *   int v = 0;
 *   long sum = 0;
 *   if (counter_new(&c, 10, 5) < 0) return 1;
 *   counter_start(c, &v);           // v = 10
 *   counter_next(c, true, &v);      // v = 15
 *   counter_end(c, false, &sum);    // sum = 25
 *   counter_free(c);
 *
 * A frame is the coroutine's storage: arguments, the values on their way and
 * the result are copied into it, so a result outlives the run, and nobody needs
 * the other's locals.  Everything coro.h says of threads and ownership holds.
 *
 * CORO_FRAME(NAME, RETURN, YIELD, INJECT, (type, argument)...) defines, for up
 * to twelve arguments or none:
 *
 *   NAME                 the frame: its members are the arguments.
 *   NAME_fn              RETURN (*)(NAME *self)
 *   NAME_new(&f, args...)                      as coro_new()
 *   NAME_new_with(&f, fn, options, args...)    another body than NAME_body
 *                                              (NULL: that one); options as for
 *                                              coro_new(), its storage ignored
 *   NAME_init_on(&f, memory, bytes, args...)   as coro_init()
 *   NAME_reset(f, args...)                     as coro_reset(), the same body
 *   NAME_start(f, &yielded)          the first run; takes nothing in
 *   NAME_next(f, injected, &yielded) the next one
 *   NAME_end(f, injected, &result)   the next one, which should be the last
 *   NAME_yielded(f, &yielded)        what it yielded last, once more
 *   NAME_returned(f, &result)        what it returned, once it is DONE
 *   NAME_yield(self, value, &injected)         inside the body
 *   NAME_abandon(f), NAME_free(f), NAME_fini(f)  as coro_abandon() and so on
 *   NAME_coro(f)                     its coroutine
 *   NAME_from(c)                     the frame of a coroutine that is a NAME
 *                                    and was made in this source file, else
 *                                    NULL
 *
 * Where YIELD, INJECT or RETURN is void, the parameters for it are not there.
 * Any other type must be assignable: an array or function goes into a struct or
 * typedef.  In C++ it must be trivially copyable, since frames are raw memory.
 * Pointers to results may be NULL.
 *
 * start, next and end return CORO_SUSPENDED (0) when it yielded, CORO_DONE (1)
 * when it ended, or one of coro_resume()'s codes, or CORO_ESTARTED (start),
 * CORO_EUNSTARTED (next, end).  A pointer is written through only for what
 * happened: *yielded after a yield, *result after a return.  So after an end
 * that yielded instead, NAME_yielded() still has the value; after a next that
 * ended, NAME_returned() has the result.  A body that suspends by other means
 * than NAME_yield() has yielded nothing: that is CORO_EAGAIN, and the next call
 * goes on.
 * NAME_yielded() returns 0, or CORO_EINVAL before the first yield.
 * NAME_returned() returns 0, or CORO_ENORESULT while it has not returned, also
 * when it was abandoned.
 * NAME_yield() returns 0, or coro_suspend()'s codes, or CORO_EINVAL when self
 * is not the frame of the running coroutine; *injected is untouched then.
 * The constructors return what coro_new() and coro_init() do, and name the
 * coroutine NAME; reports give the line of the CORO_FRAME as the one that made
 * it.
 *
 * CORO_FRAME_TYPE is CORO_FRAME without a body of its own: it has no NAME_new
 * and no NAME_init_on, and NAME_new_with() needs a function.
 *
 * How void is told from other types: PROBE_##T() is a macro call for void only.
 */
#ifndef CORO_FRAME_H_
#define CORO_FRAME_H_

#include "coro/coro.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 0 if c is in the state `want`, READY or SUSPENDED, and this thread's to
 * resume; else the code that says why not. */
int coro__frame_check(coro *c, int want);

/* What a resume of c that gave `result` means: CORO_EAGAIN for 0 if c suspended
 * without a value.  c is not looked into: it may be gone. */
int coro__frame_result(const coro *c, int result);

/* 0 if c runs and may yield, which it is about to do; else the code. */
int coro__frame_yields(coro *c);

extern const coro_options coro__no_options; /* zeroed */

#ifdef __cplusplus
}
#endif

/* The head of a body. */
#define CORO_FRAME_BODY(NAME)                                                  \
  static NAME##_return NAME##_body(CORO__UNUSED NAME *self)

#define CORO_FRAME(...)                                                        \
  CORO__APPLY(CORO__CAT(CORO__FRAME_, CORO__HAS_ARGS(__VA_ARGS__)),            \
              (CORO__OWN_BODY, __VA_ARGS__))
#define CORO_FRAME_TYPE(...)                                                   \
  CORO__APPLY(CORO__CAT(CORO__FRAME_, CORO__HAS_ARGS(__VA_ARGS__)),            \
              (CORO__NO_BODY, __VA_ARGS__))

/* --- Preprocessor -------------------------------------------------------- */

#define CORO__APPLY(macro, args) CORO__APPLY_(macro, args)
#define CORO__APPLY_(macro, args) macro args
#define CORO__CAT(a, b) CORO__CAT_(a, b)
#define CORO__CAT_(a, b) a##b
#define CORO__EXPAND(...) __VA_ARGS__

/* 1 for void, else 0. */
#define CORO__PROBE_void() ~, 1
#define CORO__SECOND(a, b, ...) b
#define CORO__IS_VOID_(...) CORO__SECOND(__VA_ARGS__, 0, ~)
#define CORO__IS_VOID(T) CORO__IS_VOID_(CORO__PROBE_##T())

/* The rest of the arguments, unless T is void. */
#define CORO__UNLESS_0(...) __VA_ARGS__
#define CORO__UNLESS_1(...)
#define CORO__TYPED(is_void, ...) CORO__CAT(CORO__UNLESS_, is_void)(__VA_ARGS__)

/* 4 arguments: none for the body; 5 and more: some. */
#define CORO__HAS_ARGS(...)                                                    \
  CORO__NTH17(__VA_ARGS__, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, ~, ~, ~, ~)
#define CORO__NTH17(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, ...) q

#define CORO__FRAME_0(OWN, NAME, R, Y, I)                                      \
  CORO__DEFINE(OWN, NAME, R, Y, I, CORO__IS_VOID(R), CORO__IS_VOID(Y),         \
               CORO__IS_VOID(I), (), (), (), ())
#define CORO__FRAME_1(OWN, NAME, R, Y, I, ...)                                 \
  CORO__DEFINE(OWN, NAME, R, Y, I, CORO__IS_VOID(R), CORO__IS_VOID(Y),         \
               CORO__IS_VOID(I), (CORO__EACH(CORO__FIELD, __VA_ARGS__)),       \
               (CORO__EACH(CORO__PARAM, __VA_ARGS__)),                         \
               (CORO__EACH(CORO__ASSIGN, __VA_ARGS__)),                        \
               (CORO__EACH(CORO__PASS, __VA_ARGS__)))

#define CORO__FIELD(type, name) type name;
#define CORO__PARAM(type, name) , type name
#define CORO__ASSIGN(type, name) coro__f->name = name;
#define CORO__PASS(type, name) , name

#define CORO__EACH(m, ...)                                                     \
  CORO__CAT(CORO__EACH_, CORO__COUNT(__VA_ARGS__))(m, __VA_ARGS__)
#define CORO__COUNT(...)                                                       \
  CORO__NTH13(__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, ~)
#define CORO__NTH13(a, b, c, d, e, f, g, h, i, j, k, l, n, ...) n
#define CORO__EACH_1(m, a) m a
#define CORO__EACH_2(m, a, ...) m a CORO__EACH_1(m, __VA_ARGS__)
#define CORO__EACH_3(m, a, ...) m a CORO__EACH_2(m, __VA_ARGS__)
#define CORO__EACH_4(m, a, ...) m a CORO__EACH_3(m, __VA_ARGS__)
#define CORO__EACH_5(m, a, ...) m a CORO__EACH_4(m, __VA_ARGS__)
#define CORO__EACH_6(m, a, ...) m a CORO__EACH_5(m, __VA_ARGS__)
#define CORO__EACH_7(m, a, ...) m a CORO__EACH_6(m, __VA_ARGS__)
#define CORO__EACH_8(m, a, ...) m a CORO__EACH_7(m, __VA_ARGS__)
#define CORO__EACH_9(m, a, ...) m a CORO__EACH_8(m, __VA_ARGS__)
#define CORO__EACH_10(m, a, ...) m a CORO__EACH_9(m, __VA_ARGS__)
#define CORO__EACH_11(m, a, ...) m a CORO__EACH_10(m, __VA_ARGS__)
#define CORO__EACH_12(m, a, ...) m a CORO__EACH_11(m, __VA_ARGS__)

#if defined(__GNUC__)
#define CORO__UNUSED __attribute__((unused))
#else
#define CORO__UNUSED
#endif

#if defined(__cplusplus)
#define CORO__ALIGNOF(T) alignof(T)
#define CORO__FROM_VOID(T, p) (static_cast<T *>(p))
#define CORO__CHECK_TYPE(T)                                                    \
  static_assert(                                                               \
      __is_trivially_copyable(T),                                              \
      "a frame is raw memory: its types must be trivially copyable");
#else
#define CORO__ALIGNOF(T) _Alignof(T)
#define CORO__FROM_VOID(T, p) ((T *)(p))
#define CORO__CHECK_TYPE(T)
#endif

/* --- The definitions ----------------------------------------------------- */

/* clang-format off */

/* v, y, i: 1 where the type returned, yielded, injected is void.  FIELDS,
 * PARAMS, ASSIGNS and PASSES hold the arguments, in parentheses. */
#define CORO__DEFINE(OWN, NAME, R, Y, I, v, y, i, FIELDS, PARAMS, ASSIGNS,     \
                     PASSES)                                                   \
  typedef struct NAME NAME;                                                    \
  typedef R NAME##_return;                                                     \
  typedef NAME##_return (*NAME##_fn)(NAME *);                                  \
  struct NAME {                                                                \
    CORO__EXPAND FIELDS struct {                                               \
      NAME##_fn body;                                                          \
      CORO__TYPED(v, R result;)                                                \
      CORO__TYPED(y, Y yielded;)                                               \
      CORO__TYPED(i, I injected;)                                              \
      unsigned char has_yielded, has_returned;                       \
    } coro__;                                                                  \
  };                                                                           \
  CORO__CHECK_TYPE(NAME)                                                       \
                                                                               \
  CORO__UNUSED static inline coro *NAME##_coro(const NAME *coro__f) {          \
    uintptr_t coro__at = CORO__CAST(uintptr_t, coro__f);                       \
    return coro__f ? CORO__CAST(coro *, coro__at) - 1 : CORO__NULL;            \
  }                                                                            \
                                                                               \
  CORO__UNUSED static void NAME##_main(void *coro__p) {                        \
    NAME *coro__f = CORO__FROM_VOID(NAME, coro__p);                            \
    CORO__TYPED(v, coro__f->coro__.result =) coro__f->coro__.body(coro__f);    \
    coro__f->coro__.has_returned = 1;                                          \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline NAME *NAME##_from(const coro *coro__c) {          \
    return coro__c && coro__c->fn == NAME##_main                               \
               ? CORO__FROM_VOID(NAME, coro_storage(coro__c))                  \
               : CORO__NULL;                                                   \
  }                                                                            \
                                                                               \
  CORO__UNUSED static int NAME##_make(                                         \
      NAME **coro__out, void *coro__memory, size_t coro__bytes,                \
      NAME##_fn coro__body,                                                    \
      const coro_options *coro__options CORO__EXPAND PARAMS) {                 \
    coro_options coro__o;                                                      \
    coro *coro__c;                                                             \
    NAME *coro__f;                                                             \
    int coro__rc;                                                              \
    if (!coro__out || !coro__body) return CORO_EINVAL;                         \
    coro__o = coro__options ? *coro__options : coro__no_options;               \
    coro__o.storage_bytes = sizeof(NAME);                                      \
    coro__o.storage_align = CORO__ALIGNOF(NAME);                               \
    if (!coro__o.name) coro__o.name = #NAME;                                   \
    coro__rc = coro__memory                                                    \
                   ? coro_init(&coro__c, coro__memory, coro__bytes,            \
                               NAME##_main, CORO__NULL, &coro__o)              \
                   : coro_new(&coro__c, NAME##_main, CORO__NULL, &coro__o);    \
    if (coro__rc < 0) return coro__rc;                                         \
    coro__f = CORO__FROM_VOID(NAME, coro_storage(coro__c));                    \
    coro__c->arg = coro__f;                                                    \
    coro__f->coro__.body = coro__body;                                         \
    CORO__EXPAND ASSIGNS *coro__out = coro__f;                                 \
    return 0;                                                                  \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_reset(                                 \
      NAME *coro__f CORO__EXPAND PARAMS) {                                     \
    int coro__rc = coro_reset(NAME##_coro(coro__f), NAME##_main, coro__f);     \
    if (coro__rc < 0) return coro__rc;                                         \
    coro__f->coro__.has_yielded = coro__f->coro__.has_returned = 0;            \
    CORO__EXPAND ASSIGNS return 0;                                             \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_yielded(                               \
      const NAME *coro__f CORO__TYPED(y, , Y *coro__yielded)) {                \
    if (!coro__f || !coro__f->coro__.has_yielded) return CORO_EINVAL;          \
    CORO__TYPED(y, if (coro__yielded) *coro__yielded =                         \
                       coro__f->coro__.yielded;)                               \
    return 0;                                                                  \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_returned(                              \
      const NAME *coro__f CORO__TYPED(v, , R *coro__result)) {                 \
    if (!coro__f) return CORO_EINVAL;                                          \
    if (!coro__f->coro__.has_returned) return CORO_ENORESULT;                  \
    CORO__TYPED(v, if (coro__result) *coro__result = coro__f->coro__.result;)  \
    return 0;                                                                  \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_start(                                 \
      NAME *coro__f CORO__TYPED(y, , Y *coro__yielded)) {                      \
    int coro__rc = coro__frame_check(NAME##_coro(coro__f), CORO_READY);        \
    if (coro__rc < 0) return coro__rc;                                         \
    coro__rc = coro__frame_result(NAME##_coro(coro__f),                        \
                                  coro_resume(NAME##_coro(coro__f)));          \
    CORO__TYPED(y, if (coro__rc == CORO_SUSPENDED && coro__yielded)            \
                       *coro__yielded = coro__f->coro__.yielded;)              \
    return coro__rc;                                                           \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_next(                                  \
      NAME *coro__f CORO__TYPED(i, , I coro__injected)                         \
          CORO__TYPED(y, , Y *coro__yielded)) {                                \
    int coro__rc = coro__frame_check(NAME##_coro(coro__f), CORO_SUSPENDED);    \
    if (coro__rc < 0) return coro__rc;                                         \
    CORO__TYPED(i, coro__f->coro__.injected = coro__injected;)                 \
    coro__rc = coro__frame_result(NAME##_coro(coro__f),                        \
                                  coro_resume(NAME##_coro(coro__f)));          \
    CORO__TYPED(y, if (coro__rc == CORO_SUSPENDED && coro__yielded)            \
                       *coro__yielded = coro__f->coro__.yielded;)              \
    return coro__rc;                                                           \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_end(                                   \
      NAME *coro__f CORO__TYPED(i, , I coro__injected)                         \
          CORO__TYPED(v, , R *coro__result)) {                                 \
    int coro__rc = coro__frame_check(NAME##_coro(coro__f), CORO_SUSPENDED);    \
    if (coro__rc < 0) return coro__rc;                                         \
    CORO__TYPED(i, coro__f->coro__.injected = coro__injected;)                 \
    coro__rc = coro__frame_result(NAME##_coro(coro__f),                        \
                                  coro_resume(NAME##_coro(coro__f)));          \
    CORO__TYPED(v, if (coro__rc == CORO_DONE && coro__result)                  \
                       *coro__result = coro__f->coro__.result;)                \
    return coro__rc;                                                           \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_yield(                                 \
      NAME *coro__f CORO__TYPED(y, , Y coro__value)                            \
          CORO__TYPED(i, , I *coro__injected)) {                               \
    int coro__rc = coro__frame_yields(NAME##_coro(coro__f));                   \
    if (coro__rc < 0) return coro__rc;                                         \
    CORO__TYPED(y, coro__f->coro__.yielded = coro__value;)                     \
    coro__f->coro__.has_yielded = 1;                                           \
    coro__rc = coro_suspend();                                                 \
    if (coro__rc < 0) return coro__rc;                                         \
    CORO__TYPED(i, if (coro__injected) *coro__injected =                       \
                       coro__f->coro__.injected;)                              \
    return 0;                                                                  \
  }                                                                            \
                                                                               \
  CORO__UNUSED static inline int NAME##_abandon(NAME *coro__f) {               \
    return coro_abandon(NAME##_coro(coro__f));                                 \
  }                                                                            \
  CORO__UNUSED static inline int NAME##_free(NAME *coro__f) {                  \
    return coro_free(NAME##_coro(coro__f));                                    \
  }                                                                            \
  CORO__UNUSED static inline int NAME##_fini(NAME *coro__f) {                  \
    return coro_fini(NAME##_coro(coro__f));                                    \
  }                                                                            \
  OWN(NAME, PARAMS, PASSES)

#define CORO__OWN_BODY(NAME, PARAMS, PASSES)                                   \
  static NAME##_return NAME##_body(NAME *self);                                \
  CORO__UNUSED static inline int NAME##_new(                                   \
      NAME **coro__out CORO__EXPAND PARAMS) {                                  \
    return NAME##_make(coro__out, CORO__NULL, 0, NAME##_body,                  \
                       &coro__no_options CORO__EXPAND PASSES);                 \
  }                                                                            \
  CORO__UNUSED static inline int NAME##_new_with(                              \
      NAME **coro__out, NAME##_fn coro__body,                                  \
      const coro_options *coro__options CORO__EXPAND PARAMS) {                 \
    return NAME##_make(coro__out, CORO__NULL, 0,                               \
                       coro__body ? coro__body : NAME##_body,                  \
                       coro__options CORO__EXPAND PASSES);                     \
  }                                                                            \
  CORO__UNUSED static inline int NAME##_init_on(                               \
      NAME **coro__out, void *coro__memory,                                    \
      size_t coro__bytes CORO__EXPAND PARAMS) {                                \
    if (!coro__memory) return CORO_EINVAL;                                     \
    return NAME##_make(coro__out, coro__memory, coro__bytes, NAME##_body,      \
                       &coro__no_options CORO__EXPAND PASSES);                 \
  }

#define CORO__NO_BODY(NAME, PARAMS, PASSES)                                    \
  CORO__UNUSED static inline int NAME##_new_with(                              \
      NAME **coro__out, NAME##_fn coro__body,                                  \
      const coro_options *coro__options CORO__EXPAND PARAMS) {                 \
    return NAME##_make(coro__out, CORO__NULL, 0, coro__body,                   \
                       coro__options CORO__EXPAND PASSES);                     \
  }

/* clang-format on */

#endif
