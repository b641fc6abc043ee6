#include "tui/help.h"

#include "tui/view.h"
#include "tui/wrap.h"

#include <string.h>

enum { KEY_COLUMNS = 20, TEXT_COLUMNS = 80 - KEY_COLUMNS - 4 };

/* All keys of an action that hold in the same views as the row that explains it. */
static void add_keys(struct buf *out, const struct key_row *first)
{
    for (size_t i = 0; i < key_count; i++) {
        const struct key_row *k = &key_table[i];
        bool is_same = k == first || (k->action == first->action && !k->help);
        if (!is_same)
            continue;
        buf_puts(out, out->len ? ", " : "");
        key_add_name(out, k->key);
    }
}

static void add_views(struct buf *out, unsigned in)
{
    const char *before = " (";
    if (in == IN_ALL_VIEWS)
        return;
    for (enum view_id id = 0; id < VIEW_COUNT; id++) {
        if (!(in & IN_VIEW(id)) || !views[id])
            continue;
        buf_printf(out, "%s%s", before, views[id]->title);
        before = ", ";
    }
    if (*before == ',')
        buf_putc(out, ')');
}

void help_key(struct buf *keys, struct buf *text, const struct key_row *row)
{
    buf_clear(keys);
    buf_clear(text);
    add_keys(keys, row);
    buf_puts(text, row->help);
    add_views(text, row->views);
}

static void add_wrapped(struct lines *out, const char *keys, struct str text)
{
    for (bool first = true; text.len; first = false) {
        struct str line = wrap_next(&text, TEXT_COLUMNS);
        lines_add(out, "  %-*s %.*s", KEY_COLUMNS, first ? keys : "", (int)line.len, line.ptr);
    }
}

void help_keys(struct lines *out, enum view_id view)
{
    struct buf keys = {0}, text = {0};
    struct str about = {views[view]->explanation, strlen(views[view]->explanation)};
    while (about.len) {
        struct str line = wrap_next(&about, 78);
        lines_add(out, "%.*s", (int)line.len, line.ptr);
    }
    for (enum key_group group = 0; group < KEY_GROUP_COUNT; group++) {
        lines_add(out, "%s", "");
        lines_add(out, "%s", key_group_titles[group]);
        for (size_t i = 0; i < key_count; i++) {
            const struct key_row *k = &key_table[i];
            if (k->group != group || !k->help)
                continue;
            help_key(&keys, &text, k);
            add_wrapped(out, keys.data, buf_view(&text));
        }
    }
    lines_add(out, "%s", "");
    lines_add(out, "The mouse: a click chooses, the wheel scrolls, a double click enters.");
    lines_add(out, "The tabs and the heads of columns can be clicked, too.");
    buf_release(&keys);
    buf_release(&text);
}

void help_explain(struct lines *out)
{
    static const char *const text[] = {
        "A profile is a heap of samples. Each says: at this moment, these functions",
        "had called each other, and so much was spent. Say there are three, of 10 ms",
        "each:",
        "",
        "    main > parse > read        10 ms",
        "    main > parse               10 ms",
        "    main > parse > parse       10 ms     (parse has called itself)",
        "",
        "  flat  is what a function spent itself: samples in which it stands at the end.",
        "  cum   is what it spent with all it called: samples in which it stands",
        "        anywhere. However often it stands in a sample, the sample counts once.",
        "",
        "              flat   flat%    sum%     cum    cum%",
        "    parse    20 ms  66.67%  66.67%   30 ms    100%",
        "    read     10 ms  33.33%    100%   10 ms  33.33%",
        "    main      0 ms      0%    100%   30 ms    100%",
        "",
        "flat% and cum% are shares of the total of all samples, of those a filter drops,",
        "too (-relative_percentages takes them out). sum% adds flat% up from the first",
        "row on: how much the rows down to here explain.",
        "",
        "Much flat: this code is slow, look at its lines (6). Much cum and little flat:",
        "what it calls is slow, or is called too often; look at its callees (3, 5) or",
        "open the path to them (4).",
        "",
        "With a base, values are what they are now (new), what they were (old) and the",
        "change: new less old, with a sign. Orange grew, blue shrank.",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        lines_add(out, "%s", text[i]);
}
