#include "analyzer/binary/demangle_edit.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"

#include <libiberty/demangle.h>
#include <string.h>

typedef struct demangle_component node;

struct edit {
    struct demangle_parts parts;
    node *added;
    size_t added_n;
};

/* For a node of the tree that is edited or a template; the most is what edit_standard and then
 * mark_template add. */
#define MOST_ADDED 5

static node *add(struct edit *e, enum demangle_component_type type, node *left, node *right)
{
    node *n = &e->added[e->added_n++];
    *n = (node){.type = type};
    n->u.s_binary.left = left;
    n->u.s_binary.right = right;
    return n;
}

static node *add_text(struct edit *e, const char *text, size_t len)
{
    node *n = add(e, DEMANGLE_COMPONENT_NAME, NULL, NULL);
    n->u.s_name.s = text;
    n->u.s_name.len = (int)len;
    return n;
}

static void become(node *n, enum demangle_component_type type, node *left, node *right)
{
    n->type = type;
    n->u.s_binary.left = left;
    n->u.s_binary.right = right;
}

static node *left(const node *n)
{
    return n->u.s_binary.left;
}

static node *right(const node *n)
{
    return n->u.s_binary.right;
}

static bool is(const node *n, enum demangle_component_type type)
{
    return n && n->type == type;
}

/* The name a constructor of N has, or NULL when this does not know. */
static node *class_name(node *n)
{
    while (n)
        switch (n->type) {
        case DEMANGLE_COMPONENT_NAME:
        case DEMANGLE_COMPONENT_UNNAMED_TYPE:
        case DEMANGLE_COMPONENT_LAMBDA:
            return n;
        case DEMANGLE_COMPONENT_QUAL_NAME:
        case DEMANGLE_COMPONENT_LOCAL_NAME:
            n = right(n);
            break;
        case DEMANGLE_COMPONENT_TEMPLATE:
        case DEMANGLE_COMPONENT_TAGGED_NAME:
            n = left(n);
            break;
        default:
            return NULL;
        }
    return NULL;
}

/* libiberty takes the last name it came across for the class, which is wrong when the class is a
 * substitution. */
static void edit_qualified(struct edit *e, node *qualified)
{
    (void)e;
    node *member = right(qualified);
    node *name = member ? class_name(left(qualified)) : NULL;
    if (name && member->type == DEMANGLE_COMPONENT_CTOR)
        member->u.s_ctor.name = name;
    if (name && member->type == DEMANGLE_COMPONENT_DTOR)
        member->u.s_dtor.name = name;
}

/* Empties the parameters of the function in which something is local. */
static void edit_local(struct edit *e, node *local)
{
    const node *function = left(local);
    if (!e->parts.enclosing_params && is(function, DEMANGLE_COMPONENT_TYPED_NAME) &&
        is(right(function), DEMANGLE_COMPONENT_FUNCTION_TYPE))
        right(function)->u.s_binary.right = NULL;
}

/* "reference temporary for x" without the number libiberty puts in. */
static void edit_temporary(struct edit *e, node *temporary)
{
    static const char text[] = "reference temporary for ";
    become(temporary, DEMANGLE_COMPONENT_COMPOUND_NAME, add_text(e, text, strlen(text)),
           left(temporary));
}

/* Makes libiberty print all of the type of `operator std::vector<T>` while it knows what T is; it
 * takes the arguments for the operator's. */
static void edit_conversion(struct edit *e, node *conversion)
{
    if (is(left(conversion), DEMANGLE_COMPONENT_TEMPLATE) &&
        !is(left(left(conversion)), DEMANGLE_COMPONENT_TEMPLATE_PARAM))
        conversion->u.s_binary.left =
            add(e, DEMANGLE_COMPONENT_COMPOUND_NAME, left(conversion), add_text(e, "", 0));
}

/* Reads a<b>::c<d> as a<b> and c<d> rather than as a<b>::c and <d> when it is an operand: pprof
 * does, and puts no parentheses around it. */
static void scope_operand(struct edit *e, node *operand)
{
    if (is(operand, DEMANGLE_COMPONENT_TEMPLATE) &&
        is(left(operand), DEMANGLE_COMPONENT_QUAL_NAME)) {
        const node *name = left(operand);
        node *inner = add(e, DEMANGLE_COMPONENT_TEMPLATE, right(name), right(operand));
        become(operand, DEMANGLE_COMPONENT_QUAL_NAME, left(name), inner);
    }
}

static void edit_operands(struct edit *e, node *operands)
{
    scope_operand(e, left(operands));
    scope_operand(e, right(operands));
}

static void take_text(const char *s, size_t len, void *opaque)
{
    buf_add(opaque, s, len);
}

static bool is_address_of(node *operator)
{
    struct buf text = {0};
    bool address = is(operator, DEMANGLE_COMPONENT_OPERATOR) &&
                   cplus_demangle_print_callback(0, operator, take_text, &text) &&
                   strcmp(text.data, "operator&") == 0;
    buf_release(&text);
    return address;
}

/* The address of a function is printed without its type; libiberty does so only when the function
 * is in some scope. */
