/* Tests of analyzer/render/palette.h: pprof's colours to the digit, and that the others can be told
 * apart by whom they are for. */
#include "analyzer/render/palette.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>

static double light_of(uint8_t channel)
{
    double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* Relative luminance, as WCAG 2 defines it. */
static double luminance(struct rgb c)
{
    return 0.2126 * light_of(c.r) + 0.7152 * light_of(c.g) + 0.0722 * light_of(c.b);
}

/* How far apart two colours are for somebody without red cones, roughly: red and green are one
 * channel, blue another. */
static double apart_without_red(struct rgb a, struct rgb b)
{
    double yellow = (a.r * 0.11 + a.g * 0.89) - (b.r * 0.11 + b.g * 0.89);
    double blue = a.b - (double)b.b;
    return sqrt(yellow * yellow + blue * blue);
}

static void check_hex(struct rgb c, const char *want)
{
    char got[10];
    snprintf(got, sizeof got, "#%02x%02x%02x", c.r, c.g, c.b);
    CU_ASSERT_STRING_EQUAL(got, want);
}

/* Values of pprof's own table of colours. */
static void test_default_is_pprofs(void)
{
    check_hex(palette_color(PALETTE_DEFAULT, PALETTE_INK, 0), "#b2b2b2");
    check_hex(palette_color(PALETTE_DEFAULT, PALETTE_INK, 1), "#b20000");
    check_hex(palette_color(PALETTE_DEFAULT, PALETTE_INK, -1), "#00b200");
    check_hex(palette_color(PALETTE_DEFAULT, PALETTE_PAPER, 1), "#edd5d5");
    check_hex(palette_color(PALETTE_DEFAULT, PALETTE_PAPER, -1), "#d5edd5");
    check_hex(palette_color(PALETTE_DEFAULT, PALETTE_PAPER, 0), "#ededed");
}

/* The formula in pprof's words, for every score: digits must not depend on how the table is kept.
 */
static void test_default_is_pprofs_formula(void)
{
    for (int i = -1000; i <= 1000; i++) {
        for (int pale = 0; pale <= 1; pale++) {
            double score = i / 1000.0, saturation = pale ? 0.1 : 1.0, value = pale ? 0.93 : 0.7;
            if (fabs(score) < 0.2)
                saturation *= fabs(score) / 0.2;
            if (score > 0)
                score = pow(score, 0.3);
            if (score < 0)
                score = -pow(-score, 0.3);
            double r = value, g = value, b = value * (1 - saturation);
            if (score < 0)
                r = value * (1 + saturation * score);
            else
                g = value * (1 - saturation * score);
            struct rgb got =
                palette_color(PALETTE_DEFAULT, pale ? PALETTE_PAPER : PALETTE_INK, i / 1000.0);
            CU_ASSERT_EQUAL(got.r, (uint8_t)(r * 255));
            CU_ASSERT_EQUAL(got.g, (uint8_t)(g * 255));
            CU_ASSERT_EQUAL(got.b, (uint8_t)(b * 255));
        }
    }
}

static void test_scores_beyond_the_ends(void)
{
    for (int p = 0; p < PALETTE_COUNT; p++) {
        for (int use = 0; use < PALETTE_USE_COUNT; use++) {
            struct rgb most = palette_color(p, use, 1), least = palette_color(p, use, -1);
            struct rgb none = palette_color(p, use, 0);
            struct rgb over = palette_color(p, use, 17), under = palette_color(p, use, -INFINITY);
            struct rgb nan = palette_color(p, use, NAN);
            CU_ASSERT(over.r == most.r && over.g == most.g && over.b == most.b);
            CU_ASSERT(under.r == least.r && under.g == least.g && under.b == least.b);
            CU_ASSERT(nan.r == none.r && nan.g == none.g && nan.b == none.b);
        }
    }
}

static void check_readable(struct rgb c)
{
    CU_ASSERT((luminance(c) + 0.05) / 0.05 >= 4.5);
}

static void test_black_text_is_readable(void)
{
    for (int p = 0; p < PALETTE_COUNT; p++) {
        for (int i = -100; i <= 100; i++) {
            check_readable(palette_color(p, PALETTE_PAPER, i / 100.0));
            check_readable(palette_color(p, PALETTE_FRAME, i / 100.0));
        }
        check_readable(palette_appeared(p));
        check_readable(palette_vanished(p));
    }
}

static void test_colorblind_tells_growth_from_loss(void)
{
    for (int use = 0; use < PALETTE_USE_COUNT; use++) {
        double enough = use == PALETTE_PAPER ? 20 : 60;
        for (int i = 10; i <= 100; i++) {
            struct rgb more = palette_color(PALETTE_COLORBLIND, use, i / 100.0);
            struct rgb less = palette_color(PALETTE_COLORBLIND, use, -i / 100.0);
            CU_ASSERT(apart_without_red(more, less) > enough);
        }
    }
    CU_ASSERT(apart_without_red(palette_appeared(PALETTE_COLORBLIND),
                                palette_vanished(PALETTE_COLORBLIND)) > 60);
}

static void test_mono_is_grey_and_darkens(void)
{
    for (int use = 0; use < PALETTE_USE_COUNT; use++) {
        int before = 256;
        for (int i = -100; i <= 100; i++) {
            struct rgb c = palette_color(PALETTE_MONO, use, i / 100.0);
            CU_ASSERT(c.r == c.g && c.g == c.b);
            CU_ASSERT(c.r <= before);
            before = c.r;
        }
    }
}

CU_TestInfo palette_tests[] = {
    {"the default is pprof's", test_default_is_pprofs},
    {"the default is pprof's formula", test_default_is_pprofs_formula},
    {"scores beyond the ends", test_scores_beyond_the_ends},
    {"black text is readable", test_black_text_is_readable},
    {"colorblind tells growth from loss", test_colorblind_tells_growth_from_loss},
    {"mono is grey and darkens", test_mono_is_grey_and_darkens},
    CU_TEST_INFO_NULL,
};
