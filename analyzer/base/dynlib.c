#include "analyzer/base/dynlib.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

int dynlib_load(const struct dynlib *lib, void *table, struct error *err)
{
    void *handle = dlopen(lib->soname, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return error_set(err, ERROR_DATA,
                         "%s, which %s, cannot be loaded; install Debian's package %s", lib->soname,
                         lib->purpose, lib->package);
    for (size_t i = 0; lib->names[i]; i++) {
        void *function = dlsym(handle, lib->names[i]);
        if (!function)
            return error_set(err, ERROR_DATA, "%s, which %s, is too old: it has no %s", lib->soname,
                             lib->purpose, lib->names[i]);
        /* POSIX lets an object pointer of dlsym be a function's; memcpy says so to the compiler. */
        memcpy((char *)table + i * sizeof function, &function, sizeof function);
    }
    return 0;
}
