#include "analyzer/report/info.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <stdlib.h>
#include <string.h>

static struct str copy(struct info *i, struct str s)
{
    return (struct str){arena_strndup(&i->texts, s.ptr, s.len), s.len};
}

static struct str text_of(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void add_row(struct info *i, enum info_kind kind, struct str label, struct str text)
{
    i->rows = xgrow(i->rows, &i->cap, i->count + 1, sizeof *i->rows);
    i->rows[i->count++] = (struct info_row){kind, copy(i, label), copy(i, text)};
}

void info_add_section(struct info *i, const char *title)
{
    add_row(i, INFO_SECTION, text_of(title), text_of(""));
}

void info_add(struct info *i, const char *label, struct str text)
{
    add_row(i, INFO_FACT, text_of(label), text);
}

/* Adds what B holds, and empties it. */
static void add_buf(struct info *i, const char *label, struct buf *b)
{
    info_add(i, label, buf_view(b));
    buf_clear(b);
}

/* --- what was measured */

static int64_t sum_of(const struct profile *p, size_t type)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->sample_count; i++)
        sum += p->values[type][i];
    return sum;
}

static void add_value(struct buf *b, const struct profile *p, size_t type, int64_t value)
{
    units_label(b, value, profile_str(p, p->sample_types[type].unit).ptr, "auto");
}

static void add_types(struct info *i, const struct report *new, const struct report *old)
{
    const struct profile *p = new->p;
    struct buf name = {0}, text = {0};
    info_add_section(i, "Sample types");
    for (size_t t = 0; t < p->sample_type_count; t++) {
        int64_t to = sum_of(p, t), from = old ? sum_of(old->p, t) : 0;
        buf_clear(&name);
        buf_str(&name, profile_str(p, p->sample_types[t].type));
        if (old) {
            add_value(&text, p, t, from);
            buf_puts(&text, " before, ");
        }
        add_value(&text, p, t, to);
        buf_puts(&text, old ? " now" : "");
        if (old) {
            buf_puts(&text, to < from ? ", change " : ", change +");
            add_value(&text, p, t, to - from);
        }
        buf_puts(&text, " (");
        buf_str(&text, profile_str(p, p->sample_types[t].unit));
        buf_puts(&text, (int)t == new->value ? ", shown)" : ")");
        add_row(i, INFO_FACT, buf_view(&name), buf_view(&text));
        buf_clear(&text);
    }
    buf_release(&name);
    buf_release(&text);
}

static void add_times(struct info *i, const struct report *r)
{
    const struct profile *p = r->p;
    struct buf b = {0};
    info_add_section(i, "Measurement");
    report_time(&b, p->time_nanos);
    if (p->time_nanos)
        info_add(i, "time", buf_view(&b));
    buf_clear(&b);
    if (p->duration_nanos) {
        units_label(&b, p->duration_nanos, "nanoseconds", "auto");
        add_buf(i, "duration", &b);
    }
    report_value(&b, r, r->total);
    add_buf(i, "total", &b);
    if (p->period) {
        units_label(&b, p->period, profile_str(p, p->period_type.unit).ptr, "auto");
        buf_puts(&b, " of ");
        buf_str(&b, profile_str(p, p->period_type.type));
        add_buf(i, "period", &b);
    }
    if (p->drop_frames)
        info_add(i, "left out", profile_str(p, p->drop_frames));
    if (p->keep_frames)
        info_add(i, "but not", profile_str(p, p->keep_frames));
    if (p->doc_url)
        info_add(i, "documentation", profile_str(p, p->doc_url));
    buf_release(&b);
}

/* --- what is in it */

struct used {
    bool *stacks, *locations;
    size_t stack_count, location_count;
};

static void find_used(struct used *u, const struct profile *p)
{
    *u = (struct used){.stacks = xcalloc(p->stack_count + 1, sizeof *u->stacks),
                       .locations = xcalloc(p->location_count + 1, sizeof *u->locations)};
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t stack = p->sample_stack[i];
        if (u->stacks[stack])
            continue;
        u->stacks[stack] = true;
        u->stack_count++;
        for (uint32_t k = 0; k < p->stacks[stack].count; k++) {
            uint32_t location = p->frames[p->stacks[stack].first + k];
            u->location_count += !u->locations[location];
            u->locations[location] = true;
        }
    }
}

