/* libunwind for other processes, loaded when their stacks are asked for. Its functions keep their
 * names and contracts; see <libunwind.h> and <libunwind-ptrace.h>. */
#ifndef CPPROF_LIVE_UNWINDLIB_H
#define CPPROF_LIVE_UNWINDLIB_H

#include "analyzer/base/dynlib.h"

#include <libunwind-ptrace.h>

#define UNWINDLIB_PTRACE(F)                                                                        \
    F(_UPT_accessors)                                                                              \
    F(_UPT_create)                                                                                 \
    F(_UPT_destroy)

/* These names are macros: they stand for _Ux86_64_step and the like. */
#define UNWINDLIB_REMOTE(F)                                                                        \
    F(unw_create_addr_space)                                                                       \
    F(unw_destroy_addr_space)                                                                      \
    F(unw_get_reg)                                                                                 \
    F(unw_init_remote)                                                                             \
    F(unw_is_signal_frame)                                                                         \
    F(unw_set_caching_policy)                                                                      \
    F(unw_step)
#define UNWINDLIB_MEMBER(f) DYNLIB_MEMBER(f)

struct unwindlib {
    struct {
        UNWINDLIB_PTRACE(DYNLIB_MEMBER)
    } ptrace;
    struct {
        UNWINDLIB_REMOTE(UNWINDLIB_MEMBER)
    } remote;
};

int unwindlib_load(struct unwindlib *lib, struct error *err);

#endif
