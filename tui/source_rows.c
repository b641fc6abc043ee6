#include "tui/source_rows.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/report/inlines.h"
#include "analyzer/report/listing.h"
#include "tui/wrap.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_ROWS = 100000, /* a file may be long, and what a hostile profile says, too */
    PROBLEM_COLUMNS = 76,
};

/* The two listings side by side. */
struct making {
    struct source_rows *rows;
    struct listing old, new;
    struct inlines inlines;
};

/* --- pairing what the two listings have */

/* How far in two sorted lists we are. */
struct merge {
    size_t old, new;
};

/* Which list's next item comes first: below 0 the old one's, above 0 the new one's, 0: they are
 * the same. */
static int order_next(size_t old_left, size_t new_left, const struct str *old,
                      const struct str *new)
{
    if (!old_left || !new_left)
        return old_left ? -1 : 1;
    return str_cmp(*old, *new);
}

/* --- rows */

static struct source_row *add_row(struct source_rows *s, enum source_row_kind kind)
{
    s->rows = xgrow(s->rows, &s->cap, s->count + 1, sizeof *s->rows);
    s->rows[s->count] = (struct source_row){.kind = kind};
    return &s->rows[s->count++];
}

static struct str copy(struct source_rows *s, struct str text)
{
    return (struct str){arena_strndup(&s->texts, text.ptr, text.len), text.len};
}

/* Sentences fit into the smallest screen. */
static void add_problem(struct source_rows *s, struct str problem)
{
    for (struct str rest = copy(s, problem); rest.len;) {
        struct str line = wrap_next(&rest, PROBLEM_COLUMNS);
        add_row(s, SOURCE_PROBLEM)->text = line;
    }
}

static void add_note(struct source_rows *s, const char *note)
{
    add_row(s, SOURCE_NOTE)->text = (struct str){note, strlen(note)};
}

static struct calltree_value value_of(int64_t old, int64_t new)
{
    return (struct calltree_value){.old = old, .new = new};
}

static void add_inlined(struct making *m, struct str file, int64_t line)
{
    size_t count;
    const struct inlined *in = inlines_at(&m->inlines, file, line, &count);
    for (size_t i = 0; i < count && m->rows->count < MOST_ROWS; i++) {
        struct source_row *row = add_row(m->rows, SOURCE_INLINED);
        row->number = in[i].line;
        row->depth = in[i].depth;
        row->flat = in[i].flat;
        row->cum = in[i].cum;
        row->text = copy(m->rows, strtab_get(&m->inlines.texts, in[i].name));
        row->file = copy(m->rows, strtab_get(&m->inlines.texts, in[i].file));
    }
}

static void add_line(struct making *m, struct str file, struct str text,
                     const struct listing_line *old, const struct listing_line *new)
{
    struct source_row *row = add_row(m->rows, SOURCE_LINE);
    row->number = new->number;
    row->flat = value_of(old->flat, new->flat);
    row->cum = value_of(old->cum, new->cum);
    row->text = copy(m->rows, text);
    row->file = file;
    add_inlined(m, file, new->number);
}

/* The lines of one file, of which OLD or NEW may be NULL, as far as its source has them. */
static void add_source(struct making *m, struct str file, const struct listing_file *old,
                       const struct listing_file *new)
{
    const struct listing_file *any = new ? new : old;
    if (!any)
        return;
    int64_t first = any->first, last = any->last;
    struct str text;
    if (old && old->first < first)
        first = old->first;
    if (old && old->last > last)
        last = old->last;
    for (int64_t n = first; n <= last && sourcefile_line(any->source, n, &text); n++) {
        struct listing_line a = {.number = n}, b = {.number = n};
        if (m->rows->count >= MOST_ROWS) {
            add_note(m->rows, "there are more lines than can be shown here");
            return;
        }
        if (old)
            listing_line(old, n, &a);
        if (new)
            listing_line(new, n, &b);
        add_line(m, file, text, &a, &b);
    }
}

