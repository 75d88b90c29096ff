/* The texts and names of the codes: error.h holds the list, this file reads
 * it twice.  A switch, not a table: the numbers are sparse. */
#include "coro/error.h"

const char *coro_strerror(int code) {
  switch (code) {
#define CORO__TEXT(name, number, text)                                         \
  case name:                                                                   \
    return text;
    CORO_ERRORS(CORO__TEXT)
#undef CORO__TEXT
  case 0:
    return "success";
  case 1:
    return "finished";
  default:
    return "unknown code";
  }
}

const char *coro_error_name(int code) {
  switch (code) {
#define CORO__NAME(name, number, text)                                         \
  case name:                                                                   \
    return #name;
    CORO_ERRORS(CORO__NAME)
#undef CORO__NAME
  default:
    return "?";
  }
}
