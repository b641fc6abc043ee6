#include "tui/app_state.h"

enum {
    SLICE = 20,        /* milliseconds of searching between two looks at the keys */
    ITEMS_A_LOOK = 64, /* between two looks at the clock */
};

/* What is searched: the lines over the view, or the view's items. */
static size_t item_count(struct app *a)
{
    struct view *v = app_view(a);
    if (a->pager.title)
        return a->pager.lines.count;
    return v->model && v->ops->item_count ? v->ops->item_count(v) : 0;
}

static struct str item_text(struct app *a, size_t item)
{
    struct view *v = app_view(a);
    return a->pager.title ? lines_get(&a->pager.lines, item) : v->ops->item_text(v, item);
}

static size_t item_current(struct app *a)
{
    struct view *v = app_view(a);
    return a->pager.title ? a->pager.list.chosen : v->ops->item_current(v);
}

static void item_go(struct app *a, size_t item)
{
    struct view *v = app_view(a);
    if (a->pager.title)
        list_choose(&a->pager.list, item);
    else
        v->ops->item_go(v, item);
}

/* The first match from item FROM on, around the end if need be, is what app_find_on looks for. */
static void find_from(struct app *a, size_t from, bool forward)
{
    a->finding = (struct finding){.goes_on = true, .forward = forward, .from = from};
}

static void take_match(struct finding *f, size_t item)
{
    bool is_near = f->forward ? item >= f->from : item <= f->from;
    struct match *m = is_near ? &f->near : &f->around;
    f->matches++;
    if (!m->rank || !f->forward)
        *m = (struct match){item, f->matches};
}

static void finish(struct app *a)
{
    const struct finding *f = &a->finding;
    const struct match *m = f->near.rank ? &f->near : &f->around;
    if (m->rank) {
        item_go(a, m->item);
        app_say(a, "match %zu of %zu for %s", m->rank, f->matches, search_pattern(a->search));
    } else {
        app_say(a, "nothing matches %s", search_pattern(a->search));
        a->message_is_error = true;
    }
}

/* All of them are looked at, to be counted. That may take long, and keys do not wait for it. */
void app_find_on(struct app *a)
{
    struct finding *f = &a->finding;
    size_t count = item_count(a);
    int64_t end = app_milliseconds() + SLICE;
    for (; f->next < count; f->next++) {
        if (search_match(a->search, item_text(a, f->next)))
            take_match(f, f->next);
        if (f->next % ITEMS_A_LOOK == 0 && app_milliseconds() >= end) {
            f->next++;
            app_say(a, "searching%s %zu %%, any key ends it", a->canvas.ascii ? "..." : "…",
                    100 * f->next / count);
            return;
        }
    }
    f->goes_on = false;
    finish(a);
}

void app_find(struct app *a, const char *pattern)
{
    struct error err;
    search_free(a->search);
    a->search = NULL;
    if (!*pattern)
        return;
    a->search = search_new(pattern, &err);
    if (!a->search) {
        app_say(a, "%s", err.text);
        a->message_is_error = true;
    } else if (item_count(a)) {
        find_from(a, item_current(a), true);
    }
}

void app_find_next(struct app *a, bool forward)
{
    size_t count = item_count(a);
    if (!a->search) {
        app_say(a, "nothing was searched for yet: / searches");
    } else if (count) {
        size_t now = item_current(a);
        find_from(a, forward ? (now + 1) % count : (now + count - 1) % count, forward);
    }
}

void app_mark(struct app *a, struct marks *marks, struct str name)
{
    if (!name.len)
        app_say(a, "this is no single function: # marks one wherever it is seen");
    marks_toggle(marks, name);
}
