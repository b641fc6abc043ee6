/* The requests of the HTTP server: from the connection to the page and back.
 *
 * A request whose page is due later is put aside, so that others are answered meanwhile. All of it
 * happens in the server's one thread: the functions of http_requests_daemon are called by
 * libmicrohttpd's MHD_run, the others between two of those.
 */
#ifndef CPPROF_COLLECTOR_HTTP_REQUESTS_H
#define CPPROF_COLLECTOR_HTTP_REQUESTS_H

#include "collector/http_library.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

enum { HTTP_MOST_CONNECTIONS = 64 };

struct http_requests {
    const struct http_library *mhd;
    bool local;              /* only this machine can reach the server */
    _Atomic bool stop;       /* it is being stopped: nothing more is put aside */
    struct request *waiting; /* those put aside */
};

/* Starts libmicrohttpd on the listening socket FD; without a thread of its own, it works in
 * MHD_run. NULL: it does not start. */
struct MHD_Daemon *http_requests_daemon(struct http_requests *rs, int fd);

/* When the first of those that wait is due, in monotonic nanoseconds; INT64_MAX: none waits. */
int64_t http_requests_due(const struct http_requests *rs);

/* Fills FDS, with room for HTTP_MOST_CONNECTIONS, with what tells that clients have hung up, and
 * returns how many there are. What poll has said of them then makes their requests due at once. */
nfds_t http_requests_watch(const struct http_requests *rs, struct pollfd *fds);
void http_requests_watched(struct http_requests *rs, const struct pollfd *fds, nfds_t count);

/* Finishes the pages that are due at NOW. */
void http_requests_finish(struct http_requests *rs, int64_t now);

/* Ends all that wait, with an error: libmicrohttpd must not be stopped while any do. MHD_run sends
 * the answers. */
void http_requests_give_up(struct http_requests *rs);

#endif
