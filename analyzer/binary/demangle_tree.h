/* The tree libiberty makes of a C++ name, changed so that its text is pprof's but for two marks
 * around template arguments, which are demangle_cxx.c's to take out again, with the arguments or
 * without.
 */
#ifndef CPPROF_BINARY_DEMANGLE_TREE_H
#define CPPROF_BINARY_DEMANGLE_TREE_H

#include <stdbool.h>

#define DEMANGLE_ARGS_OPEN '\1'  /* comes before the '<' */
#define DEMANGLE_ARGS_CLOSE '\2' /* comes before the '>', perhaps after ", " */

struct demangle_component;

/* What is to be in the text. Template arguments always are, marked. */
struct demangle_parts {
    bool params;           /* of the function itself; else its return type is not there either */
    bool enclosing_params; /* of functions in which something is local */
    bool clones;           /* "[clone .cold]" */
};

struct demangle_tree {
    struct demangle_component *root;
    void *nodes, *more_nodes; /* what the tree is made of */
};

/* Reads MANGLED, which begins with _Z. False when it is no C++ name, or one so contrived that to
 * print it would take more than a moment or too much of the stack; T is to be released only when
 * this returned true. */
bool demangle_tree_init(struct demangle_tree *t, const char *mangled, struct demangle_parts parts);
void demangle_tree_release(struct demangle_tree *t);

#endif
