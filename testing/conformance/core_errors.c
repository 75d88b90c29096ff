/* error.h: the list, the texts and the names. */
#include <errno.h>
#include <string.h>

#include "coro/coro.h"
#include "testing/conformance/core_check.h"

static const struct {
  int code, number;
  const char *name, *text;
} codes[] = {
#define ENTRY(code, number, text) {code, number, #code, text},
    CORO_ERRORS(ENTRY)
#undef ENTRY
};

enum { CODES = sizeof codes / sizeof *codes };

static void every_code_has_text_and_name(void) {
  for (int i = 0; i < CODES; i++) {
    CHECK_INT(codes[i].code, codes[i].number);
    CHECK(strcmp(coro_strerror(codes[i].code), codes[i].text) == 0);
    CHECK(strcmp(coro_error_name(codes[i].code), codes[i].name) == 0);
    CHECK(codes[i].code < 0);
    CHECK(*codes[i].text && codes[i].text[strlen(codes[i].text) - 1] != '.');
  }
}

static void no_two_codes_are_alike(void) {
  for (int i = 0; i < CODES; i++)
    for (int j = 0; j < i; j++) {
      CHECK(codes[i].code != codes[j].code);
      CHECK(strcmp(codes[i].text, codes[j].text) != 0);
    }
}

static int is_known(int code) {
  for (int i = 0; i < CODES; i++)
    if (codes[i].code == code) return 1;
  return code == 0 || code == 1;
}

static void unknown_codes_have_a_text(void) {
  const int far[] = {2, 3, 1000, -100000, 0x7fffffff, -0x7fffffff - 1};
  CHECK(strcmp(coro_strerror(0), "success") == 0);
  CHECK(strcmp(coro_strerror(CORO_DONE), "finished") == 0);
  CHECK(strcmp(coro_error_name(0), "?") == 0);
  CHECK(strcmp(coro_error_name(1), "?") == 0);
  for (int code = -6000; code < 10; code++) {
    if (is_known(code)) continue;
    CHECK(strcmp(coro_strerror(code), "unknown code") == 0);
    CHECK(strcmp(coro_error_name(code), "?") == 0);
  }
  for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
    CHECK(strcmp(coro_strerror(far[i]), "unknown code") == 0);
    CHECK(strcmp(coro_error_name(far[i]), "?") == 0);
  }
}

/* The same numbers on every system: Linux's errno where there is one, else
 * below any errno. */
static void numbers_do_not_change(void) {
  CHECK_INT(CORO_EAGAIN, -11);
  CHECK_INT(CORO_ENOMEM, -12);
  CHECK_INT(CORO_EBUSY, -16);
  CHECK_INT(CORO_EINVAL, -22);
  CHECK_INT(CORO_EOVERFLOW, -75);
  CHECK_INT(CORO_ENOTSUP, -95);
  CHECK_INT(CORO_ETIMEDOUT, -110);
  CHECK_INT(CORO_ECANCELED, -125);
  CHECK_INT(CORO_ESELF, -5001);
  CHECK_INT(CORO_ENESTED, -5002);
  CHECK_INT(CORO_EDONE, -5003);
  CHECK_INT(CORO_EROOT, -5004);
  CHECK_INT(CORO_ETHREAD, -5005);
  CHECK_INT(CORO_ESMALL, -5006);
  CHECK_INT(CORO_EGUARD, -5007);
  CHECK_INT(CORO_EENDING, -5008);
  CHECK_INT(CORO_ESTARTED, -5009);
  CHECK_INT(CORO_EUNSTARTED, -5010);
  CHECK_INT(CORO_ENORESULT, -5011);
  CHECK_INT(CORO_ECLOSED, -5012);
  CHECK_INT(CODES, 20);
  CHECK_INT(CORO_EINVAL, -EINVAL);
  CHECK_INT(CORO_ENOMEM, -ENOMEM);
}

static void finish(void *arg) { (void)arg; }

static void errno_is_not_the_channel(void) {
  coro *c;
  errno = 4711;
  REQUIRE(coro_new(&c, finish, NULL, NULL) == 0);
  CHECK_INT(coro_resume(c), CORO_DONE);
  errno = 4711;
  CHECK_INT(coro_resume(c), CORO_EDONE);
  CHECK_INT(coro_suspend(), CORO_EROOT);
  CHECK_INT(errno, 4711);
  CHECK_INT(coro_free(c), 0);
}

extern const core_case core_errors_cases[];
const core_case core_errors_cases[] = {
    {"error.h", "every code has a text and a name",
     every_code_has_text_and_name},
    {"error.h", "no two codes are alike", no_two_codes_are_alike},
    {"error.h", "unknown codes have a text too", unknown_codes_have_a_text},
    {"error.h", "the numbers are those that were published",
     numbers_do_not_change},
    {"error.h", "a refusal leaves errno alone", errno_is_not_the_channel},
    {0, 0, 0}};
