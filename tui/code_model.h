/* What the models of source and assembly have in common: which function they are of. */
#ifndef CPPROF_TUI_CODE_MODEL_H
#define CPPROF_TUI_CODE_MODEL_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "tui/view.h"

/* Adds the name of the function that REQUEST's chosen one is, to NAME: that is printed with files
 * and lines around it where rows are finer than functions. Without a choice it is the function with
 * the largest flat. -1 and ERR if it is none. */
int code_function(struct buf *name, const struct view_request *request, struct error *err);

#endif
