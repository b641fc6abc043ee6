#include "analyzer/cli/pipeline.h"

#include "analyzer/base/lines.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/proto.h"
#include "analyzer/transform/merge.h"

int merge_run(const struct config *cfg, const struct command *cmd, const char *regex,
              struct error *err)
{
    (void)regex;
    struct lines notes = {0};
    struct progress_line line;
    progress_line_begin(&line);
    struct profile *p =
        load_merged(&cfg->source.sources, &cfg->source, &line.progress, &notes, err);
    progress_line_end(&line);
    terminal_say_all(&notes);
    if (!p)
        return -1;
    p = merge_compact(p);
    struct out o;
    int rc = terminal_open(&o, cfg, cmd, err);
    if (!rc) {
        proto_profile(&o, p);
        rc = out_close(&o, err);
    }
    profile_free(p);
    return rc;
}
