#include "analyzer/cli/pipeline.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"

#include <string.h>
#include <strings.h>

/* How a file's name ends if it is to be in a format. */
static const struct {
    const char *extension;
    enum output_format format;
} formats[] = {
    {"html", FORMAT_HTML}, /* first: if the name says nothing */
    {"htm", FORMAT_HTML},
    {"svg", FORMAT_SVG},
    {"json", FORMAT_JSON},
};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

static enum output_format format_of(const char *file)
{
    const char *dot = strrchr(file, '.');
    for (size_t i = 0; dot && i < FORMAT_COUNT; i++)
        if (strcasecmp(dot + 1, formats[i].extension) == 0)
            return formats[i].format;
    return formats[0].format;
}

static const char *extension_of(enum output_format format)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (formats[i].format == format)
            return formats[i].extension;
    return NULL;
}

int flame_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                 const char *regex, struct error *err)
{
    struct config own = *cfg;
    struct command drawing = *cmd;
    if (own.output.format == FORMAT_TEXT)
        own.output.format = format_of(own.output.file);
    drawing.extension = own.output.format == FORMAT_JSON ? NULL : extension_of(own.output.format);
    return pipeline_report(p, &own, &drawing, regex, err);
}

int flame_run(const struct config *cfg, const struct command *cmd, const char *regex,
              struct error *err)
{
    struct config own = *cfg;
    source_spec_mark_base(&own.source); /* it shows both sides */
    return pipeline_run(&own, cmd, regex, err);
}
