#include "tui/keys.h"

#include <stddef.h>

enum {
    CODE = IN_VIEW(VIEW_SOURCE) | IN_VIEW(VIEW_ASSEMBLY),
};

const char *const key_group_titles[KEY_GROUP_COUNT] = {
    [KEYS_MOVE] = "Moving",
    [KEYS_VIEW] = "Views",
    [KEYS_FIND] = "Finding",
    [KEYS_SHOW] = "What is shown",
    [KEYS_TRANSFORM] = "Transforming the profile",
    [KEYS_REST] = "Everything else",
};

#define ALL IN_ALL_VIEWS

/* clang-format off */
const struct key_row key_table[] = {
    {KEY_ARROW_UP, ACTION_UP, ALL, KEYS_MOVE, NULL, "up"},
    {'k', ACTION_UP, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_ARROW_DOWN, ACTION_DOWN, ALL, KEYS_MOVE, NULL, "down"},
    {'j', ACTION_DOWN, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_ARROW_LEFT, ACTION_LEFT, ALL, KEYS_MOVE, NULL, "left; in a tree, close or go to the parent; in Top, sort by the column before"},
    {'h', ACTION_LEFT, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_ARROW_RIGHT, ACTION_RIGHT, ALL, KEYS_MOVE, NULL, "right; in a tree, open or go to the first child; in Top, sort by the next column"},
    {'l', ACTION_RIGHT, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_PAGE_UP, ACTION_PAGE_UP, ALL, KEYS_MOVE, NULL, "a page up"},
    {KEY_CTRL('B'), ACTION_PAGE_UP, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_PAGE_DOWN, ACTION_PAGE_DOWN, ALL, KEYS_MOVE, NULL, "a page down"},
    {KEY_CTRL('F'), ACTION_PAGE_DOWN, ALL, KEYS_MOVE, NULL, NULL},
    {' ', ACTION_PAGE_DOWN, ALL & ~IN_VIEW(VIEW_TREE), KEYS_MOVE, NULL, NULL},
    {KEY_TO_HOME, ACTION_FIRST, ALL, KEYS_MOVE, NULL, "to the first row"},
    {'<', ACTION_FIRST, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_TO_END, ACTION_LAST, ALL, KEYS_MOVE, NULL, "to the last row"},
    {'>', ACTION_LAST, ALL, KEYS_MOVE, NULL, NULL},
    {KEY_RETURN, ACTION_ENTER, ALL, KEYS_MOVE, "enter", "enter: zoom in, open, walk to the function; in Top, its callers and callees"},
    {KEY_ERASE, ACTION_BACKSPACE, ALL, KEYS_MOVE, NULL, "back to where one came from"},
    {KEY_ESCAPE, ACTION_BACK, ALL, KEYS_MOVE, NULL, "out of it: cancel work, end a search, zoom out, to the view before"},
    {'q', ACTION_LEAVE, ALL, KEYS_MOVE, NULL, "the same; from the first view, quit"},

    {'1', ACTION_VIEW_TOP, ALL, KEYS_VIEW, NULL, "Top: functions by what they cost"},
    {'2', ACTION_VIEW_FLAME, ALL, KEYS_VIEW, NULL, "Flame: the whole profile as an icicle"},
    {'3', ACTION_VIEW_SANDWICH, ALL, KEYS_VIEW, NULL, "Sandwich: callers above, callees below the chosen function"},
    {'4', ACTION_VIEW_TREE, ALL, KEYS_VIEW, NULL, "Tree: calls to be opened one by one"},
    {'5', ACTION_VIEW_PEEK, ALL, KEYS_VIEW, NULL, "Peek: callers and callees of the chosen function"},
    {'6', ACTION_VIEW_SOURCE, ALL, KEYS_VIEW, NULL, "Source of the chosen function; again: its instructions"},
    {'a', ACTION_VIEW_ASSEMBLY, ALL, KEYS_VIEW, NULL, "Assembly: instructions of the chosen function, and back to its source"},
    {'7', ACTION_VIEW_LABELS, ALL, KEYS_VIEW, NULL, "Labels: keys, their values and weights"},
    {'8', ACTION_VIEW_INFO, ALL, KEYS_VIEW, NULL, "Info: what is known of the profile"},
    {KEY_TAB, ACTION_NEXT_VIEW, ALL, KEYS_VIEW, "views", "the next view"},
    {KEY_SHIFT_TAB, ACTION_PREVIOUS_VIEW, ALL, KEYS_VIEW, NULL, "the view before"},

    {'/', ACTION_SEARCH, ALL, KEYS_FIND, "search", "search for a regular expression; without capital letters it matches them, too"},
    {'n', ACTION_NEXT_MATCH, ALL, KEYS_FIND, NULL, "the next match; in Source without a search, the next hottest line"},
    {'N', ACTION_PREVIOUS_MATCH, ALL, KEYS_FIND, NULL, "the match before"},
    {'#', ACTION_SAME_EVERYWHERE, ALL, KEYS_FIND, NULL, "mark the chosen function wherever it is seen: in Flame, Sandwich and Tree"},

    {'s', ACTION_SAMPLE_TYPE, ALL, KEYS_SHOW, "type", "the next sample type"},
    {'u', ACTION_UNIT, ALL, KEYS_SHOW, NULL, "the next unit"},
    {'G', ACTION_GRANULARITY, ALL, KEYS_SHOW, NULL, "the next granularity: functions, files with functions, files, lines, addresses"},
    {'o', ACTION_SORT, IN_VIEW(VIEW_TOP), KEYS_SHOW, "sort", "sort by the next column"},
    {'o', ACTION_SORT, CODE, KEYS_SHOW, NULL, "in a comparison, where there is no room for both: flat, or cum"},
    {'O', ACTION_REVERSE_SORT, IN_VIEW(VIEW_TOP), KEYS_SHOW, NULL, "turn the order around"},
    {'b', ACTION_BOTTOM_UP, IN_VIEW(VIEW_TREE) | IN_VIEW(VIEW_FLAME), KEYS_SHOW, "bottom-up", "bottom-up instead of top-down, and back"},
    {'x', ACTION_HOTTEST, IN_VIEW(VIEW_TREE) | CODE, KEYS_SHOW, "hottest", "the hottest path, opened; in Source and Assembly, the hottest line"},
    {'+', ACTION_EXPAND_ALL, IN_VIEW(VIEW_TREE), KEYS_SHOW, NULL, "open everything below"},
    {'-', ACTION_COLLAPSE_ALL, IN_VIEW(VIEW_TREE), KEYS_SHOW, NULL, "close everything below"},
    {' ', ACTION_ENTER, IN_VIEW(VIEW_TREE), KEYS_SHOW, NULL, "open or close"},
    {'0', ACTION_RESET_ZOOM, IN_VIEW(VIEW_FLAME), KEYS_SHOW, "all", "the whole again"},
    {'g', ACTION_REGROUP, IN_VIEW(VIEW_LABELS), KEYS_SHOW, "regroup", "regroup every view under the chosen label"},

    {'f', ACTION_FOCUS, ALL, KEYS_TRANSFORM, "focus", "focus: only samples with a frame that matches"},
    {'i', ACTION_IGNORE, ALL, KEYS_TRANSFORM, "ignore", "ignore samples with a frame that matches"},
    {'H', ACTION_HIDE, ALL, KEYS_TRANSFORM, NULL, "hide frames that match"},
    {'S', ACTION_SHOW, ALL, KEYS_TRANSFORM, NULL, "show only frames that match"},
    {'R', ACTION_SHOW_FROM, ALL, KEYS_TRANSFORM, NULL, "show stacks from the highest frame that matches"},
    {'P', ACTION_PRUNE_FROM, ALL, KEYS_TRANSFORM, NULL, "prune what is below the frames that match"},
    {'t', ACTION_TAGFOCUS, ALL, KEYS_TRANSFORM, NULL, "tagfocus: only samples whose labels match"},
    {'T', ACTION_TAGIGNORE, ALL, KEYS_TRANSFORM, NULL, "tagignore: ignore samples whose labels match"},
    {'m', ACTION_FOLD_MAPPING, ALL, KEYS_TRANSFORM, NULL, "fold each run of frames of a binary that matches into one"},
    {'F', ACTION_FOLD_FILE, ALL, KEYS_TRANSFORM, NULL, "fold each run of frames of a source file that matches into one"},
    {'r', ACTION_COLLAPSE_RECURSION, ALL, KEYS_TRANSFORM, NULL, "collapse recursion"},
    {'c', ACTION_CHARGE_TO_CALLER, ALL, KEYS_TRANSFORM, NULL, "charge the chosen function to its callers"},
    {'U', ACTION_UNDO, ALL, KEYS_TRANSFORM, "undo", "undo the last of these"},
    {KEY_CTRL('R'), ACTION_REDO, ALL, KEYS_TRANSFORM, NULL, "redo what was undone"},

    {':', ACTION_COMMAND, ALL, KEYS_REST, NULL, "a line of the shell, as `cpprof shell` takes it"},
    {'w', ACTION_WRITE, ALL, KEYS_REST, NULL, "write the profile as it is filtered (.pb.gz)"},
    {'e', ACTION_EXPORT, ALL, KEYS_REST, NULL, "export what is seen: html, svg, dot, folded, json"},
    {'y', ACTION_COMMAND_LINE, ALL, KEYS_REST, NULL, "the command line that gives the same, also put on the terminal's clipboard"},
    {'?', ACTION_HELP, ALL, KEYS_REST, "help", "this list"},
    {KEY_F_1, ACTION_EXPLAIN, ALL, KEYS_REST, NULL, "what flat and cum mean"},
    {KEY_CTRL('L'), ACTION_REDRAW, ALL, KEYS_REST, NULL, "draw the screen again"},
    {KEY_CTRL('Z'), ACTION_SUSPEND, ALL, KEYS_REST, NULL, "suspend"},
    {'Q', ACTION_QUIT, ALL, KEYS_REST, "quit", "quit"},
    {KEY_CTRL('C'), ACTION_QUIT, ALL, KEYS_REST, NULL, NULL},
};
/* clang-format on */

