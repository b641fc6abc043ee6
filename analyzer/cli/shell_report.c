#include "analyzer/cli/shell_report.h"

#include "analyzer/cli/child.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/shell.h"
#include "analyzer/cli/shell_parse.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/out.h"

#include <stdio.h>
#include <unistd.h>

enum { SHELL_NODES = 10 }; /* rows of top, if nobody says how many */

/* --- reports */

/* A report on its way through a child process. */
struct report_work {
    const struct shell *shell;
    struct config config;
    const struct command *command;
    const char *operand;
};

/* The shell's options, and what the line says for itself. */
static struct config config_of(const struct shell *sh, const struct shell_action *action)
{
    struct config cfg = sh->config;
    bool labels = action->command->report == REPORT_TAGS;
    if (action->focus)
        *(labels ? &cfg.filter.tagfocus : &cfg.filter.focus) = action->focus;
    if (action->ignore)
        *(labels ? &cfg.filter.tagignore : &cfg.filter.ignore) = action->ignore;
    if (action->counted)
        cfg.report.nodecount = action->nodecount;
    if (action->cum)
        cfg.report.cum_sort = true;
    if (action->output)
        cfg.output.file = action->output;
    if (cfg.report.nodecount == -1 && action->command->report == REPORT_TOP)
        cfg.report.nodecount = SHELL_NODES;
    if (!(action->command->does & (DOES_TABLE | DOES_CELLS)))
        cfg.output.format = FORMAT_TEXT;
    cfg.output.off_stdout = !action->pipe;
    return cfg;
}

/* In the child: the profile is its own. */
static int work_report(void *context)
{
    const struct report_work *w = context;
    const struct command *cmd = w->command;
    struct session s = *w->shell->session;
    struct error err = {0};
    if (cmd->does & DOES_CELLS) /* flame graphs show both sides */
        s = session_sides(&s);
    int rc = cmd->on(s.profile, &w->config, cmd, w->operand, &err);
    fflush(stdout);
    if (rc < 0)
        terminal_say(err.text);
    else if (*w->config.output.file)
        fprintf(stderr, "wrote %s\n", w->config.output.file);
    return rc < 0 ? -1 : 0;
}

int shell_report(const struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                 struct error *err)
{
    struct report_work w = {sh, config_of(sh, action), action->command, action->operand};
    struct child_spec spec = {action->pipe, a->captured, a->cancel};
    if (command_check_format(w.command, w.config.output.format, err))
        return -1;
    int rc = child_run(&spec, work_report, &w, err);
    a->interrupted = rc == CHILD_INTERRUPTED;
    return rc < 0 ? -1 : 0;
}

/* --- texts */

static int work_print(void *context)
{
    const struct buf *text = context;
    struct error err = {0};
    struct out o;
    out_init_fd(&o, STDOUT_FILENO);
    out_add(&o, text->data, text->len);
    if (out_close(&o, &err) == 0)
        return 0;
    terminal_say(err.text);
    return -1;
}

static int print_to_pipe(const struct buf *text, const char *pipe, struct shell_answer *a,
                         struct error *err)
{
    struct child_spec spec = {pipe, a->captured, a->cancel};
    int rc = child_run(&spec, work_print, (void *)text, err);
    a->interrupted = rc == CHILD_INTERRUPTED;
    return rc < 0 ? -1 : 0;
}

int shell_print(const struct buf *text, const struct shell_action *action, struct shell_answer *a,
                struct error *err)
{
    struct out o;
    if (!text->len)
        return 0;
    if (action->pipe)
        return print_to_pipe(text, action->pipe, a, err);
    if (a->captured && !action->output) {
        buf_add(a->captured, text->data, text->len);
        return 0;
    }
    if (!action->output)
        out_init_fd(&o, STDERR_FILENO);
    else if (out_init_file(&o, action->output, err))
        return -1;
    o.terminal = isatty(o.fd);
    out_add(&o, text->data, text->len);
    return out_close(&o, err);
}
