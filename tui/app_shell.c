#include "tui/app_state.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/shell_complete.h"
#include "analyzer/profile/clone.h"

#include <stdlib.h>
#include <string.h>

/* A line on its way through the worker. The shell is the worker's meanwhile. */
struct line_job {
    struct job job;
    struct shell *shell;
    const struct session *session;
    struct config cfg;
    struct steps steps;
    char *line;
    struct buf text;
    struct shell_answer answer;
    struct error err;
    bool failed;
};

/* The session's profile as the steps have left it: the options do the rest, as in every report. */
static int apply_steps(struct profile *p, const struct line_job *j, struct error *err)
{
    struct lines notes = {0};
    int rc = 0;
    for (int late = 0; late < 2; late++)
        for (size_t i = 0; i < j->steps.count && !rc; i++)
            if (step_precedes_total(j->steps.items[i].kind) != late)
                rc = step_apply(p, &j->steps.items[i], j->cfg.report.unit, &notes, err);
    lines_release(&notes);
    return rc;
}

static void run_line(struct job *job)
{
    struct line_job *j = (struct line_job *)job;
    struct session stepped = *j->session;
    bool has_labels_compact = j->cfg.report.compact_labels;
    int rc = 0;
    if (j->steps.count) {
        stepped.profile = profile_clone(j->session->profile);
        rc = apply_steps(stepped.profile, j, &j->err);
    }
    j->shell->session = &stepped;
    j->shell->config = j->cfg;
    j->shell->config.report.compact_labels = true; /* as in the shell */
    j->answer = (struct shell_answer){.captured = &j->text, .cancel = &job->work.cancelled};
    if (!rc)
        rc = shell_exec(j->shell, j->line, &j->answer, &j->err);
    j->failed = rc != 0;
    j->cfg = j->shell->config;
    j->cfg.report.compact_labels = has_labels_compact;
    j->shell->session = j->session;
    if (j->steps.count)
        profile_free(stepped.profile);
}

enum { TAB = 8 };

static void add_line(struct lines *out, struct str s)
{
    struct buf line = {0};
    buf_puts(&line, "");
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\t')
            buf_pad(&line, ' ', TAB - line.len % TAB);
        else
            buf_putc(&line, s.ptr[i]);
    }
    lines_add_str(out, "", buf_view(&line));
    buf_release(&line);
}

static void split(struct lines *out, struct str text)
{
    while (text.len) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        add_line(out, (struct str){text.ptr, len});
        len += end != NULL;
        text = (struct str){text.ptr + len, text.len - len};
    }
}

static void take_config(struct app *a, const struct config *cfg)
{
    a->cfg = *cfg;
    a->unit = -1;
    a->unit_asked = cfg->report.unit;
    app_transform(a);
}

/* A line or two are for the status line, more for the pager. */
static void show_text(struct app *a, struct line_job *j)
{
    struct lines lines = {0};
    split(&lines, buf_view(&j->text));
    if (lines.count == 1)
        app_say(a, "%s", lines.items[0]);
    else if (lines.count)
        app_page(a, j->line, &lines);
    else if (!j->answer.changed)
        app_say(a, "done: %s", j->line);
    lines_release(&lines);
}

static void release_line(struct line_job *j)
{
    steps_release(&j->steps);
    buf_release(&j->text);
    free(j->line);
    free(j);
}

bool app_finish_line(struct app *a, struct job *job)
{
    struct line_job *j = (struct line_job *)job;
    if (job->run != run_line)
        return false;
    a->task = a->task == job ? NULL : a->task;
    if (!job->ran || work_cancelled(&job->work)) {
        app_say(a, "cancelled: %s", j->line);
    } else if (j->failed) {
        app_say(a, "%s", j->err.text);
        a->message_is_error = true;
    } else {
        if (j->answer.changed)
            take_config(a, &j->cfg);
        show_text(a, j);
        a->quits = j->answer.next == SHELL_ENDS;
    }
    release_line(j);
    return true;
}

bool app_drop_line(struct job *job)
{
    if (job->run != run_line)
        return false;
    release_line((struct line_job *)job);
    return true;
}

/* A word that is whole gets a blank behind it, as in the shell. */
static void complete_line(void *context, const char *text, size_t cursor, struct completed *out)
{
    struct app *a = context;
    struct completion found;
    if (!a->completer)
        a->completer = completer_new(&a->shell);
    shell_complete(a->completer, text, cursor, &found);
    size_t common = completion_common(&found), typed = cursor - found.start;
    bool longer =
        common > typed || (common && memcmp(found.words.items[0], text + found.start, common) != 0);
    out->from = cursor;
    if (found.words.count == 1 || longer) {
        out->from = found.start;
        buf_add(&out->text, found.words.items[0], common);
        if (found.words.count == 1 && !strchr("=/", found.words.items[0][common - 1]))
            buf_putc(&out->text, ' ');
    }
    out->choices = found.words; /* taken over */
    found.words = (struct lines){0};
    completion_release(&found);
}

static void line_entered(struct app *a, void *context, const char *text)
{
    (void)context;
    struct error none;
    if (text[strspn(text, " \t")] == '\0')
        return;
    (void)history_add(&a->history, text, &none); /* one that cannot be kept is still there today */
    struct line_job *j = xcalloc(1, sizeof *j);
    *j = (struct line_job){.job.run = run_line,
                           .shell = &a->shell,
                           .session = &a->studio.session,
                           .cfg = a->cfg,
                           .steps = steps_copy(&a->steps),
                           .line = xstrdup(text)};
    a->task = &j->job;
    a->task_what = "working";
    a->busy_since = app_milliseconds();
    worker_push(a->worker, &j->job);
}

void app_ask_line(struct app *a)
{
    if (a->task) {
        app_say(a, "one thing at a time: Esc cancels what is being done");
        return;
    }
    if (!a->shell.session) {
        shell_init(&a->shell, &a->studio.session, &a->cfg);
        history_load(&a->history);
    }
    app_prompt(a, ":", "", line_entered, NULL);
    a->prompt.past = &a->history.lines;
    a->prompt.past_at = a->history.lines.count;
    a->prompt.complete = complete_line;
    a->prompt.complete_context = a;
}

void app_release_shell(struct app *a)
{
    if (!a->shell.session)
        return;
    completer_free(a->completer);
    history_release(&a->history);
    shell_release(&a->shell);
}
