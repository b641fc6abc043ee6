#include "tui/app_state.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/regex.h"
#include "analyzer/base/units.h"
#include "analyzer/cli/pipeline.h"
#include "tui/command_line.h"
#include "tui/export.h"
#include "tui/help.h"
#include "tui/view_assembly.h"
#include "tui/view_flame.h"
#include "tui/view_top.h"
#include "tui/view_tree.h"
#include "tui/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- views */

static void show_view(struct app *a, enum view_id id)
{
    if (id == a->current || !views[id])
        return;
    a->current = id;
    pager_close(&a->pager);
    struct view *v = app_view(a);
    if (*a->chosen && v->model && v->ops->choose)
        v->ops->choose(v, (struct str){a->chosen, strlen(a->chosen)});
}

/* What the view has under its cursor is chosen for the others, too. */
static void keep_choice(struct app *a)
{
    const struct view *v = app_view(a);
    struct str name = v->model && v->ops->chosen ? v->ops->chosen(v) : (struct str){0};
    if (!name.len || str_equal(name, (struct str){a->chosen, strlen(a->chosen)}))
        return;
    free(a->chosen);
    a->chosen = xstrndup(name.ptr, name.len);
    a->choice++;
}

void app_show(struct app *a, enum view_id id)
{
    if (id == a->current)
        return;
    keep_choice(a);
    if (a->visit_count == MOST_VISITS)
        memmove(a->visits, a->visits + 1, --a->visit_count * sizeof *a->visits);
    a->visits[a->visit_count++] = a->current;
    show_view(a, id);
}

static void next_view(struct app *a, bool forward)
{
    int id = (int)a->current;
    do
        id = (id + (forward ? 1 : VIEW_COUNT - 1)) % VIEW_COUNT;
    while (!views[id]);
    app_show(a, (enum view_id)id);
}

void app_choose(struct app *a, struct str name)
{
    char *chosen = xstrndup(name.ptr, name.len);
    free(a->chosen);
    a->chosen = chosen;
    a->choice++;
    a->dirty = true;
}

struct str app_chosen(const struct app *a)
{
    return (struct str){a->chosen, strlen(a->chosen)};
}

static void go_back(struct app *a, bool may_quit)
{
    if (a->pager.title) {
        pager_close(&a->pager);
    } else if (a->search) {
        search_free(a->search);
        a->search = NULL;
    } else if (a->visit_count) {
        keep_choice(a);
        show_view(a, a->visits[--a->visit_count]);
    } else if (may_quit) {
        a->quits = true;
    } else {
        app_say(a, "Q quits");
    }
}

/* --- prompts */

void app_prompt(struct app *a, const char *label, const char *initial, prompt_done *done,
                void *context)
{
    if (a->has_prompt)
        prompt_release(&a->prompt);
    prompt_open(&a->prompt, label, initial, &a->past);
    a->has_prompt = true;
    a->prompt_done = done;
    a->prompt_context = context;
}

static void remember(struct lines *past, const char *text)
{
    bool is_last = past->count && strcmp(past->items[past->count - 1], text) == 0;
    if (*text && !is_last)
        lines_add(past, "%s", text);
}

static void prompt_input(struct app *a, uint32_t key)
{
    enum prompt_state state = prompt_key(&a->prompt, key);
    if (state == PROMPT_GOES_ON)
        return;
    struct prompt prompt = a->prompt; /* what is entered may open another */
    a->prompt = (struct prompt){0};
    a->has_prompt = false;
    if (state == PROMPT_ENTERED) {
        if (prompt.past == &a->past) /* the shell keeps its own */
            remember(&a->past, prompt.text.data);
        a->prompt_done(a, a->prompt_context, prompt.text.data);
    }
    prompt_release(&prompt);
}

/* --- steps */

