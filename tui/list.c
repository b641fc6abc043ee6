#include "tui/list.h"

#include "tui/mouse.h"

static size_t height(const struct list *l)
{
    return l->area.rows > 0 ? (size_t)l->area.rows : 0;
}

static void show_chosen(struct list *l)
{
    size_t rows = height(l);
    if (l->chosen >= l->count)
        l->chosen = l->count ? l->count - 1 : 0;
    if (l->chosen < l->top)
        l->top = l->chosen;
    if (rows && l->chosen >= l->top + rows)
        l->top = l->chosen - rows + 1;
    /* no empty rows at the end that could show something */
    if (l->top + rows > l->count)
        l->top = l->count > rows ? l->count - rows : 0;
}

void list_fit(struct list *l, size_t count, struct rect area)
{
    l->count = count;
    l->area = area;
    show_chosen(l);
}

size_t list_end(const struct list *l)
{
    size_t end = l->top + height(l);
    return end < l->count ? end : l->count;
}

void list_choose(struct list *l, size_t row)
{
    l->chosen = row;
    show_chosen(l);
}

static void move_down(struct list *l, size_t by)
{
    size_t last = l->count ? l->count - 1 : 0;
    list_choose(l, last - l->chosen > by ? l->chosen + by : last);
}

static void move_up(struct list *l, size_t by)
{
    list_choose(l, l->chosen > by ? l->chosen - by : 0);
}

bool list_act(struct list *l, enum action action)
{
    size_t page = height(l) > 1 ? height(l) - 1 : 1;
    switch (action) {
    case ACTION_UP:
        move_up(l, 1);
        return true;
    case ACTION_DOWN:
        move_down(l, 1);
        return true;
    case ACTION_PAGE_UP:
        move_up(l, page);
        return true;
    case ACTION_PAGE_DOWN:
        move_down(l, page);
        return true;
    case ACTION_FIRST:
        move_up(l, l->count);
        return true;
    case ACTION_LAST:
        move_down(l, l->count);
        return true;
    default:
        return false;
    }
}

enum { WHEEL_ROWS = 3 };

/* The wheel moves what is seen; the choice comes along only as far as it must. */
static void scroll(struct list *l, bool up)
{
    size_t rows = height(l), last = l->count > rows ? l->count - rows : 0;
    if (up)
        l->top = l->top > WHEEL_ROWS ? l->top - WHEEL_ROWS : 0;
    else
        l->top = l->top + WHEEL_ROWS < last ? l->top + WHEEL_ROWS : last;
    if (l->chosen < l->top)
        l->chosen = l->top;
    if (rows && l->chosen >= l->top + rows)
        l->chosen = l->top + rows - 1;
}

bool list_mouse(struct list *l, const struct mouse *m)
{
    if (!mouse_in(m, l->area))
        return false;
    if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
        scroll(l, m->kind == MOUSE_WHEEL_UP);
        return true;
    }
    size_t row = l->top + (size_t)(m->row - l->area.row);
    if (m->kind != MOUSE_CLICK || row >= l->count)
        return false;
    list_choose(l, row);
    return true;
}