static void add_counts(struct info *i, const struct report *r, const struct used *u)
{
    const struct profile *p = r->p;
    struct buf b = {0};
    info_add_section(i, "Contents");
    buf_printf(&b, "%zu, different stacks: %zu", p->sample_count, u->stack_count);
    add_buf(i, "samples", &b);
    buf_printf(&b, "%zu in these stacks", u->location_count);
    add_buf(i, "addresses", &b);
    buf_printf(&b, "%zu in the whole profile", p->function_count);
    add_buf(i, "functions", &b);
    buf_release(&b);
}

/* --- binaries */

/* The locations of one mapping that samples use. */
struct named {
    size_t locations, named;
};

static void count_named(struct named *counts, const struct profile *p, const struct used *u)
{
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        if (!u->locations[i] || l->mapping == NO_INDEX)
            continue;
        counts[l->mapping].locations++;
        for (uint32_t k = 0; k < l->line_count; k++)
            if (p->functions[p->lines[l->first_line + k].function].name) {
                counts[l->mapping].named++;
                break;
            }
    }
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "es";
}

static void add_status(struct buf *b, const struct mapping *m, const struct named *n)
{
    static const char *const details[] = {"files", "lines", "inlined frames"};
    const bool has[] = {m->has_filenames, m->has_line_numbers, m->has_inline_frames};
    if (!n->locations) {
        buf_puts(b, "not in these samples");
        return;
    }
    if (!n->named) {
        buf_printf(b, "no names for %zu address%s", n->locations, plural(n->locations));
        return;
    }
    if (n->named == n->locations)
        buf_printf(b, "names for all of %zu address%s", n->locations, plural(n->locations));
    else
        buf_printf(b, "names for %zu of %zu address%s", n->named, n->locations,
                   plural(n->locations));
    for (size_t i = 0; i < sizeof has / sizeof *has; i++)
        if (has[i])
            buf_printf(b, ", %s", details[i]);
}

static void add_mappings(struct info *i, const struct profile *p, const struct used *u)
{
    struct named *counts = xcalloc(p->mapping_count + 1, sizeof *counts);
    struct buf b = {0};
    count_named(counts, p, u);
    info_add_section(i, "Binaries");
    for (size_t m = 0; m < p->mapping_count; m++) {
        const struct mapping *mapping = &p->mappings[m];
        struct str file = profile_str(p, mapping->file);
        if (!counts[m].locations && m) /* the main binary is worth a row in any case */
            continue;
        info_add(i, "binary", file.len ? file : text_of("(no name)"));
        if (mapping->build_id)
            info_add(i, "  build id", profile_str(p, mapping->build_id));
        add_status(&b, mapping, &counts[m]);
        add_buf(i, "  symbols", &b);
    }
    size_t others = 0;
    for (size_t m = 1; m < p->mapping_count; m++)
        others += !counts[m].locations;
    if (others) {
        buf_printf(&b, "%zu, without any sample", others);
        add_buf(i, "others", &b);
    }
    if (!p->mapping_count)
        info_add(i, "binaries", text_of("the profile names none"));
    buf_release(&b);
    free(counts);
}

static void add_comments(struct info *i, const struct profile *p)
{
    if (p->comment_count)
        info_add_section(i, "Comments");
    for (size_t k = 0; k < p->comment_count; k++)
        info_add(i, "", profile_str(p, p->comments[k]));
}

void info_init(struct info *i)
{
    *i = (struct info){0};
    arena_init(&i->texts);
}

void info_add_measurement(struct info *i, const struct report *new, const struct report *old)
{
    add_times(i, new);
    add_types(i, new, old);
}

void info_add_contents(struct info *i, const struct report *r)
{
    struct used used;
    find_used(&used, r->p);
    add_counts(i, r, &used);
    add_mappings(i, r->p, &used);
    add_comments(i, r->p);
    free(used.stacks);
    free(used.locations);
}

void info_release(struct info *i)
{
    free(i->rows);
    arena_release(&i->texts);
}
