#include "tui/pager.h"

#include "analyzer/base/alloc.h"
#include "tui/search.h"

#include <stdlib.h>

enum { SIDEWAYS = 8 };

void pager_open(struct pager *p, const char *title, struct lines *lines)
{
    pager_close(p);
    p->title = xstrdup(title);
    p->lines = *lines;
    *lines = (struct lines){0};
    for (size_t i = 0; i < p->lines.count; i++) {
        int columns = text_columns(lines_get(&p->lines, i));
        if (columns > p->widest)
            p->widest = columns;
    }
}

void pager_close(struct pager *p)
{
    free(p->title);
    lines_release(&p->lines);
    *p = (struct pager){0};
}

void pager_draw(struct pager *p, struct canvas *c, struct rect area, const struct search *search)
{
    canvas_fill(c, area, STYLE(ROLE_PLAIN));
    canvas_printf(c, area.row, area.col, area.cols, STYLE(ROLE_HEADER), "%s", p->title);
    struct rect rows = {area.row + 1, area.col, area.rows - 1, area.cols};
    list_fit(&p->list, p->lines.count, rows);
    for (size_t i = p->list.top; i < list_end(&p->list); i++) {
        int row = rows.row + (int)(i - p->list.top);
        /* what is out of sight on the left falls off the canvas */
        canvas_put_found(c, row, rows.col - p->left, rows.cols + p->left, lines_get(&p->lines, i),
                         STYLE(ROLE_PLAIN), search);
        if (i == p->list.chosen)
            canvas_add(c, row, rows.col, rows.cols, STYLE_BOLD);
    }
}

bool pager_act(struct pager *p, enum action action)
{
    if (action == ACTION_LEFT)
        p->left = p->left > SIDEWAYS ? p->left - SIDEWAYS : 0;
    else if (action == ACTION_RIGHT)
        p->left += p->left + SIDEWAYS < p->widest ? SIDEWAYS : 0;
    else
        return list_act(&p->list, action);
    return true;
}
