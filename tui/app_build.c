#include "tui/app_state.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/clone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t app_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* --- reading the sources */

struct load_job {
    struct job job;
    struct studio *studio;
    const struct source_spec *source;
    struct lines notes;
    struct error err;
    bool failed;
};

static void on_bytes(void *context, const char *what, uint64_t done, uint64_t total)
{
    (void)what;
    work_report(context, "reading", done, total);
}

static void on_wait(void *context, const char *what, double seconds, double limit)
{
    (void)what;
    (void)limit;
    work_report(context, "looking names up", (uint64_t)seconds, 0);
}

static void load(struct job *job)
{
    struct load_job *l = (struct load_job *)job;
    struct progress progress = {on_bytes, on_wait, &job->work};
    l->failed = session_init(&l->studio->session, l->source, &progress, &l->notes, &l->err) != 0;
}

void app_load(struct app *a)
{
    struct load_job *l = xcalloc(1, sizeof *l);
    *l = (struct load_job){.job.run = load, .studio = &a->studio, .source = &a->cfg.source};
    a->loading = &l->job;
    a->busy_since = app_milliseconds();
    worker_push(a->worker, &l->job);
}

static void say_notes(struct app *a, const struct lines *notes)
{
    if (notes->count)
        app_say(a, "%s%s", notes->items[0], notes->count > 1 ? " (and more)" : "");
}

static void finish_load(struct app *a, struct load_job *l)
{
    a->loading = NULL;
    if (l->failed) {
        a->error = l->err;
        a->status = -1;
        a->quits = true;
    } else {
        a->phase = PHASE_READY;
        a->remarks = l->notes;
        l->notes = (struct lines){0};
        say_notes(a, &a->remarks);
    }
    lines_release(&l->notes);
    free(l);
}

/* --- giving models up, in the thread that made them */

struct drop_job {
    struct job job;
    const struct view_ops *ops;
    void *model;
    struct prepared *prepared;
};

static void drop(struct job *job)
{
    struct drop_job *d = (struct drop_job *)job;
    if (d->model)
        d->ops->free_model(d->model);
    prepared_free(d->prepared);
    d->model = NULL;
    d->prepared = NULL;
}

static void drop_model(struct app *a, const struct view_ops *ops, const void *model,
                       struct prepared *prepared)
{
    if (!model && !prepared)
        return;
    struct drop_job *d = xcalloc(1, sizeof *d);
    *d = (struct drop_job){
        .job.run = drop, .ops = ops, .model = (void *)model, .prepared = prepared};
    worker_push(a->worker, &d->job);
}

/* --- what builds and tasks have in common: a profile prepared for them */

struct request {
    struct studio *studio;
    struct scene_spec spec;
    unsigned aggregation;
    char *chosen;
    struct prepared *prepared;
    struct lines notes;
    struct error err;
};

static void request_init(struct request *q, struct app *a, unsigned aggregation)
{
    *q = (struct request){.studio = &a->studio,
                          .spec = {a->cfg, steps_copy(&a->steps), a->transformed},
                          .aggregation = aggregation,
                          .chosen = xstrdup(a->chosen)};
}

static void request_release(struct request *q)
{
    steps_release(&q->spec.steps);
    free(q->chosen);
    lines_release(&q->notes);
}

/* True if there is something to build from. */
static bool request_prepare(struct request *q, struct view_request *view, struct work *work,
                            const void *asked)
{
    q->prepared = scene_prepare(q->studio, &q->spec, q->aggregation, work, &q->notes, &q->err);
    if (!q->prepared)
        return false;
    *view = (struct view_request){
        .p = q->prepared->p,
        .r = &q->prepared->r,
        .cfg = &q->prepared->cfg,
        .has_base = q->studio->session.marked,
        .chosen = {q->chosen, strlen(q->chosen)},
        .asked = asked,
        .work = work,
    };
    return true;
}

/* --- models */

