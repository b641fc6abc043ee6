/* What recorded processes leave behind: a folder of profiles, one per process and kind.
 *
 * A file is called PID-N.KIND.pb, N counting the programs a process has become by exec, and is a
 * profile.proto that grew piece by piece. It may be empty: a process that ended before its first
 * sample. A process that was killed while it wrote may have left half a piece at the end.
 */
#ifndef CPPROF_CLI_SPOOL_H
#define CPPROF_CLI_SPOOL_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Makes a new folder for spools. The caller frees its name; NULL and ERR. */
char *spool_new(struct error *err);

struct source_spec;

struct spool_value {
    const char *type, *unit;
};

/* What is to become of the spools of one kind. */
struct spool_plan {
    const char *kind; /* as in the files' names */
    pid_t main;       /* this process's profile goes to `path`, even if it has no sample */
    const char *path;
    const char *program;              /* the name of a process that left no samples behind */
    const struct spool_value *values; /* and its sample types, up to one without a name */
    struct spool_value period_type;   /* as others that are merged with it have it */
    int64_t period;
    const struct source_spec *source; /* how names are looked for */
};

/* Writes one profile per process that has samples, those of other processes beside `path` with
 * their names and numbers in front of its extension. Adds a line for each to SAID. -1 and ERR. */
int spool_write_profiles(const char *folder, const struct spool_plan *plan, struct lines *said,
                         struct error *err);

/* Is there no room left for what processes write? They cannot say so themselves. */
bool spool_is_full(const char *folder);

/* Removes the folder and what is in it. */
void spool_remove(const char *folder);

#endif
