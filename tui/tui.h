/* The terminal UI: what `cpprof tui` runs, and what a shell shows its session with. */
#ifndef CPPROF_TUI_TUI_H
#define CPPROF_TUI_TUI_H

#include "analyzer/base/error.h"

struct command;
struct config;
struct session;

/* Shows S with CFG's options until the user quits, and then leaves it as it was. 0, or -1 and ERR.
 */
int tui_show(const struct session *s, const struct config *cfg, struct error *err);

/* The same with what CFG's sources have, for a row of the command table. */
int tui_run(const struct config *cfg, const struct command *cmd, const char *operand,
            struct error *err);

#endif
