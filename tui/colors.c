#include "tui/colors.h"

#include "analyzer/render/hue.h"
#include "analyzer/render/palette.h"

#include <stdlib.h>

enum { NO = COLOR_DEFAULT, BLACK = 0x000000, WHITE = 0xFFFFFF };

/* In 24 bits, at 8 colours, and without any. */
struct role_look {
    int fg, bg;
    int fg8, bg8;
    unsigned attributes; /* with colours */
    unsigned mono;       /* without */
    bool dim;            /* where there are fewer than 256 colours */
};

enum { RED8 = 1, GREEN8, YELLOW8, BLUE8, MAGENTA8, CYAN8, WHITE8 };

static const struct role_look roles[ROLE_COUNT] = {
    [ROLE_PLAIN] = {NO, NO, NO, NO, 0, 0, false},
    [ROLE_DIM] = {0x808080, NO, NO, NO, 0, 0, true},
    [ROLE_HEADER] = {NO, NO, NO, NO, STYLE_BOLD | STYLE_UNDERLINE, STYLE_BOLD | STYLE_UNDERLINE,
                     false},
    [ROLE_BAR] = {0xD0D0D0, 0x303030, WHITE8, BLUE8, 0, STYLE_REVERSE, false},
    [ROLE_TAB] = {WHITE, 0x005F87, BLUE8, WHITE8, STYLE_BOLD, STYLE_BOLD, false},
    [ROLE_KEY] = {0x00AFAF, NO, CYAN8, NO, STYLE_BOLD, STYLE_BOLD, false},
    [ROLE_CHOSEN] = {WHITE, 0x005F87, WHITE8, BLUE8, STYLE_BOLD, STYLE_REVERSE, false},
    [ROLE_MATCH] = {BLACK, 0xFFD75F, 0, YELLOW8, 0, STYLE_BOLD | STYLE_UNDERLINE, false},
    [ROLE_MORE] = {0xFF8700, NO, YELLOW8, NO, 0, 0, false},
    [ROLE_LESS] = {0x0087FF, NO, BLUE8, NO, STYLE_BOLD, 0, false},
    [ROLE_ERROR] = {WHITE, 0xAF0000, WHITE8, RED8, STYLE_BOLD, STYLE_REVERSE | STYLE_BOLD, false},
};

/* From what hardly counts to what costs most; as text on either background. */
static const struct role_look heat[HEAT_MOST + 1] = {
    {0x808080, NO, NO, NO, 0, 0, true},
    {NO, NO, NO, NO, 0, 0, false},
    {0xAF8700, NO, YELLOW8, NO, 0, 0, false},
    {0xD75F00, NO, RED8, NO, 0, 0, false},
    {0xD70000, NO, RED8, NO, STYLE_BOLD, STYLE_BOLD, false},
};

static int packed(struct rgb c)
{
    return c.r << 16 | c.g << 8 | c.b;
}

static struct role_look look_of(struct style style)
{
    if (style.role == ROLE_HEAT)
        return heat[style.shade < HEAT_MOST ? style.shade : HEAT_MOST];
    if (style.role == ROLE_CELL) {
        static const int few[] = {RED8, GREEN8, YELLOW8, MAGENTA8, CYAN8, WHITE8};
        unsigned shade = style.shade % HUE_COUNT;
        return (struct role_look){BLACK, packed(hue_color(shade, false)), 0, few[shade % 6], 0, 0,
                                  false};
    }
    if (style.role == ROLE_CHANGE_CELL) {
        int shade = style.shade < CHANGE_MOST ? style.shade : CHANGE_MOST;
        double score = 2.0 * shade / CHANGE_MOST - 1;
        int few = shade * 2 < CHANGE_MOST ? CYAN8 : shade * 2 > CHANGE_MOST ? YELLOW8 : WHITE8;
        return (struct role_look){
            BLACK, packed(palette_color(PALETTE_COLORBLIND, PALETTE_FRAME, score)), 0, few, 0, 0,
            false};
    }
    return roles[style.role < ROLE_COUNT ? style.role : ROLE_PLAIN];
}

/* The levels of the 6 x 6 x 6 cube of the 256 colours. */
static int cube_level(int part)
{
    return part < 48 ? 0 : part < 115 ? 1 : (part - 35) / 40;
}

static int distance(int a, int b)
{
    int r = (a >> 16 & 255) - (b >> 16 & 255), g = (a >> 8 & 255) - (b >> 8 & 255);
    int blue = (a & 255) - (b & 255);
    return r * r + g * g + blue * blue;
}

static int nearest_256(int color)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int r = cube_level(color >> 16 & 255), g = cube_level(color >> 8 & 255);
    int b = cube_level(color & 255);
    int cube = levels[r] << 16 | levels[g] << 8 | levels[b];
    int mean = ((color >> 16 & 255) + (color >> 8 & 255) + (color & 255)) / 3;
    int grey = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
    int grey_color = (8 + 10 * grey) * 0x010101;
    if (distance(grey_color, color) < distance(cube, color))
        return 232 + grey;
    return 16 + 36 * r + 6 * g + b;
}

static int at_depth(int color, int color8, enum color_depth depth)
{
    if (depth == DEPTH_8)
        return color8;
    if (color == COLOR_DEFAULT)
        return color;
    return depth == DEPTH_256 ? nearest_256(color) : color;
}

struct look color_look(struct style style, enum color_depth depth)
{
    struct role_look role = look_of(style);
    if (depth == DEPTH_NONE)
        return (struct look){NO, NO, role.mono | style.attributes, role.dim};
    return (struct look){at_depth(role.fg, role.fg8, depth), at_depth(role.bg, role.bg8, depth),
                         role.attributes | style.attributes, role.dim && depth == DEPTH_8};
}
