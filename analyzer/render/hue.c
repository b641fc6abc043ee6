#include "analyzer/render/hue.h"

#include <ctype.h>
#include <math.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* "<alloc::vec::Vec<T> as X>::f" begins with what it is about. */
static struct str without_brackets(struct str s)
{
    while (s.len && (*s.ptr == '<' || *s.ptr == '&')) {
        s.ptr++;
        s.len--;
    }
    return s;
}

/* NAME up to arguments, template arguments and receivers. */
static struct str head_of(struct str name)
{
    static const char ends[] = {'(', '[', '{', '<', ' '};
    size_t len = 0;
    while (len < name.len && !memchr(ends, name.ptr[len], sizeof ends))
        len++;
    return (struct str){name.ptr, len};
}

/* "java.util" of "java.util.HashMap.put", "runtime" of "runtime.mallocgc": the parts in lower case,
 * less the last. */
static struct str lower_parts(struct str head)
{
    size_t len = 0;
    for (size_t i = 0; i < head.len; i++) {
        bool starts_part = i == 0 || head.ptr[i - 1] == '.';
        if (starts_part && isupper((unsigned char)head.ptr[i]))
            break;
        if (head.ptr[i] == '.')
            len = i;
    }
    return (struct str){head.ptr, len};
}

struct str hue_package(struct str name)
{
    struct str head = head_of(without_brackets(name));
    size_t slash = 0;
    for (size_t i = 0; i < head.len; i++) {
        if (head.ptr[i] == ':' && i + 1 < head.len && head.ptr[i + 1] == ':')
            return (struct str){head.ptr, i};
        if (head.ptr[i] == '/')
            slash = i;
    }
    if (!slash)
        return lower_parts(head);
    const char *dot = memchr(head.ptr + slash, '.', head.len - slash);
    return dot ? (struct str){head.ptr, (size_t)(dot - head.ptr)} : head;
}

unsigned hue_of(struct str name, struct str library)
{
    struct str of = hue_package(name);
    if (!of.len)
        of = library;
    if (!of.len)
        of = name;
    unsigned hue = of.ptr && of.len ? (unsigned)(XXH64(of.ptr, of.len, 0) % HUE_HUES) : 0;
    unsigned shade =
        name.ptr && name.len ? (unsigned)(XXH64(name.ptr, name.len, 1) % HUE_SHADES) : 0;
    return hue * HUE_SHADES + shade;
}

struct rgb hue_color(unsigned index, bool grey)
{
    /* HSL: between LOW and HIGH the channels follow the hue in six straight pieces. */
    double lightness = 0.77 + 0.03 * (index % HUE_SHADES),
           reach = grey ? 0 : 0.62 * (1 - lightness);
    double low = lightness - reach, high = lightness + reach;
    unsigned hue = index / HUE_SHADES;
    double sector = 6.0 * hue / HUE_HUES, part = sector - floor(sector);
    double up = low + (high - low) * part, down = high - (high - low) * part;
    const double pieces[6][3] = {{high, up, low},   {down, high, low}, {low, high, up},
                                 {low, down, high}, {up, low, high},   {high, low, down}};
    const double *c = pieces[(unsigned)sector % 6];
    return (struct rgb){(uint8_t)(c[0] * 255 + 0.5), (uint8_t)(c[1] * 255 + 0.5),
                        (uint8_t)(c[2] * 255 + 0.5)};
}
