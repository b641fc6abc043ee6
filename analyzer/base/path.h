/* File names, as Go's path/filepath treats them. */
#ifndef CPPROF_BASE_PATH_H
#define CPPROF_BASE_PATH_H

#include "analyzer/base/buf.h"

#include <stdbool.h>

/* The shortest equal path: no "." or empty elements, ".." resolved where it can be; "" is ".". */
void path_clean(struct buf *out, struct str path);

/* The last element: "/usr/lib/libc.so" is "libc.so", "" is ".", "///" is "/". */
struct str path_base(struct str path);

/* All but the last element, cleaned: "/usr/lib/libc.so" is "/usr/lib", "a" is ".", "/" is "/". */
void path_dir(struct buf *out, struct str path);

/* Steps through a list of directories separated by colons: puts the first one into DIR and moves
 * *LIST behind it; false at the end, which NULL is. ("" is a list of one empty directory, as in
 * "/x:".) */
bool path_list_next(const char **list, struct str *dir);

/* PATH without what the user does not want to see of it: the first of the directories in TRIM_PATH
 * (separated by colons) that it begins with; without a TRIM_PATH everything up to the base name of
 * a directory in SOURCE_PATH; /proc/self/cwd/ in any case. */
struct str path_trim(struct str path, const char *trim_path, const char *source_path);

#endif
