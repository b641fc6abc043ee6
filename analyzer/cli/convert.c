#include "analyzer/cli/pipeline.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/makers.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/profile/formats.h"
#include "analyzer/render/convert.h"
#include "analyzer/report/losses.h"
#include "analyzer/report/report.h"

/* Writes R's profile as FORMAT, after saying what that loses. */
static int write_as(enum file_format format, struct report *r, const struct config *cfg,
                    const struct command *cmd, struct error *err)
{
    struct command as = *cmd;
    struct lines losses = {0};
    struct out o;
    losses_note(&losses, r->p, format, (size_t)r->value);
    terminal_say_all(&losses);
    /* Of the formats only profile.proto is nothing for a terminal. */
    as.extension = format == FILE_PROTO ? file_formats[format].extensions[0] : NULL;
    if (terminal_open(&o, cfg, &as, err))
        return -1;
    divide_samples(r->p, r->ratio);
    format_writers[format](&o, r->p, (size_t)r->value);
    return out_close(&o, err);
}

static int convert(struct profile *p, enum file_format format, const struct config *cfg,
                   const struct command *cmd, struct lines *notes, struct error *err)
{
    struct report_spec spec;
    struct report r;
    int rc = pipeline_prepare(&r, &spec, p, cfg, cmd, notes, err);
    terminal_say_all(notes);
    if (!rc)
        rc = write_as(format, &r, cfg, cmd, err);
    report_release(&r);
    return rc;
}

int convert_run(const struct config *cfg, const struct command *cmd, const char *regex,
                struct error *err)
{
    (void)regex;
    enum file_format format = cfg->output.to;
    if (format == FILE_UNKNOWN)
        format = format_by_name(cfg->output.file, err);
    if (format == FILE_UNKNOWN)
        return -1;
    struct lines notes = {0};
    struct progress_line line;
    progress_line_begin(&line);
    struct profile *p = load_profile(&cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    terminal_say_all(&notes);
    int rc = p ? convert(p, format, cfg, cmd, &notes, err) : -1;
    profile_free(p);
    return rc;
}
