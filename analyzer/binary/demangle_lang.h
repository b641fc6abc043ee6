/* One demangler for each language. Only demangle.c includes this.
 *
 * Each adds the name to OUT and returns true, or returns false, having perhaps added a part of it.
 */
#ifndef CPPROF_BINARY_DEMANGLE_LANG_H
#define CPPROF_BINARY_DEMANGLE_LANG_H

#include "analyzer/binary/demangle.h"

/* _Z…, _GLOBAL__I_… and blocks of clang, ___Z…_block_invoke. */
bool demangle_cxx(struct buf *out, const char *mangled, enum demangle_mode mode);

/* _R… */
bool demangle_rust(struct buf *out, const char *mangled, enum demangle_mode mode);

/* _ZN…17h<hash>E: what could be C++ as well. */
bool demangle_old_rust(struct buf *out, const char *mangled);

/* _D… */
bool demangle_dlang(struct buf *out, const char *mangled, enum demangle_mode mode);

#endif
