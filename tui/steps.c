#include "tui/steps.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void forget_undone(struct steps *s)
{
    while (s->stored > s->count)
        free((char *)s->items[--s->stored].text);
}

void steps_release(struct steps *s)
{
    s->count = 0;
    forget_undone(s);
    free(s->items);
    *s = (struct steps){0};
}

void steps_push(struct steps *s, enum step_kind kind, const char *text)
{
    forget_undone(s);
    s->items = xgrow(s->items, &s->cap, s->count + 1, sizeof *s->items);
    s->items[s->count++] = (struct step){kind, xstrdup(text)};
    s->stored = s->count;
}

bool steps_undo(struct steps *s)
{
    bool can = s->count > 0;
    s->count -= can;
    return can;
}

bool steps_redo(struct steps *s)
{
    bool can = s->count < s->stored;
    s->count += can;
    return can;
}

struct steps steps_copy(const struct steps *s)
{
    struct steps copy = {0};
    for (size_t i = 0; i < s->count; i++)
        steps_push(&copy, s->items[i].kind, s->items[i].text);
    return copy;
}

/* Regular expressions are UTF-8 and end at a NUL; names in a profile need not. What is not UTF-8
 * is matched as U+FFFD is. */
void step_quote(struct buf *out, struct str name)
{
    size_t n;
    uint32_t rune;
    buf_putc(out, '^');
    for (size_t i = 0; i < name.len; i += n) {
        n = utf8_decode(name.ptr + i, name.len - i, &rune);
        if (rune < 0x80 && ispunct((int)rune) && rune != '_')
            buf_printf(out, "\\%c", (char)rune);
        else if (rune < ' ' || rune == 0x7f)
            buf_printf(out, "\\x%02x", rune);
        else if (rune == UTF8_BAD_RUNE)
            buf_puts(out, "\\x{fffd}");
        else
            buf_add(out, name.ptr + i, n);
    }
    buf_putc(out, '$');
}

static void show_step(struct buf *out, const struct step *step)
{
    buf_puts(out, step_name(step->kind));
    if (*step->text)
        buf_putc(out, '=');
    buf_puts(out, step->text);
}

void steps_show(struct buf *out, const struct steps *s, const char *between)
{
    for (size_t i = 0; i < s->count; i++) {
        buf_puts(out, i ? between : "");
        show_step(out, &s->items[i]);
    }
}
