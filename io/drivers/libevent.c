/* The libevent driver: the only file of io/ that includes event2/. */
#include <event2/event.h>

#include "io/io.h"

const char *coro_io_driver(void) { return "libevent"; }

const char *coro_io_driver_version(void) { return event_get_version(); }
