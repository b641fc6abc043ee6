#include "analyzer/binary/dw.h"

int dw_load(struct dw *dw, struct error *err)
{
    static const char *const names[] = {DW_FUNCTIONS(DYNLIB_NAME) NULL};
    static const struct dynlib lib = {"libdw.so.1", "reads symbols", "libdw1", names};
    return dynlib_load(&lib, dw, err);
}
