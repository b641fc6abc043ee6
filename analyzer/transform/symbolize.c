#include "analyzer/transform/symbolize.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/binary/find.h"
#include "analyzer/binary/vdso.h"
#include "analyzer/transform/rename.h"
#include "analyzer/transform/symbolize_binaries.h"
#include "analyzer/transform/symbolize_maps.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* --- what is asked for */

static void parse_word(struct symbolize_spec *spec, const char *word, const char *text,
                       struct lines *notes)
{
    const char *demangling = strncmp(word, "demangle=", 9) == 0 ? word + 9 : word;
    if (!*word)
        return;
    if (strcmp(word, "none") == 0 || strcmp(word, "no") == 0) {
        spec->nothing = true;
    } else if (strcmp(word, "local") == 0) {
        spec->local = true;
    } else if (strcmp(word, "fastlocal") == 0) {
        spec->local = spec->only_symbols = true;
    } else if (strcmp(word, "remote") == 0) {
        spec->local = false;
        lines_add(notes, "-symbolize=remote: this version asks no server for symbols");
    } else if (strcmp(word, "force") == 0) {
        spec->force = true;
    } else if (demangle_mode_parse(demangling, &spec->demangle)) {
        spec->force |= strcmp(demangling, "default") != 0;
    } else {
        lines_add(notes, "ignoring unrecognized symbolization option: %s", text);
        lines_add(notes, "expecting -symbolize=[local|fastlocal|remote|none][:force]"
                         "[:demangle=[none|full|templates|default]]");
    }
}

void symbolize_parse(struct symbolize_spec *spec, const char *text, struct lines *notes)
{
    char *words = xstrdup(text ? text : ""), *rest = words, *word;
    spec->nothing = spec->only_symbols = spec->force = false;
    spec->local = true;
    spec->demangle = DEMANGLE_SIMPLE;
    for (char *c = words; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    while (!spec->nothing && (word = strsep(&rest, ":")))
        parse_word(spec, word, text, notes);
    free(words);
}

/* --- where each mapping's names come from */

enum origin { ORIGIN_NONE, ORIGIN_BINARY, ORIGIN_VDSO, ORIGIN_KERNEL, ORIGIN_JIT, ORIGIN_COUNT };

struct symbolizer {
    struct profile *p;
    const struct symbolize_spec *spec;
    struct lines *notes;
    struct mapped_binary *binaries; /* one per mapping */
    bool *from[ORIGIN_COUNT];       /* one per mapping and one for locations that have none */
    bool *nameless;                 /* likewise: has a location without names */
    bool missing;                   /* some binary is not here */
};

/* perf calls a kernel's mapping after the symbol it starts at: "[kernel.kallsyms]_text". */
static const char *kernel_symbol(struct str file)
{
    const char *prefix = "[kernel.kallsyms]";
    return str_starts(file, prefix) && file.len > strlen(prefix) ? file.ptr + strlen(prefix) : NULL;
}

static void locate(struct symbolizer *s)
{
    struct profile *p = s->p;
    struct buf found = {0};
    for (size_t i = s->spec->main_is_given; i < p->mapping_count; i++) {
        struct mapping *m = &p->mappings[i];
        struct str file = profile_str(p, m->file);
        if (!binary_find(&found, file.ptr, profile_str(p, m->build_id).ptr, s->spec->search_path,
                         s->notes))
            continue;
        s->binaries[i].kernel_symbol = kernel_symbol(file);
        m->file = profile_intern(p, found.data);
    }
    buf_release(&found);
}

static bool is_web_address(struct str file)
{
    return strncasecmp(file.ptr, "http://", 7) == 0 || strncasecmp(file.ptr, "https://", 8) == 0;
}

static enum origin origin_of(struct symbolizer *s, size_t index)
{
    const struct mapping *m = &s->p->mappings[index];
    struct str file = profile_str(s->p, m->file), base = path_base(file);
    if (!s->spec->force && (m->has_functions || m->has_filenames || m->has_line_numbers))
        return ORIGIN_NONE;
    if (!file.len) {
        if (index)
            s->missing = true;
        else if (s->nameless[index])
            lines_add(s->notes, "Main binary filename not available.");
        return ORIGIN_JIT;
    }
    if (mapping_is_kernel(s->p, m))
        return ORIGIN_KERNEL;
    if (mapping_is_jit(s->p, m))
        return ORIGIN_JIT;
    if (str_starts(base, "[vdso]") || str_starts(base, "linux-vdso"))
        return ORIGIN_VDSO;
    if (str_starts(base, "[") || str_starts(file, "/dev/dri/"))
        return ORIGIN_NONE;
    return !m->build_id && is_web_address(file) ? ORIGIN_NONE : ORIGIN_BINARY;
}

static void choose_origins(struct symbolizer *s)
{
    const struct profile *p = s->p;
    bool *used = xcalloc(p->mapping_count + 1, sizeof *used);
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        size_t mapping = l->mapping == NO_INDEX ? p->mapping_count : l->mapping;
        used[mapping] = true;
        s->nameless[mapping] |= l->line_count == 0;
    }
    for (size_t i = 0; i < p->mapping_count; i++)
        if (used[i])
            s->from[origin_of(s, i)][i] = true;
    s->from[ORIGIN_JIT][p->mapping_count] = used[p->mapping_count];
    free(used);
}

