#include "analyzer/transform/rename.h"

#include "analyzer/base/buf.h"

#include <stdlib.h>
#include <string.h>

/* Java's "class.<init>" and Go's "foo.(*Bar[...]).Method" are not. */
static bool looks_like_cplusplus(struct str name)
{
    if (memmem(name.ptr, name.len, ".<", 2) || memmem(name.ptr, name.len, "]).", 3))
        return false;
    return strpbrk(name.ptr, "<>[]") || memmem(name.ptr, name.len, "::", 2);
}

/* Takes everything from each OPEN to its CLOSE out of NAME; gives up at a CLOSE too many. */
static void remove_nested(struct buf *name, char open, char close)
{
    size_t len = 0, nesting = 0, first = 0; /* of what is kept */
    for (size_t i = 0; i < name->len; i++) {
        char c = name->data[i];
        if (c == open && nesting++ == 0)
            first = len;
        if (c == close && nesting == 0) {
            memmove(name->data + len, name->data + i, name->len - i);
            len += name->len - i;
            break;
        }
        name->data[len++] = c;
        if (c == close && --nesting == 0)
            len = first;
    }
    name->len = len;
    name->data[len] = '\0';
}

void rename_add(struct buf *out, struct str system_name, enum demangle_mode mode)
{
    bool is_text = strlen(system_name.ptr) == system_name.len;
    if (is_text && demangle(out, system_name.ptr, mode))
        return;
    struct buf name = {0};
    buf_str(&name, system_name);
    if ((mode == DEMANGLE_SIMPLE || mode == DEMANGLE_TEMPLATES) &&
        looks_like_cplusplus(system_name)) {
        remove_nested(&name, '(', ')');
        if (mode == DEMANGLE_SIMPLE)
            remove_nested(&name, '<', '>');
    }
    buf_add(out, name.data, name.len);
    buf_release(&name);
}

void rename_functions(struct profile *p, enum demangle_mode mode, bool force)
{
    struct buf name = {0};
    for (size_t i = 0; i < p->function_count; i++) {
        struct function *f = &p->functions[i];
        if (force && f->name && f->system_name)
            f->name = f->system_name;
        if (f->name && f->name != f->system_name)
            continue;
        buf_clear(&name);
        rename_add(&name, profile_str(p, f->system_name), mode);
        f->name = strtab_add(&p->strings, name.data, name.len);
    }
    buf_release(&name);
}
