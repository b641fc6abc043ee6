/* Names of C++, Rust and D functions, as a compiler mangles them, in the form pprof prints.
 *
 *     struct buf name = {0};
 *     if (!demangle(&name, "_ZNSt6vectorIiSaIiEE9push_backERKi", DEMANGLE_SIMPLE))
 *         buf_puts(&name, mangled);                                    std::vector::push_back
 *
 *     mode       _ZZNSt6vectorIiSaIiEE4sortEiENKUlibE_clEib.cold of C++ becomes
 *     simple     std::vector::sort()::{lambda(int, bool)#1}::operator()
 *     templates  std::vector<int, std::allocator<int> >::sort()::{lambda(int, bool)#1}::operator()
 *     full       std::vector<int, std::allocator<int> >::sort(int)::{lambda(int, bool)#1}::
 *                operator()(int, bool) const
 *     none       as full, and " [clone .cold]": pprof's `demangle=none` leaves nothing out rather
 *                than nothing demangled
 *
 * Rust names lose the contents of generic arguments in simple form (`Vec<>`) and are whole in the
 * others. D names lose template arguments, and parameters, as C++'s do.
 *
 * The grammar is libiberty's to know (Itanium C++ ABI, Rust RFC 2603, D ABI); what is left out and
 * how the rest is spaced follows pprof, which uses github.com/ianlancetaylor/demangle.
 *
 * Names come from files: whatever the bytes, this ends, in little time, with at most
 * DEMANGLE_MAX_TEXT bytes of text. Several threads may demangle at the same time.
 */
#ifndef CPPROF_BINARY_DEMANGLE_H
#define CPPROF_BINARY_DEMANGLE_H

#include "analyzer/base/buf.h"

#include <stdbool.h>

/* Longer names, and names that would become longer, stay mangled. Compilers' own end near 4 KiB;
 * the text of the longest is 20 times that. */
#define DEMANGLE_MAX_NAME (32 << 10)
#define DEMANGLE_MAX_TEXT (1 << 20)

enum demangle_mode { DEMANGLE_NONE, DEMANGLE_SIMPLE, DEMANGLE_TEMPLATES, DEMANGLE_FULL };

/* Adds the name of MANGLED as pprof prints it to OUT; false when it is no mangled name, and OUT is
 * left as it is. */
bool demangle(struct buf *out, const char *mangled, enum demangle_mode mode);

/* The mode of the word after `demangle=`: none, default, templates or full; false for any other. */
bool demangle_mode_parse(const char *word, enum demangle_mode *mode);

#endif
