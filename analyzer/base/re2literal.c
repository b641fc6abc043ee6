#include "analyzer/base/re2literal.h"

#include "analyzer/base/buf.h"
#include "analyzer/base/utf8.h"

static void put_rune(struct buf *b, uint32_t rune)
{
    char bytes[4];
    buf_add(b, bytes, utf8_encode(bytes, rune));
}

/* U+FFFD also stands for bytes that are not UTF-8, which a search for its own bytes would miss. */
static bool is_plain(const struct re2_node *node)
{
    return node->op == RE2_RUNE && !node->folds && node->rune != UTF8_BAD_RUNE &&
           (node->rune < 0xd800 || node->rune > 0xdfff);
}

/* Is NODE a string, perhaps anchored? */
static bool read_literal(struct arena *arena, const struct re2_node *node, struct re2_literal *lit)
{
    const struct re2_node *item = node->op == RE2_CONCAT ? node->sub.first : node;
    struct buf text = {0};
    bool is_one = true;
    *lit = (struct re2_literal){0};
    buf_puts(&text, "");
    for (; item && is_one; item = node->op == RE2_CONCAT ? item->next : NULL) {
        if (item->op == RE2_BEGIN_TEXT && text.len == 0)
            lit->at_start = true;
        else if (item->op == RE2_END_TEXT)
            lit->at_end = true;
        else if (is_plain(item) && !lit->at_end)
            put_rune(&text, item->rune);
        else
            is_one = item->op == RE2_EMPTY;
    }
    lit->len = text.len;
    lit->text = is_one ? arena_strndup(arena, text.data, text.len) : NULL;
    buf_release(&text);
    return is_one;
}

struct re2_literal re2_required(struct arena *arena, const struct re2_node *root)
{
    const struct re2_node *first = NULL, *longest = NULL;
    size_t run = 0, longest_run = 1; /* one rune tells too little */
    struct re2_literal lit = {0};
    struct buf text = {0};
    if (root->op != RE2_CONCAT)
        return lit;
    for (const struct re2_node *item = root->sub.first; item; item = item->next) {
        run = is_plain(item) ? run + 1 : 0;
        first = run == 1 ? item : first;
        if (run > longest_run) {
            longest_run = run;
            longest = first;
        }
    }
    for (; longest && longest_run > 0; longest_run--, longest = longest->next)
        put_rune(&text, longest->rune);
    if (text.len)
        lit =
            (struct re2_literal){arena_strndup(arena, text.data, text.len), text.len, false, false};
    buf_release(&text);
    return lit;
}

size_t re2_literals(struct arena *arena, const struct re2_node *root, struct re2_literal *lits,
                    size_t most)
{
    const struct re2_node *branch = root->op == RE2_ALTERNATE ? root->sub.first : root;
    size_t n = 0;
    while (branch) {
        if (n == most || !read_literal(arena, branch, &lits[n]))
            return 0;
        n++;
        branch = root->op == RE2_ALTERNATE ? branch->next : NULL;
    }
    return n;
}
