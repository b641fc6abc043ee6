/* elfutils' libdw and libelf, loaded when the first binary is opened. Their functions keep their
 * names and contracts; see <elfutils/libdw.h>, <elfutils/libdwfl.h> and <gelf.h>. */
#ifndef CPPROF_BINARY_DW_H
#define CPPROF_BINARY_DW_H

#include "analyzer/base/dynlib.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

#define DW_FUNCTIONS(F)                                                                            \
    F(dwarf_abbrevhaschildren)                                                                     \
    F(dwarf_attr)                                                                                  \
    F(dwarf_attr_integrate)                                                                        \
    F(dwarf_cfi_addrframe)                                                                         \
    F(dwarf_cu_getdwarf)                                                                           \
    F(dwarf_cu_info)                                                                               \
    F(dwarf_cuoffset)                                                                              \
    F(dwarf_dieoffset)                                                                             \
    F(dwarf_filesrc)                                                                               \
    F(dwarf_formstring)                                                                            \
    F(dwarf_formudata)                                                                             \
    F(dwarf_frame_cfa)                                                                             \
    F(dwarf_frame_info)                                                                            \
    F(dwarf_frame_register)                                                                        \
    F(dwarf_get_units)                                                                             \
    F(dwarf_getabbrev)                                                                             \
    F(dwarf_getabbrevattr_data)                                                                    \
    F(dwarf_getabbrevcode)                                                                         \
    F(dwarf_getabbrevtag)                                                                          \
    F(dwarf_getelf)                                                                                \
    F(dwarf_getsrcfiles)                                                                           \
    F(dwarf_next_unit)                                                                             \
    F(dwarf_ranges)                                                                                \
    F(dwarf_tag)                                                                                   \
    F(dwelf_elf_gnu_build_id)                                                                      \
    F(dwfl_begin)                                                                                  \
    F(dwfl_end)                                                                                    \
    F(dwfl_errmsg)                                                                                 \
    F(dwfl_module_dwarf_cfi)                                                                       \
    F(dwfl_module_eh_cfi)                                                                          \
    F(dwfl_module_getdwarf)                                                                        \
    F(dwfl_module_getelf)                                                                          \
    F(dwfl_module_getsym_info)                                                                     \
    F(dwfl_module_getsymtab)                                                                       \
    F(dwfl_offline_section_address)                                                                \
    F(dwfl_report_begin)                                                                           \
    F(dwfl_report_end)                                                                             \
    F(dwfl_report_offline)                                                                         \
    F(dwfl_standard_find_debuginfo)                                                                \
    F(elf_getdata)                                                                                 \
    F(elf_getident)                                                                                \
    F(elf_getphdrnum)                                                                              \
    F(elf_getscn)                                                                                  \
    F(elf_getshdrstrndx)                                                                           \
    F(elf_nextscn)                                                                                 \
    F(elf_rawfile)                                                                                 \
    F(elf_strptr)                                                                                  \
    F(gelf_getehdr)                                                                                \
    F(gelf_getphdr)                                                                                \
    F(gelf_getrela)                                                                                \
    F(gelf_getshdr)                                                                                \
    F(gelf_getsym)

struct dw {
    DW_FUNCTIONS(DYNLIB_MEMBER)
};

int dw_load(struct dw *dw, struct error *err);

#endif
