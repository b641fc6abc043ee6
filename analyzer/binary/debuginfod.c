#include "analyzer/binary/debuginfod.h"

#include "analyzer/base/dynlib.h"

#include <elfutils/debuginfod.h>
#include <stdlib.h>
#include <unistd.h>

#define FUNCTIONS(F)                                                                               \
    F(debuginfod_begin)                                                                            \
    F(debuginfod_end)                                                                              \
    F(debuginfod_find_debuginfo)                                                                   \
    F(debuginfod_find_executable)

struct functions {
    FUNCTIONS(DYNLIB_MEMBER)
};

bool debuginfod_fetch(struct buf *path, const char *build_id)
{
    static const char *const names[] = {FUNCTIONS(DYNLIB_NAME) NULL};
    static const struct dynlib lib = {"libdebuginfod.so.1", "asks debuginfod servers",
                                      "libdebuginfod1", names};
    const char *urls = getenv("DEBUGINFOD_URLS");
    struct functions f;
    if (!urls || !*urls || !*build_id || dynlib_load(&lib, &f, NULL))
        return false;
    debuginfod_client *client = f.debuginfod_begin();
    if (!client)
        return false;
    const unsigned char *id = (const unsigned char *)build_id; /* length 0: hexadecimal text */
    char *found = NULL;
    int fd = f.debuginfod_find_executable(client, id, 0, &found);
    if (fd < 0)
        fd = f.debuginfod_find_debuginfo(client, id, 0, &found);
    f.debuginfod_end(client);
    if (fd < 0)
        return false;
    close(fd); /* it stays in the cache of the library */
    buf_puts(path, found);
    free(found);
    return true;
}
