/* Where a report is written to, and in which dress.
 *
 * Text is collected and written in large pieces. Renderers write their own words with out_puts and
 * out_printf, and every word of the profile with out_str, which makes control characters visible on
 * a terminal (elsewhere the bytes stay as they are); what gets there in other ways is made visible
 * when it is written. A file appears whole when out_close succeeds, or not at all, with nothing
 * left of it by whatever ends the program; a failed write is remembered until then.
 */
#ifndef CPPROF_RENDER_OUT_H
#define CPPROF_RENDER_OUT_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

#include <stdbool.h>

struct out {
    struct buf buf;
    int fd;
    bool failed;
    int saved_errno;
    char *path, *temporary; /* of a file being made; NULL when writing to a descriptor */
    bool nameless;          /* it has no temporary name yet */
    bool claimed;           /* PATH was made to keep its name free: it goes if this does */
    bool memory;            /* all stays in buf */

    bool terminal;  /* show control characters */
    size_t cleaned; /* of buf, what a terminal may have as it is */
    bool color;
    int width; /* cut names so that rows fit; 0: never */
};

/* To a descriptor that stays open. */
void out_init_fd(struct out *o, int fd);

/* To memory: the text is in O's buf, until out_abandon. */
void out_init_memory(struct out *o);

/* To a new file in the place of PATH. -1 and ERR. */
int out_init_file(struct out *o, const char *path, struct error *err);

/* The same for a PATH that the caller has just made, empty, to claim the name: it is removed if
 * nothing comes of the new file. */
int out_init_claimed(struct out *o, const char *path, struct error *err);

/* Writes what is left and, for a file, puts it in its place. -1 and ERR if anything failed; a
 * closed pipe is not a failure. */
int out_close(struct out *o, struct error *err);

/* Gives a file up. */
void out_abandon(struct out *o);

void out_puts(struct out *o, const char *s);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_add(struct out *o, const char *s, size_t len);

/* An escape sequence of our own, if there is to be colour. No other reaches a terminal. */
void out_color(struct out *o, const char *sequence);

/* Text from the profile. */
void out_str(struct out *o, struct str s);

/* The same, cut so that it ends at column WIDTH if COLUMN columns of the row are taken already. */
void out_name(struct out *o, struct str s, int column);

/* S right-aligned in WIDTH columns. */
void out_right(struct out *o, const char *s, size_t len, size_t width);

/* Gives buffered text away if there is much of it. To be called between rows. */
void out_flush_some(struct out *o);

#endif
