#include "analyzer/cli/pipeline.h"

#include "analyzer/base/num.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/profile/encode.h"
#include "analyzer/render/callgraph.h"
#include "analyzer/render/raw.h"
#include "analyzer/render/text.h"
#include "analyzer/report/topproto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int to_out(void *out, const void *data, size_t len)
{
    struct out *o = out;
    out_add(o, data, len);
    out_flush_some(o);
    return o->failed;
}

/* divide_by is for what is shown; a profile that is written carries it in its values. */
static void divide_samples(struct profile *p, double ratio)
{
    if (!(ratio > 0) || ratio == 1)
        return;
    for (size_t t = 0; t < p->sample_type_count; t++)
        for (size_t i = 0; i < p->sample_count; i++)
            p->values[t][i] = f64_to_i64((double)p->values[t][i] * ratio);
}

static int render(struct out *o, enum report_kind kind, struct report *r, struct regex *only,
                  struct error *err)
{
    switch (kind) {
    case REPORT_TOP: {
        struct top t;
        top_init(&t, r);
        text_top(o, r, &t);
        top_release(&t);
        return 0;
    }
    case REPORT_TREE:
    case REPORT_PEEK: {
        struct tree t;
        int rc = tree_init(&t, r, only, err);
        if (rc == 0)
            text_tree(o, r, &t);
        tree_release(&t);
        return rc;
    }
    case REPORT_TRACES: {
        struct traces t;
        traces_init(&t, r);
        text_traces(o, r, &t);
        traces_release(&t);
        return 0;
    }
    case REPORT_TAGS: {
        struct tags t;
        tags_init(&t, r);
        text_tags(o, r, &t);
        tags_release(&t);
        return 0;
    }
    case REPORT_COMMENTS:
        text_comments(o, r->p);
        return 0;
    case REPORT_RAW:
        raw_profile(o, r->p);
        return 0;
    case REPORT_PROTO:
        divide_samples(r->p, r->ratio);
        profile_encode(r->p, to_out, o);
        return 0;
    case REPORT_TOPPROTO: {
        struct top t;
        top_init(&t, r);
        struct profile *p = topproto_new(r, &t);
        profile_encode(p, to_out, o);
        profile_free(p);
        top_release(&t);
        return 0;
    }
    case REPORT_DOT:
    case REPORT_CALLGRIND: {
        struct callgraph c;
        bool visual = kind == REPORT_DOT;
        callgraph_init(&c, r, visual);
        (visual ? dot_graph : callgrind_graph)(o, r, &c);
        callgraph_release(&c);
        return 0;
    }
    case REPORT_NONE:
        break;
    }
    return error_set(err, ERROR_USAGE, "nothing to report");
}

static void note_filters(struct report *r, const struct filter_spec *f)
{
    const struct {
        const char *name, *value;
    } shown[] = {
        {"focus", f->focus},         {"ignore", f->ignore},       {"hide", f->hide},
        {"show", f->show},           {"show_from", f->show_from}, {"tagfocus", f->tagfocus},
        {"tagignore", f->tagignore}, {"tagshow", f->tagshow},     {"taghide", f->taghide},
    };
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (shown[i].value && *shown[i].value)
            lines_add(&r->filters, "%s=%s", shown[i].name, shown[i].value);
}

/* What the command itself settles, whatever was asked for. */
static struct report_spec report_spec_of(const struct config *cfg, const struct command *cmd)
{
    struct report_spec spec = cfg->report;
    if (spec.nodecount == -1)
        spec.nodecount = cmd->flags & COMMAND_UNLIMITED_NODES ? 0 : 80;
    if (cmd->flags & COMMAND_NO_TRIM)
        spec.trim = false;
    return spec;
}

static struct aggregate_spec aggregate_spec_of(const struct config *cfg, const struct command *cmd)
{
    struct aggregate_spec spec = cfg->aggregate;
    if (cmd->flags & COMMAND_FORCES_ADDRESSES) {
        spec.granularity = GRANULARITY_ADDRESSES;
    }
    return spec;
}

/* All stages, in order: tagroot, total, filters, aggregation, rows, text. */
static int report_on(struct profile *p, const struct config *cfg, const struct command *cmd,
                     struct regex *only, struct lines *notes, struct error *err)
{
    struct report_spec spec = report_spec_of(cfg, cmd);
    struct aggregate_spec aggregate = aggregate_spec_of(cfg, cmd);
    struct report r = {0};

    tagroot_apply(p, &cfg->tagroot, spec.unit, notes);
    int rc = cfg->relative_percentages ? filter_apply(p, &cfg->filter, notes, err) : 0;
    if (!rc)
        rc = report_init(&r, p, &spec, notes, err);
    if (!rc && !cfg->relative_percentages)
        rc = filter_apply(p, &cfg->filter, notes, err);
    if (!rc) {
        note_filters(&r, &cfg->filter);
        aggregate_apply(p, &aggregate);
        terminal_say_all(notes);
        struct out o;
        rc = terminal_open(&o, cfg, cmd, err);
        if (!rc) {
            rc = render(&o, cmd->report, &r, only, err);
            if (rc)
                out_abandon(&o);
            else
                rc = out_close(&o, err);
        }
    }
    report_release(&r);
    return rc;
}

int pipeline_run(const struct config *cfg, const struct command *cmd, const char *regex,
                 struct error *err)
{
    struct regex *only = NULL;
    if (cmd->report == REPORT_PEEK) {
        only = regex_compile(regex ? regex : "", "argument", err);
        if (!only)
            return -1;
    }
    struct lines notes = {0};
    struct progress_line line;
    progress_line_begin(&line);
    struct profile *p = load_profile(&cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    int rc = -1;
    if (p)
        rc = report_on(p, cfg, cmd, only, &notes, err);
    terminal_say_all(&notes);
    profile_free(p);
    regex_free(only);
    lines_release(&notes);
    return rc;
}
