/* What every way of recording does with a profile: a file for it, names in it, and what is said. */
#ifndef CPPROF_CLI_RECORD_OUTPUT_H
#define CPPROF_CLI_RECORD_OUTPUT_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/config.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>

/* PATH with INFIX in front of ".pb.gz", or of its last extension; the caller frees it. */
char *record_path_with(const char *path, const char *infix);

/* Where the profile of KIND goes: to the file CFG names, with the kind in its name unless it is
 * the ONLY one, or to cpprof.KIND.pb.gz. The caller frees it. */
char *record_path(const struct config *cfg, const char *kind, bool only);

/* Writes P, of the program or process NAME, to PATH, and adds to SAID that it did. -1 and ERR. */
int record_write(const struct profile *p, const char *path, const char *name, const char *kind,
                 struct lines *said, struct error *err);

/* Adds the one command line to look at it, COMMAND of PATH. */
void record_say_how(struct lines *said, const char *command, const char *path);

#endif
