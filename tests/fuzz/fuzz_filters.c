/* Filters of every kind on one small profile. A line of the input is "NAME=EXPRESSION", with or
 * without dashes before it; a line that is not goes to the filter whose turn it is. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/transform/filter.h"
#include "analyzer/transform/tagroot.h"

struct settings {
    struct filter_spec filter;
    struct tagroot_spec tagroot;
};

static const struct {
    const char *name;
    size_t offset;
} names[] = {
    {"focus", offsetof(struct settings, filter.focus)},
    {"ignore", offsetof(struct settings, filter.ignore)},
    {"hide", offsetof(struct settings, filter.hide)},
    {"show", offsetof(struct settings, filter.show)},
    {"show_from", offsetof(struct settings, filter.show_from)},
    {"prune_from", offsetof(struct settings, filter.prune_from)},
    {"tagfocus", offsetof(struct settings, filter.tagfocus)},
    {"tagignore", offsetof(struct settings, filter.tagignore)},
    {"tagshow", offsetof(struct settings, filter.tagshow)},
    {"taghide", offsetof(struct settings, filter.taghide)},
    {"tagroot", offsetof(struct settings, tagroot.root)},
    {"tagleaf", offsetof(struct settings, tagroot.leaf)},
};
enum { NAMES = sizeof names / sizeof *names };

static void set(struct settings *s, size_t name, const char *expression)
{
    *(const char **)((char *)s + names[name].offset) = expression;
}

static void set_line(struct settings *s, size_t turn, const char *line)
{
    const char *bare = line + strspn(line, "-");
    for (size_t i = 0; i < NAMES; i++) {
        size_t len = strlen(names[i].name);
        if (strncmp(bare, names[i].name, len) == 0 && bare[len] == '=') {
            set(s, i, bare + len + 1);
            return;
        }
    }
    set(s, turn % NAMES, line);
}

/* Six stacks of up to four frames, two of them inlined; labels of both kinds in several units. */
static struct profile *make_profile(void)
{
    static const char *const function_names[] = {
        "main", "runtime.mallocgc", "std::vector<int>::push_back", "f\xc3\xa9\xe2\x82\xac",
        "",     "a\x1b[31m\xff"};
    struct profile *p = profile_new();
    struct value_type types[] = {
        {profile_intern(p, "samples"), profile_intern(p, "count")},
        {profile_intern(p, "cpu"), profile_intern(p, "nanoseconds")},
    };
    profile_set_sample_types(p, types, 2);
    profile_add_mapping(p, (struct mapping){.start = 0x1000,
                                            .limit = 0x9000,
                                            .file = profile_intern(p, "/usr/lib/libc.so.6")});
    for (uint32_t i = 0; i < 6; i++) {
        strid name = profile_intern(p, function_names[i]);
        profile_add_function(p, (struct function){.name = name,
                                                  .system_name = name,
                                                  .filename = profile_intern(p, "/src/main.go")});
    }
    for (uint32_t i = 0; i < 6; i++) {
        struct line lines[] = {{.function = i, .line = i}, {.function = 5 - i, .line = 7}};
        profile_add_location(
            p, (struct location){.address = 0x1000 + i, .mapping = i % 3 ? 0 : NO_INDEX}, lines,
            1 + i % 2);
    }
    strid bytes = profile_intern(p, "bytes"), tenant = profile_intern(p, "tenant");
    for (uint32_t i = 0; i < 6; i++) {
        const uint32_t frames[] = {i, (i + 1) % 6, 1, 0};
        struct label labels[] = {
            label_text(tenant, profile_intern(p, i % 2 ? "acme" : "x:y")),
            label_text(tenant, profile_intern(p, "second")),
            label_number(bytes, 1 << i, i % 3 ? 0 : profile_intern(p, "kilobytes")),
            label_number(profile_intern(p, "latency"), (int64_t)i - 2, profile_intern(p, "ms")),
        };
        const int64_t values[] = {i, (int64_t)i * 1000000 - 1000000};
        profile_add_sample(p, profile_add_stack(p, frames, i % 5),
                           profile_add_labels(p, labels, i % 5), values);
    }
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct settings s = {0};
    size_t turn = 0;
    for (char *line = text, *next; line && turn < 16; line = next, turn++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        set_line(&s, turn, line);
    }
    struct profile *p = make_profile();
    struct lines notes = {0};
    struct error err = {0};
    tagroot_apply(p, &s.tagroot, "minimum", &notes);
    fuzz_check_model(p);
    if (filter_apply(p, &s.filter, &notes, &err) == 0) {
        fuzz_check_model(p);
        fuzz_reports(p, fuzz_bits(data, size));
    } else {
        fuzz_must(*err.text && !strchr(err.text, '\n'));
    }
    lines_release(&notes);
    profile_free(p);
    free(text);
    return 0;
}
