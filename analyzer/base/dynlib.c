#include "analyzer/base/dynlib.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static void *load(const struct dynlib *lib, int scope, struct error *err)
{
    void *handle = dlopen(lib->soname, RTLD_NOW | scope);
    if (!handle)
        error_set(err, ERROR_DATA, "%s, which %s, cannot be loaded; install Debian's package %s",
                  lib->soname, lib->purpose, lib->package);
    return handle;
}

int dynlib_provide(const struct dynlib *lib, struct error *err)
{
    return load(lib, RTLD_GLOBAL, err) ? 0 : -1;
}

int dynlib_load(const struct dynlib *lib, void *table, struct error *err)
{
    void *handle = load(lib, RTLD_LOCAL, err);
    if (!handle)
        return -1;
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
