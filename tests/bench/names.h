/*
 * Names for the functions of a calltree that look like real C++, Go and Rust ones, with their
 * mangled forms and source files. A name depends on the tree's seed and the function's number only.
 */
#ifndef BENCH_NAMES_H
#define BENCH_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calltree;

struct name {
    char text[256];   /* as a person reads it */
    char system[256]; /* as the linker sees it; the same for Go and C */
    char file[256];
    bool in_libc;
    bool in_class; /* one of twelve functions that share their file */
};

void names_of_function(const struct calltree *tree, uint32_t function, struct name *name);

/* A number below *_count(tree) that functions of the same class share. */
uint32_t names_class(const struct calltree *tree, uint32_t function);
uint32_t names_class_count(const struct calltree *tree);

/* Path I of a web service, for labels. */
void names_endpoint(char *out, size_t size, unsigned i);

#endif
