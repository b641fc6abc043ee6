/* Texts over the view: the keys, made from their table, and what flat and cum mean. */
#ifndef CPPROF_TUI_HELP_H
#define CPPROF_TUI_HELP_H

#include "analyzer/base/buf.h"
#include "analyzer/base/lines.h"
#include "tui/keys.h"

/* The keys by group; VIEW's own explanation first. */
void help_keys(struct lines *out, enum view_id view);

/* One row that has a help: its keys ("Up, k"), and what they do where. Both are made anew. */
void help_key(struct buf *keys, struct buf *text, const struct key_row *row);

/* With a small worked example. */
void help_explain(struct lines *out);

#endif
