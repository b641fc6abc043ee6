/* The text of a trace on its way to a file: JSON, plain or gzipped, in pieces.
 *
 *     struct trace_file f;
 *     int error = trace_file_open(&f, fd, gzip);
 *     trace_file_printf(&f, "{\"name\":");
 *     trace_file_string(&f, name);
 *     error = trace_file_close(&f);
 *
 * For one thread at a time. What fails is remembered, and told by trace_file_close.
 */
#ifndef CPPROF_COLLECTOR_TRACE_FILE_H
#define CPPROF_COLLECTOR_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

struct trace_file {
    int fd; /* not ours to close */
    int error;
    bool gzip;
    z_stream z;
    int64_t written; /* characters, before compression */
    size_t used;
    char text[1 << 15];
};

/* 0 or ENOMEM; then trace_file_close ends it. */
int trace_file_open(struct trace_file *f, int fd, bool gzip);

/* Up to 500 characters. */
void trace_file_printf(struct trace_file *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* TEXT as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void trace_file_string(struct trace_file *f, const char *text);

/* Writes what is left. 0, or what failed since trace_file_open. */
int trace_file_close(struct trace_file *f);

#endif
