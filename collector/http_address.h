/* Where the HTTP server listens. */
#ifndef CPPROF_COLLECTOR_HTTP_ADDRESS_H
#define CPPROF_COLLECTOR_HTTP_ADDRESS_H

#include <stdbool.h>

/* Opens a listening socket at ADDRESS: "127.0.0.1:6060", "localhost:6060", "[::1]:6060", or
 * ":6060", which is the loopback address too. Port 0: any that is free. *PORT is the one it got;
 * *LOCAL: only this machine can reach it. 0 or an errno value; EINVAL for an address that is none.
 */
int http_listen(const char *address, int *fd, int *port, bool *local);

#endif
