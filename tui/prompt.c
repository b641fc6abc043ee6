#include "tui/prompt.h"

#include "analyzer/base/utf8.h"
#include "tui/keys.h"

#include <string.h>

static void set_text(struct prompt *p, const char *text, size_t len)
{
    struct buf fresh = {0};
    buf_add(&fresh, text, len);
    buf_release(&p->text);
    p->text = fresh;
    p->cursor = len;
}

void prompt_open(struct prompt *p, const char *label, const char *initial, struct lines *past)
{
    *p = (struct prompt){.past = past, .past_at = past ? past->count : 0};
    buf_puts(&p->label, label);
    set_text(p, initial, strlen(initial));
    p->is_proposal = *initial != '\0';
}

void prompt_release(struct prompt *p)
{
    buf_release(&p->label);
    buf_release(&p->text);
    buf_release(&p->typed);
    lines_release(&p->choices);
    *p = (struct prompt){0};
}

static void replace(struct prompt *p, size_t from, size_t to, const char *with, size_t len)
{
    struct buf fresh = {0};
    buf_add(&fresh, p->text.data, from);
    buf_add(&fresh, with, len);
    buf_add(&fresh, p->text.data + to, p->text.len - to);
    buf_release(&p->text);
    p->text = fresh;
    p->cursor = from + len;
}

static size_t before(const struct prompt *p, size_t at)
{
    if (at == 0)
        return 0;
    at--;
    while (at > 0 && ((unsigned char)p->text.data[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static size_t after(const struct prompt *p, size_t at)
{
    uint32_t rune;
    return at < p->text.len ? at + utf8_decode(p->text.data + at, p->text.len - at, &rune) : at;
}

static size_t word_start(const struct prompt *p)
{
    size_t at = p->cursor;
    while (at > 0 && p->text.data[at - 1] == ' ')
        at--;
    while (at > 0 && p->text.data[at - 1] != ' ')
        at--;
    return at;
}

static void show_past(struct prompt *p, bool older)
{
    size_t count = p->past ? p->past->count : 0;
    if (older ? p->past_at == 0 : p->past_at == count)
        return;
    if (p->past_at == count) {
        buf_clear(&p->typed);
        buf_add(&p->typed, p->text.data, p->text.len);
    }
    p->past_at += older ? (size_t)-1 : 1;
    struct str s = p->past_at == count ? buf_view(&p->typed) : lines_get(p->past, p->past_at);
    set_text(p, s.ptr, s.len);
}

static void complete(struct prompt *p)
{
    struct completed found = {0};
    lines_release(&p->choices);
    if (!p->complete)
        return;
    p->complete(p->complete_context, p->text.data, p->cursor, &found);
    replace(p, found.from, p->cursor, found.text.data, found.text.len);
    p->choices = found.choices;
    buf_release(&found.text);
}

static size_t encode(uint32_t r, char out[4])
{
    if (r < 0x80) {
        out[0] = (char)r;
        return 1;
    }
    size_t more = r < 0x800 ? 1 : r < 0x10000 ? 2 : 3;
    out[0] = (char)((0xff00u >> (more + 1) & 0xff) | r >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (r >> 6 * (more - i) & 0x3f));
    return more + 1;
}

static void insert(struct prompt *p, uint32_t key)
{
    char bytes[4];
    if (p->is_proposal)
        set_text(p, "", 0);
    replace(p, p->cursor, p->cursor, bytes, encode(key, bytes));
}

static void edit(struct prompt *p, uint32_t key)
{
    switch (key) {
    case KEY_ARROW_LEFT:
    case KEY_CTRL('B'):
        p->cursor = before(p, p->cursor);
        break;
    case KEY_ARROW_RIGHT:
    case KEY_CTRL('F'):
        p->cursor = after(p, p->cursor);
        break;
    case KEY_TO_HOME:
    case KEY_CTRL('A'):
        p->cursor = 0;
        break;
    case KEY_TO_END:
    case KEY_CTRL('E'):
        p->cursor = p->text.len;
        break;
    case KEY_ERASE:
        replace(p, before(p, p->cursor), p->cursor, "", 0);
        break;
    case KEY_REMOVE:
    case KEY_CTRL('D'):
        replace(p, p->cursor, after(p, p->cursor), "", 0);
        p->cursor = p->cursor < p->text.len ? p->cursor : p->text.len;
        break;
    case KEY_CTRL('U'):
        replace(p, 0, p->cursor, "", 0);
        break;
    case KEY_CTRL('K'):
        replace(p, p->cursor, p->text.len, "", 0);
        break;
    case KEY_CTRL('W'):
        replace(p, word_start(p), p->cursor, "", 0);
        break;
    case KEY_ARROW_UP:
    case KEY_CTRL('P'):
        show_past(p, true);
        break;
    case KEY_ARROW_DOWN:
    case KEY_CTRL('N'):
        show_past(p, false);
        break;
    case KEY_TAB:
        complete(p);
        break;
    default:
        if (key >= ' ' && key < KEY_FIRST && key != 0x7F)
            insert(p, key);
    }
}

enum prompt_state prompt_key(struct prompt *p, uint32_t key)
{
    if (key == KEY_RETURN)
        return PROMPT_ENTERED;
    if (key == KEY_ESCAPE || key == KEY_CTRL('C') || key == KEY_CTRL('G') ||
        (key == KEY_ERASE && !p->text.len))
        return PROMPT_LEFT;
    if (key != KEY_TAB)
        lines_release(&p->choices);
    edit(p, key);
    p->is_proposal = false;
    return PROMPT_GOES_ON;
}

/* The beginning goes out of sight when the cursor would. */
void prompt_draw(const struct prompt *p, struct canvas *c, int row)
{
    struct style style = STYLE(ROLE_PLAIN);
    canvas_fill(c, (struct rect){row, 0, 1, c->cols}, style);
    int label = canvas_put(c, row, 0, c->cols / 2, buf_view(&p->label), STYLE(ROLE_KEY));
    int room = c->cols - label - 1;
    size_t from = 0;
    while (from < p->cursor &&
           text_columns((struct str){p->text.data + from, p->cursor - from}) > room)
        from = after(p, from);
    if (p->is_proposal)
        style.attributes = STYLE_REVERSE;
    canvas_put(c, row, label, room + 1, (struct str){p->text.data + from, p->text.len - from},
               style);
    c->cursor_row = row;
    c->cursor_col = label + text_columns((struct str){p->text.data + from, p->cursor - from});
}
