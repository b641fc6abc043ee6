#include "analyzer/render/raw.h"

#include "analyzer/base/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "2023-02-27 08:58:35.039823 +0000 UTC": as many digits of the second as there are. */
static void add_time(struct out *o, int64_t nanos)
{
    int64_t second = nanos / 1000000000 - (nanos % 1000000000 < 0);
    time_t t = (time_t)second;
    struct tm tm;
    char date[64], zone[64], fraction[16] = "";
    if (!localtime_r(&t, &tm))
        return;
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &tm);
    strftime(zone, sizeof zone, "%z %Z", &tm);
    int64_t rest = nanos - second * 1000000000;
    if (rest) {
        snprintf(fraction, sizeof fraction, ".%09" PRId64, rest);
        size_t len = strlen(fraction);
        while (fraction[len - 1] == '0')
            fraction[--len] = '\0';
    }
    out_printf(o, "Time: %s%s %s\n", date, fraction, zone);
}

/* The first four characters of a duration in Go's spelling ("30.0", "1m30", "425.", "1.5µ"). */
static void add_duration(struct out *o, int64_t nanos)
{
    char text[64];
    uint64_t u = nanos < 0 ? -(uint64_t)nanos : (uint64_t)nanos;
    const char *sign = nanos < 0 ? "-" : "";
    if (u < 1000000000) {
        static const struct {
            uint64_t factor;
            const char *unit;
        } small[] = {{1000000, "ms"}, {1000, "µs"}, {1, "ns"}};
        size_t i = 0;
        while (i < 2 && u < small[i].factor)
            i++;
        snprintf(text, sizeof text, "%s%.*f", sign, 6, (double)u / (double)small[i].factor);
        size_t len = strlen(text);
        while (text[len - 1] == '0')
            text[--len] = '\0';
        if (text[len - 1] == '.')
            text[--len] = '\0';
        snprintf(text + len, sizeof text - len, "%s", small[i].unit);
    } else {
        uint64_t seconds = u / 1000000000, rest = u % 1000000000;
        uint64_t hours = seconds / 3600, minutes = seconds / 60 % 60;
        int n = snprintf(text, sizeof text, "%s", sign);
        if (hours)
            n += snprintf(text + n, sizeof text - (size_t)n, "%" PRIu64 "h", hours);
        if (hours || minutes)
            n += snprintf(text + n, sizeof text - (size_t)n, "%" PRIu64 "m", minutes);
        n += snprintf(text + n, sizeof text - (size_t)n, "%" PRIu64, seconds % 60);
        if (rest) {
            n += snprintf(text + n, sizeof text - (size_t)n, ".%09" PRIu64, rest);
            while (text[n - 1] == '0')
                text[--n] = '\0';
        }
        snprintf(text + n, sizeof text - (size_t)n, "s");
    }
    size_t bytes = 0;
    for (int runes = 0; text[bytes] && runes < 4; runes++)
        for (bytes++; ((unsigned char)text[bytes] & 0xC0) == 0x80;)
            bytes++;
    out_printf(o, "Duration: %.*s\n", (int)bytes, text);
}

static void add_head(struct out *o, const struct profile *p)
{
    for (size_t i = 0; i < p->comment_count; i++) {
        out_puts(o, "Comment: ");
        out_str(o, profile_str(p, p->comments[i]));
        out_puts(o, "\n");
    }
    if (p->doc_url) {
        out_puts(o, "Doc: ");
        out_str(o, profile_str(p, p->doc_url));
        out_puts(o, "\n");
    }
    out_puts(o, "PeriodType: ");
    out_str(o, profile_str(p, p->period_type.type));
    out_puts(o, " ");
    out_str(o, profile_str(p, p->period_type.unit));
    out_printf(o, "\nPeriod: %" PRId64 "\n", p->period);
    if (p->time_nanos)
        add_time(o, p->time_nanos);
    if (p->duration_nanos)
        add_duration(o, p->duration_nanos);
    out_puts(o, "Samples:\n");
    struct buf types = {0};
    for (size_t t = 0; t < p->sample_type_count; t++) {
        struct value_type type = p->sample_types[t];
        if (t)
            buf_putc(&types, ' ');
        buf_str(&types, profile_str(p, type.type));
        buf_putc(&types, '/');
        buf_str(&types, profile_str(p, type.unit));
        if (type.type == p->default_sample_type)
            buf_puts(&types, "[dflt]");
    }
    out_str(o, (struct str){types.data ? types.data : "", types.len});
    out_puts(o, "\n");
    buf_release(&types);
}

static int by_text(const void *a, const void *b)
{
    const struct buf *x = a, *y = b;
    return str_cmp((struct str){x->data, x->len}, (struct str){y->data, y->len});
}

