/* What a line of the shell prints, and where to: reports in child processes, texts at once. */
#ifndef CPPROF_CLI_SHELL_REPORT_H
#define CPPROF_CLI_SHELL_REPORT_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

struct shell;
struct shell_action;
struct shell_answer;

/* Makes the report of ACTION with SH's options and the line's own. As shell_exec. */
int shell_report(const struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                 struct error *err);

/* Prints TEXT to ACTION's file or pipe, or into A's capture, or to standard error. -1 and ERR. */
int shell_print(const struct buf *text, const struct shell_action *action, struct shell_answer *a,
                struct error *err);

#endif
