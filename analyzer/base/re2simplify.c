#include "analyzer/base/re2simplify.h"

static void become(struct re2_node *node, const struct re2_node *other)
{
    struct re2_node *next = node->next, *prev = node->prev;
    *node = *other;
    node->next = next;
    node->prev = prev;
}

static void become_empty(struct re2_node *node)
{
    become(node, &(struct re2_node){.op = RE2_EMPTY});
}

static bool is_assertion(enum re2_op op)
{
    return op >= RE2_BEGIN_TEXT && op <= RE2_NO_WORD_BOUNDARY;
}

static void simplify_repeat(struct re2_node *node)
{
    struct re2_node *sub = node->sub.first;
    if (sub->op == RE2_EMPTY || node->max == 0 || (is_assertion(sub->op) && node->min == 0)) {
        become_empty(node);
        return;
    }
    if (sub->op == RE2_REPEAT && sub->min <= 1 && (sub->max == 1 || sub->max == RE2_UNBOUNDED)) {
        node->min *= sub->min;
        if (sub->max == RE2_UNBOUNDED)
            node->max = RE2_UNBOUNDED;
        node->sub = sub->sub;
        sub = node->sub.first;
    }
    if (is_assertion(sub->op) || (node->min == 1 && node->max == 1))
        become(node, sub);
}

/* Leaves no groups, no sequence within a sequence and no choice within a choice. */
static void simplify(struct re2_node *node)
{
    struct re2_list subs = {0};
    struct re2_node *next;
    for (struct re2_node *sub = node->sub.first; sub; sub = next) {
        next = sub->next;
        simplify(sub);
        if (sub->op == node->op && (sub->op == RE2_CONCAT || sub->op == RE2_ALTERNATE))
            re2_list_join(&subs, &sub->sub);
        else if (sub->op != RE2_EMPTY || node->op != RE2_CONCAT)
            re2_list_append(&subs, sub);
    }
    node->sub = subs;
    if (node->op == RE2_REPEAT)
        simplify_repeat(node);
    else if (node->op == RE2_CONCAT && !subs.first)
        become_empty(node);
    else if (node->op == RE2_GROUP || (subs.first && subs.first == subs.last))
        become(node, subs.first);
}

/* Drops what need not match at the start (or end) of NODE. Returns whether nothing is left. */
static bool trim(struct re2_node *node, bool start)
{
    struct re2_node *edge;
    switch (node->op) {
    case RE2_EMPTY:
        return true;
    case RE2_CONCAT:
        while ((edge = start ? node->sub.first : node->sub.last) && trim(edge, start))
            re2_list_remove(&node->sub, edge);
        if (edge)
            return false;
        become_empty(node);
        return true;
    case RE2_ALTERNATE:
        for (edge = node->sub.first; edge; edge = edge->next)
            if (trim(edge, start)) {
                become_empty(node);
                return true;
            }
        return false;
    case RE2_REPEAT:
        if (node->min == 0) {
            become_empty(node);
            return true;
        }
        node->max = node->min;
        if (node->min > 1)
            return false;
        become(node, node->sub.first);
        return trim(node, start);
    default:
        return false;
    }
}

void re2_simplify(struct re2_node *root)
{
    simplify(root);
    trim(root, true);
    trim(root, false);
    simplify(root);
}

void re2_simplify_whole(struct re2_node *root)
{
    simplify(root);
}