/* Those lines of one file that have samples, without their text. */
static void add_numbers(struct making *m, struct str file, const struct listing_file *old,
                        const struct listing_file *new)
{
    struct merge at = {0};
    size_t old_count = old ? old->weight_count : 0, new_count = new ? new->weight_count : 0;
    while ((at.old < old_count || at.new < new_count) && m->rows->count < MOST_ROWS) {
        const struct listing_weight *a = at.old < old_count ? &old->weights[at.old] : NULL;
        const struct listing_weight *b = at.new < new_count ? &new->weights[at.new] : NULL;
        int64_t old_line = a ? a->line : INT64_MAX, new_line = b ? b->line : INT64_MAX;
        int64_t line = old_line < new_line ? old_line : new_line;
        struct listing_line from = {.number = line}, to = {.number = line};
        if (a && a->line == line) {
            from.flat = a->flat;
            from.cum = a->cum;
            at.old++;
        }
        if (b && b->line == line) {
            to.flat = b->flat;
            to.cum = b->cum;
            at.new ++;
        }
        add_line(m, file, (struct str){"", 0}, &from, &to);
    }
}

static bool has_lines(const struct listing_file *f)
{
    for (size_t i = 0; f && i < f->weight_count; i++)
        if (f->weights[i].line)
            return true;
    return false;
}

static void add_file(struct making *m, struct str function, const struct listing_file *old,
                     const struct listing_file *new)
{
    const struct listing_file *any = new ? new : old;
    if (!any)
        return;
    struct str file = copy(m->rows, any->name);
    struct buf title = {0};
    struct source_row *row = add_row(m->rows, SOURCE_FILE);
    buf_str(&title, function);
    buf_puts(&title, " in ");
    buf_str(&title, file);
    row->text = copy(m->rows, buf_view(&title));
    row->file = file;
    row->flat = value_of(old ? old->flat : 0, new ? new->flat : 0);
    row->cum = value_of(old ? old->cum : 0, new ? new->cum : 0);
    buf_release(&title);
    const char *problem = any->source->problem;
    if (!problem) {
        size_t before = m->rows->count;
        add_source(m, file, old, new);
        if (m->rows->count > before)
            return;
        problem = has_lines(old) || has_lines(new)
                      ? "the file has no such lines: it is not the one that was compiled"
                      : "the profile does not say which lines of it its samples are of";
    }
    add_problem(m->rows, (struct str){problem, strlen(problem)});
    if (!any->source->path)
        add_note(m->rows, "-source_path=DIR:DIR names folders, -trim_path=DIR cuts names");
    add_numbers(m, file, old, new);
}

