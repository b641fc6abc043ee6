#include "analyzer/render/palette.h"

#include "analyzer/base/num.h"

#include <math.h>

/* A colour begins as a grey, VALUE of full white in each channel. How strongly a score shows is
 * SATURATION; how much of that each channel loses is written down for scores near 0 and for a full
 * score, and lies between the two for the others. A negative loss makes a channel lighter. */
struct side {
    double faint[3], full[3];
};

struct tone {
    double value, saturation;
};

static const struct {
    struct tone tones[PALETTE_USE_COUNT];
    struct side less, more;
    struct rgb appeared, vanished;
} palettes[PALETTE_COUNT] = {
    [PALETTE_DEFAULT] =
        {
            .tones = {{0.7, 1}, {0.93, 0.1}, {0.95, 0.6}},
            .less = {{0, 0, 1}, {1, 0, 1}},
            .more = {{0, 0, 1}, {0, 1, 1}},
            .appeared = {0xEF, 0x8C, 0xE8},
            .vanished = {0x7F, 0xC8, 0xF0},
        },
    [PALETTE_COLORBLIND] =
        {
            .tones = {{0.8, 1}, {0.95, 0.22}, {0.96, 0.75}},
            .less = {{0.35, 0.1, 0}, {1, 0.4, 0}},
            .more = {{0, 0.15, 0.6}, {0, 0.55, 1}},
            .appeared = {0xF0, 0xE4, 0x42},
            .vanished = {0xC9, 0x9A, 0xD6},
        },
    [PALETTE_MONO] =
        {
            .tones = {{0.5, 1}, {0.85, 0.3}, {0.8, 0.4}},
            .less = {{-0.1, -0.1, -0.1}, {-0.5, -0.5, -0.5}},
            .more = {{0.2, 0.2, 0.2}, {1, 1, 1}},
            .appeared = {0x78, 0x78, 0x78},
            .vanished = {0xFF, 0xFF, 0xFF},
        },
};

static uint8_t channel(double value)
{
    return (uint8_t)(f64_to_i64(value * 255) & 0xFF);
}

struct rgb palette_color(enum palette palette, enum palette_use use, double score)
{
    double size = fabs(score);
    if (!(size <= 1))
        size = isnan(score) ? 0 : 1;
    const struct side *side = score < 0 ? &palettes[palette].less : &palettes[palette].more;
    double value = palettes[palette].tones[use].value;
    double saturation = palettes[palette].tones[use].saturation;
    if (size < 0.2)
        saturation *= size / 0.2;
    /* Away from 0, so that small values can still be told apart. */
    double reach = size > 0 ? pow(size, 0.3) : 0;
    double lit[3];
    for (int i = 0; i < 3; i++) {
        double loss = side->faint[i] + reach * (side->full[i] - side->faint[i]);
        lit[i] = value * (1 - saturation * loss);
    }
    return (struct rgb){channel(lit[0]), channel(lit[1]), channel(lit[2])};
}

struct rgb palette_appeared(enum palette palette)
{
    return palettes[palette].appeared;
}

struct rgb palette_vanished(enum palette palette)
{
    return palettes[palette].vanished;
}
