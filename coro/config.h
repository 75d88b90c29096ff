/*
 * coro/config.h - what this build is: the backend, the instrumentation, and
 * from these whether a switch may be inlined.  Private: users need not read it.
 *
 * The build defines CORO_BACKEND_ASM, CORO_BACKEND_UCONTEXT or
 * CORO_BACKEND_WINFIBER for the library and for all who include its headers;
 * without a definition the choice is that of `backend=auto`.
 */
#ifndef CORO_CONFIG_H_
#define CORO_CONFIG_H_

#if !defined(CORO_BACKEND_ASM) && !defined(CORO_BACKEND_UCONTEXT) &&           \
    !defined(CORO_BACKEND_WINFIBER)
#if defined(_WIN32)
#define CORO_BACKEND_WINFIBER 1
#elif (defined(__x86_64__) && defined(__LP64__)) || defined(__aarch64__)
#define CORO_BACKEND_ASM 1
#else
#define CORO_BACKEND_UCONTEXT 1
#endif
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CORO__ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define CORO__TSAN 1
#endif
#if __has_feature(memory_sanitizer)
#define CORO__MSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(CORO__ASAN)
#define CORO__ASAN 1
#endif
#if defined(__SANITIZE_THREAD__) && !defined(CORO__TSAN)
#define CORO__TSAN 1
#endif

#if defined(CORO__ASAN) || defined(CORO__TSAN) || defined(CORO__MSAN)
#define CORO__SANITIZED 1
#else
#define CORO__SANITIZED 0
#endif

/* A plain switch has nothing to do before leaving a stack nor after landing on
 * one.  All others go through enter() and leave() of switch.c. */
#if defined(CORO_BACKEND_ASM) && !CORO__SANITIZED && !defined(CORO_FPENV)
#define CORO__PLAIN 1
#else
#define CORO__PLAIN 0
#endif

/* The inline form needs GNU inline assembly, ELF's initial-exec thread-local
 * storage, and an optimiser that inlines. */
#if CORO__PLAIN && defined(__GNUC__) && defined(__OPTIMIZE__) &&               \
    defined(__ELF__) && !defined(CORO_NO_INLINE)
#define CORO__INLINE 1
#else
#define CORO__INLINE 0
#endif

#if defined(__GNUC__)
#define CORO__UNLIKELY(x) __builtin_expect(!!(x), 0)
#define CORO__COLD __attribute__((cold, noinline))
#else
#define CORO__UNLIKELY(x) (x)
#define CORO__COLD
#endif

/* The headers compile in C++ under -Wold-style-cast too. */
#if defined(__cplusplus)
#define CORO__CAST(T, x) (reinterpret_cast<T>(x))
#define CORO__NULL nullptr
#else
#define CORO__CAST(T, x) ((T)(x))
#define CORO__NULL ((void *)0)
#endif

/* Shared by the library's own files; not exported from a shared object. */
#if defined(__GNUC__) && !defined(_WIN32)
#define CORO__HIDDEN __attribute__((visibility("hidden")))
#else
#define CORO__HIDDEN
#endif

#endif
