#include "analyzer/cli/shell_loop.h"

#include "analyzer/cli/lineedit.h"
#include "analyzer/cli/shell.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/out.h"
#include "analyzer/report/report.h"
#include "tui/tui.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the profile is, on standard error as in pprof: standard output is for reports. */
static void greet(const struct shell *sh)
{
    struct report r;
    struct error err = {0};
    struct lines header = {0}, notes = {0};
    struct out o;
    struct profile *p = sh->session->profile;
    out_init_fd(&o, STDERR_FILENO);
    o.terminal = isatty(STDERR_FILENO);
    if (report_init(&r, p, &sh->config.report, &notes, &err) == 0) {
        report_profile_header(&header, &r);
        for (size_t i = 0; i < header.count; i++) {
            out_str(&o, lines_get(&header, i));
            out_puts(&o, "\n");
        }
        if (!r.total && p->sample_type_count > 1)
            out_puts(&o, "No samples were found with the default sample value type.\n"
                         "Try \"sample_index\" command to analyze different sample values.\n");
    }
    out_puts(&o, "Entering interactive mode (type \"help\" for commands, \"o\" for options)\n");
    report_release(&r);
    lines_release(&header);
    lines_release(&notes);
    out_close(&o, &err);
}

/* Leaves the shell for the terminal UI, which begins with the shell's options. */
static int open_tui(const struct shell *sh, struct error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return error_set(err, ERROR_USAGE, "the terminal UI needs a terminal");
    return tui_show(sh->session, &sh->config, err) < 0 ? -1 : 0;
}

static void loop(struct shell *sh, struct lineedit *edit)
{
    struct shell_answer a = {0};
    const char *line;
    while (a.next != SHELL_ENDS && (line = lineedit_read(edit, "(pprof) "))) {
        struct error err = {0};
        int rc = shell_exec(sh, line, &a, &err);
        if (!rc && a.next == SHELL_OPENS_TUI)
            rc = open_tui(sh, &err);
        if (rc)
            terminal_say(err.text);
        if (a.interrupted)
            putc('\n', stderr);
    }
}

int shell_run(const struct config *cfg, const struct command *cmd, const char *operand,
              struct error *err)
{
    (void)cmd, (void)operand;
    struct session session;
    struct lines notes = {0};
    struct progress_line line;
    progress_line_begin(&line);
    int rc = session_init(&session, &cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    terminal_say_all(&notes);
    if (rc)
        return -1;
    struct shell sh;
    shell_init(&sh, &session, cfg);
    greet(&sh);
    struct lineedit *edit = lineedit_new(&sh);
    loop(&sh, edit);
    lineedit_free(edit);
    shell_release(&sh);
    session_release(&session);
    return 0;
}
