/* Libraries that only some commands need, loaded by those commands.
 *
 * A module lists the functions it calls and keeps them in a struct of function pointers, typed by
 * the library's own header:
 *
 *     #define DW_FUNCTIONS(F) F(dwfl_begin) F(dwfl_end)
 *     struct dw { DW_FUNCTIONS(DYNLIB_MEMBER) };
 *     static const char *const dw_names[] = {DW_FUNCTIONS(DYNLIB_NAME) NULL};
 *
 *     struct dw dw;
 *     static const struct dynlib lib = {"libdw.so.1", "reads symbols", "libdw1", dw_names};
 *     if (dynlib_load(&lib, &dw, err)) return -1;
 *     Dwfl *dwfl = dw.dwfl_begin(&callbacks);
 *
 * Libraries stay loaded until the process ends; loading one again costs next to nothing.
 */
#ifndef CPPROF_BASE_DYNLIB_H
#define CPPROF_BASE_DYNLIB_H

#include "analyzer/base/error.h"

#define DYNLIB_MEMBER(f) __typeof__(&(f)) f; /* NOLINT(bugprone-macro-parentheses): a name */
#define DYNLIB_NAME(f) #f,

struct dynlib {
    const char *soname;
    const char *purpose;      /* "draws pictures": completes "SONAME, which ..." */
    const char *package;      /* Debian's, for the advice */
    const char *const *names; /* of functions in it or in what it links to, up to a NULL */
};

/* Loads LIB and puts the addresses of its functions, in order, into TABLE, a struct of as many
 * function pointers. -1 and ERR (ERROR_DATA) if the library or one of them is not there. */
int dynlib_load(const struct dynlib *lib, void *table, struct error *err);

/* Loads LIB, whose names do not matter, for libraries that call it without saying so: those that
 * are loaded afterwards find its functions. -1 and ERR as above. */
int dynlib_provide(const struct dynlib *lib, struct error *err);

#endif
