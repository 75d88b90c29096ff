/* testing/conformance/core_resolve.h - getaddrinfo(), whose headers and
 * beginning are each system's own. */
#ifndef TESTING_CONFORMANCE_CORE_RESOLVE_H_
#define TESTING_CONFORMANCE_CORE_RESOLVE_H_

/* Resolves `host`; returns the number of addresses, or less than 0. */
int core_resolve(const char *host);

#endif
