#include "collector/http_host.h"

#include <string.h>
#include <strings.h>

bool host_is_local(const char *host)
{
    static const char *const names[] = {"localhost", "localhost.", "[::1]"};
    if (!host)
        return true;
    size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (len == strlen(names[i]) && strncasecmp(host, names[i], len) == 0)
            return true;
    /* 127.0.0.0/8, in numbers: 127.evil.example is a name */
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == len;
}
