/* Files that appear whole or not at all, and gzip. */
#ifndef CPPROF_COLLECTOR_WRITER_H
#define CPPROF_COLLECTOR_WRITER_H

#include <stddef.h>

/* A file being made beside where it will be. */
struct writer_file {
    int fd;
    char *path, *temporary;
};

/* 0 or an errno value; then writer_close ends it. A device or a pipe is written to directly. */
int writer_open(struct writer_file *f, const char *path);

/* Puts the file in its place if ERROR is 0, else removes it. Returns ERROR, or what failed now. */
int writer_close(struct writer_file *f, int error);

/* Writes LEN bytes to FD, compressed. 0 or an errno value. */
int writer_gzip(int fd, const void *bytes, size_t len);

/* Writes LEN bytes as they are. 0 or an errno value. */
int writer_plain(int fd, const void *bytes, size_t len);

#endif
