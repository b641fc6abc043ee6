/* Texts over the view: the keys, made from their table, and what flat and cum mean. */
#ifndef CPPROF_TUI_HELP_H
#define CPPROF_TUI_HELP_H

#include "analyzer/base/lines.h"
#include "tui/keys.h"

/* The keys by group; VIEW's own explanation first. */
void help_keys(struct lines *out, enum view_id view);

/* With a small worked example. */
void help_explain(struct lines *out);

#endif
