#include "tui/flame_frame.h"

#include <stdlib.h>

int flame_frame_rows(const struct amounts *a)
{
    return a->two_sides ? 4 : 3;
}

static void put(struct canvas *c, struct rect area, int row, const struct buf *text,
                struct style style)
{
    canvas_put(c, area.row + area.rows - row, area.col + 1, area.cols - 2, buf_view(text), style);
}

void flame_frame_draw(struct canvas *c, struct rect area, const struct flame_pane *p,
                      const struct amounts *a, bool flat)
{
    struct flame_story story;
    struct buf numbers = {0}, more = {0};
    int rows = flame_frame_rows(a);
    flame_pane_story(p, a, &story);
    if (flat && story.flat.len) {
        buf_puts(a->two_sides ? &more : &numbers, "flat ");
        buf_str(a->two_sides ? &more : &numbers, buf_view(&story.flat));
    }
    if (flat)
        buf_puts(&numbers, numbers.len ? "  cum " : "cum ");
    buf_str(&numbers, buf_view(&story.cum));
    canvas_hline(c, area.row + area.rows - rows, area.col, area.cols, STYLE(ROLE_DIM));
    put(c, area, rows - 1, &story.title, (struct style){.attributes = STYLE_BOLD});
    put(c, area, rows - 2, &numbers, STYLE(ROLE_PLAIN));
    if (more.len)
        put(c, area, rows - 3, &more, STYLE(ROLE_PLAIN));
    flame_story_release(&story);
    buf_release(&numbers);
    buf_release(&more);
}

static void add_mark(struct buf *out, const struct flame_pane *p, const bool *at, const char *what)
{
    size_t cells;
    struct calltree_value v = calltree_share(p->source.tree, p->zoom, at, &cells);
    if (!cells)
        return;
    if (out->len)
        buf_puts(out, "  ");
    buf_puts(out, what);
    buf_putc(out, ' ');
    amount_part(out, v, p->source.tree->cells[p->zoom].cum);
    buf_printf(out, " in %zu cell%s", cells, cells == 1 ? "" : "s");
}

void flame_frame_marks(struct buf *out, const struct flame_pane *p, struct marks *m)
{
    bool *found = marks_found(m, p->source.tree);
    if (found)
        add_mark(out, p, found, "found");
    free(found);
    if (m->same)
        add_mark(out, p, m->same, "#");
}
