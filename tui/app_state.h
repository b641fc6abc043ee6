/* What the application is made of; for tui/app*.c only. */
#ifndef CPPROF_TUI_APP_STATE_H
#define CPPROF_TUI_APP_STATE_H

#include "analyzer/base/arena.h"
#include "analyzer/base/buf.h"
#include "analyzer/cli/history.h"
#include "analyzer/cli/shell.h"
#include "tui/app.h"
#include "tui/pager.h"
#include "tui/prompt.h"
#include "tui/scene.h"
#include "tui/screen.h"
#include "tui/search.h"
#include "tui/worker.h"

enum {
    MOST_VISITS = 32,
    APP_PATIENCE = 20 /* milliseconds before work is worth mentioning */
};

/* A view with the models it has had. */
struct shown_view {
    struct view view;
    struct prepared *prepared; /* what the model is made from; the worker's */
    unsigned long version;     /* of app->version the model is of */
    unsigned long choice;      /* of app->choice, where the view depends on it */
    bool wants_rebuild;        /* app_rebuild */
    struct error failed;       /* why there is no newer model */
};

struct build_job;
struct completer;

/* A search on its way through the items, in slices of time. */
struct finding {
    bool goes_on, forward;
    size_t from, next; /* items: where it began, which is to be looked at now */
    size_t matches;    /* among those before */
    struct match {
        size_t item, rank; /* rank 0: none yet */
    } near, around;        /* the next from FROM on; beyond the end of the items */
};

enum phase { PHASE_LOADING, PHASE_READY };

struct app {
    struct config cfg;  /* the command line's, as keys have changed it */
    struct arena texts; /* strings of cfg that keys have made */
    struct screen *screen;
    struct canvas canvas;
    struct worker *worker;
    struct studio studio; /* the worker's, once it is loaded */
    struct lines remarks; /* of those who read the sources */
    enum phase phase;
    struct job *loading;        /* the job that reads the sources, or NULL */
    struct build_job *building; /* the one whose result is wanted, or NULL */
    struct job *task;           /* app_task's, or NULL */
    const char *task_what;
    int64_t busy_since; /* milliseconds; when the work that is shown began */

    struct shown_view views[VIEW_COUNT];
    enum view_id current;
    enum view_id visits[MOST_VISITS]; /* the views before */
    size_t visit_count;
    struct rect view_area;

    struct shell shell; /* behind `:`; zeroed until it is first asked for */

    struct steps steps;
    unsigned long version;     /* of all that views show; grows */
    unsigned long transformed; /* of filters, steps, tag roots: scene_spec.version */
    char *chosen;              /* function; "" at first */
    unsigned long choice;      /* grows with every other choice */

    struct search *search;
    struct finding finding;
    struct prompt prompt;
    bool has_prompt;
    prompt_done *prompt_done;
    void *prompt_context;
    struct pager pager;
    struct buf message;
    bool message_is_error;
    struct lines past;           /* expressions that were entered */
    struct history history;      /* lines of the shell that were */
    struct completer *completer; /* NULL until it is first asked */

    char *export_path; /* while it is asked whether to write over it */
    int unit;          /* rung of the ladder of units; -1: as it was asked for */
    const char *unit_asked;
    bool dirty, quits;
    int status;         /* tui_run's result */
    struct error error; /* what the program ends with */
};

int64_t app_milliseconds(void);

/* app_build.c */
void app_load(struct app *a);       /* begins reading the sources */
void app_update(struct app *a);     /* asks for the model that should be shown, if need be */
void app_take_jobs(struct app *a);  /* what the worker has done */
void app_drop_job(struct job *job); /* after the worker has ended */
bool app_cancel(struct app *a);     /* false: nothing to cancel */
bool app_is_busy(const struct app *a);
const struct work *app_work(const struct app *a); /* what it is busy with */
void app_transform(struct app *a);                /* steps or filters have changed */
void app_release_views(struct app *a);            /* after the worker has ended */

/* app_act.c */
void app_key(struct app *a, uint32_t key);
void app_mouse(struct app *a, const struct mouse *m);

/* app_draw.c */
void app_draw(struct app *a);
int app_tab_at(const struct app *a, int col); /* the view whose tab is there, or -1 */

/* app_shell.c */
void app_ask_line(struct app *a);
void app_release_shell(struct app *a);
bool app_finish_line(struct app *a, struct job *job); /* false: it is no line's */
bool app_drop_line(struct job *job);

/* app_find.c */
void app_find(struct app *a, const char *pattern);
void app_find_next(struct app *a, bool forward);
void app_find_on(struct app *a); /* while finding.goes_on: a slice of it */

#endif
