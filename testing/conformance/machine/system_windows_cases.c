/* Behaviours of section B that are about Windows. */
#define WIN32_LEAN_AND_MEAN
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0602 /* GetCurrentThreadStackLimits */
#include <windows.h>

#include "testing/conformance/machine/machine.h"

/* --- 49, 56: what the system knows of the stack -------------------------- */

static int inside(const void *p) {
  ULONG_PTR low = 0, high = 0;
  GetCurrentThreadStackLimits(&low, &high);
  return (ULONG_PTR)p >= low && (ULONG_PTR)p < high;
}

static void look_at_limits(void *p) {
  volatile char here = 0;
  const void *roots = *(const void **)p;
  for (int i = 0; i < 3; i++) {
    CHECK(inside((const void *)(uintptr_t)&here));
    CHECK(!inside(roots));
    coro_suspend();
  }
}

static void stack_limits(void) {
  volatile char here = 0;
  const void *p = (const void *)(uintptr_t)&here;
  coro *c;
  REQUIRE(coro_new(&c, look_at_limits, (void *)&p, NULL) == 0);
  do CHECK(inside(p));
  while (coro_resume(c) == CORO_SUSPENDED);
  CHECK(inside(p));
  CHECK_INT(coro_free(c), 0);
}

/* --- A thread that is a fiber already ------------------------------------ */

static int fiber_result;
static void *thread_fiber;

static void suspend_once(void *p) {
  ++*(int *)p;
  coro_suspend();
  ++*(int *)p;
}

static VOID CALLBACK in_a_fiber(LPVOID p) {
  int steps = 0;
  coro *c;
  (void)p;
  fiber_result = coro_new(&c, suspend_once, &steps, NULL);
  if (fiber_result == 0) {
    coro_resume(c);
    coro_resume(c);
    fiber_result = steps == 2 ? coro_free(c) : CORO_EINVAL;
  }
  SwitchToFiber(thread_fiber);
}

static DWORD WINAPI with_fibers_of_its_own(LPVOID p) {
  void *fiber;
  (void)p;
  thread_fiber = ConvertThreadToFiber(NULL);
  fiber = CreateFiber(0, in_a_fiber, NULL);
  if (!thread_fiber || !fiber) return 1;
  SwitchToFiber(fiber);
  DeleteFiber(fiber);
  return 0;
}

static void foreign_fibers(void) {
  DWORD code = 2;
  HANDLE thread;
  fiber_result = 1;
  thread = CreateThread(NULL, 0, with_fibers_of_its_own, NULL, 0, NULL);
  REQUIRE(thread);
  WaitForSingleObject(thread, INFINITE);
  GetExitCodeThread(thread, &code);
  CloseHandle(thread);
  CHECK_INT(code, 0);
  CHECK_INT(fiber_result, 0);
}

const core_case machine_system_cases[] = {
    {"49", "the thread's stack limits are those of the running coroutine",
     stack_limits},
    {"60", "a thread that has fibers of its own may run coroutines in them",
     foreign_fibers},
    {0},
};
