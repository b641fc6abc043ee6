/* The keys: one table from which dispatch, the `?` help, the status line and the manual page are
 * made.
 *
 * A key is a Unicode character, a control character, or one of enum key. A row says what a key does
 * and in which views. A view's own row wins over one that holds everywhere. An action may have
 * several keys; the first row of an action carries its help, further ones may leave it NULL.
 */
#ifndef CPPROF_TUI_KEYS_H
#define CPPROF_TUI_KEYS_H

#include "analyzer/base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys that are no characters, above all of Unicode. */
enum key {
    KEY_NONE = 0,
    KEY_TAB = '\t',
    KEY_RETURN = '\r',
    KEY_ESCAPE = 27,
    KEY_FIRST = 0x110000,
    KEY_ARROW_UP = KEY_FIRST,
    KEY_ARROW_DOWN,
    KEY_ARROW_LEFT,
    KEY_ARROW_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_TO_HOME,
    KEY_TO_END,
    KEY_ERASE,  /* Backspace */
    KEY_REMOVE, /* Delete */
    KEY_SHIFT_TAB,
    KEY_F_1,
};

#define KEY_CTRL(c) ((c)&31)

/* The views, in the order of their number keys. */
enum view_id {
    VIEW_TOP,
    VIEW_FLAME,
    VIEW_SANDWICH,
    VIEW_TREE,
    VIEW_PEEK,
    VIEW_SOURCE,
    VIEW_ASSEMBLY,
    VIEW_LABELS,
    VIEW_INFO,
    VIEW_COUNT,
};

enum { IN_ALL_VIEWS = (1 << VIEW_COUNT) - 1 };
#define IN_VIEW(id) (1u << (id))

enum action {
    ACTION_NONE,

    /* moving; list.h carries most of them out */
    ACTION_UP,
    ACTION_DOWN,
    ACTION_LEFT,
    ACTION_RIGHT,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_FIRST,
    ACTION_LAST,
    ACTION_ENTER,     /* what a double click does, too */
    ACTION_BACK,      /* Esc: out of a zoom, a search, then a view */
    ACTION_LEAVE,     /* q: the same, and out of the first view, too */
    ACTION_BACKSPACE, /* to where one came from */

    /* views */
    ACTION_VIEW_TOP,
    ACTION_VIEW_FLAME,
    ACTION_VIEW_SANDWICH,
    ACTION_VIEW_TREE,
    ACTION_VIEW_PEEK,
    ACTION_VIEW_SOURCE,
    ACTION_VIEW_ASSEMBLY,
    ACTION_VIEW_LABELS,
    ACTION_VIEW_INFO,
    ACTION_NEXT_VIEW,
    ACTION_PREVIOUS_VIEW,

    /* finding */
    ACTION_SEARCH,
    ACTION_NEXT_MATCH,
    ACTION_PREVIOUS_MATCH,
    ACTION_SAME_EVERYWHERE, /* `#` */

    /* what is shown */
    ACTION_SAMPLE_TYPE,
    ACTION_UNIT,
    ACTION_GRANULARITY,
    ACTION_SORT,         /* by the next column */
    ACTION_REVERSE_SORT, /* by the one before */
    ACTION_BOTTOM_UP,
    ACTION_HOTTEST, /* expand the hottest path, go to the hottest line */
    ACTION_EXPAND_ALL,
    ACTION_COLLAPSE_ALL,
    ACTION_RESET_ZOOM,
    ACTION_REGROUP,

    /* the stack of transforms */
    ACTION_FOCUS,
    ACTION_IGNORE,
    ACTION_HIDE,
    ACTION_SHOW,
    ACTION_SHOW_FROM,
    ACTION_PRUNE_FROM,
    ACTION_TAGFOCUS,
    ACTION_TAGIGNORE,
    ACTION_FOLD_MAPPING,
    ACTION_FOLD_FILE,
    ACTION_COLLAPSE_RECURSION,
    ACTION_CHARGE_TO_CALLER,
    ACTION_UNDO,
    ACTION_REDO,

    /* the rest */
    ACTION_COMMAND, /* `:` */
    ACTION_WRITE,
    ACTION_EXPORT,
    ACTION_COMMAND_LINE, /* `y` */
    ACTION_HELP,
    ACTION_EXPLAIN, /* F1 */
    ACTION_REDRAW,
    ACTION_SUSPEND,
    ACTION_QUIT,
    ACTION_COUNT,
};

enum key_group {
    KEYS_MOVE,
    KEYS_VIEW,
    KEYS_FIND,
    KEYS_SHOW,
    KEYS_TRANSFORM,
    KEYS_REST,
    KEY_GROUP_COUNT
};

struct key_row {
    uint32_t key;
    enum action action;
    unsigned views; /* IN_VIEW bits, or IN_ALL_VIEWS */
    enum key_group group;
    const char *hint; /* one word for the status line, or NULL */
    const char *help; /* NULL: the same as the row before of the same action */
};

extern const struct key_row key_table[];
extern const size_t key_count;
extern const char *const key_group_titles[KEY_GROUP_COUNT];

/* What KEY does in VIEW; ACTION_NONE if nothing. */
enum action key_action(uint32_t key, enum view_id view);

/* Its name as people write it: "Ctrl-R", "PgDn", "Enter", "/". */
void key_add_name(struct buf *out, uint32_t key);

#endif
