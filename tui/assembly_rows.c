#include "tui/assembly_rows.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/report/assembly.h"
#include "analyzer/source/sourcefile.h"
#include "tui/wrap.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_ROWS = 100000, /* a symbol of a hostile file can be as large as that */
    PROBLEM_COLUMNS = 76,
};

struct making {
    struct assembly_rows *rows;
    struct regex *asked;
    struct assembly old, new;
    struct sourcefiles *sources;
    signed char *matches; /* per text that is a mangled name: 1, -1, or not tried yet */
    size_t match_cap;
    uint32_t first_call, call_count; /* of the instruction before */
    bool *told;                      /* per text that is a file: that its source is missing */
    size_t told_cap;
};

static struct assembly_row_shown *add_row(struct making *m, enum assembly_row_kind kind)
{
    struct assembly_rows *a = m->rows;
    a->rows = xgrow(a->rows, &a->cap, a->count + 1, sizeof *a->rows);
    a->rows[a->count] = (struct assembly_row_shown){
        .kind = kind, .first_call = m->first_call, .call_count = m->call_count};
    return &a->rows[a->count++];
}

static struct str keep(struct making *m, const char *text)
{
    return strtab_get(&m->rows->texts, strtab_puts(&m->rows->texts, text));
}

/* A flag for the text ID in an array that grows with the texts. */
static void *flag_of(void **flags, size_t *cap, strid id, size_t size)
{
    size_t had = *cap;
    *flags = xgrow(*flags, cap, (size_t)id + 1, size);
    memset((char *)*flags + had * size, 0, (*cap - had) * size);
    return (char *)*flags + id * size;
}

/* --- places */

/* Whether the function MANGLED is the one asked for; its name as shown in *NAME. */
static bool is_asked(struct making *m, const char *mangled, struct str *name)
{
    strid id = strtab_puts(&m->rows->texts, mangled);
    signed char *match = flag_of((void **)&m->matches, &m->match_cap, id, sizeof *m->matches);
    if (!*match)
        *match = codefile_name_matches(mangled, m->asked) ? 1 : -1;
    struct buf shown = {0};
    codefile_add_name(&shown, mangled);
    *name = keep(m, shown.data ? shown.data : "");
    buf_release(&shown);
    return *match > 0;
}

static void add_call(struct making *m, struct assembly_call call)
{
    struct assembly_rows *a = m->rows;
    a->calls = xgrow(a->calls, &a->call_cap, a->call_count + 1, sizeof *a->calls);
    a->calls[a->call_count++] = call;
    m->call_count++;
}

/* Are the COUNT FRAMES where the instruction before was? */
static bool same_place(const struct making *m, const struct binary_frame *frames, size_t count)
{
    if (count != m->call_count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct assembly_call *call = &m->rows->calls[m->first_call + i];
        if (call->line != frames[i].line || strcmp(call->file.ptr, frames[i].file) != 0)
            return false;
    }
    return true;
}

/* Where ROW comes from: what the binary says, else what is known of it otherwise. */
static void set_place(struct making *m, const struct assembly_row *row)
{
    size_t count = row->frame_count && row->frames[0].line ? row->frame_count : 0;
    if (count && same_place(m, row->frames, count) && !row->moved)
        return;
    if (!count && !row->moved)
        return;
    m->first_call = (uint32_t)m->rows->call_count;
    m->call_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct assembly_call call = {.file = keep(m, row->frames[i].file),
                                     .line = row->frames[i].line};
        call.asked = is_asked(m, row->frames[i].name, &call.function);
        add_call(m, call);
    }
    if (!count && *row->file)
        add_call(m, (struct assembly_call){.function = keep(m, row->function),
                                           .file = keep(m, row->file),
                                           .line = row->line,
                                           .asked = true});
}

/* --- rows */

static void add_problem(struct making *m, const char *problem)
{
    for (struct str rest = keep(m, problem); rest.len;) {
        struct str line = wrap_next(&rest, PROBLEM_COLUMNS);
        add_row(m, ASSEMBLY_PROBLEM)->text = line;
    }
}

/* The line that the instructions which follow come from. */
static void add_source(struct making *m)
{
    const struct assembly_call *call = &m->rows->calls[m->first_call];
    const struct sourcefile *source = sourcefiles_get(m->sources, call->file);
    strid id = strtab_add(&m->rows->texts, call->file.ptr, call->file.len);
    bool *told = flag_of((void **)&m->told, &m->told_cap, id, sizeof *m->told);
    struct str line = {"", 0};
    if (source->problem && !*told)
        add_problem(m, source->problem);
    *told = true;
    if (sourcefile_line(source, call->line, &line))
        while (line.len && (*line.ptr == ' ' || *line.ptr == '\t')) {
            line.ptr++;
            line.len--;
        }
    strid text = strtab_add(&m->rows->texts, line.ptr, line.len);
    add_row(m, ASSEMBLY_SOURCE)->text = strtab_get(&m->rows->texts, text);
}

