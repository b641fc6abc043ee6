/* A line of text that is being typed at the bottom of the screen.
 *
 * Keys edit it as in a shell: arrows, Home, End, Ctrl-A E B F U K W D, Backspace, Delete; Up and
 * Down go through what was entered before. What the prompt opens with is a proposal: the first
 * character typed replaces it, any other key takes it over.
 */
#ifndef CPPROF_TUI_PROMPT_H
#define CPPROF_TUI_PROMPT_H

#include "analyzer/base/buf.h"
#include "analyzer/base/lines.h"
#include "tui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

/* What a completion makes of a line: bytes from FROM up to the cursor become TEXT; CHOICES are all
 * words it could be. */
struct completed {
    size_t from;
    struct buf text;
    struct lines choices;
};

/* Completes what ends at byte CURSOR of TEXT. OUT is zeroed; FROM has to be set. */
typedef void prompt_complete(void *context, const char *text, size_t cursor, struct completed *out);

struct prompt {
    struct buf label, text;
    size_t cursor;             /* byte */
    bool is_proposal;          /* nothing was typed yet */
    struct lines *past;        /* what was entered before, oldest first; borrowed; NULL: nothing */
    size_t past_at;            /* the entry shown; past->count: what is being typed */
    struct buf typed;          /* kept while an old entry is shown */
    struct lines choices;      /* of the last completion */
    prompt_complete *complete; /* NULL: Tab does nothing */
    void *complete_context;
};

enum prompt_state { PROMPT_GOES_ON, PROMPT_ENTERED, PROMPT_LEFT };

void prompt_open(struct prompt *p, const char *label, const char *initial, struct lines *past);
void prompt_release(struct prompt *p);

/* What KEY (of keys.h) did. */
enum prompt_state prompt_key(struct prompt *p, uint32_t key);

/* Draws it into ROW and puts the cursor there. */
void prompt_draw(const struct prompt *p, struct canvas *c, int row);

#endif
