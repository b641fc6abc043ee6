#include "tui/canvas.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/utf8.h"
#include "tui/search.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void canvas_resize(struct canvas *c, int rows, int cols)
{
    c->rows = rows;
    c->cols = cols;
    c->cells = xgrow(c->cells, &c->cell_cap, (size_t)rows * (size_t)cols + 1, sizeof *c->cells);
    canvas_clear(c);
}

void canvas_release(struct canvas *c)
{
    free(c->cells);
    *c = (struct canvas){0};
}

static struct cell *cell_at(const struct canvas *c, int row, int col)
{
    return &c->cells[(size_t)row * (size_t)c->cols + (size_t)col];
}

static bool is_inside(const struct canvas *c, int row, int col)
{
    return row >= 0 && row < c->rows && col >= 0 && col < c->cols;
}

static void blank(struct cell *cell, struct style style)
{
    *cell = (struct cell){.runes = {' '}, .columns = 1, .style = style};
}

void canvas_clear(struct canvas *c)
{
    for (size_t i = 0; i < (size_t)c->rows * (size_t)c->cols; i++)
        blank(&c->cells[i], STYLE(ROLE_PLAIN));
    c->cursor_row = -1;
}

/* --- characters */

/* What is shown of the character at S, and how wide that is: never a control character, never
 * what the locale cannot write. */
static size_t take_rune(struct str s, size_t at, bool ascii, uint32_t *rune, int *columns)
{
    size_t n = utf8_decode(s.ptr + at, s.len - at, rune);
    bool is_control = *rune < ' ' || (*rune >= 0x7F && *rune < 0xA0);
    bool is_broken = n == 1 && *rune == UTF8_BAD_RUNE;
    /* Characters that turn the direction of text around would make it lie. */
    bool is_bidi = (*rune >= 0x202A && *rune <= 0x202E) || (*rune >= 0x2066 && *rune <= 0x2069) ||
                   *rune == 0x200E || *rune == 0x200F;
    *columns = *rune < 0x7F && !is_control ? 1 : wcwidth((wchar_t)*rune);
    if (is_control || is_broken || is_bidi || *columns < 0 || (ascii && *rune > 0x7E)) {
        *rune = ascii ? '?' : UTF8_BAD_RUNE;
        if (is_control && *rune == UTF8_BAD_RUNE && s.ptr[at] > 0 && s.ptr[at] < ' ')
            *rune = 0x2400 + (uint32_t)s.ptr[at]; /* pictures of control characters */
        *columns = 1;
    }
    return n;
}

static int measure(struct str s, bool ascii)
{
    int sum = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t rune;
        int columns;
        i += take_rune(s, i, ascii, &rune, &columns);
        sum += columns;
        if (sum > 1 << 20)
            break;
    }
    return sum;
}

int text_columns(struct str s)
{
    return measure(s, false);
}

/* A wide character that loses one of its halves loses both. */
static void clear_halves(struct canvas *c, int row, int col)
{
    struct cell *cell = cell_at(c, row, col);
    if (cell->columns == 0 && col > 0)
        blank(cell_at(c, row, col - 1), cell_at(c, row, col - 1)->style);
    if (cell->columns == 2 && col + 1 < c->cols)
        blank(cell_at(c, row, col + 1), cell_at(c, row, col + 1)->style);
}

static void put_rune(struct canvas *c, int row, int col, uint32_t rune, int columns,
                     struct style style)
{
    if (!is_inside(c, row, col) || !is_inside(c, row, col + columns - 1))
        return;
    clear_halves(c, row, col);
    *cell_at(c, row, col) =
        (struct cell){.runes = {rune}, .columns = (uint8_t)columns, .style = style};
    if (columns == 2) {
        clear_halves(c, row, col + 1);
        *cell_at(c, row, col + 1) = (struct cell){.columns = 0, .style = style};
    }
}