struct build_job {
    struct job job;
    struct request request;
    const struct view_ops *ops;
    void *asked, *model;
    unsigned long version, choice;
};

static void build(struct job *job)
{
    struct build_job *b = (struct build_job *)job;
    struct view_request view;
    if (request_prepare(&b->request, &view, &job->work, b->asked))
        b->model = b->ops->build(&view, &b->request.err);
    if (!b->model || work_cancelled(&job->work)) {
        if (b->model)
            b->ops->free_model(b->model);
        prepared_free(b->request.prepared);
        b->model = NULL;
        b->request.prepared = NULL;
    } else {
        profile_keep_strings(b->request.prepared->p);
    }
}

static void build_job_free(struct build_job *b)
{
    request_release(&b->request);
    free(b->asked);
    free(b);
}

static bool is_current(const struct app *a, const struct shown_view *s)
{
    return s->version == a->version && !s->wants_rebuild &&
           (!s->view.ops->rebuilds_on_choice || s->choice == a->choice);
}

static bool is_under_way(const struct app *a, const struct shown_view *s)
{
    const struct build_job *b = a->building;
    return b && b->ops == s->view.ops && b->version == a->version && !s->wants_rebuild &&
           (!b->ops->rebuilds_on_choice || b->choice == a->choice);
}

static void stop_building(struct app *a)
{
    if (a->building)
        atomic_store(&a->building->job.work.cancelled, true);
    a->building = NULL;
}

void app_update(struct app *a)
{
    struct shown_view *s = &a->views[a->current];
    if (a->phase != PHASE_READY || is_current(a, s) || is_under_way(a, s))
        return;
    stop_building(a);
    struct build_job *b = xcalloc(1, sizeof *b);
    b->job.run = build;
    b->ops = s->view.ops;
    b->version = a->version;
    b->choice = a->choice;
    b->asked = b->ops->ask ? b->ops->ask(&s->view) : NULL;
    request_init(&b->request, a, b->ops->aggregation);
    s->wants_rebuild = false;
    a->building = b;
    a->busy_since = app_milliseconds();
    worker_push(a->worker, &b->job);
}

static void show_model(struct app *a, struct build_job *b)
{
    struct shown_view *s = &a->views[b->ops->id];
    a->finding.goes_on = false; /* it was among the rows of the model before */
    drop_model(a, b->ops, s->view.model, s->prepared);
    s->view.model = b->model;
    s->prepared = b->request.prepared;
    s->view.r = &s->prepared->r;
    s->view.cfg = &s->prepared->cfg;
    s->view.has_base = a->studio.session.marked;
    s->failed = (struct error){0};
    if (b->ops->shown)
        b->ops->shown(&s->view);
    if (*a->chosen && b->ops->choose)
        b->ops->choose(&s->view, (struct str){a->chosen, strlen(a->chosen)});
}

/* A step that cannot be applied is taken back; whatever else is wrong stays to be seen. */
static void show_failure(struct app *a, struct build_job *b)
{
    struct shown_view *s = &a->views[b->ops->id];
    s->failed = b->request.err;
    if (s->view.model) { /* or else it stands where the model would */
        app_say(a, "%s", b->request.err.text);
        a->message_is_error = true;
    }
    if (b->request.err.kind == ERROR_USAGE && a->steps.count && b->version == a->version) {
        steps_undo(&a->steps);
        app_transform(a);
    }
}

static void finish_build(struct app *a, struct build_job *b)
{
    struct shown_view *s = &a->views[b->ops->id];
    bool is_wanted = b == a->building;
    if (is_wanted) {
        a->building = NULL;
        s->version = b->version;
        s->choice = b->choice;
    }
    if (is_wanted && b->model)
        show_model(a, b);
    else
        drop_model(a, b->ops, b->model, b->request.prepared);
    if (is_wanted && !b->model && b->job.ran)
        show_failure(a, b);
    else if (is_wanted)
        say_notes(a, &b->request.notes);
    build_job_free(b);
}