void app_step(struct app *a, enum step_kind kind, const char *text)
{
    struct error err;
    bool is_regex = kind != STEP_TAGFOCUS && kind != STEP_TAGIGNORE && kind != STEP_TAGROOT;
    struct regex *re = is_regex ? regex_compile(text, step_name(kind), &err) : NULL;
    if (is_regex && !re) {
        app_say(a, "%s", err.text);
        a->message_is_error = true;
        return;
    }
    regex_free(re);
    keep_choice(a);
    steps_push(&a->steps, kind, text);
    app_transform(a);
}

static void step_entered(struct app *a, void *context, const char *text)
{
    if (*text)
        app_step(a, *(const enum step_kind *)context, text);
}

static const struct {
    enum action action;
    enum step_kind kind;
    bool takes_name; /* the chosen function is what one would type most often */
} step_keys[] = {
    {ACTION_FOCUS, STEP_FOCUS, true},
    {ACTION_IGNORE, STEP_IGNORE, true},
    {ACTION_HIDE, STEP_HIDE, true},
    {ACTION_SHOW, STEP_SHOW, false},
    {ACTION_SHOW_FROM, STEP_SHOW_FROM, true},
    {ACTION_PRUNE_FROM, STEP_PRUNE_FROM, true},
    {ACTION_TAGFOCUS, STEP_TAGFOCUS, false},
    {ACTION_TAGIGNORE, STEP_TAGIGNORE, false},
    {ACTION_FOLD_MAPPING, STEP_FOLD_MAPPING, false},
    {ACTION_FOLD_FILE, STEP_FOLD_FILE, false},
};

static bool ask_for_step(struct app *a, enum action action)
{
    for (size_t i = 0; i < sizeof step_keys / sizeof *step_keys; i++) {
        if (step_keys[i].action != action)
            continue;
        struct buf label = {0}, name = {0};
        keep_choice(a);
        buf_printf(&label, "%s: ", step_name(step_keys[i].kind));
        buf_puts(&name, "");
        if (step_keys[i].takes_name && *a->chosen)
            step_quote(&name, app_chosen(a));
        app_prompt(a, label.data, name.data, step_entered, (void *)&step_keys[i].kind);
        buf_release(&label);
        buf_release(&name);
        return true;
    }
    return false;
}

static void charge_to_caller(struct app *a)
{
    struct buf name = {0};
    keep_choice(a);
    step_quote(&name, app_chosen(a));
    if (*a->chosen)
        app_step(a, STEP_CHARGE, name.data);
    buf_release(&name);
}

/* Filters that are options are among the breadcrumbs, too. */
static bool has_filters(const struct config *cfg)
{
    struct report named = {0};
    pipeline_note_filters(&named, cfg);
    bool has = named.filters.count;
    report_release(&named);
    return has;
}

static void undo(struct app *a, bool redo)
{
    if (redo ? steps_redo(&a->steps) : steps_undo(&a->steps))
        app_transform(a);
    else if (!redo && has_filters(&a->cfg))
        app_say(a, "no step to undo; :undo takes an option back, :: clears filters");
    else
        app_say(a, "nothing to %s", redo ? "redo" : "undo");
}

/* --- what is shown */

static void changed(struct app *a)
{
    keep_choice(a);
    a->version++;
}

static const struct profile *loaded(const struct app *a)
{
    return a->studio.session.profile; /* nobody changes it */
}

static int sample_type(const struct app *a)
{
    return profile_sample_index(loaded(a), a->cfg.report.sample_index, NULL);
}

static void next_sample_type(struct app *a)
{
    const struct profile *p = loaded(a);
    char number[24];
    int now = sample_type(a);
    if (p->sample_type_count < 2) {
        app_say(a, "the profile has one sample type");
        return;
    }
    size_t next = ((size_t)now + 1) % p->sample_type_count;
    int len = snprintf(number, sizeof number, "%zu", next);
    a->cfg.report.sample_index = arena_strndup(&a->texts, number, (size_t)len);
    a->unit = -1;
    a->cfg.report.unit = a->unit_asked;
    changed(a);
    app_say(a, "sample type %s", profile_str(p, p->sample_types[next].type).ptr);
}

