#include "tui/hot_list.h"

void hot_list_go(struct hot_list *h, const struct hot_rows *hot, size_t row)
{
    if (row >= hot->all)
        return;
    h->list.count = hot->all;
    list_choose(&h->list, row);
    h->centers = true;
}

void hot_list_hottest(struct hot_list *h, const struct hot_rows *hot)
{
    hot_list_go(h, hot, hot->count ? hot->rows[0] : 0);
}

/* How many rows are hotter than the chosen one; all if it is not hot. */
static size_t rank_of(const struct hot_list *h, const struct hot_rows *hot)
{
    size_t rank = 0;
    while (rank < hot->count && hot->rows[rank] != h->list.chosen)
        rank++;
    return rank;
}

static void go_on(struct hot_list *h, const struct hot_rows *hot, bool forward)
{
    size_t rank = rank_of(h, hot);
    if (!hot->count)
        return;
    if (rank == hot->count)
        rank = forward ? hot->count - 1 : 0;
    hot_list_go(h, hot, hot->rows[(rank + (forward ? 1 : hot->count - 1)) % hot->count]);
}

bool hot_list_act(struct hot_list *h, const struct hot_rows *hot, enum action action,
                  const struct search *search)
{
    switch (action) {
    case ACTION_NEXT_MATCH:
    case ACTION_PREVIOUS_MATCH:
        if (search)
            return false;
        go_on(h, hot, action == ACTION_NEXT_MATCH);
        return true;
    case ACTION_HOTTEST:
        hot_list_hottest(h, hot);
        return true;
    default:
        return list_act(&h->list, action);
    }
}

void hot_list_fit(struct hot_list *h, size_t count, struct rect area)
{
    size_t middle = (size_t)area.rows / 2;
    if (h->centers)
        h->list.top = h->list.chosen > middle ? h->list.chosen - middle : 0;
    h->centers = false;
    list_fit(&h->list, count, area);
}

void hot_list_status(const struct hot_list *h, const struct hot_rows *hot, const char *what,
                     struct buf *out)
{
    size_t rank = rank_of(h, hot);
    if (rank < hot->count)
        buf_printf(out, "hot %s %zu of %zu", what, rank + 1, hot->count);
    else if (hot->all)
        buf_printf(out, "%zu of %zu", h->list.chosen + 1, hot->all);
}
