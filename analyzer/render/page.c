#include "analyzer/render/page.h"

#include <assert.h>
#include <string.h>

static const struct page_part *find(const struct page_part *parts, size_t count, const char *name,
                                    size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(parts[i].name) == len && memcmp(parts[i].name, name, len) == 0)
            return &parts[i];
    return NULL;
}

void page_write(struct out *o, const char *skeleton, const struct page_part *parts, size_t count)
{
    for (const char *open; (open = strstr(skeleton, "{{")) != NULL;) {
        const char *close = strstr(open, "}}");
        assert(close && "a skeleton has an opening {{ alone");
        out_add(o, skeleton, (size_t)(open - skeleton));
        const struct page_part *part = find(parts, count, open + 2, (size_t)(close - open - 2));
        assert(part && "a skeleton names a part that is not there");
        if (part->text)
            out_puts(o, part->text);
        else
            part->add(o, part->context);
        out_flush_some(o);
        skeleton = close + 2;
    }
    out_puts(o, skeleton);
}
