#include "analyzer/profile/framename.h"

#include "analyzer/base/path.h"

void frame_name(struct buf *out, const struct profile *p, const struct location *l, uint32_t index)
{
    struct str name = {"", 0};
    if (index < l->line_count)
        name = profile_str(p, p->functions[p->lines[l->first_line + index].function].name);
    strid file = l->mapping == NO_INDEX ? 0 : p->mappings[l->mapping].file;
    if (name.len) {
        buf_str(out, name);
    } else if (file) {
        buf_putc(out, '[');
        buf_str(out, path_base(profile_str(p, file)));
        buf_putc(out, ']');
    } else {
        buf_puts(out, "<unknown>");
    }
}
