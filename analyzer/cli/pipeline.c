#include "analyzer/cli/pipeline.h"

#include "analyzer/base/regex.h"
#include "analyzer/cli/browser.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/makers.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/out.h"
#include "analyzer/report/report.h"
#include "analyzer/transform/step.h"

#include <stdlib.h>
#include <unistd.h>

/* --- all stages, in order: tagroot, total, filters, aggregation, rows, text */

void pipeline_note_filters(struct report *r, const struct config *cfg)
{
    const struct filter_spec *f = &cfg->filter;
    const struct {
        const char *name, *value;
    } shown[] = {
        {"focus", f->focus},
        {"ignore", f->ignore},
        {"hide", f->hide},
        {"show", f->show},
        {"show_from", f->show_from},
        {"tagfocus", f->tagfocus},
        {"tagignore", f->tagignore},
        {"tagshow", f->tagshow},
        {"taghide", f->taghide},
        {"fold_mapping", cfg->fold.mapping},
        {"fold_file", cfg->fold.file},
        {"collapse_recursion", cfg->fold.recursion ? "true" : NULL},
    };
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (shown[i].value && *shown[i].value)
            lines_add(&r->filters, "%s=%s", shown[i].name, shown[i].value);
    for (size_t i = 0; i < cfg->then.count; i++)
        lines_add(&r->filters, "%s", cfg->then.items[i]);
}

struct report_spec pipeline_report_spec(const struct config *cfg, const struct command *cmd)
{
    struct report_spec spec = cfg->report;
    if (spec.nodecount == -1)
        spec.nodecount = cmd->flags & COMMAND_UNLIMITED_NODES ? 0 : 80;
    if (cmd->flags & COMMAND_NO_TRIM)
        spec.trim = false;
    return spec;
}

struct aggregate_spec pipeline_aggregate_spec(const struct config *cfg, unsigned flags)
{
    struct aggregate_spec spec = cfg->aggregate;
    if (flags & COMMAND_FORCES_ADDRESSES)
        spec.granularity = GRANULARITY_ADDRESSES;
    if (flags & COMMAND_FORCES_LINES)
        spec.granularity = GRANULARITY_LINES;
    if (flags & COMMAND_FORCES_NOINLINES)
        spec.noinlines = true;
    if (flags & COMMAND_FORCES_INLINES)
        spec.noinlines = false;
    return spec;
}

/* Those of CFG's further steps that come before the total, or those that come after it. */
static int apply_steps(struct profile *p, const struct config *cfg, bool before_total,
                       struct lines *notes, struct error *err)
{
    struct step step;
    for (size_t i = 0; i < cfg->then.count; i++)
        if (step_parse(&step, cfg->then.items[i], err) ||
            (step_precedes_total(step.kind) == before_total &&
             step_apply(p, &step, cfg->report.unit, notes, err)))
            return -1;
    return 0;
}

int pipeline_prepare(struct report *r, struct report_spec *spec, struct profile *p,
                     const struct config *cfg, const struct command *cmd, struct lines *notes,
                     struct error *err)
{
    struct aggregate_spec aggregate = pipeline_aggregate_spec(cfg, cmd->flags);
    *spec = pipeline_report_spec(cfg, cmd);
    *r = (struct report){0};
    tagroot_apply(p, &cfg->tagroot, spec->unit, notes);
    if (apply_steps(p, cfg, true, notes, err) || report_init(r, p, spec, notes, err) ||
        filter_apply(p, &cfg->filter, notes, err) || fold_apply(p, &cfg->fold, notes, err) ||
        apply_steps(p, cfg, false, notes, err))
        return -1;
    if (cfg->relative_percentages)
        report_take_total(r);
    pipeline_note_filters(r, cfg);
    aggregate_apply(p, &aggregate);
    return 0;
}

/* A command that shows its result in another program writes it to a new file, *SHOWN, unless the
 * user has named one or wants it in a pipe. */
static int open_output(struct out *o, const struct config *cfg, const struct command *cmd,
                       char **shown, struct error *err)
{
    bool is_terminal = isatty(STDOUT_FILENO) || cfg->output.off_stdout;
    bool is_viewed = cmd->viewer && (!(cmd->flags & COMMAND_FILTERS) || is_terminal);
    if (is_viewed && !*cfg->output.file)
        return browser_open_file(o, cmd->extension, shown, err);
    return terminal_open(o, cfg, cmd, err);
}

static int report_on(struct profile *p, const struct config *cfg, const struct command *cmd,
                     struct regex *only, char **shown, struct lines *notes, struct error *err)
{
    struct report_spec spec;
    struct report r;
    struct out o;
    int rc = pipeline_prepare(&r, &spec, p, cfg, cmd, notes, err);
    if (!rc) {
        terminal_say_all(notes);
        rc = open_output(&o, cfg, cmd, shown, err);
    }
    if (!rc) {
        struct progress_line line;
        progress_line_begin(&line);
        struct making making = {&o, &r, cfg, notes, &line.progress, only};
        rc = makers[cmd->report](&making, err);
        progress_line_end(&line);
        if (rc)
            out_abandon(&o);
        else
            rc = out_close(&o, err);
    }
    report_release(&r);
    return rc;
}

/* CMD's operand as a regular expression, or NULL in *ONLY for commands without one. */
static int compile_operand(const struct command *cmd, const char *text, struct regex **only,
                           struct error *err)
{
    *only = NULL;
    if (!(cmd->flags & COMMAND_NEEDS_OPERAND))
        return 0;
    *only = regex_compile(text ? text : "", "argument", err);
    return *only ? 0 : -1;
}

int pipeline_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                    const char *regex, struct error *err)
{
    struct regex *only;
    struct lines notes = {0};
    char *shown = NULL;
    if (compile_operand(cmd, regex, &only, err))
        return -1;
    int rc = report_on(p, cfg, cmd, only, &shown, &notes, err);
    terminal_say_all(&notes);
    regex_free(only);
    if (shown && !rc)
        rc = browser_show(cmd->viewer, shown, err);
    free(shown);
    return rc;
}

int pipeline_run(const struct config *cfg, const struct command *cmd, const char *regex,
                 struct error *err)
{
    struct regex *only;
    if (compile_operand(cmd, regex, &only, err)) /* before anything long is read */
        return -1;
    regex_free(only);
    struct lines notes = {0};
    struct progress_line line;
    progress_line_begin(&line);
    struct profile *p = load_profile(&cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    terminal_say_all(&notes);
    int rc = p ? cmd->on(p, cfg, cmd, regex, err) : -1;
    profile_free(p);
    return rc;
}
