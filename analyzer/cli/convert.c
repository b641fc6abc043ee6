#include "analyzer/cli/pipeline.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
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

static enum file_format format_wanted(const struct config *cfg, struct error *err)
{
    if (cfg->output.to != FILE_UNKNOWN)
        return cfg->output.to;
    return format_by_name(cfg->output.file, err);
}

int convert_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                   const char *regex, struct error *err)
{
    (void)regex;
    struct lines notes = {0};
    enum file_format format = format_wanted(cfg, err);
    return format == FILE_UNKNOWN ? -1 : convert(p, format, cfg, cmd, &notes, err);
}

int convert_run(const struct config *cfg, const struct command *cmd, const char *regex,
                struct error *err)
{
    if (format_wanted(cfg, err) == FILE_UNKNOWN) /* before anything long is read */
        return -1;
    return pipeline_run(cfg, cmd, regex, err);
}
