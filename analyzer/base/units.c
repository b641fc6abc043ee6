#include "analyzer/base/units.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

struct unit {
    const char *name;
    const char *aliases[3]; /* in lower case, singular */
    double factor;
};

struct family {
    const struct unit *units;
    size_t count;
    const char *default_name;
    double default_factor;
};

static const struct unit bytes[] = {
    {"B", {"b", "byte"}, 1},
    {"kB", {"kb", "kbyte", "kilobyte"}, 0x1p10},
    {"MB", {"mb", "mbyte", "megabyte"}, 0x1p20},
    {"GB", {"gb", "gbyte", "gigabyte"}, 0x1p30},
    {"TB", {"tb", "tbyte", "terabyte"}, 0x1p40},
    {"PB", {"pb", "pbyte", "petabyte"}, 0x1p50},
};

static const struct unit times[] = {
    {"ns", {"ns", "nanosecond"}, 1},    {"us", {"μs", "us", "microsecond"}, 1e3},
    {"ms", {"ms", "millisecond"}, 1e6}, {"s", {"s", "sec", "second"}, 1e9},
    {"hrs", {"hour", "hr"}, 3600e9},
};

static const struct unit gcus[] = {
    {"n*GCU", {"nanogcu"}, 1e-9}, {"u*GCU", {"microgcu"}, 1e-6}, {"m*GCU", {"milligcu"}, 1e-3},
    {"GCU", {"gcu"}, 1},          {"k*GCU", {"kilogcu"}, 1e3},   {"M*GCU", {"megagcu"}, 1e6},
    {"G*GCU", {"gigagcu"}, 1e9},  {"T*GCU", {"teragcu"}, 1e12},  {"P*GCU", {"petagcu"}, 1e15},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

_Static_assert(COUNT(bytes) <= UNITS_LADDER && COUNT(times) <= UNITS_LADDER &&
                   COUNT(gcus) <= UNITS_LADDER,
               "raise UNITS_LADDER");

static const struct family families[] = {
    {bytes, COUNT(bytes), "B", 1},
    {times, COUNT(times), "s", 1e9},
    {gcus, COUNT(gcus), "GCU", 1},
};

static const struct unit *find(const struct family *f, const char *name)
{
    char lower[32];
    size_t len = strlen(name);
    if (len >= sizeof lower)
        return NULL;
    for (size_t i = 0; i <= len; i++)
        lower[i] =
            (char)((unsigned char)name[i] < 0x80 ? tolower((unsigned char)name[i]) : name[i]);
    if (len > 2 && lower[len - 1] == 's')
        lower[len - 1] = '\0';
    for (size_t i = 0; i < f->count; i++)
        for (size_t k = 0; k < 3 && f->units[i].aliases[k]; k++)
            if (strcmp(f->units[i].aliases[k], lower) == 0)
                return &f->units[i];
    return NULL;
}

static struct scaled convert(const struct family *f, const struct unit *from, int64_t value,
                             const char *to)
{
    double v = (double)value * from->factor;
    const struct unit *best = NULL;
    if (strcmp(to, "minimum") == 0 || strcmp(to, "auto") == 0) {
        for (size_t i = 0; i < f->count; i++)
            if ((!best || f->units[i].factor >= best->factor) && v / f->units[i].factor >= 1.0)
                best = &f->units[i];
    } else {
        best = find(f, to);
    }
    if (best)
        return (struct scaled){v / best->factor, best->name};
    return (struct scaled){v / f->default_factor, f->default_name};
}

struct scaled units_scale(int64_t value, const char *from, const char *to)
{
    /* -INT64_MIN is itself, so it is not turned around. */
    if (value < 0 && -value > 0) {
        struct scaled s = units_scale(-value, from, to);
        s.value = -s.value;
        return s;
    }
    for (size_t i = 0; i < COUNT(families); i++) {
        const struct unit *unit = find(&families[i], from);
        if (unit)
            return convert(&families[i], unit, value, to);
    }
    static const char *const plain[] = {"count", "sample", "unit", "minimum", "auto"};
    for (size_t i = 0; i < COUNT(plain); i++)
        if (strcmp(to, plain[i]) == 0)
            return (struct scaled){(double)value, ""};
    return (struct scaled){(double)value, to};
}

size_t units_ladder(const char *from, struct scaled steps[UNITS_LADDER])
{
    for (size_t i = 0; i < COUNT(families); i++) {
        const struct family *f = &families[i];
        const struct unit *unit = find(f, from);
        if (!unit)
            continue;
        for (size_t k = 0; k < f->count; k++)
            steps[k] = (struct scaled){f->units[k].factor / unit->factor, f->units[k].name};
        return f->count;
    }
    return 0;
}

bool units_compatible(const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    for (size_t i = 0; i < COUNT(families); i++)
        if (find(&families[i], a) && find(&families[i], b))
            return true;
    return false;
}

void units_label(struct buf *b, int64_t value, const char *from, const char *to)
{
    if (!*from && strcmp(to, "count") == 0) {
        buf_printf(b, "%lld", (long long)value); /* exact beyond 2^53, too */
        return;
    }
    struct scaled s = units_scale(value, from, to);
    size_t start = b->len;
    buf_printf(b, "%.2f", s.value);
    if (b->len - start >= 3 && memcmp(b->data + b->len - 3, ".00", 3) == 0) {
        b->len -= 3;
        b->data[b->len] = '\0';
    }
    const char *number = b->data + start;
    if (strcmp(number, "0") == 0 || strcmp(number, "-0") == 0) {
        b->len = start;
        buf_putc(b, '0');
        return;
    }
    buf_puts(b, s.unit);
}

void units_percentage(struct buf *b, int64_t value, int64_t total)
{
    double ratio = total ? fabs((double)value / (double)total) * 100 : 0;
    if (ratio >= 99.95 && ratio <= 100.05)
        buf_puts(b, "  100%");
    else if (ratio >= 1.0)
        buf_printf(b, "%5.2f%%", ratio);
    else
        buf_printf(b, "%5.2g%%", ratio);
}
