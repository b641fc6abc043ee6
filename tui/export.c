#include "tui/export.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/base/units.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/makers.h"
#include "analyzer/cli/pipeline.h"
#include "analyzer/render/convert.h"
#include "analyzer/render/out.h"
#include "analyzer/report/losses.h"
#include "tui/app_state.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What can be written. */
struct export_kind {
    char key;         /* in the menu */
    const char *name; /* and there */
    const char *extension;
    const char *command; /* that makes it; NULL: the view's, see json_commands */
    enum output_format format;
    enum file_format to; /* FILE_UNKNOWN: it is a report */
};

static const struct export_kind profile_kind = {'w',     "profile",   ".pb.gz",
                                                "proto", FORMAT_TEXT, FILE_PROTO};

static const struct export_kind kinds[] = {
    {'h', "html", ".html", "flame", FORMAT_HTML, FILE_UNKNOWN},
    {'s', "svg", ".svg", "flame", FORMAT_SVG, FILE_UNKNOWN},
    {'d', "dot", ".dot", "dot", FORMAT_TEXT, FILE_UNKNOWN},
    {'f', "folded", ".folded", "convert", FORMAT_TEXT, FILE_FOLDED},
    {'j', "json", ".json", NULL, FORMAT_JSON, FILE_UNKNOWN},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* What the rows of a view are as JSON. */
static const char *const json_commands[VIEW_COUNT] = {
    [VIEW_TOP] = "top",      [VIEW_FLAME] = "flame", [VIEW_SANDWICH] = "peek",
    [VIEW_TREE] = "tree",    [VIEW_PEEK] = "peek",   [VIEW_SOURCE] = "top",
    [VIEW_ASSEMBLY] = "top", [VIEW_LABELS] = "tags", [VIEW_INFO] = "top",
};

/* --- in the worker */

struct export_job {
    const struct export_kind *kind;
    const struct command *cmd;
    char *path;
    struct lines losses;
    int64_t size;
};

static int write_report(const struct export_job *job, const struct view_request *request,
                        struct out *o, struct error *err)
{
    struct config cfg = *request->cfg;
    struct report r = *request->r; /* its parts stay the request's */
    struct lines notes = {0};
    struct buf pattern = {0};
    struct regex *only = NULL;
    cfg.output.format = job->kind->format;
    struct report_spec spec = pipeline_report_spec(&cfg, job->cmd);
    if (job->kind->format == FORMAT_JSON)
        spec.trim = false; /* as the view, which scrolls */
    r.spec = &spec;
    if (job->cmd->flags & COMMAND_NEEDS_OPERAND) {
        step_quote(&pattern, request->chosen);
        only = regex_compile(pattern.data, "function", err);
    }
    struct making making = {o, &r, &cfg, &notes, NULL, only};
    int rc = only || !(job->cmd->flags & COMMAND_NEEDS_OPERAND)
                 ? makers[job->cmd->report](&making, err)
                 : -1;
    regex_free(only);
    buf_release(&pattern);
    lines_release(&notes);
    return rc;
}

static int write_profile(struct export_job *job, const struct view_request *request, struct out *o)
{
    losses_note(&job->losses, request->p, job->kind->to, (size_t)request->r->value);
    divide_samples(request->p, request->r->ratio);
    format_writers[job->kind->to](o, request->p, (size_t)request->r->value);
    return 0;
}

static void *run(const struct view_request *request, void *context, struct error *err)
{
    struct export_job *job = context;
    struct out o;
    if (out_init_file(&o, job->path, err))
        return NULL;
    int rc = job->kind->to == FILE_UNKNOWN ? write_report(job, request, &o, err)
                                           : write_profile(job, request, &o);
    if (rc || work_cancelled(request->work)) {
        out_abandon(&o);
        return NULL;
    }
    struct stat st;
    if (out_close(&o, err))
        return NULL;
    job->size = stat(job->path, &st) ? 0 : st.st_size;
    return job;
}

/* --- in the screen's thread */

static void done(struct app *a, void *context, void *result, const struct error *err)
{
    struct export_job *job = context;
    struct buf size = {0};
    if (result) {
        units_label(&size, job->size, "bytes", "auto");
        app_say(a, "wrote %s (%s%s%s)", job->path, size.data, job->losses.count ? "; " : "",
                job->losses.count ? job->losses.items[0] : "");
    } else {
        app_say(a, "%s", err->kind == ERROR_NONE ? "nothing was written" : err->text);
        a->message_is_error = true;
    }
    buf_release(&size);
    lines_release(&job->losses);
    free(job->path);
    free(job);
}

static void start(struct app *a, const struct export_kind *kind, const char *path)
{
    struct export_job *job = xcalloc(1, sizeof *job);
    job->kind = kind;
    job->cmd = command_find(kind->command ? kind->command : json_commands[a->current]);
    job->path = xstrdup(path);
    app_task(a, "writing", job->cmd->flags, run, done, job);
}

static void confirmed(struct app *a, void *context, const char *text)
{
    if (tolower((unsigned char)*text) == 'y')
        start(a, context, a->export_path);
    else
        app_say(a, "%s stays as it is", a->export_path);
}

static void path_entered(struct app *a, void *context, const char *path)
{
    struct buf question = {0};
    if (!*path)
        return;
    if (access(path, F_OK) != 0) {
        start(a, context, path);
        return;
    }
    free(a->export_path);
    a->export_path = xstrdup(path);
    buf_str(&question, path_base((struct str){path, strlen(path)}));
    buf_puts(&question, " exists; write over it? (y, n) ");
    app_prompt(a, question.data, "n", confirmed, context);
    buf_release(&question);
}

/* "cpu" of "/tmp/cpu.pb.gz". */
static void add_stem(struct buf *out, const struct app *a)
{
    const char *source = a->cfg.source.sources.items[0];
    struct str base = path_base((struct str){source, strlen(source)});
    size_t len = 0;
    while (len < base.len && base.ptr[len] != '.')
        len++;
    if (len && strcmp(source, "-") != 0)
        buf_add(out, base.ptr, len);
    else
        buf_puts(out, "profile");
}

static void ask_for_path(struct app *a, const struct export_kind *kind)
{
    struct buf label = {0}, path = {0};
    buf_printf(&label, "write %s to: ", kind->name);
    add_stem(&path, a);
    buf_puts(&path, kind == &profile_kind ? "-filtered" : "");
    buf_puts(&path, kind->extension);
    app_prompt(a, label.data, path.data, path_entered, (void *)kind);
    buf_release(&label);
    buf_release(&path);
}

static void kind_entered(struct app *a, void *context, const char *text)
{
    (void)context;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (tolower((unsigned char)*text) == kinds[i].key) {
            ask_for_path(a, &kinds[i]);
            return;
        }
    }
    app_say(a, "h, s, d, f or j");
}

void export_profile(struct app *a)
{
    ask_for_path(a, &profile_kind);
}

void export_view(struct app *a)
{
    struct buf label = {0};
    buf_puts(&label, "export ");
    for (size_t i = 0; i < KIND_COUNT; i++)
        buf_printf(&label, "%s%c %s", i ? ", " : "", kinds[i].key, kinds[i].name);
    buf_puts(&label, ": ");
    app_prompt(a, label.data, "h", kind_entered, NULL);
    buf_release(&label);
}
