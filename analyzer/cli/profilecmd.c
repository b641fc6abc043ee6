/* The commands that make one profile of their sources and write it down. */
#include "analyzer/base/lines.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/pipeline.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/proto.h"
#include "analyzer/transform/compact.h"

typedef struct profile *profile_loader(const struct source_spec *spec,
                                       const struct progress *progress, struct lines *notes,
                                       struct error *err);

static int write_loaded(profile_loader *load, const struct config *cfg, const struct command *cmd,
                        struct error *err)
{
    struct lines notes = {0};
    struct progress_line line;
    progress_line_begin(&line);
    struct profile *p = load(&cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    terminal_say_all(&notes);
    if (!p)
        return -1;
    struct out o;
    int rc = terminal_open(&o, cfg, cmd, err);
    if (!rc) {
        proto_profile(&o, p);
        rc = out_close(&o, err);
    }
    profile_free(p);
    return rc;
}

static struct profile *load_sum(const struct source_spec *spec, const struct progress *progress,
                                struct lines *notes, struct error *err)
{
    struct profile *p = load_merged(&spec->sources, spec, progress, notes, err);
    return p ? profile_compact(p) : NULL;
}

int merge_run(const struct config *cfg, const struct command *cmd, const char *operand,
              struct error *err)
{
    (void)operand;
    return write_loaded(load_sum, cfg, cmd, err);
}

int symbolize_run(const struct config *cfg, const struct command *cmd, const char *operand,
                  struct error *err)
{
    (void)operand;
    return write_loaded(load_symbolized, cfg, cmd, err);
}
