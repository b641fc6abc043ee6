/* The HTTP server of cpprof.h: one thread of ours, which never waits for anything but the network.
 *
 * A profile of some seconds is begun, its connection put aside, and finished when it is due; other
 * requests are answered meanwhile. The thread blocks all signals and is not in any profile.
 */
#ifndef CPPROF_COLLECTOR_HTTP_H
#define CPPROF_COLLECTOR_HTTP_H

/* In a child after fork, which has no server: closes its socket. */
void http_in_child(void);

#endif