/* Only a build id can say that our vdso is the same as the process's. */
static void choose_vdso(struct symbolizer *s, struct buf *path, int *fd)
{
    for (size_t i = 0; i < s->p->mapping_count; i++) {
        if (!s->from[ORIGIN_VDSO][i] || !s->p->mappings[i].build_id)
            continue;
        if (path->len || vdso_file(path, fd))
            s->binaries[i].path = path->data;
    }
}

static int symbolize_locally(struct symbolizer *s, struct error *err)
{
    struct profile *p = s->p;
    struct name_writer w;
    struct buf vdso = {0};
    int vdso_fd = -1;
    choose_origins(s);
    for (size_t i = 0; i < p->mapping_count; i++)
        if (s->from[ORIGIN_BINARY][i])
            s->binaries[i].path = profile_str(p, p->mappings[i].file).ptr;
    choose_vdso(s, &vdso, &vdso_fd);
    name_writer_init(&w, p);
    int rc = symbolize_binaries(&w, s->binaries, s->spec->only_symbols, &s->missing, s->notes, err);
    if (rc == 0) {
        symbolize_kernel(&w, s->from[ORIGIN_KERNEL], "/proc/kallsyms", s->notes);
        symbolize_jit(&w, s->from[ORIGIN_JIT], s->spec->search_path, s->spec->pid);
    }
    name_writer_release(&w);
    buf_release(&vdso);
    if (vdso_fd >= 0)
        close(vdso_fd);
    if (s->missing) {
        lines_add(s->notes,
                  "Some binary filenames not available. Symbolization may be incomplete.");
        lines_add(s->notes, "Try setting PPROF_BINARY_PATH to the search path for local binaries.");
    }
    return rc;
}

int symbolize_apply(struct profile *p, const struct symbolize_spec *spec, struct lines *notes,
                    struct error *err)
{
    struct symbolizer s = {.p = p, .spec = spec, .notes = notes};
    int rc = 0;
    s.binaries = xcalloc(p->mapping_count + 1, sizeof *s.binaries);
    for (size_t i = 0; i < ORIGIN_COUNT; i++)
        s.from[i] = xcalloc(p->mapping_count + 1, sizeof *s.from[i]);
    s.nameless = xcalloc(p->mapping_count + 1, sizeof *s.nameless);
    locate(&s);
    if (spec->local && !spec->nothing)
        rc = symbolize_locally(&s, err);
    if (rc == 0 && !spec->nothing)
        rename_functions(p, spec->demangle, spec->force);
    free(s.binaries);
    free(s.nameless);
    for (size_t i = 0; i < ORIGIN_COUNT; i++)
        free(s.from[i]);
    return rc;
}
