/* Long sentences in lines that a terminal has room for. */
#ifndef CPPROF_TUI_WRAP_H
#define CPPROF_TUI_WRAP_H

#include "analyzer/base/strtab.h"

/* Takes the next line of at most COLUMNS off *REST, at a blank where there is one; words that are
 * longer are cut. *REST is empty after the last one. */
struct str wrap_next(struct str *rest, int columns);

#endif