static void edit_unary(struct edit *e, node *unary)
{
    node *operand = right(unary);
    if (is(operand, DEMANGLE_COMPONENT_TYPED_NAME) &&
        is(right(operand), DEMANGLE_COMPONENT_FUNCTION_TYPE) &&
        (is(left(operand), DEMANGLE_COMPONENT_NAME) ||
         is(left(operand), DEMANGLE_COMPONENT_TEMPLATE) ||
         is(left(operand), DEMANGLE_COMPONENT_LOCAL_NAME)) &&
        is_address_of(left(unary)))
        unary->u.s_binary.right = left(operand);
    else
        scope_operand(e, operand);
}

/* Makes a template of std::basic_string<char, …>, which libiberty has ready in one piece. */
static void edit_standard(struct edit *e, node *standard)
{
    const char *text = standard->u.s_string.string;
    size_t len = (size_t)standard->u.s_string.len;
    const char *args = memchr(text, '<', len);
    if (!args || memcmp(text + len - 2, " >", 2) != 0)
        return;
    node *name = add_text(e, text, (size_t)(args - text));
    node *arg = add_text(e, args + 1, len - (size_t)(args - text) - 3);
    become(standard, DEMANGLE_COMPONENT_TEMPLATE, name,
           add(e, DEMANGLE_COMPONENT_TEMPLATE_ARGLIST, arg, NULL));
}

/* Gives each reference to a template parameter nodes of its own. Which template's parameter it is
 * depends on where it stands, but libiberty goes by where the same node was printed before. */
static void edit_reference(struct edit *e, node *reference)
{
    const node *param = left(reference);
    if (is(param, DEMANGLE_COMPONENT_TEMPLATE_PARAM)) {
        node *own = add(e, param->type, NULL, NULL);
        own->u = param->u;
        reference->u.s_binary.left = own;
    }
}

static void edit_use(struct edit *e, node *user)
{
    const node *type = left(user);
    if (is(type, DEMANGLE_COMPONENT_REFERENCE) || is(type, DEMANGLE_COMPONENT_RVALUE_REFERENCE)) {
        node *own = add(e, type->type, left(type), NULL);
        edit_reference(e, own);
        user->u.s_binary.left = own;
    }
}

static const struct {
    enum demangle_component_type type;
    void (*edit)(struct edit *, node *);
} edits[] = {
    {DEMANGLE_COMPONENT_QUAL_NAME, edit_qualified},
    {DEMANGLE_COMPONENT_LOCAL_NAME, edit_local},
    {DEMANGLE_COMPONENT_REFTEMP, edit_temporary},
    {DEMANGLE_COMPONENT_CONVERSION, edit_conversion},
    {DEMANGLE_COMPONENT_UNARY, edit_unary},
    {DEMANGLE_COMPONENT_BINARY_ARGS, edit_operands},
    {DEMANGLE_COMPONENT_TRINARY_ARG1, edit_operands},
    {DEMANGLE_COMPONENT_TRINARY_ARG2, edit_operands},
    {DEMANGLE_COMPONENT_ARGLIST, edit_use},
    {DEMANGLE_COMPONENT_TEMPLATE_ARGLIST, edit_use},
    {DEMANGLE_COMPONENT_PACK_EXPANSION, edit_use},
    {DEMANGLE_COMPONENT_FUNCTION_TYPE, edit_use},
    {DEMANGLE_COMPONENT_POINTER, edit_use},
    {DEMANGLE_COMPONENT_REFERENCE, edit_reference},
    {DEMANGLE_COMPONENT_RVALUE_REFERENCE, edit_reference},
    {DEMANGLE_COMPONENT_SUB_STD, edit_standard},
};

#define EDITS (sizeof edits / sizeof *edits)

static size_t edit_of(const node *n)
{
    size_t i = 0;
    while (i < EDITS && edits[i].type != n->type)
        i++;
    return i;
}

static void mark_template(struct edit *e, node *t, node *open, node *close)
{
    t->u.s_binary.left = add(e, DEMANGLE_COMPONENT_COMPOUND_NAME, left(t), open);
    /* At the end, because template parameters are found by their number from the beginning. */
    node **end = &t->u.s_binary.right;
    while (*end)
        end = &(*end)->u.s_binary.right;
    *end = add(e, DEMANGLE_COMPONENT_TEMPLATE_ARGLIST, close, NULL);
}

void *demangle_edit(node *const *nodes, size_t count, struct demangle_parts parts)
{
    size_t most = 2;
    for (size_t i = 0; i < count; i++)
        if (edit_of(nodes[i]) < EDITS || is(nodes[i], DEMANGLE_COMPONENT_TEMPLATE))
            most += MOST_ADDED;
    struct edit e = {.parts = parts, .added = xcalloc(most, sizeof *e.added)};
    for (size_t i = 0; i < count; i++)
        if (edit_of(nodes[i]) < EDITS)
            edits[edit_of(nodes[i])].edit(&e, nodes[i]);

    static const char open_mark[] = {DEMANGLE_ARGS_OPEN}, close_mark[] = {DEMANGLE_ARGS_CLOSE};
    size_t templates_end = e.added_n; /* of those that were added just now */
    node *open = add_text(&e, open_mark, 1), *close = add_text(&e, close_mark, 1);
    for (size_t i = 0; i < count + templates_end; i++) {
        node *n = i < count ? nodes[i] : &e.added[i - count];
        if (is(n, DEMANGLE_COMPONENT_TEMPLATE))
            mark_template(&e, n, open, close);
    }
    return e.added;
}
