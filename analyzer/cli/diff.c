#include "analyzer/cli/pipeline.h"

#include "analyzer/base/lines.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/csv.h"
#include "analyzer/render/json.h"
#include "analyzer/render/text_diff.h"
#include "analyzer/report/diff.h"
#include "analyzer/transform/scale.h"

#include <math.h>
#include <stdlib.h>

enum {
    EXIT_GREW = 3,
    MOST_GROWN = 10, /* functions that are named; more are counted */
};

static void (*const formats[])(struct out *o, const struct diff *d) = {
    [FORMAT_TEXT] = text_diff,
    [FORMAT_JSON] = json_diff,
    [FORMAT_CSV] = csv_diff,
};

/* One of the two profiles on its way to rows. */
struct side {
    const char *path;
    struct profile *p;
    struct report_spec spec;
    struct report report;
};

/* Adds FROM to TO, saying which file they are about. */
static void pass_notes(struct lines *to, struct lines *from, const char *path)
{
    for (size_t i = 0; i < from->count; i++)
        lines_add(to, "%s: %s", path, from->items[i]);
    lines_release(from);
}

static int load_side(struct side *s, const struct source_spec *spec, const struct progress *line,
                     struct lines *notes, struct error *err)
{
    struct lines own = {0};
    struct source_spec one = *spec;
    one.sources = (struct string_list){.items = &s->path, .count = 1};
    one.base = one.diff_base = (struct string_list){0};
    s->p = load_profile(&one, line, &own, err);
    pass_notes(notes, &own, s->path);
    return s->p ? 0 : -1;
}

static int prepare_side(struct side *s, const struct config *cfg, const struct command *cmd,
                        struct lines *notes, struct error *err)
{
    struct lines own = {0};
    int rc = pipeline_prepare(&s->report, &s->spec, s->p, cfg, cmd, &own, err);
    pass_notes(notes, &own, s->path);
    return rc;
}

static int load_both(struct side *old, struct side *new, const struct config *cfg,
                     struct lines *notes, struct error *err)
{
    struct progress_line line;
    progress_line_begin(&line);
    int rc = load_side(old, &cfg->source, &line.progress, notes, err);
    if (!rc)
        rc = load_side(new, &cfg->source, &line.progress, notes, err);
    progress_line_end(&line);
    return rc;
}

/* The same sample type, total and filters for both. */
static int prepare_both(struct side *old, struct side *new, const struct config *cfg,
                        const struct command *cmd, struct lines *notes, struct error *err)
{
    static const char *const numbers[] = {"0", "1"};
    struct config both = *cfg;
    for (const struct side *s = old; s; s = s == old ? new : NULL)
        if (!s->p->sample_type_count)
            return error_set(err, ERROR_DATA, "%s: the profile has no samples", s->path);
    int value = scale_to_one(new->p, old->p, cfg->report.sample_index, cfg->report.mean, err);
    if (value < 0)
        return -1;
    both.report.sample_index = numbers[value];
    int rc = prepare_side(old, &both, cmd, notes, err);
    return rc ? rc : prepare_side(new, &both, cmd, notes, err);
}

static void say_growth(const struct diff_growth *g, double above)
{
    struct buf b = {0};
    buf_str(&b, g->name);
    buf_printf(&b, g->points < 0.01 ? " grew by %.1g" : " grew by %.2f", g->points);
    buf_printf(&b, " points of cum (from %.2f%% to %.2f%%), more than %g", g->old_share,
               g->new_share, above);
    terminal_say(b.data);
    buf_release(&b);
}

static void say_more(size_t count, double above)
{
    struct buf b = {0};
    buf_printf(&b, "and %zu more grew by more than %g points of cum", count, above);
    terminal_say(b.data);
    buf_release(&b);
}

/* 3 if a function grew by more than ABOVE points, and says which. */
static int gate(const struct diff *d, double above)
{
    size_t count;
    struct diff_growth *grown = diff_grown(d, above, &count);
    for (size_t i = 0; i < count && i < MOST_GROWN; i++)
        say_growth(&grown[i], above);
    if (count > MOST_GROWN)
        say_more(count - MOST_GROWN, above);
    free(grown);
    return count ? EXIT_GREW : 0;
}

static int write_diff(const struct diff *d, const struct config *cfg, const struct command *cmd,
                      struct error *err)
{
    struct out o;
    if (terminal_open(&o, cfg, cmd, err))
        return -1;
    formats[cfg->output.format](&o, d);
    return out_close(&o, err);
}

static int compare(struct side *old, struct side *new, const struct config *cfg,
                   const struct command *cmd, struct error *err)
{
    struct diff d;
    diff_init(&d, (struct diff_source){.report = &old->report, .name = old->path},
              (struct diff_source){.report = &new->report, .name = new->path},
              cfg->source.normalize);
    int rc = write_diff(&d, cfg, cmd, err);
    if (!rc && isfinite(cfg->output.fail_above))
        rc = gate(&d, cfg->output.fail_above);
    diff_release(&d);
    return rc;
}

static int diff_sides(struct side *old, struct side *new, const struct config *cfg,
                      const struct command *cmd, struct lines *notes, struct error *err)
{
    int rc = prepare_both(old, new, cfg, cmd, notes, err);
    terminal_say_all(notes);
    if (!rc)
        rc = compare(old, new, cfg, cmd, err);
    report_release(&old->report);
    report_release(&new->report);
    return rc;
}

int diff_run(const struct config *cfg, const struct command *cmd, const char *regex,
             struct error *err)
{
    (void)regex;
    struct lines notes = {0};
    struct side old = {.path = cfg->source.sources.items[0]};
    struct side new = {.path = cfg->source.sources.items[1]};
    int rc = load_both(&old, &new, cfg, &notes, err);
    terminal_say_all(&notes);
    if (!rc)
        rc = diff_sides(&old, &new, cfg, cmd, &notes, err);
    profile_free(old.p);
    profile_free(new.p);
    return rc;
}

int diff_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                const char *old_path, struct error *err)
{
    const struct string_list *sources = &cfg->source.sources;
    struct lines notes = {0};
    struct side old = {.path = old_path};
    struct side new = {.path = sources->count == 1 ? sources->items[0] : "the profile", .p = p};
    struct progress_line line;
    progress_line_begin(&line);
    int rc = load_side(&old, &cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    terminal_say_all(&notes);
    if (!rc)
        rc = diff_sides(&old, &new, cfg, cmd, &notes, err);
    profile_free(old.p);
    return rc;
}