static void next_unit(struct app *a)
{
    const struct profile *p = loaded(a);
    struct scaled steps[UNITS_LADDER];
    int now = sample_type(a);
    size_t count = now < 0 ? 0 : units_ladder(profile_str(p, p->sample_types[now].unit).ptr, steps);
    if (!count) {
        app_say(a, "this unit has no other");
        return;
    }
    a->unit = (size_t)a->unit + 1 < count ? a->unit + 1 : -1;
    a->cfg.report.unit = a->unit < 0 ? a->unit_asked : steps[a->unit].unit;
    changed(a);
    app_say(a, "unit %s", a->unit < 0 ? "by size" : a->cfg.report.unit);
}

static void next_granularity(struct app *a)
{
    static const char *const names[] = {"functions", "files with functions", "files", "lines",
                                        "addresses"};
    enum granularity next = (a->cfg.aggregate.granularity + 1) % (GRANULARITY_ADDRESSES + 1);
    a->cfg.aggregate.granularity = next;
    changed(a);
    app_say(a, "by %s", names[next]);
}

/* --- the rest */

static void search_entered(struct app *a, void *context, const char *text)
{
    (void)context;
    app_find(a, text);
}

static void help(struct app *a, bool explain)
{
    struct lines text = {0};
    if (explain)
        help_explain(&text);
    else
        help_keys(&text, a->current);
    app_page(a, explain ? "flat and cum" : "Keys", &text);
}

static bool is_bottom_up(struct app *a)
{
    return (a->current == VIEW_FLAME && flame_is_bottom_up(app_view(a))) ||
           (a->current == VIEW_TREE && tree_is_bottom_up(app_view(a)));
}

/* It is copied for the terminal's owner as well. */
static void show_command_line(struct app *a)
{
    struct command_line_view view = {.id = a->current};
    struct buf text = {0};
    struct lines lines = {0};
    keep_choice(a);
    view.function = app_chosen(a);
    if (a->current == VIEW_TOP)
        view.by_cum = top_is_by_cum(app_view(a));
    if (a->current == VIEW_ASSEMBLY)
        view.symbols = assembly_symbols(app_view(a));
    command_line_add(&text, &view, &a->cfg, &a->steps);
    screen_copy(a->screen, buf_view(&text));
    for (struct str rest = buf_view(&text); rest.len;)
        lines_add_str(&lines, "", wrap_next(&rest, a->canvas.cols - 2));
    lines_add(&lines, "%s", "");
    lines_add(&lines, is_bottom_up(a)
                          ? "It gives the same calls from the top down, as all commands have them."
                          : "It gives the same rows as this view.");
    lines_add(&lines, "It is on the terminal's clipboard now.");
    app_page(a, "On the command line", &lines);
    buf_release(&text);
}

void app_page(struct app *a, const char *title, struct lines *lines)
{
    pager_open(&a->pager, title, lines);
    a->dirty = true;
}

