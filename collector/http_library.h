/* libmicrohttpd, loaded when a server is started.
 *
 * Not linked: it brings GnuTLS and a dozen other libraries along, and a program that only wants its
 * CPU profile in a file should neither load nor need them. What is named here is looked up once and
 * stays loaded; the program's own use of the library is not touched.
 */
#ifndef CPPROF_COLLECTOR_HTTP_LIBRARY_H
#define CPPROF_COLLECTOR_HTTP_LIBRARY_H

#include <microhttpd.h>

#define HTTP_LIBRARY_FUNCTIONS(X)                                                                  \
    X(add_response_header)                                                                         \
    X(create_response_from_buffer)                                                                 \
    X(destroy_response)                                                                            \
    X(get_connection_info)                                                                         \
    X(get_daemon_info)                                                                             \
    X(get_timeout)                                                                                 \
    X(lookup_connection_value)                                                                     \
    X(queue_response)                                                                              \
    X(resume_connection)                                                                           \
    X(run)                                                                                         \
    X(start_daemon)                                                                                \
    X(stop_daemon)                                                                                 \
    X(suspend_connection)

/* The functions, without their prefix MHD_. */
struct http_library {
#define HTTP_LIBRARY_MEMBER(name) __typeof__ (&MHD_##name)(name);
    HTTP_LIBRARY_FUNCTIONS(HTTP_LIBRARY_MEMBER)
#undef HTTP_LIBRARY_MEMBER
};

/* NULL if this system does not have it. */
const struct http_library *http_library_load(void);

#endif
