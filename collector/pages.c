#include "collector/pages.h"

#include "collector/names.h"
#include "collector/page.h"
#include "collector/page_index.h"
#include "collector/page_kind.h"
#include "collector/page_recording.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show_cmdline(struct page *page, const char *query, const char *body)
{
    char part[4096];
    ssize_t len;
    (void)query;
    (void)body;
    int from = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC), to = page_open_file(page);
    page->type = PAGE_PLAIN;
    while (from >= 0 && to >= 0 && (len = read(from, part, sizeof part)) > 0)
        if (write(to, part, (size_t)len) != len)
            break;
    if (to >= 0)
        page_take_file(page, to);
    if (from >= 0)
        close(from);
    if (page->len && !page->text[page->len - 1]) /* NULs stand between, not behind */
        page->len--;
}

static void show_symbol(struct page *page, const char *query, const char *body)
{
    FILE *to = open_memstream(&page->text, &page->len);
    page->type = PAGE_PLAIN;
    if (!to) {
        page_fail(page, PAGE_SERVER_ERROR, "no memory\n");
        return;
    }
    struct names *names = names_open();
    fputs("num_symbols: 1\n", to);
    for (const char *at = *body ? body : query; *at; at += *at == '+') {
        char *end;
        uintptr_t address = strtoul(at, &end, 0);
        struct name name = {0};
        if (end != at && (*end == '+' || !*end) && address)
            name = name_find(names, address);
        if (name.function)
            fprintf(to, "0x%" PRIxPTR " %s\n", address, name.function);
        at += strcspn(at, "+");
    }
    names_close(names);
    fclose(to);
}

static const struct {
    const char *name; /* behind the root */
    void (*show)(struct page *page, const char *query, const char *body);
} routes[] = {
    {"", page_show_index},   {"cmdline", show_cmdline},  {"profile", page_show_cpu},
    {"symbol", show_symbol}, {"trace", page_show_trace},
};

void page_begin(struct page *page, const char *path, const char *query, const char *body)
{
    static const char root[] = PAGES_ROOT;
    const char *name = path + sizeof root - 1;
    page_init(page);
    if (strcmp(path, "/debug/pprof") == 0) {
        page->status = PAGE_MOVED;
        snprintf(page->location, sizeof page->location, "%s", root);
        return;
    }
    if (strncmp(path, root, sizeof root - 1) != 0) {
        page_fail(page, PAGE_NOT_FOUND, "There is nothing here; the profiles are at %s\n", root);
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(name, routes[i].name) == 0) {
            routes[i].show(page, query, body);
            return;
        }
    page_show_kind(page, name, query);
}
