/* A picture of the screen in memory, made of cells: what views draw on.
 *
 * Text is put by display columns, as wide as the terminal will show it: wide characters take two
 * columns, combining marks none, control characters and broken UTF-8 are shown as pictures and
 * never sent. Nothing is ever put outside the canvas, so views need not check what fits. Styles are
 * roles ("chosen row", "grew"); which colours stand for them is screen.h's business, so that a view
 * cannot choose a colour somebody cannot see. tui/ has no other way to the terminal, and tests look
 * at a canvas without one.
 *
 *     canvas_resize(&c, 24, 80) → canvas_clear, canvas_put ... → screen_show → canvas_release
 *
 * Rows and columns count from 0 at the top left. For one thread.
 */
#ifndef CPPROF_TUI_CANVAS_H
#define CPPROF_TUI_CANVAS_H

#include "analyzer/base/buf.h"
#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stdint.h>

struct search;

/* What a piece of the screen is. */
enum role {
    ROLE_PLAIN,
    ROLE_DIM,    /* what matters less */
    ROLE_HEADER, /* the heads of columns */
    ROLE_BAR,    /* the title and status lines */
    ROLE_TAB,    /* the view that is shown, in the title line */
    ROLE_KEY,    /* a key in a help text */
    ROLE_CHOSEN, /* the row the keys act on */
    ROLE_MATCH,  /* what a search found */
    ROLE_HEAT,   /* shade 0 (cold) to HEAT_MOST (hot) */
    ROLE_MORE,   /* grew against the base: orange; put a sign, too */
    ROLE_LESS,   /* shrank: blue */
    ROLE_ERROR,
    ROLE_CELL,        /* a cell of a flame: shade is hue_of()'s number, below HUE_COUNT */
    ROLE_CHANGE_CELL, /* a cell of a difference: shade 0 (it all went) to CHANGE_MOST (it all came)
                       */
    ROLE_COUNT,
};

enum { HEAT_MOST = 4, CHANGE_MOST = 8 };

/* Added to what a role looks like; they show without colours, too. */
enum { STYLE_BOLD = 1, STYLE_REVERSE = 2, STYLE_UNDERLINE = 4 };

struct style {
    uint8_t role, shade, attributes;
};

#define STYLE(role_) ((struct style){.role = (role_)})

struct cell {
    uint32_t runes[3]; /* the character and its combining marks; 0: none */
    uint8_t columns;   /* 1 or 2; 0: the right half of the one before */
    struct style style;
};

/* An area of the screen. */
struct rect {
    int row, col, rows, cols;
};

struct canvas {
    int rows, cols;
    struct cell *cells;
    size_t cell_cap;
    bool ascii;                 /* the locale has no other characters */
    int cursor_row, cursor_col; /* where the terminal's cursor is to stand; row -1: hidden */
};

/* Makes C (zeroed at first) so large; what is on it is lost. */
void canvas_resize(struct canvas *c, int rows, int cols);
void canvas_release(struct canvas *c);
void canvas_clear(struct canvas *c);

/* How many columns S takes. */
int text_columns(struct str s);

/* Puts S at ROW, COL into at most LIMIT columns; what does not fit ends in "…" (ASCII: "~").
 * Returns the columns taken. */
int canvas_put(struct canvas *c, int row, int col, int limit, struct str s, struct style style);
int canvas_puts(struct canvas *c, int row, int col, int limit, const char *s, struct style style);
int canvas_printf(struct canvas *c, int row, int col, int limit, struct style style,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same with its right end at COL + LIMIT. */
void canvas_right(struct canvas *c, int row, int col, int limit, struct str s, struct style style);

/* The same as canvas_put, with what SEARCH (NULL: nothing) matches in ROLE_MATCH. */
int canvas_put_found(struct canvas *c, int row, int col, int limit, struct str s,
                     struct style style, const struct search *search);

/* Gives COLS columns of ROW this style, keeping their text, or ADDS attributes to what they have.
 */
void canvas_restyle(struct canvas *c, int row, int col, int cols, struct style style);
void canvas_add(struct canvas *c, int row, int col, int cols, unsigned attributes);

/* Spaces in this style. */
void canvas_fill(struct canvas *c, struct rect area, struct style style);

/* Lines and signs that have an ASCII form. */
enum glyph {
    GLYPH_HLINE,
    GLYPH_VLINE,
    GLYPH_TOP_LEFT,
    GLYPH_TOP_RIGHT,
    GLYPH_BOTTOM_LEFT,
    GLYPH_BOTTOM_RIGHT,
    GLYPH_TEE,    /* a branch that goes on */
    GLYPH_CORNER, /* the last branch */
    GLYPH_OPEN,   /* an open node of a tree */
    GLYPH_CLOSED, /* a closed one */
    GLYPH_ARROW,  /* "leads to" */
    GLYPH_UP,     /* sorted up; more above */
    GLYPH_DOWN,   /* sorted down; more below */
    GLYPH_DOT,    /* between words */
    GLYPH_ELLIPSIS,
    GLYPH_COUNT,
};

void canvas_glyph(struct canvas *c, int row, int col, enum glyph glyph, struct style style);

/* The same as text, for putting it into a longer one. One column each. */
const char *glyph_text(const struct canvas *c, enum glyph glyph);
void canvas_hline(struct canvas *c, int row, int col, int cols, struct style style);
void canvas_box(struct canvas *c, struct rect area, struct style style);

/* A bar of SHARE (0 to 1) of COLS columns, in eighths of a column where the locale has them. */
void canvas_bar(struct canvas *c, int row, int col, int cols, double share, struct style style);

/* Row ROW as text without the spaces at its end, for tests. */
void canvas_row_text(struct buf *out, const struct canvas *c, int row);

#endif
