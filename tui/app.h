/* What views may ask of the application. All of it in the screen's thread.
 */
#ifndef CPPROF_TUI_APP_H
#define CPPROF_TUI_APP_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/config.h"
#include "tui/keys.h"
#include "tui/marks.h"
#include "tui/search.h"
#include "tui/steps.h"
#include "tui/view.h"

struct app;

/* Shows a view; with the function chosen now. */
void app_show(struct app *a, enum view_id id);

/* NAME is the chosen function from now on: the view that is shown is built anew if it depends on
 * it. NAME is copied. */
void app_choose(struct app *a, struct str name);
struct str app_chosen(const struct app *a); /* empty: none; borrowed until the next choice */

/* Builds V's model again, because what its `ask` returns has changed. */
void app_rebuild(struct app *a, struct view *v);

/* Puts a transform on the stack and builds anew; the text is copied. */
void app_step(struct app *a, enum step_kind kind, const char *text);

/* A sentence for the status line, until the next key. */
void app_say(struct app *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The search in force, for canvas_put_found; NULL: none. */
const struct search *app_search(const struct app *a);

/* Marks the function NAME, or no longer; says so if there is none. */
void app_mark(struct app *a, struct marks *marks, struct str name);

/* Asks for a line of text below, beginning with INITIAL. DONE is called with what was entered;
 * not at all after Esc. CONTEXT has to live until then. */
typedef void prompt_done(struct app *a, void *context, const char *text);
void app_prompt(struct app *a, const char *label, const char *initial, prompt_done *done,
                void *context);

/* Shows lines of text over the view until q or Esc. Takes LINES over and leaves it empty. */
void app_page(struct app *a, const char *title, struct lines *lines);

/* Something for the worker besides models: exports, commands. RUN is called in the worker, with the
 * same request as a build (of the view shown, or of AGGREGATION's kind); its profile is RUN's to
 * change and goes when RUN returns. DONE is then called in the screen's thread with RUN's result,
 * or with NULL and the error. Esc cancels it. */
typedef void *task_run(const struct view_request *request, void *context, struct error *err);
typedef void task_done(struct app *a, void *context, void *result, const struct error *err);
void app_task(struct app *a, const char *what, unsigned aggregation, task_run *run, task_done *done,
              void *context);

/* The state, for exports and the command line: read only. */
const struct config *app_config(const struct app *a);
const struct steps *app_steps(const struct app *a);
const struct lines *app_remarks(const struct app *a); /* of those who read the sources */
struct view *app_view(struct app *a);                 /* the one that is shown */

#endif
