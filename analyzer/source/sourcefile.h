/* Source texts, looked for where pprof looks for them.
 *
 *     struct sourcefiles *s = sourcefiles_new(source_path, trim_path);
 *     const struct sourcefile *f = sourcefiles_get(s, name);     each name is looked for once
 *     if (!f->problem && sourcefile_line(f, 12, &text)) ...
 *     sourcefiles_free(s);
 *
 * A name in a profile is cut as path_trim says. If it is still absolute, the file has to be there;
 * else it is looked for in each directory of the source path and in all directories above it.
 *
 * Profiles name files as they like, so only regular files are opened, never more is read than the
 * file's size says (which is 0 in /proc), and what is too large is not read at all. A line may hold
 * any byte. Not for use by two threads at once.
 */
#ifndef CPPROF_SOURCE_SOURCEFILE_H
#define CPPROF_SOURCE_SOURCEFILE_H

#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sourcefile {
    char *path;    /* where it was found; NULL if it was not */
    char *problem; /* NULL, or why it cannot be shown: which file, and where it was looked for */
    char *text;
    uint32_t *starts; /* of lines in text, and the end of the last one */
    size_t line_count;
};

struct sourcefiles;

/* Directories are separated by colons; a SOURCE_PATH of "" or NULL is the working directory. */
struct sourcefiles *sourcefiles_new(const char *source_path, const char *trim_path);
void sourcefiles_free(struct sourcefiles *s); /* NULL is fine */

/* The text of NAME, a file name as the profile has it. Never NULL; belongs to S. */
const struct sourcefile *sourcefiles_get(struct sourcefiles *s, struct str name);

/* Line NUMBER (from 1) without its end. False if there is none. */
bool sourcefile_line(const struct sourcefile *f, int64_t number, struct str *line);

#endif
