#include "analyzer/cli/pipeline.h"

#include "analyzer/base/num.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/callgraph.h"
#include "analyzer/render/csv.h"
#include "analyzer/render/json.h"
#include "analyzer/render/proto.h"
#include "analyzer/render/raw.h"
#include "analyzer/render/text.h"
#include "analyzer/report/topproto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* divide_by is for what is shown; a profile that is written carries it in its values. */
static void divide_samples(struct profile *p, double ratio)
{
    if (!(ratio > 0) || ratio == 1)
        return;
    for (size_t t = 0; t < p->sample_type_count; t++)
        for (size_t i = 0; i < p->sample_count; i++)
            p->values[t][i] = f64_to_i64((double)p->values[t][i] * ratio);
}

/* --- rows and their formats */

/* What one format makes of each kind of rows. */
static const struct {
    void (*top)(struct out *o, const struct report *r, const struct top *t);
    void (*tree)(struct out *o, const struct report *r, const struct tree *t);
    void (*traces)(struct out *o, const struct report *r, struct traces *t);
    void (*tags)(struct out *o, const struct report *r, const struct tags *t);
} formats[] = {
    [FORMAT_TEXT] = {text_top, text_tree, text_traces, text_tags},
    [FORMAT_JSON] = {json_top, json_tree, json_traces, json_tags},
    [FORMAT_CSV] = {csv_top, csv_tree, csv_traces, csv_tags},
};

/* A report about to be made. */
struct job {
    struct out *out;
    struct report *r;
    enum output_format format;
    struct regex *only; /* peek's, or NULL */
    struct error *err;
};

static int make_top(const struct job *job)
{
    struct top t;
    top_init(&t, job->r);
    formats[job->format].top(job->out, job->r, &t);
    top_release(&t);
    return 0;
}

static int make_tree(const struct job *job)
{
    struct tree t;
    int rc = tree_init(&t, job->r, job->only, job->err);
    if (rc == 0)
        formats[job->format].tree(job->out, job->r, &t);
    tree_release(&t);
    return rc;
}

static int make_traces(const struct job *job)
{
    struct traces t;
    traces_init(&t, job->r);
    formats[job->format].traces(job->out, job->r, &t);
    traces_release(&t);
    return 0;
}

static int make_tags(const struct job *job)
{
    struct tags t;
    tags_init(&t, job->r, job->format != FORMAT_TEXT);
    formats[job->format].tags(job->out, job->r, &t);
    tags_release(&t);
    return 0;
}

static int make_comments(const struct job *job)
{
    text_comments(job->out, job->r->p);
    return 0;
}

static int make_raw(const struct job *job)
{
    raw_profile(job->out, job->r->p);
    return 0;
}

static int make_proto(const struct job *job)
{
    divide_samples(job->r->p, job->r->ratio);
    proto_profile(job->out, job->r->p);
    return 0;
}

static int make_topproto(const struct job *job)
{
    struct top t;
    top_init(&t, job->r);
    struct profile *p = topproto_new(job->r, &t);
    proto_profile(job->out, p);
    profile_free(p);
    top_release(&t);
    return 0;
}

static int make_dot(const struct job *job)
{
    struct callgraph c;
    callgraph_init(&c, job->r, true);
    dot_graph(job->out, job->r, &c);
    callgraph_release(&c);
    return 0;
}

static int make_callgrind(const struct job *job)
{
    struct callgraph c;
    callgraph_init(&c, job->r, false);
    callgrind_graph(job->out, job->r, &c);
    callgraph_release(&c);
    return 0;
}

static int (*const makers[])(const struct job *job) = {
    [REPORT_TOP] = make_top,           [REPORT_TREE] = make_tree,
    [REPORT_PEEK] = make_tree,         [REPORT_TRACES] = make_traces,
    [REPORT_TAGS] = make_tags,         [REPORT_COMMENTS] = make_comments,
    [REPORT_RAW] = make_raw,           [REPORT_PROTO] = make_proto,
    [REPORT_TOPPROTO] = make_topproto, [REPORT_CALLGRIND] = make_callgrind,
    [REPORT_DOT] = make_dot,
};

/* --- all stages, in order: tagroot, total, filters, aggregation, rows, text */

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

int pipeline_prepare(struct report *r, struct report_spec *spec, struct profile *p,
                     const struct config *cfg, const struct command *cmd, struct lines *notes,
                     struct error *err)
{
    struct aggregate_spec aggregate = aggregate_spec_of(cfg, cmd);
    *spec = report_spec_of(cfg, cmd);
    *r = (struct report){0};
    tagroot_apply(p, &cfg->tagroot, spec->unit, notes);
    if (report_init(r, p, spec, notes, err) || filter_apply(p, &cfg->filter, notes, err))
        return -1;
    if (cfg->relative_percentages)
        report_take_total(r);
    note_filters(r, &cfg->filter);
    aggregate_apply(p, &aggregate);
    return 0;
}

static int report_on(struct profile *p, const struct config *cfg, const struct command *cmd,
                     struct regex *only, struct lines *notes, struct error *err)
{
    struct report_spec spec;
    struct report r;
    struct out o;
    int rc = pipeline_prepare(&r, &spec, p, cfg, cmd, notes, err);
    if (!rc) {
        terminal_say_all(notes);
        rc = terminal_open(&o, cfg, cmd, err);
    }
    if (!rc) {
        struct job job = {&o, &r, cfg->output.format, only, err};
        rc = makers[cmd->report](&job);
        if (rc)
            out_abandon(&o);
        else
            rc = out_close(&o, err);
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
