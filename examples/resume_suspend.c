/* Who runs when: resume goes in, suspend goes back to the last resumer, and
 * every call that makes no sense is answered by a code. */
#include <stdio.h>

#include "coro/coro.h"

static coro *outer, *inner;

static void say(const char *what, int rc) {
  printf("%s: %s\n", what, rc < 0 ? coro_strerror(rc) : "allowed");
}

static void inner_body(void *arg) {
  (void)arg;
  printf("  inner begins\n");
  say("  inner resumes itself", coro_resume(inner));
  say("  inner resumes outer", coro_resume(outer));
  coro_suspend(); /* to outer, which resumed it */
  printf("  inner goes on\n");
}

static void outer_body(void *arg) {
  (void)arg;
  printf(" outer begins\n");
  coro_resume(inner);
  printf(" outer has inner back\n");
  coro_suspend(); /* to main */
  printf(" outer ends\n");
}

int main(void) {
  if (coro_new(&outer, outer_body, NULL, NULL) < 0) return 1;
  if (coro_new(&inner, inner_body, NULL, NULL) < 0) return 1;
  say("main suspends", coro_suspend());
  coro_resume(outer);
  printf("main resumes inner, which outer began\n");
  if (coro_resume(inner) != CORO_DONE) return 1;
  say("main frees outer", coro_free(outer));
  if (coro_resume(outer) != CORO_DONE) return 1;
  say("main resumes outer again", coro_resume(outer));
  return coro_free(inner) < 0 || coro_free(outer) < 0;
}
