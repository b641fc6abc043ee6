#include "analyzer/cli/pipeline.h"

int diff_run(const struct config *cfg, const struct command *cmd, const char *regex,
             struct error *err)
{
    (void)cfg, (void)cmd, (void)regex;
    return error_set(err, ERROR_USAGE, "diff is being written");
}