static bool act_anywhere(struct app *a, enum action action)
{
    if (action >= ACTION_VIEW_TOP && action <= ACTION_VIEW_INFO) {
        enum view_id id = (enum view_id)(action - ACTION_VIEW_TOP);
        bool again = id == VIEW_SOURCE && a->current == VIEW_SOURCE;
        bool from = id == VIEW_ASSEMBLY && a->current == VIEW_ASSEMBLY;
        app_show(a, again ? VIEW_ASSEMBLY : from ? VIEW_SOURCE : id);
        return true;
    }
    switch (action) {
    case ACTION_BACK:
        go_back(a, false);
        break;
    case ACTION_LEAVE:
        go_back(a, true);
        break;
    case ACTION_NEXT_VIEW:
    case ACTION_PREVIOUS_VIEW:
        next_view(a, action == ACTION_NEXT_VIEW);
        break;
    case ACTION_SEARCH:
        app_prompt(a, "/", "", search_entered, NULL);
        break;
    case ACTION_NEXT_MATCH:
    case ACTION_PREVIOUS_MATCH:
        app_find_next(a, action == ACTION_NEXT_MATCH);
        break;
    case ACTION_SAME_EVERYWHERE:
        app_say(a, "# marks functions in Flame, Sandwich and Tree");
        break;
    case ACTION_COMMAND:
        app_ask_line(a);
        break;
    case ACTION_SAMPLE_TYPE:
        next_sample_type(a);
        break;
    case ACTION_UNIT:
        next_unit(a);
        break;
    case ACTION_GRANULARITY:
        next_granularity(a);
        break;
    case ACTION_COLLAPSE_RECURSION:
        app_step(a, STEP_COLLAPSE_RECURSION, "");
        break;
    case ACTION_CHARGE_TO_CALLER:
        charge_to_caller(a);
        break;
    case ACTION_UNDO:
    case ACTION_REDO:
        undo(a, action == ACTION_REDO);
        break;
    case ACTION_HELP:
    case ACTION_EXPLAIN:
        help(a, action == ACTION_EXPLAIN);
        break;
    case ACTION_WRITE:
        export_profile(a);
        break;
    case ACTION_EXPORT:
        keep_choice(a);
        export_view(a);
        break;
    case ACTION_COMMAND_LINE:
        show_command_line(a);
        break;
    case ACTION_REDRAW:
        screen_redraw(a->screen);
        break;
    case ACTION_SUSPEND:
        screen_suspend(a->screen);
        break;
    case ACTION_QUIT:
        a->quits = true;
        break;
    default:
        return ask_for_step(a, action);
    }
    return true;
}

/* What holds over whatever is shown: a pager takes moves, the rest closes it only if it must. */
static bool act_on_pager(struct app *a, enum action action)
{
    return a->pager.title && pager_act(&a->pager, action);
}

static void act(struct app *a, enum action action)
{
    struct view *v = app_view(a);
    if (act_on_pager(a, action))
        return;
    enum action for_view = action == ACTION_LEAVE ? ACTION_BACK : action;
    if (!a->pager.title && v->model && v->ops->act(v, for_view))
        return;
    act_anywhere(a, action);
}

void app_key(struct app *a, uint32_t key)
{
    a->dirty = true;
    a->finding.goes_on = false;
    if (a->has_prompt) {
        prompt_input(a, key);
        return;
    }
    buf_clear(&a->message);
    a->message_is_error = false;
    if (key == KEY_ESCAPE && app_cancel(a))
        return;
    enum action action = key_action(key, a->current);
    bool works_while_loading = action == ACTION_QUIT || action == ACTION_LEAVE ||
                               action == ACTION_SUSPEND || action == ACTION_REDRAW;
    if (a->phase == PHASE_LOADING && !works_while_loading)
        return;
    if (a->phase == PHASE_LOADING && (action == ACTION_QUIT || action == ACTION_LEAVE))
        app_cancel(a);
    else
        act(a, action);
}

void app_mouse(struct app *a, const struct mouse *m)
{
    struct view *v = app_view(a);
    a->dirty = true;
    a->finding.goes_on = false;
    if (a->has_prompt || a->phase == PHASE_LOADING)
        return;
    buf_clear(&a->message);
    if (a->pager.title) {
        list_mouse(&a->pager.list, m);
        return;
    }
    if (m->row == 0) {
        int tab = app_tab_at(a, m->col);
        if (tab >= 0 && m->kind == MOUSE_CLICK)
            app_show(a, (enum view_id)tab);
        return;
    }
    bool is_taken = v->model && v->ops->mouse && v->ops->mouse(v, m);
    if (!is_taken && v->model && m->kind == MOUSE_DOUBLE_CLICK)
        act(a, ACTION_ENTER);
}
