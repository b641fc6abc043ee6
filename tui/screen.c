#include "tui/screen.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/dynlib.h"
#include "tui/clipboard.h"
#include "tui/colors.h"
#include "tui/keys.h"
#include "tui/restore.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#undef columns /* one of the many macros there */

/* clang-format off */
#define CURSES_FUNCTIONS(F) \
    F(newterm) F(delscreen) F(endwin) F(newwin) F(newpad) F(delwin) F(wresize) F(resizeterm) \
    F(raw) F(noecho) F(nonl) F(keypad) F(nodelay) F(wget_wch) F(set_escdelay) F(curs_set) \
    F(mousemask) F(mouseinterval) F(getmouse) F(start_color) F(use_default_colors) \
    F(init_extended_pair) F(setcchar) F(wmove) F(wadd_wch) F(wnoutrefresh) F(doupdate) \
    F(clearok) F(leaveok) F(tigetstr) F(tigetnum) F(tigetflag) F(setupterm) F(def_prog_mode) \
    F(reset_prog_mode)
/* clang-format on */

struct curses {
    CURSES_FUNCTIONS(DYNLIB_MEMBER)
};

static const char *const curses_names[] = {CURSES_FUNCTIONS(DYNLIB_NAME) NULL};
static const struct dynlib curses_lib = {"libncursesw.so.6", "draws on terminals", "libncursesw6",
                                         curses_names};

enum {
    MOST_PAIRS = 256,
    MOST_MOUSE = 8, /* that ncurses keeps */
    ESCAPE_MILLISECONDS = 25,
    DOUBLE_CLICK_MILLISECONDS = 400,
};

struct pair {
    int fg, bg;
};

struct screen {
    struct curses nc;
    SCREEN *terminal;
    WINDOW *window, *pad; /* the pad is read from: reading a window would draw it */
    enum color_depth depth;
    struct pair pairs[MOST_PAIRS]; /* pair I + 1 of ncurses */
    int pair_count, pair_limit;
    int tty, signals;
    bool ascii, redraw, has_mouse;
    sigset_t mask_before;
    struct termios modes_before;
    MEVENT mouse[MOST_MOUSE]; /* still to be handed out, the last one first */
    int mouse_count;
    struct mouse last_click;
    int64_t last_click_time;
};

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* --- opening */

/* Terminals that can show true colours say so in COLORTERM, and ncurses knows what they then need
 * under another name: xterm-256color as xterm-direct. NULL if it does not; the caller frees it. */
static char *direct_name(const struct curses *nc, int tty)
{
    const char *says = getenv("COLORTERM"), *term = getenv("TERM");
    if (!says || !term || (strcmp(says, "truecolor") != 0 && strcmp(says, "24bit") != 0))
        return NULL;
    const char *end = strstr(term, "-256color");
    struct buf name = {0};
    buf_add(&name, term, end ? (size_t)(end - term) : strlen(term));
    buf_puts(&name, "-direct");
    int answer = 0;
    if (nc->setupterm(name.data, tty, &answer) == OK && answer == 1)
        return buf_detach(&name);
    buf_release(&name);
    return NULL;
}

static void choose_colors(struct screen *s, enum color_mode mode)
{
    const char *no_color = getenv("NO_COLOR");
    int colors = s->nc.tigetnum("colors");
    if (mode == COLOR_NEVER || (mode == COLOR_AUTO && no_color && *no_color) || colors < 8)
        return;
    if (s->nc.start_color() != OK)
        return;
    s->nc.use_default_colors();
    s->depth = s->nc.tigetflag("RGB") > 0 && colors > 0xFFFF ? DEPTH_TRUE
               : colors >= 256                               ? DEPTH_256
                                                             : DEPTH_8;
    int pairs = s->nc.tigetnum("pairs");
    s->pair_limit = pairs - 1 < MOST_PAIRS ? pairs - 1 : MOST_PAIRS;
}

static bool has_capability(const struct screen *s, const char *name)
{
    const char *text = s->nc.tigetstr(name);
    return text && text != (char *)-1;
}

