/* The clock, the CPU and a child process, on POSIX systems; on Linux alone a
 * process is pinned. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "benchmarks/bench.h"

#if defined(__linux__)
#include <sched.h>
#endif

extern char **environ;

double bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int bench_pin(void) {
#if defined(__linux__)
  cpu_set_t set;
  int cpu = sched_getcpu();
  if (cpu < 0 || cpu >= CPU_SETSIZE) return -1;
  CPU_ZERO(&set);
  CPU_SET((size_t)cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0 ? cpu : -1;
#else
  return -1;
#endif
}

void bench_cpu_name(char *name, size_t bytes) {
  char line[256];
  FILE *f = fopen("/proc/cpuinfo", "r");
  *name = '\0';
  if (!f) return;
  while (!*name && fgets(line, sizeof line, f)) {
    const char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) != 0 || !colon) continue;
    line[strcspn(line, "\n")] = '\0';
    snprintf(name, bytes, "%s", colon[1] == ' ' ? colon + 2 : colon + 1);
  }
  fclose(f);
}

/* What `path` prints, up to a buffer's length.  Returns 0, or -1. */
static int output_of(char *path, char *const argv[], char *text, size_t bytes) {
  posix_spawn_file_actions_t actions;
  int ends[2], status, rc;
  size_t length = 0;
  ssize_t n;
  pid_t child;
  if (pipe(ends) < 0) return -1;
  rc = posix_spawn_file_actions_init(&actions);
  if (rc == 0) {
    rc = posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    if (rc == 0) rc = posix_spawn_file_actions_addclose(&actions, ends[0]);
    if (rc == 0) rc = posix_spawn(&child, path, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
  }
  close(ends[1]);
  while (rc == 0 && length + 1 < bytes &&
         (n = read(ends[0], text + length, bytes - 1 - length)) > 0)
    length += (size_t)n;
  close(ends[0]);
  text[length] = '\0';
  if (rc || waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

double bench_child(const char *program, const char *what, long turns) {
  char path[4096], kind[32], count[32], text[64], *end;
  char *argv[] = {path, kind, count, NULL};
  const char *slash = strrchr(bench_program, '/');
  int folder = slash ? (int)(slash - bench_program) : 1;
  int length = snprintf(path, sizeof path, "%.*s/%s", folder,
                        slash ? bench_program : ".", program);
  double ns;
  if (length < 0 || (size_t)length >= sizeof path) return -1;
  snprintf(kind, sizeof kind, "%s", what);
  snprintf(count, sizeof count, "%ld", turns);
  if (output_of(path, argv, text, sizeof text) < 0) return -1;
  ns = strtod(text, &end);
  return end == text ? -1 : ns;
}
