/* The clock and the CPU on Windows.  No child process: no peer needs one
 * there. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>

#include "benchmarks/bench.h"

double bench_now(void) {
  LARGE_INTEGER ticks, per_second;
  QueryPerformanceCounter(&ticks);
  QueryPerformanceFrequency(&per_second);
  return (double)ticks.QuadPart * 1e9 / (double)per_second.QuadPart;
}

int bench_pin(void) {
  DWORD cpu = GetCurrentProcessorNumber();
  if (cpu >= 8 * sizeof(DWORD_PTR)) return -1;
  return SetProcessAffinityMask(GetCurrentProcess(), (DWORD_PTR)1 << cpu)
             ? (int)cpu
             : -1;
}

void bench_cpu_name(char *name, size_t bytes) {
  const char *id = getenv("PROCESSOR_IDENTIFIER");
  snprintf(name, bytes, "%s", id ? id : "");
}

double bench_child(const char *program, const char *what, long turns) {
  (void)program;
  (void)what;
  (void)turns;
  return -1;
}