static void add_capability(struct buf *out, const struct screen *s, const char *name)
{
    if (has_capability(s, name))
        buf_puts(out, s->nc.tigetstr(name));
}

/* What a handler writes when a signal ends the process; delays in it ("$<5>") are of no use. */
static void remember_end(const struct screen *s)
{
    struct buf b = {0};
    buf_puts(&b, s->has_mouse ? "\033[?1000l\033[?1002l\033[?1006l" : "");
    add_capability(&b, s, "sgr0");
    add_capability(&b, s, "op");
    add_capability(&b, s, "rmkx");
    add_capability(&b, s, "cnorm");
    add_capability(&b, s, "rmcup");
    buf_puts(&b, "\r\n");
    restore_set(b.data, b.len, &s->modes_before);
    buf_release(&b);
}

static void take_signals(struct screen *s)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGWINCH);
    sigaddset(&mask, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &mask, &s->mask_before);
    s->signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int start_terminal(struct screen *s, struct error *err)
{
    char *name = direct_name(&s->nc, s->tty);
    s->terminal = s->nc.newterm(name, stdout, stdin);
    free(name);
    if (!s->terminal || !has_capability(s, "cup")) { /* it lets terminals that cannot move pass */
        const char *term = getenv("TERM");
        return error_set(err, ERROR_DATA,
                         "TERM is \"%.60s\", which ncurses does not know or cannot draw on; set it "
                         "to what your terminal is, for instance xterm-256color",
                         term ? term : "");
    }
    s->nc.set_escdelay(ESCAPE_MILLISECONDS);
    s->nc.raw();
    s->nc.noecho();
    s->nc.nonl();
    s->window = s->nc.newwin(0, 0, 0, 0);
    s->pad = s->nc.newpad(1, 1);
    s->nc.keypad(s->pad, true);
    s->nc.nodelay(s->pad, true);
    s->nc.leaveok(s->window, false);
    s->nc.curs_set(0);
    s->nc.mouseinterval(0);
    s->has_mouse = s->nc.mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL) != 0;
    return 0;
}

struct screen *screen_open(enum color_mode mode, struct error *err)
{
    struct screen *s = xcalloc(1, sizeof *s);
    s->tty = STDIN_FILENO;
    s->signals = -1;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(s->tty, &s->modes_before)) {
        error_set(err, ERROR_USAGE,
                  "tui needs a terminal for input and output; a report like top does not");
        free(s);
        return NULL;
    }
    if (dynlib_load(&curses_lib, &s->nc, err)) {
        free(s);
        return NULL;
    }
    s->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    restore_arm(STDOUT_FILENO);
    take_signals(s);
    if (start_terminal(s, err)) {
        screen_close(s);
        return NULL;
    }
    choose_colors(s, mode);
    remember_end(s);
    return s;
}

void screen_close(struct screen *s)
{
    if (!s)
        return;
    if (s->terminal) {
        s->nc.mousemask(0, NULL);
        s->nc.endwin();
        s->nc.delwin(s->pad);
        s->nc.delwin(s->window);
        s->nc.delscreen(s->terminal);
    }
    restore_disarm();
    close(s->signals);
    pthread_sigmask(SIG_SETMASK, &s->mask_before, NULL);
    free(s);
}

bool screen_is_ascii(const struct screen *s)
{
    return s->ascii;
}

/* --- drawing */

static int pair_of(struct screen *s, int fg, int bg)
{
    if (fg == COLOR_DEFAULT && bg == COLOR_DEFAULT)
        return 0;
    int i = 0;
    while (i < s->pair_count && (s->pairs[i].fg != fg || s->pairs[i].bg != bg))
        i++;
    if (i == s->pair_limit)
        return 0;
    if (i == s->pair_count) {
        s->pairs[s->pair_count++] = (struct pair){fg, bg};
        /* The first eight of true colours would be taken for the terminal's own. */
        if (s->depth == DEPTH_TRUE) {
            fg = fg >= 0 && fg < 8 ? 8 : fg;
            bg = bg >= 0 && bg < 8 ? 8 : bg;
        }
        s->nc.init_extended_pair(i + 1, fg, bg);
    }
    return i + 1;
}

