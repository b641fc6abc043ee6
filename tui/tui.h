/* The terminal UI: what `cpprof tui` runs. The signature is that of a row in the command table. */
#ifndef CPPROF_TUI_TUI_H
#define CPPROF_TUI_TUI_H

#include "analyzer/base/error.h"

struct command;
struct config;

/* Shows CFG's sources until the user quits. 0, or -1 and ERR. */
int tui_run(const struct config *cfg, const struct command *cmd, const char *operand,
            struct error *err);

#endif
