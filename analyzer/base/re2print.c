#include "analyzer/base/re2print.h"

#include "analyzer/base/re2class.h"

struct printer {
    struct buf *out;
    bool folds;  /* (?i) is in force */
    bool linear; /* for the DFA matcher */
    long folded_runes;
};

static void set_folds(struct printer *pr, bool folds)
{
    if (folds != pr->folds)
        buf_puts(pr->out, folds ? "(?i)" : "(?-i)");
    pr->folds = folds;
}

static void print_rune(struct printer *pr, uint32_t rune)
{
    bool is_alnum = (rune >= '0' && rune <= '9') || ((rune | 0x20) >= 'a' && (rune | 0x20) <= 'z');
    if (is_alnum)
        buf_putc(pr->out, (char)rune);
    else
        buf_printf(pr->out, "\\x{%x}", rune);
}

/* Those ranges of NODE whose `folds` is FOLDS, or all. */
static void print_ranges(struct printer *pr, const struct re2_node *node, bool all, bool folds,
                         bool negated)
{
    buf_puts(pr->out, negated ? "[^" : "[");
    for (size_t i = 0; i < node->range_count; i++) {
        const struct re2_range *r = &node->ranges[i];
        if (!all && r->folds != folds)
            continue;
        if (r->property) {
            buf_printf(pr->out, "\\%c{%s}", r->outside ? 'P' : 'p', r->property);
            continue;
        }
        print_rune(pr, r->lo);
        if (r->lo < r->hi) {
            buf_putc(pr->out, '-');
            print_rune(pr, r->hi);
        }
        if (pr->folds)
            pr->folded_runes += (long)(r->hi - r->lo) + 1;
    }
    buf_putc(pr->out, ']');
}

static bool has_both(const struct re2_node *node)
{
    bool folds = false, properties = false;
    for (size_t i = 0; i < node->range_count; i++) {
        folds = folds || node->ranges[i].folds;
        properties = properties || node->ranges[i].property;
    }
    return folds && properties;
}

/* Properties are closed under case where (?i) asks for it, and newer versions of PCRE2 would extend
 * them by their own rules: they stay outside of its (?i). */
static void print_class(struct printer *pr, const struct re2_node *node)
{
    bool folds = false;
    for (size_t i = 0; i < node->range_count; i++)
        folds = folds || node->ranges[i].folds;
    if (node->range_count == 0) {
        buf_puts(pr->out, "[^\\x{0}-\\x{10ffff}]");
    } else if (!has_both(node)) {
        set_folds(pr, folds);
        print_ranges(pr, node, true, folds, node->negated);
    } else {
        bool outer_folds = pr->folds;
        buf_puts(pr->out, node->negated ? "(?:(?!" : "(?:");
        set_folds(pr, true);
        print_ranges(pr, node, false, true, false);
        buf_putc(pr->out, '|');
        set_folds(pr, false);
        print_ranges(pr, node, false, false, false);
        buf_puts(pr->out, node->negated ? ").)" : ")");
        pr->folds = outer_folds;
    }
}

static void print(struct printer *pr, const struct re2_node *node);

static void print_group(struct printer *pr, const struct re2_node *node)
{
    bool outer_folds = pr->folds;
    buf_puts(pr->out, "(?:");
    print(pr, node);
    buf_putc(pr->out, ')');
    pr->folds = outer_folds;
}

static void print_repeat(struct printer *pr, const struct re2_node *node)
{
    const struct re2_node *sub = node->sub.first;
    bool is_single = sub->op == RE2_RUNE || sub->op == RE2_ANY || sub->op == RE2_ANY_BUT_NEWLINE ||
                     (sub->op == RE2_CLASS && !has_both(sub));
    void (*print_sub)(struct printer *, const struct re2_node *) = is_single ? print : print_group;
    print_sub(pr, sub);
    if (node->max == RE2_UNBOUNDED && node->min > 0 && is_single && pr->linear) {
        /* For each + the DFA matcher would follow as many paths as there are starts: it counts. */
        if (node->min > 1)
            buf_printf(pr->out, "{%d}", node->min);
        print_sub(pr, sub);
        buf_putc(pr->out, '*');
    } else if (node->max == RE2_UNBOUNDED && node->min <= 1) {
        buf_putc(pr->out, node->min ? '+' : '*');
    } else if (node->max == RE2_UNBOUNDED) {
        buf_printf(pr->out, "{%d,}", node->min);
    } else {
        buf_printf(pr->out, "{%d,%d}", node->min, node->max);
    }
}

static void print(struct printer *pr, const struct re2_node *node)
{
    const struct re2_node *sub;
    switch (node->op) {
    case RE2_EMPTY:
    case RE2_GROUP:
        break;
    case RE2_RUNE:
        if (node->rune >= RE2_FIRST_CASED)
            set_folds(pr, node->folds);
        print_rune(pr, node->rune);
        break;
    case RE2_CLASS:
        print_class(pr, node);
        break;
    case RE2_ANY:
        buf_putc(pr->out, '.');
        break;
    case RE2_ANY_BUT_NEWLINE:
        buf_puts(pr->out, "\\N");
        break;
    case RE2_BEGIN_TEXT:
        buf_puts(pr->out, "\\A");
        break;
    case RE2_END_TEXT:
        buf_puts(pr->out, "\\z");
        break;
    case RE2_BEGIN_LINE:
        buf_putc(pr->out, '^');
        break;
    case RE2_END_LINE:
        buf_putc(pr->out, '$');
        break;
    case RE2_WORD_BOUNDARY:
        buf_puts(pr->out, "\\b");
        break;
    case RE2_NO_WORD_BOUNDARY:
        buf_puts(pr->out, "\\B");
        break;
    case RE2_REPEAT:
        print_repeat(pr, node);
        break;
    case RE2_CONCAT:
        for (sub = node->sub.first; sub; sub = sub->next)
            (sub->op == RE2_ALTERNATE ? print_group : print)(pr, sub);
        break;
    case RE2_ALTERNATE:
        for (sub = node->sub.first; sub; sub = sub->next) {
            print(pr, sub);
            if (sub->next)
                buf_putc(pr->out, '|');
        }
        break;
    }
}

long re2_print(struct buf *out, const struct re2_node *root, bool linear)
{
    struct printer pr = {.out = out, .linear = linear};
    print_group(&pr, root);
    return pr.folded_runes;
}
