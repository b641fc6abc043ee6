#include "tui/app.h"

#include "analyzer/base/alloc.h"
#include "tui/app_state.h"
#include "tui/tui.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TICK = 100,     /* milliseconds between two looks at work that goes on */
    MOST_INPUT = 64 /* keys between two pictures, when they come faster than that */
};

void app_say(struct app *a, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_clear(&a->message);
    buf_puts(&a->message, text);
    a->message_is_error = false;
    a->dirty = true;
}

const struct search *app_search(const struct app *a)
{
    return a->search;
}

const struct config *app_config(const struct app *a)
{
    return &a->cfg;
}

const struct steps *app_steps(const struct app *a)
{
    return &a->steps;
}

const struct lines *app_remarks(const struct app *a)
{
    return &a->remarks;
}

struct view *app_view(struct app *a)
{
    return &a->views[a->current].view;
}

/* --- the loop */

static void resize(struct app *a)
{
    int rows, cols;
    screen_size(a->screen, &rows, &cols);
    canvas_resize(&a->canvas, rows, cols);
    a->dirty = true;
}

static void take_input(struct app *a)
{
    for (int i = 0; i < MOST_INPUT && !a->quits; i++) {
        struct input in = screen_input(a->screen);
        switch (in.kind) {
        case INPUT_NONE:
            return;
        case INPUT_RESIZE:
            resize(a);
            break;
        case INPUT_KEY:
            app_key(a, in.key);
            break;
        case INPUT_MOUSE:
            app_mouse(a, &in.mouse);
            break;
        }
        if (a->finding.goes_on)
            app_find_on(a);
        if (a->finding.goes_on)
            return;
    }
}

/* Work that takes longer than a moment is shown as soon as that is over. */
static int time_to_wait(const struct app *a)
{
    if (a->finding.goes_on)
        return 0;
    if (!app_is_busy(a))
        return -1;
    int64_t left = a->busy_since + APP_PATIENCE - app_milliseconds();
    return left > 0 && left < TICK ? (int)left : TICK;
}

/* Returns when there is something to do; false when the terminal is gone. */
static bool wait_for_input(struct app *a)
{
    struct pollfd fds[] = {
        {.fd = screen_key_fd(a->screen), .events = POLLIN},
        {.fd = screen_signal_fd(a->screen), .events = POLLIN},
        {.fd = worker_fd(a->worker), .events = POLLIN},
    };
    int ready = poll(fds, sizeof fds / sizeof *fds, time_to_wait(a));
    if (ready < 0)
        return errno == EINTR;
    if (ready == 0)
        a->dirty = true; /* work shows how far it is */
    return !(fds[0].revents & (POLLHUP | POLLERR | POLLNVAL));
}

static void run(struct app *a)
{
    resize(a);
    if (!a->studio.is_lent)
        app_load(a);
    while (!a->quits) {
        app_update(a);
        if (a->dirty) {
            a->dirty = false;
            app_draw(a);
        }
        if (!wait_for_input(a))
            break;
        if (a->finding.goes_on)
            app_find_on(a);
        take_input(a);
        app_take_jobs(a);
    }
}

/* --- beginning and end */

static void init_views(struct app *a)
{
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        if (!views[i])
            continue;
        a->views[i].view =
            (struct view){.ops = views[i], .app = a, .state = xcalloc(1, views[i]->state_size + 1)};
    }
}

/* What the command line has as steps can be undone, too. */
static void take_steps(struct app *a)
{
    struct step step;
    for (size_t i = 0; i < a->cfg.then.count; i++)
        if (step_parse(&step, a->cfg.then.items[i], NULL) == 0)
            steps_push(&a->steps, step.kind, step.text);
    a->cfg.then = (struct string_list){0};
}

static struct app *app_new(const struct config *cfg)
{
    struct app *a = xcalloc(1, sizeof *a);
    a->cfg = *cfg;
    source_spec_mark_base(&a->cfg.source); /* views show both sides */
    a->unit = -1;
    a->unit_asked = cfg->report.unit;
    a->chosen = xstrdup("");
    a->version = a->transformed = a->choice = 1;
    arena_init(&a->texts);
    take_steps(a);
    init_views(a);
    return a;
}

/* The worker may be at something that takes long and cannot be stopped; nobody waits for that if
 * the process has nothing else to do. */
static void end_worker(struct app *a)
{
    bool is_idle = !app_is_busy(a) || a->studio.is_lent;
    for (int i = 0; i < 2 && !is_idle; i++) {
        struct pollfd done = {.fd = worker_fd(a->worker), .events = POLLIN};
        poll(&done, 1, TICK);
        app_take_jobs(a);
        is_idle = !app_is_busy(a);
    }
    if (!is_idle) {
        if (a->status < 0)
            fprintf(stderr, "cpprof: %s\n", a->error.text);
        fflush(NULL);
        _exit(a->status < 0 ? 1 : a->status);
    }
    worker_free(a->worker, app_drop_job);
}

static void app_free(struct app *a)
{
    app_release_views(a);
    app_release_shell(a);
    studio_release(&a->studio);
    steps_release(&a->steps);
    search_free(a->search);
    prompt_release(&a->prompt);
    pager_close(&a->pager);
    canvas_release(&a->canvas);
    buf_release(&a->message);
    lines_release(&a->remarks);
    lines_release(&a->past);
    arena_release(&a->texts);
    free(a->export_path);
    free(a->chosen);
    free(a);
}

/* LENT: what is shown; NULL: it has to be read. */
static int show(const struct session *lent, const struct config *cfg, struct error *err)
{
    setlocale(LC_CTYPE, "");
    struct screen *screen = screen_open(cfg->output.color, err);
    if (!screen)
        return -1;
    struct app *a = app_new(cfg);
    a->screen = screen;
    a->canvas.ascii = screen_is_ascii(screen);
    a->worker = worker_new();
    if (lent) {
        a->studio = (struct studio){.session = session_sides(lent), .is_lent = true};
        a->phase = PHASE_READY;
    }
    run(a);
    screen_close(a->screen);
    end_worker(a);
    int status = a->status;
    if (status < 0)
        *err = a->error;
    app_free(a);
    return status;
}

int tui_run(const struct config *cfg, const struct command *cmd, const char *operand,
            struct error *err)
{
    (void)cmd;
    (void)operand;
    return show(NULL, cfg, err);
}

int tui_show(const struct session *s, const struct config *cfg, struct error *err)
{
    return show(s, cfg, err);
}
