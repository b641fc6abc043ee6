#include "analyzer/cli/threads.h"

#include "analyzer/cli/load.h"
#include "analyzer/cli/process_arg.h"
#include "analyzer/cli/record_output.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/live/stacks.h"
#include "analyzer/render/text_stackgroups.h"

#include <string.h>

/* Equal stacks are told apart by their locations, and these by their addresses. */
static int print(const struct config *cfg, const struct command *cmd, const struct profile *p,
                 struct error *err)
{
    struct out o;
    struct stackgroups groups;
    if (terminal_open(&o, cfg, cmd, err))
        return -1;
    stackgroups_init(&groups, p);
    text_stackgroups(&o, &groups, "threads");
    stackgroups_release(&groups);
    return out_close(&o, err);
}

static bool names_profile(const char *file)
{
    const char *base = strrchr(file, '/');
    return strstr(base ? base : file, ".pb") != NULL;
}

static int write_profile(const struct config *cfg, const struct profile *p, pid_t pid,
                         struct error *err)
{
    struct lines said = {0};
    struct buf name = {0};
    process_name(&name, &pid, 1);
    int rc = record_write(p, cfg->output.file, name.data, "threads", &said, err);
    if (!rc)
        record_say_how(&said, "traces", cfg->output.file);
    terminal_say_all(&said);
    buf_release(&name);
    return rc;
}

int threads_run(const struct config *cfg, const struct command *cmd, const char *operand,
                struct error *err)
{
    struct lines notes = {0};
    pid_t pid;
    if (process_arg(operand, &pid, err))
        return -1;
    struct profile *p = stacks_take(pid, &notes, err);
    int rc = p ? load_names(p, &cfg->source, &notes, err) : -1;
    terminal_say_all(&notes);
    if (!rc)
        rc = names_profile(cfg->output.file) ? write_profile(cfg, p, pid, err)
                                             : print(cfg, cmd, p, err);
    profile_free(p);
    return rc;
}
