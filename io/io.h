/*
 * io/io.h - blocking-looking IO for coroutines, on a driver.
 *
 * So far the layer says on which driver it stands; it links, here and in
 * workspaces that depend on @coro//io.
 *
 *   printf("%s %s\n", coro_io_driver(), coro_io_driver_version());
 *
 * Threads: any.  Nothing here is owned by the caller.
 */
#ifndef CORO_IO_IO_H_
#define CORO_IO_IO_H_

#ifdef __cplusplus
extern "C" {
#endif

/* The driver that this library was built with: "libevent".  Never NULL, valid
 * for ever.  Suspends: no.  Fails: never. */
const char *coro_io_driver(void);

/* The version of the library behind it, as linked, which need not be the one
 * whose headers were compiled against: "2.1.12-stable".  As above. */
const char *coro_io_driver_version(void);

#ifdef __cplusplus
}
#endif
#endif
