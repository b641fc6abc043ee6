/* What stands before and behind Graphviz: text of a profile in DOT's strings, and SVG made a page.
 */
#include "tests/fuzz/fuzz.h"

#include "analyzer/base/utf8.h"
#include "analyzer/render/dot_text.h"
#include "analyzer/render/markup.h"
#include "analyzer/render/svg.h"

/* No quote without a backslash, no backslash alone. */
static void check_string(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        fuzz_must(s.ptr[i] != '"' && s.ptr[i] != '\n');
        if (s.ptr[i] == '\\')
            i++;
        fuzz_must(i < s.len);
    }
}

static void check_clean(struct str s)
{
    size_t n;
    for (size_t i = 0; i < s.len; i += n) {
        uint32_t rune;
        n = utf8_decode(s.ptr + i, s.len - i, &rune);
        fuzz_must(rune >= ' ' || rune == '\n' || rune == '\t');
        fuzz_must(n > 1 || rune < 0x7F);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t bits = fuzz_bits(data, size);
    size_t most = fuzz_take(&bits, 2) ? fuzz_take(&bits, 16) : 0;
    struct str s = {(const char *)data, size};
    struct buf text = {0}, lines = {0}, clean = {0};
    struct error err = {0};
    struct out page;
    dot_text_add(&text, s, most);
    check_string(buf_view(&text));
    fuzz_must(!most || text.len <= 2 * most + 3);
    dot_text_add_lines(&lines, s, most);
    check_string(buf_view(&lines));
    markup_clean(&clean, s);
    check_clean(buf_view(&clean));
    out_init_memory(&page);
    int rc = svg_page(&page, s, &err);
    fuzz_must(rc == 0 || err.kind == ERROR_DATA);
    out_abandon(&page);
    buf_release(&text);
    buf_release(&lines);
    buf_release(&clean);
    return 0;
}
