#include "tui/wrap.h"

#include "analyzer/base/utf8.h"
#include "tui/canvas.h"

struct str wrap_next(struct str *rest, int columns)
{
    size_t len = 0, blank = 0, n;
    int used = 0;
    uint32_t rune;
    for (; len < rest->len; len += n) {
        n = utf8_decode(rest->ptr + len, rest->len - len, &rune);
        used += text_columns((struct str){rest->ptr + len, n});
        if (used > columns && len)
            break;
        if (rune == ' ' && len)
            blank = len;
    }
    if (len < rest->len && blank)
        len = blank;
    struct str line = {rest->ptr, len};
    if (len < rest->len && rest->ptr[len] == ' ')
        len++;
    rest->ptr += len;
    rest->len -= len;
    return line;
}
