#include "tui/app_state.h"

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

/* Goes to the first match from item FROM on, around the end if need be, and says which it is. */
static void find_from(struct app *a, size_t from, bool forward)
{
    size_t count = item_count(a), matches = 0, rank = 0, found = count;
    for (size_t k = 0; k < count && found == count; k++) {
        size_t item = forward ? (from + k) % count : (from + count - k) % count;
        if (search_match(a->search, item_text(a, item)))
            found = item;
    }
    for (size_t i = 0; i < count; i++) {
        matches += search_match(a->search, item_text(a, i));
        rank = i == found ? matches : rank;
    }
    if (found < count) {
        item_go(a, found);
        app_say(a, "match %zu of %zu for %s", rank, matches, search_pattern(a->search));
    } else {
        app_say(a, "nothing matches %s", search_pattern(a->search));
        a->message_is_error = true;
    }
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
