/* A tree of calls drawn as a flame, with a cursor, a zoom and its history.
 *
 * Views have one pane (the flame) or two (the callers and the callees of a sandwich), which move
 * the cursor with flame_pane_move and tell what it is on with flame_pane_story. The cursor is on a
 * cell, even on one that is too narrow to be seen: then its box is that of the several it is merged
 * into.
 *
 *     flame_pane_set(&p, &source) ... for each model
 *     flame_pane_draw(&p, canvas, area, &marks, search)
 *     flame_pane_release(&p)
 */
#ifndef CPPROF_TUI_FLAME_PANE_H
#define CPPROF_TUI_FLAME_PANE_H

#include "tui/amounts.h"
#include "tui/canvas.h"
#include "tui/flame_layout.h"
#include "tui/marks.h"

struct search;

/* What is drawn, borrowed from a model. */
struct flame_source {
    const struct calltree *tree;
    const struct nodes *nodes;
    const uint8_t *hues; /* per node: hue_of() */
    struct str root;     /* what cell 0 is called */
    bool two_sides;      /* colours are of the change */
    bool upwards;        /* what is next to cell 0 is at the bottom */
    bool skips_root;     /* cell 0 is not drawn: it is part of another pane */
};

/* Starts zeroed. */
struct flame_pane {
    struct flame_source source;
    uint64_t *paths; /* per cell */
    uint32_t chosen, zoom;
    bool on_several;   /* the cursor is on the box, not on the first cell in it */
    uint32_t *history; /* zooms before this one */
    size_t history_count, history_cap;
    size_t top; /* the first level to be seen */
    struct rect area;
    struct flame_layout layout;
    int layout_cols;
    uint32_t layout_zoom;
};

/* Per node in cells of T, the colour it has in all pictures. The caller frees it. */
uint8_t *flame_hues_new(const struct nodes *nodes, const struct calltree *t);

/* How many levels there are to be seen, in COLS columns. */
size_t flame_pane_levels(struct flame_pane *p, int cols);

/* Draws SOURCE from now on; zoom and cursor stay where they are known there. */
void flame_pane_set(struct flame_pane *p, const struct flame_source *source);
void flame_pane_release(struct flame_pane *p);

/* HAS_CURSOR: the keys act on this pane. */
void flame_pane_draw(struct flame_pane *p, struct canvas *c, struct rect area, bool has_cursor,
                     struct marks *marks, const struct search *search);

enum flame_move {
    FLAME_IN,  /* to the heaviest of the next level */
    FLAME_OUT, /* to the level before */
    FLAME_BEFORE,
    FLAME_AFTER, /* on the same level */
    FLAME_PAGE_IN,
    FLAME_PAGE_OUT,
    FLAME_START, /* to what is zoomed */
    FLAME_END,   /* to the end of the heaviest path from here */
};

/* False if there is nowhere to go. */
bool flame_pane_move(struct flame_pane *p, enum flame_move move);

/* Moves the cursor to a cell; zooms out if that is not below what is zoomed. */
void flame_pane_go(struct flame_pane *p, uint32_t cell);

/* The cell at a place of the screen gets the cursor. False if there is none. */
bool flame_pane_click(struct flame_pane *p, int row, int col);

/* The wheel: shows other levels. */
void flame_pane_scroll(struct flame_pane *p, bool further);

/* Zooms to the cursor's cell; of a box of several, to what called them. False: that is how it is
 * already. */
bool flame_pane_zoom(struct flame_pane *p);
bool flame_pane_zoom_back(struct flame_pane *p);  /* to the zoom before; false: there is none */
bool flame_pane_zoom_reset(struct flame_pane *p); /* false: nothing is zoomed */

/* The name of a cell; empty for one that stands for several. */
struct str flame_pane_name(const struct flame_pane *p, uint32_t cell);

/* The name of the cell with the cursor; empty if that is no function. */
struct str flame_pane_chosen(const struct flame_pane *p);

/* What the cursor is on. */
struct flame_story {
    struct buf title; /* its name, or the heaviest of several */
    struct buf cum;   /* what it costs, and which parts of what that is */
    struct buf flat;  /* empty for several */
};

void flame_pane_story(const struct flame_pane *p, const struct amounts *a, struct flame_story *out);
void flame_story_release(struct flame_story *s);

#endif
