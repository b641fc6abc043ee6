#include "tui/steps.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/utf8.h"
#include "analyzer/transform/filter.h"
#include "analyzer/transform/fold.h"
#include "analyzer/transform/tagroot.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void forget_undone(struct steps *s)
{
    while (s->stored > s->count)
        free(s->items[--s->stored].text);
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

/* What a step is to the stages: a field of one of their specs. */
enum stage { STAGE_FILTER, STAGE_FOLD, STAGE_RECURSION, STAGE_TAGROOT };

static const struct {
    const char *name, *option;
    enum stage stage;
    size_t offset; /* of the text in filter_spec or fold_spec */
} kinds[STEP_KIND_COUNT] = {
    [STEP_FOCUS] = {"focus", "focus", STAGE_FILTER, offsetof(struct filter_spec, focus)},
    [STEP_IGNORE] = {"ignore", "ignore", STAGE_FILTER, offsetof(struct filter_spec, ignore)},
    [STEP_HIDE] = {"hide", "hide", STAGE_FILTER, offsetof(struct filter_spec, hide)},
    [STEP_SHOW] = {"show", "show", STAGE_FILTER, offsetof(struct filter_spec, show)},
    [STEP_SHOW_FROM] = {"show_from", "show_from", STAGE_FILTER,
                        offsetof(struct filter_spec, show_from)},
    [STEP_PRUNE_FROM] = {"prune_from", "prune_from", STAGE_FILTER,
                         offsetof(struct filter_spec, prune_from)},
    [STEP_TAGFOCUS] = {"tagfocus", "tagfocus", STAGE_FILTER,
                       offsetof(struct filter_spec, tagfocus)},
    [STEP_TAGIGNORE] = {"tagignore", "tagignore", STAGE_FILTER,
                        offsetof(struct filter_spec, tagignore)},
    [STEP_TAGROOT] = {"tagroot", "tagroot", STAGE_TAGROOT, 0},
    [STEP_FOLD_MAPPING] = {"fold_mapping", "fold_mapping", STAGE_FOLD,
                           offsetof(struct fold_spec, mapping)},
    [STEP_FOLD_FILE] = {"fold_file", "fold_file", STAGE_FOLD, offsetof(struct fold_spec, file)},
    [STEP_COLLAPSE_RECURSION] = {"collapse_recursion", "collapse_recursion", STAGE_RECURSION, 0},
    [STEP_CHARGE] = {"charge", "hide", STAGE_FILTER, offsetof(struct filter_spec, hide)},
};

const char *step_name(enum step_kind kind)
{
    return kinds[kind].name;
}

const char *step_option(enum step_kind kind)
{
    return kinds[kind].option;
}

static void set_text(void *spec, size_t offset, const char *text)
{
    memcpy((char *)spec + offset, &text, sizeof text);
}

bool step_precedes_total(enum step_kind kind)
{
    return kinds[kind].stage == STAGE_TAGROOT;
}

int step_apply(struct profile *p, const struct step *step, const char *unit, struct lines *notes,
               struct error *err)
{
    struct filter_spec filter = {0};
    struct fold_spec fold = {0};
    switch (kinds[step->kind].stage) {
    case STAGE_FILTER:
        set_text(&filter, kinds[step->kind].offset, step->text);
        return filter_apply(p, &filter, notes, err);
    case STAGE_FOLD:
        set_text(&fold, kinds[step->kind].offset, step->text);
        return fold_apply(p, &fold, notes, err);
    case STAGE_RECURSION:
        fold.recursion = true;
        return fold_apply(p, &fold, notes, err);
    case STAGE_TAGROOT:
        tagroot_apply(p, &(struct tagroot_spec){.root = step->text}, unit, notes);
        return 0;
    }
    return 0;
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
    buf_puts(out, kinds[step->kind].name);
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
