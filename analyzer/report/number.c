#include "analyzer/report/number.h"

#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Asked for by name: "minimum" and "auto" are for readers, not for programs. Another name of the
 * same unit changes nothing. */
static bool is_converted(const struct report *r)
{
    const char *to = r->spec->unit;
    return to && strcmp(to, "minimum") != 0 && strcmp(to, "auto") != 0 &&
           units_compatible(r->sample_unit, to) && units_scale(1, r->sample_unit, to).value != 1;
}

const char *number_unit(const struct report *r)
{
    return is_converted(r) ? units_scale(1, r->sample_unit, r->spec->unit).unit : r->sample_unit;
}

/* Dividing by 1000000 is exact where multiplying by 0.000001 is not. */
static double convert(const struct report *r, double v)
{
    const char *to = number_unit(r);
    double up = units_scale(1, r->sample_unit, to).value;
    double down = units_scale(1, to, r->sample_unit).value;
    return up < 1 && down > 1 ? v / down : v * up;
}

struct number number_of(const struct report *r, int64_t sum, int64_t divisor)
{
    double by = r->spec->divide_by;
    bool divided = by > 0 && by != 1; /* others are left aside, as in text */
    if (!divisor && !divided && !is_converted(r))
        return (struct number){true, sum, (double)sum};
    double v = (double)sum;
    if (divisor)
        v /= (double)divisor;
    if (divided)
        v /= by;
    return (struct number){.real = is_converted(r) ? convert(r, v) : v};
}

struct number number_total(const struct report *r)
{
    return number_of(r, r->total_sum, r->total_div);
}

struct number number_minus(struct number a, struct number b)
{
    if (a.is_whole && b.is_whole)
        return (struct number){true, a.whole - b.whole, (double)a.whole - (double)b.whole};
    return (struct number){.real = a.real - b.real};
}

void number_write_real(struct buf *b, double v)
{
    if (!isfinite(v))
        return;
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    buf_puts(b, text);
}

void number_write(struct buf *b, struct number n)
{
    if (n.is_whole)
        buf_printf(b, "%lld", (long long)n.whole);
    else
        number_write_real(b, n.real);
}
