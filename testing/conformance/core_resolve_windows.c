#include "testing/conformance/core_resolve.h"

#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>

int core_resolve(const char *host) {
  struct addrinfo hints, *list = NULL, *at;
  WSADATA data;
  int n = 0;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return -1;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host, "80", &hints, &list) != 0)
    n = -1;
  else {
    for (at = list; at; at = at->ai_next) n++;
    freeaddrinfo(list);
  }
  WSACleanup();
  return n;
}