/* A mark belongs to the character before it; what there is no place for is left out. */
static void put_mark(struct canvas *c, int row, int col, uint32_t rune)
{
    if (!is_inside(c, row, col))
        return;
    struct cell *cell = cell_at(c, row, col);
    if (cell->columns == 0 && col > 0)
        cell = cell_at(c, row, col - 1);
    for (size_t i = 1; i < sizeof cell->runes / sizeof *cell->runes; i++) {
        if (!cell->runes[i]) {
            cell->runes[i] = rune;
            return;
        }
    }
}

/* --- text */

/* Puts S from byte FROM to byte TO; columns as the whole of S would have them. */
static int put_text(struct canvas *c, int row, int col, int limit, struct str s, struct style style)
{
    int all = measure(s, c->ascii), used = 0;
    bool cut = all > limit;
    int room = cut ? limit - 1 : limit;
    if (limit <= 0)
        return 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t rune;
        int columns;
        i += take_rune(s, i, c->ascii, &rune, &columns);
        if (columns == 0 && used > 0)
            put_mark(c, row, col + used - 1, rune);
        if (columns == 0)
            continue;
        if (used + columns > room)
            break;
        put_rune(c, row, col + used, rune, columns, style);
        used += columns;
    }
    if (cut) {
        canvas_glyph(c, row, col + used, GLYPH_ELLIPSIS, style);
        used++;
    }
    return used;
}

int canvas_put(struct canvas *c, int row, int col, int limit, struct str s, struct style style)
{
    return put_text(c, row, col, limit, s, style);
}

int canvas_puts(struct canvas *c, int row, int col, int limit, const char *s, struct style style)
{
    return put_text(c, row, col, limit, (struct str){s, strlen(s)}, style);
}

int canvas_printf(struct canvas *c, int row, int col, int limit, struct style style,
                  const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return canvas_puts(c, row, col, limit, text, style);
}

void canvas_right(struct canvas *c, int row, int col, int limit, struct str s, struct style style)
{
    int columns = measure(s, c->ascii);
    int left = columns < limit ? limit - columns : 0;
    put_text(c, row, col + left, limit - left, s, style);
}

int canvas_put_found(struct canvas *c, int row, int col, int limit, struct str s,
                     struct style style, const struct search *search)
{
    int used = put_text(c, row, col, limit, s, style);
    size_t begin, end;
    for (size_t from = 0; search_find(search, s, from, &begin, &end); from = end) {
        int before = measure((struct str){s.ptr, begin}, c->ascii);
        int columns = measure((struct str){s.ptr + begin, end - begin}, c->ascii);
        if (before >= used)
            break;
        if (before + columns > used)
            columns = used - before;
        canvas_restyle(c, row, col + before, columns, STYLE(ROLE_MATCH));
    }
    return used;
}

/* --- styles and areas */

void canvas_restyle(struct canvas *c, int row, int col, int cols, struct style style)
{
    for (int i = 0; i < cols; i++)
        if (is_inside(c, row, col + i))
            cell_at(c, row, col + i)->style = style;
}

void canvas_add(struct canvas *c, int row, int col, int cols, unsigned attributes)
{
    for (int i = 0; i < cols; i++)
        if (is_inside(c, row, col + i))
            cell_at(c, row, col + i)->style.attributes |= (uint8_t)attributes;
}

void canvas_fill(struct canvas *c, struct rect area, struct style style)
{
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int col = area.col; col < area.col + area.cols; col++)
            put_rune(c, row, col, ' ', 1, style);
}

/* --- lines and signs */