static void add_function(struct making *m, const struct listing_function *old,
                         const struct listing_function *new)
{
    struct merge at = {0};
    struct str name = new ? new->name : old->name;
    size_t old_count = old ? old->file_count : 0, new_count = new ? new->file_count : 0;
    if (!old_count && !new_count) {
        struct buf text = {0};
        buf_puts(&text, "the profile does not say where the source of ");
        buf_str(&text, name);
        buf_puts(&text, " is");
        add_problem(m->rows, buf_view(&text));
        buf_release(&text);
    }
    while (at.old < old_count || at.new < new_count) {
        const struct listing_file *a = at.old < old_count ? &old->files[at.old] : NULL;
        const struct listing_file *b = at.new < new_count ? &new->files[at.new] : NULL;
        int order = order_next(old_count - at.old, new_count - at.new, a ? &a->name : NULL,
                               b ? &b->name : NULL);
        add_file(m, name, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
        at.old += order <= 0;
        at.new += order >= 0;
    }
}

static void add_functions(struct making *m)
{
    struct merge at = {0};
    while (at.old < m->old.count || at.new < m->new.count) {
        const struct listing_function *a = at.old < m->old.count ? &m->old.functions[at.old] : NULL;
        const struct listing_function *b = at.new < m->new.count ? &m->new.functions[at.new] : NULL;
        int order = order_next(m->old.count - at.old, m->new.count - at.new, a ? &a->name : NULL,
                               b ? &b->name : NULL);
        add_function(m, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
        at.old += order <= 0;
        at.new += order >= 0;
    }
}

/* --- which lines are hot */

/* What a line costs by itself, what was inlined into it being its code, too, and with all it calls;
 * or, in a comparison, by how much these have changed. */
struct heat {
    size_t row;
    int64_t own, cum;
    int64_t size; /* for what has not changed */
};

static int64_t heat_of(struct calltree_value v, bool compared)
{
    return compared ? magnitude64(v.new - v.old) : magnitude64(v.new);
}

static int by_heat(const void *a, const void *b)
{
    const struct heat *x = a, *y = b;
    if (x->own != y->own)
        return x->own > y->own ? -1 : 1;
    if (x->cum != y->cum)
        return x->cum > y->cum ? -1 : 1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* In a comparison what a line calls counts first: what a change has done is seldom in the line. */
static int by_change(const void *a, const void *b)
{
    const struct heat *x = a, *y = b;
    return x->cum != y->cum ? (x->cum > y->cum ? -1 : 1) : by_heat(a, b);
}

static void find_hottest(struct source_rows *s, bool compared)
{
    struct heat *heats = xmalloc((s->count + 1) * sizeof *heats);
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct source_row *row = &s->rows[i];
        struct heat heat = {i, heat_of(row->flat, compared), heat_of(row->cum, compared),
                            add_up64(magnitude64(row->cum.old), magnitude64(row->cum.new))};
        if (row->kind == SOURCE_INLINED && count)
            heats[count - 1].own = add_up64(heats[count - 1].own, heat.own);
        else if (row->kind == SOURCE_LINE && (heat.own || heat.size))
            heats[count++] = heat;
    }
    if (count)
        qsort(heats, count, sizeof *heats, compared ? by_change : by_heat);
    s->hottest = xmalloc((s->count + 1) * sizeof *s->hottest);
    for (size_t i = 0; i < count; i++)
        s->hottest[s->hottest_count++] = heats[i].row;
    free(heats);
}

struct source_rows *source_rows_new(struct report *new, struct report *old, struct regex *only,
                                    struct error *err)
{
    struct making m = {.rows = xcalloc(1, sizeof *m.rows)};
    struct error ignored;
    arena_init(&m.rows->texts);
    inlines_init(&m.inlines);
    inlines_add(&m.inlines, new, only, INLINES_NEW);
    if (old)
        inlines_add(&m.inlines, old, only, INLINES_OLD);
    inlines_sort(&m.inlines);
    int rc = listing_init(&m.new, new, only, err);
    if (old && listing_init(&m.old, old, only, &ignored) == 0)
        rc = 0;
    if (rc == 0)
        add_functions(&m);
    find_hottest(m.rows, old != NULL);
    listing_release(&m.new);
    if (old)
        listing_release(&m.old);
    inlines_release(&m.inlines);
    if (rc == 0)
        return m.rows;
    source_rows_free(m.rows);
    return NULL;
}

void source_rows_free(struct source_rows *s)
{
    if (!s)
        return;
    free(s->rows);
    free(s->hottest);
    arena_release(&s->texts);
    free(s);
}

size_t source_rows_find(const struct source_rows *s, int64_t number)
{
    size_t best = SIZE_MAX;
    uint64_t nearest = UINT64_MAX;
    for (size_t i = 0; i < s->count; i++) {
        int64_t n = s->rows[i].number;
        uint64_t distance =
            n > number ? (uint64_t)n - (uint64_t)number : (uint64_t)number - (uint64_t)n;
        if (s->rows[i].kind == SOURCE_LINE && (best == SIZE_MAX || distance < nearest)) {
            nearest = distance;
            best = i;
        }
    }
    return best;
}