static void add_instruction(struct making *m, const struct assembly_row *row,
                            struct calltree_value flat, struct calltree_value cum)
{
    set_place(m, row);
    if (row->moved && m->call_count)
        add_source(m);
    struct assembly_row_shown *shown = add_row(m, ASSEMBLY_INSTRUCTION);
    shown->address = row->address;
    shown->flat = flat;
    shown->cum = cum;
    shown->text = keep(m, row->text);
}

/* The instructions of a symbol of OLD, of NEW, or of both, which are then of the same code. */
static void add_instructions(struct making *m, bool old, bool new)
{
    struct assembly_row a, b;
    bool has_old = old && assembly_next(&m->old, &a), has_new = new &&assembly_next(&m->new, &b);
    while (has_old || has_new) {
        bool take_old = has_old && (!has_new || a.address <= b.address);
        bool take_new = has_new && (!has_old || b.address <= a.address);
        if (m->rows->count >= MOST_ROWS) {
            add_row(m, ASSEMBLY_NOTE)->text =
                keep(m, "there are more instructions than can be shown here");
            return;
        }
        add_instruction(
            m, take_new ? &b : &a,
            (struct calltree_value){.old = take_old ? a.flat : 0, .new = take_new ? b.flat : 0},
            (struct calltree_value){.old = take_old ? a.cum : 0, .new = take_new ? b.cum : 0});
        if (take_old)
            has_old = assembly_next(&m->old, &a);
        if (take_new)
            has_new = assembly_next(&m->new, &b);
    }
}

/* --- symbols */

/* A symbol of either side, or of both: indices, or SIZE_MAX. */
struct symbol_pair {
    size_t old, new;
    int64_t weight;
};

static int64_t weight_of(const struct assembly_symbol *s)
{
    return add_up64(magnitude64(s->flat), magnitude64(s->cum));
}

static int by_weight(const void *a, const void *b)
{
    const struct symbol_pair *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->new != y->new)
        return x->new < y->new ? -1 : 1;
    return (x->old > y->old) - (x->old < y->old);
}

/* Both lists are by name, then start. The caller frees the pairs: the hottest first. */
static struct symbol_pair *pair_symbols(const struct assembly *old, const struct assembly *new,
                                        size_t *count)
{
    struct symbol_pair *pairs = xmalloc((old->count + new->count + 1) * sizeof *pairs);
    size_t i = 0, k = 0;
    *count = 0;
    while (i < old->count || k < new->count) {
        const struct assembly_symbol *a = i < old->count ? &old->symbols[i] : NULL;
        const struct assembly_symbol *b = k < new->count ? &new->symbols[k] : NULL;
        int order = !a ? 1 : !b ? -1 : strcmp(a->name, b->name);
        if (order == 0)
            order = (a->start > b->start) - (a->start < b->start);
        struct symbol_pair *pair = &pairs[(*count)++];
        *pair = (struct symbol_pair){SIZE_MAX, SIZE_MAX, 0};
        if (order <= 0) {
            pair->old = i++;
            pair->weight = weight_of(a);
        }
        if (order >= 0) {
            pair->new = k++;
            pair->weight = add_up64(pair->weight, weight_of(b));
        }
    }
    qsort(pairs, *count, sizeof *pairs, by_weight);
    return pairs;
}

static void add_symbol(struct making *m, const struct symbol_pair *pair)
{
    bool has_old = pair->old != SIZE_MAX, has_new = pair->new != SIZE_MAX;
    const struct assembly_symbol *old = has_old ? &m->old.symbols[pair->old] : NULL;
    const struct assembly_symbol *new = has_new ? &m->new.symbols[pair->new] : NULL;
    const struct assembly_symbol *any = new ? new : old;
    if (!any)
        return;
    m->call_count = 0;
    struct assembly_row_shown *row = add_row(m, ASSEMBLY_SYMBOL);
    row->address = any->start;
    row->flat = (struct calltree_value){.old = old ? old->flat : 0, .new = new ? new->flat : 0};
    row->cum = (struct calltree_value){.old = old ? old->cum : 0, .new = new ? new->cum : 0};
    row->text = keep(m, any->name);
    if (old)
        assembly_begin(&m->old, pair->old);
    if (new)
        assembly_begin(&m->new, pair->new);
    add_instructions(m, has_old, has_new);
}

/* --- which instructions are hot */