/* Labels of one kind: "key:[value value]", sorted as written. */
static void add_labels(struct out *o, const struct profile *p, const struct labelset *set,
                       bool numbers)
{
    struct buf *parts = xcalloc(set->count + 1, sizeof *parts);
    size_t count = 0;
    const struct label *labels = p->labels + set->first;
    for (uint32_t i = 0; i < set->count;) {
        uint32_t end = i;
        bool units = false;
        while (end < set->count && labels[end].key == labels[i].key &&
               labels[end].is_number == labels[i].is_number)
            units |= labels[end++].str != 0;
        if (labels[i].is_number == numbers) {
            struct buf *b = &parts[count++];
            buf_str(b, profile_str(p, labels[i].key));
            buf_puts(b, ":[");
            for (uint32_t k = i; k < end; k++) {
                if (k > i)
                    buf_putc(b, ' ');
                if (numbers)
                    buf_printf(b, "%" PRId64, labels[k].number);
                if (numbers && units)
                    buf_putc(b, ' ');
                if (!numbers || units)
                    buf_str(b, profile_str(p, labels[k].str));
            }
            buf_putc(b, ']');
        }
        i = end;
    }
    if (count) {
        qsort(parts, count, sizeof *parts, by_text);
        out_puts(o, "                ");
        for (size_t i = 0; i < count; i++) {
            if (i)
                out_puts(o, " ");
            out_str(o, (struct str){parts[i].data, parts[i].len});
            buf_release(&parts[i]);
        }
        out_puts(o, "\n");
    }
    free(parts);
}

static void add_samples(struct out *o, const struct profile *p)
{
    for (size_t i = 0; i < p->sample_count; i++) {
        for (size_t t = 0; t < p->sample_type_count; t++)
            out_printf(o, " %10" PRId64, p->values[t][i]);
        out_puts(o, ": ");
        struct stack s = p->stacks[p->sample_stack[i]];
        for (uint32_t k = 0; k < s.count; k++)
            out_printf(o, "%" PRIu64 " ", p->locations[p->frames[s.first + k]].id);
        out_puts(o, "\n");
        const struct labelset *set = &p->labelsets[p->sample_labels[i]];
        add_labels(o, p, set, false);
        add_labels(o, p, set, true);
        out_flush_some(o);
    }
}

/* Go's %#x: no "0x" is left out for zero. */
static void add_hex(struct out *o, uint64_t v)
{
    out_printf(o, "0x%" PRIx64, v);
}

static void add_locations(struct out *o, const struct profile *p)
{
    out_puts(o, "Locations\n");
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        out_printf(o, "%6" PRIu64 ": ", l->id);
        add_hex(o, l->address);
        out_puts(o, " ");
        if (l->mapping != NO_INDEX)
            out_printf(o, "M=%" PRIu64 " ", p->mappings[l->mapping].id);
        if (l->folded)
            out_puts(o, "[F] ");
        if (!l->line_count)
            out_puts(o, "\n");
        for (uint32_t k = 0; k < l->line_count; k++) {
            const struct line *line = &p->lines[l->first_line + k];
            const struct function *f = &p->functions[line->function];
            if (k)
                out_puts(o, "             ");
            out_str(o, profile_str(p, f->name));
            out_puts(o, " ");
            out_str(o, profile_str(p, f->filename));
            out_printf(o, ":%" PRId64 ":%" PRId64 " s=%" PRId64, line->line, line->column,
                       f->start_line);
            if (f->name != f->system_name) {
                out_puts(o, "(");
                out_str(o, profile_str(p, f->system_name));
                out_puts(o, ")");
            }
            out_puts(o, "\n");
        }
        out_flush_some(o);
    }
}

static void add_mappings(struct out *o, const struct profile *p)
{
    out_puts(o, "Mappings\n");
    for (size_t i = 0; i < p->mapping_count; i++) {
        const struct mapping *m = &p->mappings[i];
        out_printf(o, "%" PRIu64 ": ", m->id);
        add_hex(o, m->start);
        out_puts(o, "/");
        add_hex(o, m->limit);
        out_puts(o, "/");
        add_hex(o, m->offset);
        out_puts(o, " ");
        out_str(o, profile_str(p, m->file));
        out_puts(o, " ");
        out_str(o, profile_str(p, m->build_id));
        out_printf(o, " %s%s%s%s\n", m->has_functions ? "[FN]" : "", m->has_filenames ? "[FL]" : "",
                   m->has_line_numbers ? "[LN]" : "", m->has_inline_frames ? "[IN]" : "");
    }
}

void raw_profile(struct out *o, const struct profile *p)
{
    add_head(o, p);
    add_samples(o, p);
    add_locations(o, p);
    add_mappings(o, p);
}