/* --- tasks */

struct task_job {
    struct job job;
    struct request request;
    task_run *run;
    task_done *done;
    void *context, *result;
};

static void run_task(struct job *job)
{
    struct task_job *t = (struct task_job *)job;
    struct view_request view;
    if (request_prepare(&t->request, &view, &job->work, NULL))
        t->result = t->run(&view, t->context, &t->request.err);
    prepared_free(t->request.prepared);
    t->request.prepared = NULL;
}

void app_task(struct app *a, const char *what, unsigned aggregation, task_run *run, task_done *done,
              void *context)
{
    struct task_job *t = xcalloc(1, sizeof *t);
    *t = (struct task_job){.job.run = run_task, .run = run, .done = done, .context = context};
    request_init(&t->request, a, aggregation);
    a->task = &t->job;
    a->task_what = what;
    a->busy_since = app_milliseconds();
    worker_push(a->worker, &t->job);
}

static void finish_task(struct app *a, struct task_job *t)
{
    if (a->task == &t->job)
        a->task = NULL;
    if (!t->job.ran)
        error_set(&t->request.err, ERROR_DATA, "cancelled");
    t->done(a, t->context, t->result, &t->request.err);
    request_release(&t->request);
    free(t);
}

/* --- what comes back */

void app_take_jobs(struct app *a)
{
    struct job *job;
    while ((job = worker_take(a->worker))) {
        if (job->run == load)
            finish_load(a, (struct load_job *)job);
        else if (job->run == build)
            finish_build(a, (struct build_job *)job);
        else if (job->run == run_task)
            finish_task(a, (struct task_job *)job);
        else if (!app_finish_line(a, job))
            free(job); /* it dropped a model */
        a->dirty = true;
    }
}

void app_drop_job(struct job *job)
{
    if (job->run == drop) {
        drop(job);
        free(job);
    } else if (job->run == build) {
        struct build_job *b = (struct build_job *)job;
        if (b->model)
            b->ops->free_model(b->model);
        prepared_free(b->request.prepared);
        build_job_free(b);
    } else if (job->run == run_task) {
        request_release(&((struct task_job *)job)->request);
        free(job);
    } else if (!app_drop_line(job)) {
        lines_release(&((struct load_job *)job)->notes);
        free(job);
    }
}

bool app_is_busy(const struct app *a)
{
    return a->loading || a->building || a->task;
}

const struct work *app_work(const struct app *a)
{
    return a->loading ? &a->loading->work : a->task ? &a->task->work : &a->building->job.work;
}

bool app_cancel(struct app *a)
{
    if (a->loading) { /* nothing can be shown without it */
        a->quits = true;
        a->status = -1;
        error_set(&a->error, ERROR_DATA, "cancelled while reading the profile");
        return true;
    }
    if (a->task) {
        atomic_store(&a->task->work.cancelled, true);
        return true;
    }
    if (!a->building || !a->views[a->current].view.model)
        return false;
    stop_building(a);
    struct shown_view *s = &a->views[a->current]; /* what is there is what was asked for now */
    s->version = a->version;
    s->choice = a->choice;
    app_say(a, "cancelled: this is what was there before");
    return true;
}

void app_transform(struct app *a)
{
    a->transformed++;
    a->version++;
    a->dirty = true;
}

void app_rebuild(struct app *a, struct view *v)
{
    a->views[v->ops->id].wants_rebuild = true;
    a->dirty = true;
}

void app_release_views(struct app *a)
{
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        struct shown_view *s = &a->views[i];
        if (!s->view.ops)
            continue;
        if (s->view.ops->release)
            s->view.ops->release(&s->view);
        if (s->view.model)
            s->view.ops->free_model((void *)s->view.model);
        prepared_free(s->prepared);
        free(s->view.state);
    }
}