static attr_t attributes_of(const struct look *look)
{
    return (look->attributes & STYLE_BOLD ? WA_BOLD : 0) |
           (look->attributes & STYLE_REVERSE ? WA_REVERSE : 0) |
           (look->attributes & STYLE_UNDERLINE ? WA_UNDERLINE : 0) | (look->dim ? WA_DIM : 0);
}

/* The pair and the attributes of a style that the cell before did not have already. */
struct brush {
    struct style style;
    attr_t attributes;
    int pair;
    bool valid;
};

static void brush_take(struct brush *b, struct screen *s, struct style style)
{
    if (b->valid && memcmp(&b->style, &style, sizeof style) == 0)
        return;
    struct look look = color_look(style, s->depth);
    *b = (struct brush){style, attributes_of(&look), pair_of(s, look.fg, look.bg), true};
}

static void show_row(struct screen *s, const struct canvas *c, int row, struct brush *b)
{
    const struct cell *cells = &c->cells[(size_t)row * (size_t)c->cols];
    s->nc.wmove(s->window, row, 0);
    for (int col = 0; col < c->cols; col++) {
        const struct cell *cell = &cells[col];
        if (!cell->columns)
            continue;
        wchar_t text[4] = {(wchar_t)cell->runes[0], (wchar_t)cell->runes[1],
                           (wchar_t)cell->runes[2], 0};
        cchar_t sent;
        brush_take(b, s, cell->style);
        s->nc.setcchar(&sent, text, b->attributes, 0, &b->pair);
        s->nc.wadd_wch(s->window,
                       &sent); /* fails in the last corner, which it fills all the same */
    }
}

void screen_show(struct screen *s, const struct canvas *c)
{
    struct brush b = {0};
    for (int row = 0; row < c->rows; row++)
        show_row(s, c, row, &b);
    bool has_cursor = c->cursor_row >= 0;
    s->nc.curs_set(has_cursor);
    s->nc.wmove(s->window, has_cursor ? c->cursor_row : 0, has_cursor ? c->cursor_col : 0);
    if (s->redraw)
        s->nc.clearok(s->window, true);
    s->redraw = false;
    s->nc.wnoutrefresh(s->window);
    s->nc.doupdate();
}

void screen_copy(struct screen *s, struct str text)
{
    struct buf sequence = {0};
    clipboard_sequence(&sequence, text);
    for (size_t sent = 0; sent < sequence.len;) {
        ssize_t n = write(s->tty, sequence.data + sent, sequence.len - sent);
        if (n < 0 && errno != EINTR)
            break;
        sent += n > 0 ? (size_t)n : 0;
    }
    buf_release(&sequence);
}

void screen_redraw(struct screen *s)
{
    s->redraw = true;
}

void screen_size(struct screen *s, int *rows, int *cols)
{
    struct winsize size = {0};
    *rows = 24;
    *cols = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
        *rows = size.ws_row;
        *cols = size.ws_col;
    }
    s->nc.resizeterm(*rows, *cols);
    s->nc.wresize(s->window, *rows, *cols);
}

/* --- input */

static const struct {
    wint_t curses;
    uint32_t key;
} key_codes[] = {
    {KEY_UP, KEY_ARROW_UP},       {KEY_DOWN, KEY_ARROW_DOWN}, {KEY_LEFT, KEY_ARROW_LEFT},
    {KEY_RIGHT, KEY_ARROW_RIGHT}, {KEY_PPAGE, KEY_PAGE_UP},   {KEY_NPAGE, KEY_PAGE_DOWN},
    {KEY_HOME, KEY_TO_HOME},      {KEY_END, KEY_TO_END},      {KEY_BACKSPACE, KEY_ERASE},
    {KEY_DC, KEY_REMOVE},         {KEY_BTAB, KEY_SHIFT_TAB},  {KEY_F(1), KEY_F_1},
    {KEY_ENTER, KEY_RETURN},      {KEY_A1, KEY_TO_HOME},      {KEY_C1, KEY_TO_END},
    {KEY_A3, KEY_PAGE_UP},        {KEY_C3, KEY_PAGE_DOWN},
};

