#include "collector/page_query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where KEY's value begins; it ends at the next '&'. NULL: there is none. */
static const char *find_value(const char *query, const char *key)
{
    size_t len = strlen(key);
    for (const char *at = query; at && *at; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, key, len) == 0 && at[len] == '=')
            return at + len + 1;
    }
    return NULL;
}

static bool is_end(char c)
{
    return !c || c == '&';
}

bool query_has(const char *query, const char *key)
{
    const char *value = find_value(query, key);
    return value && !is_end(*value);
}

int64_t query_number(const char *query, const char *key, int64_t otherwise)
{
    const char *value = find_value(query, key);
    char *end;
    if (!value || !strchr("+-0123456789", *value)) /* strtoll would take spaces */
        return otherwise;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    return end == value || !is_end(*end) || errno ? otherwise : number;
}

int64_t query_seconds(const char *query, int64_t otherwise)
{
    int64_t seconds = query_number(query, "seconds", 0);
    return seconds > 0 && seconds <= QUERY_MOST_SECONDS ? seconds : otherwise;
}
