/* The lines that are printed before the process stops.  They may be printed
 * from a signal handler and with no stack to spare: no stdio, no allocation,
 * one write. */
#include <stdlib.h>
#include <string.h>

#include "coro/internal.h"

struct text {
  char bytes[512];
  size_t length;
};

static void add(struct text *t, const char *s) {
  size_t n = strlen(s);
  if (n > sizeof t->bytes - 1 - t->length) n = sizeof t->bytes - 1 - t->length;
  memcpy(t->bytes + t->length, s, n);
  t->length += n;
}

static void add_number(struct text *t, uint64_t n) {
  char digits[21];
  char *p = digits + sizeof digits - 1;
  *p = '\0';
  do *--p = (char)('0' + n % 10);
  while (n /= 10);
  add(t, p);
}

void coro__report(const char *what, const coro *c) {
  struct text t;
  t.length = 0;
  add(&t, "coro: ");
  add(&t, what);
  add(&t, " in coroutine \"");
  add(&t, c->name);
  add(&t, "\" (#");
  add_number(&t, c->id);
  add(&t, "), ");
  add_number(&t, c->stack_bytes);
  add(&t, "-byte stack, made at ");
  add(&t, c->file ? c->file : "?");
  add(&t, ":");
  add_number(&t, (uint64_t)c->line);
  t.bytes[t.length++] = '\n';
  coro__write_error(t.bytes, t.length);
}

void coro__die(const char *what, const coro *c) {
  coro__report(what, c);
  abort();
}