/* What an instruction costs, or, in a comparison, by how much that has changed. */
struct heat {
    size_t row;
    int64_t flat, cum;
    int64_t size; /* for what has not changed */
};

static int64_t heat_of(struct calltree_value v, bool compared)
{
    return compared ? magnitude64(v.new - v.old) : magnitude64(v.new);
}

static int by_heat(const void *a, const void *b)
{
    const struct heat *x = a, *y = b;
    if (x->flat != y->flat)
        return x->flat > y->flat ? -1 : 1;
    if (x->cum != y->cum)
        return x->cum > y->cum ? -1 : 1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Is it part of the function asked for, as far as is known? */
static bool is_in_function(const struct assembly_rows *a, const struct assembly_row_shown *row)
{
    bool any = !row->call_count;
    for (uint32_t i = 0; i < row->call_count; i++)
        any |= a->calls[row->first_call + i].asked;
    return any;
}

static void find_hottest(struct assembly_rows *a, bool compared)
{
    struct heat *heats = xmalloc((a->count + 1) * sizeof *heats);
    size_t count = 0;
    for (int asked = 1; asked >= 0 && !count; asked--)
        for (size_t i = 0; i < a->count; i++) {
            const struct assembly_row_shown *row = &a->rows[i];
            struct heat heat = {i, heat_of(row->flat, compared), heat_of(row->cum, compared),
                                add_up64(magnitude64(row->cum.old), magnitude64(row->cum.new))};
            if (row->kind == ASSEMBLY_INSTRUCTION && (heat.flat || heat.size) &&
                (!asked || is_in_function(a, row)))
                heats[count++] = heat;
        }
    if (count)
        qsort(heats, count, sizeof *heats, by_heat);
    a->hottest = xmalloc((count + 1) * sizeof *a->hottest);
    for (size_t i = 0; i < count; i++)
        a->hottest[a->hottest_count++] = heats[i].row;
    free(heats);
}

struct assembly_rows *assembly_rows_new(struct report *new, struct report *old,
                                        const struct assembly_question *question, struct error *err)
{
    struct making m = {.rows = xcalloc(1, sizeof *m.rows), .asked = question->function};
    struct error ignored;
    size_t count;
    strtab_init(&m.rows->texts);
    m.sources = sourcefiles_new(new->spec->source_path, new->spec->trim_path);
    int rc = assembly_init(&m.new, new, question->symbols, question->code, err);
    if (old && assembly_init(&m.old, old, question->symbols, question->code, &ignored) == 0)
        rc = 0;
    for (size_t i = 0; rc == 0 && i < m.new.problems.count; i++)
        add_problem(&m, m.new.problems.items[i]);
    for (size_t i = 0; rc == 0 && i < m.old.problems.count; i++)
        add_problem(&m, m.old.problems.items[i]);
    struct symbol_pair *pairs = pair_symbols(&m.old, &m.new, &count);
    for (size_t i = 0; rc == 0 && i < count; i++)
        add_symbol(&m, &pairs[i]);
    find_hottest(m.rows, old != NULL);
    free(pairs);
    free(m.matches);
    free(m.told);
    assembly_release(&m.new);
    if (old)
        assembly_release(&m.old);
    sourcefiles_free(m.sources);
    if (rc == 0)
        return m.rows;
    assembly_rows_free(m.rows);
    return NULL;
}

void assembly_rows_free(struct assembly_rows *a)
{
    if (!a)
        return;
    free(a->rows);
    free(a->calls);
    free(a->hottest);
    strtab_release(&a->texts);
    free(a);
}

static bool comes_from(const struct assembly_rows *a, size_t row, int64_t line)
{
    for (uint32_t i = 0; i < a->rows[row].call_count; i++) {
        const struct assembly_call *call = &a->calls[a->rows[row].first_call + i];
        if (call->asked && call->line == line)
            return true;
    }
    return false;
}

size_t assembly_rows_find(const struct assembly_rows *a, int64_t line)
{
    for (size_t i = 0; i < a->hottest_count; i++)
        if (comes_from(a, a->hottest[i], line))
            return a->hottest[i];
    for (size_t i = 0; i < a->count; i++)
        if (a->rows[i].kind == ASSEMBLY_INSTRUCTION && comes_from(a, i, line))
            return i;
    return SIZE_MAX;
}

const struct assembly_call *assembly_rows_place(const struct assembly_rows *a, size_t row)
{
    const struct assembly_row_shown *r = &a->rows[row];
    for (uint32_t i = 0; i < r->call_count; i++)
        if (a->calls[r->first_call + i].asked)
            return &a->calls[r->first_call + i];
    return r->call_count ? &a->calls[r->first_call] : NULL;
}