static const struct {
    const char *text, *ascii;
} glyphs[GLYPH_COUNT] = {
    [GLYPH_HLINE] = {"─", "-"},       [GLYPH_VLINE] = {"│", "|"},
    [GLYPH_TOP_LEFT] = {"┌", "+"},    [GLYPH_TOP_RIGHT] = {"┐", "+"},
    [GLYPH_BOTTOM_LEFT] = {"└", "+"}, [GLYPH_BOTTOM_RIGHT] = {"┘", "+"},
    [GLYPH_TEE] = {"├", "|"},         [GLYPH_CORNER] = {"└", "`"},
    [GLYPH_OPEN] = {"▾", "-"},        [GLYPH_CLOSED] = {"▸", "+"},
    [GLYPH_ARROW] = {"→", ">"},       [GLYPH_UP] = {"▲", "^"},
    [GLYPH_DOWN] = {"▼", "v"},        [GLYPH_DOT] = {"·", "-"},
    [GLYPH_ELLIPSIS] = {"…", "~"},
};

const char *glyph_text(const struct canvas *c, enum glyph glyph)
{
    return c->ascii ? glyphs[glyph].ascii : glyphs[glyph].text;
}

void canvas_glyph(struct canvas *c, int row, int col, enum glyph glyph, struct style style)
{
    const char *text = glyph_text(c, glyph);
    uint32_t rune;
    utf8_decode(text, strlen(text), &rune);
    put_rune(c, row, col, rune, 1, style);
}

void canvas_hline(struct canvas *c, int row, int col, int cols, struct style style)
{
    for (int i = 0; i < cols; i++)
        canvas_glyph(c, row, col + i, GLYPH_HLINE, style);
}

void canvas_box(struct canvas *c, struct rect area, struct style style)
{
    int bottom = area.row + area.rows - 1, right = area.col + area.cols - 1;
    canvas_hline(c, area.row, area.col, area.cols, style);
    canvas_hline(c, bottom, area.col, area.cols, style);
    for (int row = area.row + 1; row < bottom; row++) {
        canvas_glyph(c, row, area.col, GLYPH_VLINE, style);
        canvas_glyph(c, row, right, GLYPH_VLINE, style);
    }
    canvas_glyph(c, area.row, area.col, GLYPH_TOP_LEFT, style);
    canvas_glyph(c, area.row, right, GLYPH_TOP_RIGHT, style);
    canvas_glyph(c, bottom, area.col, GLYPH_BOTTOM_LEFT, style);
    canvas_glyph(c, bottom, right, GLYPH_BOTTOM_RIGHT, style);
}

void canvas_bar(struct canvas *c, int row, int col, int cols, double share, struct style style)
{
    share = share > 1 ? 1 : share > 0 ? share : 0; /* NaN, too */
    int eighths = (int)(share * cols * 8 + 0.5);
    int full = eighths / 8, rest = eighths % 8;
    if (c->ascii) {
        full += rest >= 4;
        rest = 0;
    }
    for (int i = 0; i < full; i++)
        put_rune(c, row, col + i, c->ascii ? '#' : 0x2588, 1, style);
    if (rest)
        put_rune(c, row, col + full, 0x2590 - (uint32_t)rest, 1, style); /* ▏ to ▉ */
}

/* --- for tests */

static void add_rune(struct buf *out, uint32_t r)
{
    if (r < 0x80) {
        buf_putc(out, (char)r);
        return;
    }
    int more = r < 0x800 ? 1 : r < 0x10000 ? 2 : 3;
    buf_putc(out, (char)((0xff00u >> (more + 1) & 0xff) | r >> 6 * more));
    while (more-- > 0)
        buf_putc(out, (char)(0x80 | (r >> 6 * more & 0x3f)));
}

void canvas_row_text(struct buf *out, const struct canvas *c, int row)
{
    size_t end = out->len;
    for (int col = 0; col < c->cols; col++) {
        const struct cell *cell = cell_at(c, row, col);
        for (size_t i = 0; cell->columns && i < 3 && cell->runes[i]; i++)
            add_rune(out, cell->runes[i]);
        if (cell->columns && cell->runes[0] != ' ')
            end = out->len;
    }
    out->len = end;
    if (out->data)
        out->data[end] = '\0';
}
