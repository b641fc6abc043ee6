/* What an unfinished line of the shell could go on with: commands, options and their values, sample
 * types, labels, functions, files.
 *
 *     struct completer *c = completer_new(&shell);
 *     struct completion found;
 *     shell_complete(c, "top mai", 7, &found);     found.start is 4, found.words has "main.start"
 *     completion_release(&found);
 *     completer_free(c);
 *
 * Names of functions come as regular expressions that match them, in quotes where they have spaces.
 */
#ifndef CPPROF_CLI_SHELL_COMPLETE_H
#define CPPROF_CLI_SHELL_COMPLETE_H

#include "analyzer/base/lines.h"

#include <stdbool.h>
#include <stddef.h>

struct shell;

/* The names in a profile, sorted when they are first asked for. */
struct completer;

/* SH has to live as long. */
struct completer *completer_new(const struct shell *sh);
void completer_free(struct completer *c);

struct completion {
    size_t start;       /* the first byte of the line that a word takes the place of */
    bool value;         /* it is an option's value, which goes on to the end of the line */
    struct lines words; /* sorted, each once; what ends in '=' or '/' can go on, others are whole */
};

/* What can stand at the end of the first LEN bytes of LINE. Names that begin as the line ends, or,
 * where there are none, those that have it in them. */
void shell_complete(struct completer *c, const char *line, size_t len, struct completion *found);
void completion_release(struct completion *found);

/* How many bytes all of FOUND's words begin with. */
size_t completion_common(const struct completion *found);

#endif