static uint32_t key_of_code(wint_t code)
{
    for (size_t i = 0; i < sizeof key_codes / sizeof *key_codes; i++)
        if (key_codes[i].curses == code)
            return key_codes[i].key;
    return KEY_NONE;
}

static uint32_t key_of_character(wint_t character)
{
    if (character == '\n')
        return KEY_RETURN;
    if (character == 8 || character == 127)
        return KEY_ERASE;
    return (uint32_t)character;
}

/* One key may stand for several events, when they come at once: ncurses gives the latest first. */
static void queue_mouse(struct screen *s)
{
    while (s->mouse_count < MOST_MOUSE && s->nc.getmouse(&s->mouse[s->mouse_count]) == OK)
        s->mouse_count++;
}

static bool take_mouse(struct screen *s, struct mouse *m)
{
    MEVENT event = s->mouse[--s->mouse_count];
    *m = (struct mouse){.row = event.y, .col = event.x};
    if (event.bstate & BUTTON4_PRESSED) {
        m->kind = MOUSE_WHEEL_UP;
    } else if (event.bstate & BUTTON5_PRESSED) {
        m->kind = MOUSE_WHEEL_DOWN;
    } else if (event.bstate & BUTTON1_PRESSED) {
        int64_t now = milliseconds();
        bool again = now - s->last_click_time < DOUBLE_CLICK_MILLISECONDS &&
                     m->row == s->last_click.row && m->col == s->last_click.col;
        m->kind = again ? MOUSE_DOUBLE_CLICK : MOUSE_CLICK;
        s->last_click = *m;
        s->last_click_time = again ? 0 : now;
    } else {
        return false;
    }
    return true;
}

/* True if there was one. */
static bool take_signal(struct screen *s, struct input *in)
{
    struct signalfd_siginfo info;
    if (read(s->signals, &info, sizeof info) != sizeof info)
        return false;
    if (info.ssi_signo == SIGWINCH)
        in->kind = INPUT_RESIZE;
    else
        *in = (struct input){.kind = INPUT_KEY, .key = KEY_CTRL('Z')};
    return true;
}

struct input screen_input(struct screen *s)
{
    struct input in = {.kind = INPUT_NONE};
    wint_t code;
    if (take_signal(s, &in))
        return in;
    if (s->mouse_count) {
        in.kind = take_mouse(s, &in.mouse) ? INPUT_MOUSE : INPUT_KEY;
        return in;
    }
    int answer = s->nc.wget_wch(s->pad, &code);
    if (answer == ERR)
        return in;
    if (answer == KEY_CODE_YES && code == KEY_MOUSE) {
        queue_mouse(s);
        in.kind = s->mouse_count && take_mouse(s, &in.mouse) ? INPUT_MOUSE : INPUT_KEY;
        return in;
    }
    in.kind = INPUT_KEY;
    in.key = answer == KEY_CODE_YES ? key_of_code(code) : key_of_character(code);
    return in;
}

int screen_key_fd(const struct screen *s)
{
    return s->tty;
}

int screen_signal_fd(const struct screen *s)
{
    return s->signals;
}

void screen_suspend(struct screen *s)
{
    struct sigaction before, plain = {.sa_handler = SIG_DFL};
    sigset_t mask;
    s->nc.def_prog_mode();
    s->nc.endwin();
    sigaction(SIGTSTP, &plain, &before);
    sigemptyset(&mask);
    sigaddset(&mask, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
    kill(0, SIGTSTP); /* with everything that was started together with us */
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
    s->nc.reset_prog_mode();
    s->redraw = true;
}
