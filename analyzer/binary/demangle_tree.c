#include "analyzer/binary/demangle_tree.h"

#include "analyzer/base/alloc.h"
#include "analyzer/binary/demangle_edit.h"

#include <libiberty/demangle.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

typedef struct demangle_component node;

/* Types that occur again are one node with several parents, so that a short name can stand for a
 * text of any length. Printing looks at nodes again and again, so what it would look at is counted
 * first. The largest of a million real names has 40,000. */
#define MAX_UNFOLDED (1u << 20)

/* libiberty keeps this product of arrays on the stack, 16 bytes each, and may count things twice.
 */
#define MAX_SCOPES_TIMES_TEMPLATES (1u << 15)

static size_t children(const node *n, node *child[2])
{
    child[0] = child[1] = NULL;
    switch (n->type) {
    case DEMANGLE_COMPONENT_NAME:
    case DEMANGLE_COMPONENT_TEMPLATE_PARAM:
    case DEMANGLE_COMPONENT_FUNCTION_PARAM:
    case DEMANGLE_COMPONENT_SUB_STD:
    case DEMANGLE_COMPONENT_BUILTIN_TYPE:
    case DEMANGLE_COMPONENT_EXTENDED_BUILTIN_TYPE:
    case DEMANGLE_COMPONENT_OPERATOR:
    case DEMANGLE_COMPONENT_CHARACTER:
    case DEMANGLE_COMPONENT_NUMBER:
    case DEMANGLE_COMPONENT_UNNAMED_TYPE:
        return 0;
    case DEMANGLE_COMPONENT_EXTENDED_OPERATOR:
        child[0] = n->u.s_extended_operator.name;
        return 1;
    case DEMANGLE_COMPONENT_CTOR:
        child[0] = n->u.s_ctor.name;
        return 1;
    case DEMANGLE_COMPONENT_DTOR:
        child[0] = n->u.s_dtor.name;
        return 1;
    case DEMANGLE_COMPONENT_FIXED_TYPE:
        child[0] = n->u.s_fixed.length;
        return 1;
    case DEMANGLE_COMPONENT_LAMBDA:
    case DEMANGLE_COMPONENT_DEFAULT_ARG:
        child[0] = n->u.s_unary_num.sub;
        return 1;
    default:
        child[0] = n->u.s_binary.left;
        child[1] = n->u.s_binary.right;
        return 2;
    }
}

/* A walk over the nodes, each once, children before parents. The nodes of a tree are one array, so
 * that a node's place in it can stand for the node. */
struct walk {
    const node *nodes;
    size_t count;       /* places in the array: more than there are nodes */
    unsigned *unfolded; /* by place: 0 not seen, else nodes below and at it, each time it is used */
    node **stack;
    size_t depth, stack_cap;
    node **seen;
    size_t seen_n, seen_cap;
    size_t templates, scopes;
};

static size_t place(const struct walk *w, const node *n)
{
    size_t at = n >= w->nodes ? (size_t)(n - w->nodes) : w->count;
    return at < w->count ? at : w->count;
}

static void push(struct walk *w, node *n)
{
    if (!n || place(w, n) == w->count || w->unfolded[place(w, n)])
        return;
    if (w->depth == w->stack_cap)
        w->stack = xgrow(w->stack, &w->stack_cap, w->depth + 1, sizeof *w->stack);
    w->stack[w->depth++] = n;
}

static void enter(struct walk *w, node *n)
{
    if (w->seen_n == w->seen_cap)
        w->seen = xgrow(w->seen, &w->seen_cap, w->seen_n + 1, sizeof *w->seen);
    w->seen[w->seen_n++] = n;
    if (n->type == DEMANGLE_COMPONENT_TEMPLATE)
        w->templates++;
    if ((n->type == DEMANGLE_COMPONENT_REFERENCE ||
         n->type == DEMANGLE_COMPONENT_RVALUE_REFERENCE) &&
        n->u.s_binary.left && n->u.s_binary.left->type == DEMANGLE_COMPONENT_TEMPLATE_PARAM)
        w->scopes++;
}

static void walk_tree(struct walk *w, node *root)
{
    push(w, root);
    while (w->depth) {
        node *n = w->stack[w->depth - 1];
        node *child[2];
        size_t children_n = children(n, child);
        unsigned *unfolded = &w->unfolded[place(w, n)];
        if (!*unfolded) { /* on the way down: the children first, this once more after them */
            *unfolded = 1;
            enter(w, n);
            for (size_t i = 0; i < children_n; i++)
                push(w, child[i]);
            continue;
        }
        w->depth--;
        size_t sum = 1;
        for (size_t i = 0; i < children_n; i++)
            if (child[i] && place(w, child[i]) < w->count)
                sum += w->unfolded[place(w, child[i])];
        *unfolded = sum > MAX_UNFOLDED ? MAX_UNFOLDED + 1 : (unsigned)sum;
    }
}

/* Of a name like _Z1fI1aEvDTXsr1bIT_E1cEE libiberty tries two readings, this way and, if that leads
 * nowhere, as older compilers meant it; which of the two is next, it keeps in a variable. It
 * forgets to set that in cplus_demangle_v3_components (in 2.40 and before; cplus_demangle_v3 sets
 * it), which reads what happens to be on the stack. So the stack below our caller's frame is given
 * contents first: not 0 for the first reading, 0 for the other. */
__attribute__((noinline, no_sanitize("address"))) static void fill_stack(unsigned char byte)
{
    volatile unsigned char below[1024];
    for (size_t i = 0; i < sizeof below; i++)
        below[i] = byte;
}

__attribute__((noinline)) static node *read_name(const char *mangled, int options, void **nodes)
{
    fill_stack(1);
    node *root = cplus_demangle_v3_components(mangled, options, nodes);
    if (!root && strstr(mangled, "sr")) {
        fill_stack(0);
        root = cplus_demangle_v3_components(mangled, options, nodes);
    }
    return root;
}

bool demangle_tree_init(struct demangle_tree *t, const char *mangled, struct demangle_parts parts)
{
    *t = (struct demangle_tree){0};
    if (strchr(mangled, DEMANGLE_ARGS_OPEN) || strchr(mangled, DEMANGLE_ARGS_CLOSE))
        return false;
    /* With parameters the whole of MANGLED has to be understood, and of a reference temporary's
     * number libiberty leaves the last byte. */
    bool params = parts.params && strncmp(mangled, "_ZGR", 4) != 0;
    int options = DMGL_ANSI | (params ? DMGL_PARAMS : 0);
    t->root = read_name(mangled, options, &t->nodes);
    if (!t->root)
        return false;
    struct walk w = {.nodes = t->nodes, .count = malloc_usable_size(t->nodes) / sizeof(node)};
    w.unfolded = xcalloc(w.count, sizeof *w.unfolded);
    walk_tree(&w, t->root);
    bool good = w.unfolded[place(&w, t->root)] <= MAX_UNFOLDED &&
                w.templates * w.scopes <= MAX_SCOPES_TIMES_TEMPLATES;
    if (good) {
        t->more_nodes = demangle_edit(w.seen, w.seen_n, parts);
        while (!parts.clones && t->root->type == DEMANGLE_COMPONENT_CLONE)
            t->root = t->root->u.s_binary.left;
    }
    free(w.unfolded);
    free(w.stack);
    free(w.seen);
    if (!good)
        demangle_tree_release(t);
    return good;
}

void demangle_tree_release(struct demangle_tree *t)
{
    free(t->nodes);
    free(t->more_nodes);
    *t = (struct demangle_tree){0};
}
