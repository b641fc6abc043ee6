/* The terminal: the only file that knows ncurses, which is loaded when a screen is opened.
 *
 *     screen_open(&err) → screen_size, screen_show, screen_key ... → screen_close
 *
 * What was on the terminal comes back with screen_close, and also when a signal ends the process:
 * handlers write what the terminal needs from strings put together beforehand, set its modes, and
 * raise the signal again. For one thread; there is one terminal, so there can be one screen.
 */
#ifndef CPPROF_TUI_SCREEN_H
#define CPPROF_TUI_SCREEN_H

#include "analyzer/base/error.h"
#include "analyzer/cli/config.h"
#include "tui/canvas.h"
#include "tui/mouse.h"

#include <stdbool.h>
#include <stdint.h>

struct screen;

/* Takes the terminal over. MODE: COLOR_AUTO uses colours unless NO_COLOR is set. NULL and ERR if
 * there is no terminal, none that ncurses knows, or no ncurses. */
struct screen *screen_open(enum color_mode mode, struct error *err);
void screen_close(struct screen *s); /* NULL is fine */

/* Is the locale's character set without lines and blocks? */
bool screen_is_ascii(const struct screen *s);

/* The terminal's size now. */
void screen_size(struct screen *s, int *rows, int *cols);

/* Makes the terminal look like C. */
void screen_show(struct screen *s, const struct canvas *c);

/* Asks the terminal to put TEXT on its clipboard. */
void screen_copy(struct screen *s, struct str text);

/* The next show sends everything. */
void screen_redraw(struct screen *s);

enum input_kind { INPUT_NONE, INPUT_KEY, INPUT_MOUSE, INPUT_RESIZE };

struct input {
    enum input_kind kind;
    uint32_t key; /* as in keys.h */
    struct mouse mouse;
};

/* What the user did, if anything; does not wait. */
struct input screen_input(struct screen *s);

/* To be polled for reading: keys may be there, or a signal came (screen_input then tells). */
int screen_key_fd(const struct screen *s);
int screen_signal_fd(const struct screen *s);

/* Gives the terminal back and stops the process, as Ctrl-Z does elsewhere; returns when it goes on.
 */
void screen_suspend(struct screen *s);

#endif
