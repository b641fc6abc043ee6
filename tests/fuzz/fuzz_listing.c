/* A file that is binary and source at once: `list`, `disasm` and `weblist` of a fixed profile whose
 * addresses are those of tests/data/waves. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/render/text_assembly.h"
#include "analyzer/render/text_listing.h"
#include "analyzer/render/weblist_html.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static const uint64_t addresses[] = {0x2011c9, 0x2011cc, 0x2011de, 0x20123c, 0x2101c0,
                                     0x2101cc, 0x200000, 0x201fff, 0x21fff0, 0};

static struct profile *make_profile(const char *file)
{
    struct profile *p = profile_new();
    struct value_type type = {profile_intern(p, "cpu"), profile_intern(p, "ms")};
    profile_set_sample_types(p, &type, 1);
    strid name = profile_intern(p, file);
    uint32_t mapping = profile_add_mapping(
        p, (struct mapping){.start = 0x200000, .limit = 0x220000, .file = name});
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        strid function = profile_intern(p, i % 2 ? "sum" : "wave");
        uint32_t f = profile_add_function(p, (struct function){function, function, name, 0});
        struct line lines[2] = {{f, (int64_t)i * 3, 0}, {f, (int64_t)i << (i * 6), 0}};
        uint32_t l = profile_add_location(
            p, (struct location){.address = addresses[i], .mapping = mapping}, lines, 2);
        uint32_t frames[2] = {l, (uint32_t)i / 2};
        profile_add_sample(p, profile_add_stack(p, frames, 2), 0, &(int64_t){(int64_t)i + 1});
    }
    return p;
}

static void render(struct profile *p, struct regex *only, struct out *o)
{
    static const struct report_spec spec = {.sample_index = "",
                                            .unit = "minimum",
                                            .divide_by = 1,
                                            .source_path = "/nonexistent",
                                            .trim_path = ""};
    static const struct codefiles_spec att = {.syntax = DISASM_ATT};
    struct error err = {0};
    struct report r;
    struct listing l;
    struct assembly a;
    struct weblist w;
    fuzz_must(report_init(&r, p, &spec, NULL, &err) == 0);
    if (listing_init(&l, &r, only, &err) == 0)
        text_listing(o, &r, &l);
    listing_release(&l);
    if (assembly_init(&a, &r, only, &att, &err) == 0)
        text_assembly(o, &r, &a);
    assembly_release(&a);
    if (weblist_init(&w, &r, only, &att, &err) == 0)
        weblist_html(o, &r, &w);
    weblist_release(&w);
    report_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    char path[40];
    int fd = memfd_create("listing", MFD_CLOEXEC);
    fuzz_must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct profile *p = make_profile(path);
    struct regex *only = regex_compile(".", "argument", &err);
    struct out o;
    out_init_fd(&o, open("/dev/null", O_WRONLY | O_CLOEXEC));
    o.terminal = o.color = size % 2;
    o.width = 100;
    render(p, only, &o);
    int null = o.fd;
    fuzz_must(out_close(&o, &err) == 0);
    close(null);
    close(fd);
    regex_free(only);
    profile_free(p);
    return 0;
}
