/* The options that may change while a profile stays loaded: pprof's variables.
 *
 * They are rows of the option table: those that say what is shown and how, not what is read. A line
 * of the shell assigns them ("focus=main", "lines"), and `options` shows them.
 */
#ifndef CPPROF_CLI_SETTINGS_H
#define CPPROF_CLI_SETTINGS_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "analyzer/cli/options.h"

#include <stdbool.h>

/* Is O one of them? */
bool option_is_setting(const struct option *o);

/* The setting of that name; or, for the name of a choice that is an option of its own ("cum"), its
 * option, and the choice in *CHOICE (else NULL there). NULL if there is none. */
const struct option *setting_find(struct str name, const struct choice **choice);

/* Stores TEXT in CFG as pprof's shell does: for a bool, yes, no, y, n and nothing (which is true)
 * are good as well; for a choice's own name, CHOICE, only true is. CFG keeps TEXT. -1 and ERR. */
int setting_assign(struct config *cfg, const struct option *o, const struct choice *choice,
                   const char *text, struct error *err);

/* The value of O in CFG as one would type it. */
void setting_text(struct buf *out, const struct config *cfg, const struct option *o);

/* Are A and B the same in O? */
bool setting_equal(const struct config *a, const struct config *b, const struct option *o);

#endif