const size_t key_count = sizeof key_table / sizeof *key_table;

enum action key_action(uint32_t key, enum view_id view)
{
    for (size_t i = 0; i < key_count; i++)
        if (key_table[i].key == key && (key_table[i].views & IN_VIEW(view)))
            return key_table[i].action;
    return ACTION_NONE;
}

static const struct {
    uint32_t key;
    const char *name;
} key_names[] = {
    {' ', "Space"},           {KEY_TAB, "Tab"},           {KEY_RETURN, "Enter"},
    {KEY_ESCAPE, "Esc"},      {KEY_ARROW_UP, "Up"},       {KEY_ARROW_DOWN, "Down"},
    {KEY_ARROW_LEFT, "Left"}, {KEY_ARROW_RIGHT, "Right"}, {KEY_PAGE_UP, "PgUp"},
    {KEY_PAGE_DOWN, "PgDn"},  {KEY_TO_HOME, "Home"},      {KEY_TO_END, "End"},
    {KEY_ERASE, "Backspace"}, {KEY_REMOVE, "Delete"},     {KEY_SHIFT_TAB, "Shift-Tab"},
    {KEY_F_1, "F1"},
};

void key_add_name(struct buf *out, uint32_t key)
{
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++) {
        if (key_names[i].key == key) {
            buf_puts(out, key_names[i].name);
            return;
        }
    }
    if (key < ' ')
        buf_printf(out, "Ctrl-%c", (int)key + '@');
    else
        buf_putc(out, (char)key);
}
