/* Who may ask: the check of the Host header. */
#ifndef CPPROF_COLLECTOR_HTTP_HOST_H
#define CPPROF_COLLECTOR_HTTP_HOST_H

#include <stdbool.h>

/* Does this Host header name this machine? On a loopback address nothing else is answered:
 * otherwise a web site whose name leads here could have its visitors' browsers read the pages. HOST
 * may be NULL: no browser leaves it out. */
bool host_is_local(const char *host);

#endif
