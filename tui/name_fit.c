#include "tui/name_fit.h"

#include "analyzer/render/shorten.h"
#include "tui/canvas.h"

void name_fit(struct buf *out, struct str name, int cols)
{
    if (text_columns(name) > cols)
        shorten_name(out, name);
    else
        buf_str(out, name);
}
