#include "analyzer/transform/name_writer.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

void name_writer_init(struct name_writer *w, struct profile *p)
{
    *w = (struct name_writer){.p = p};
    strtab_init(&w->keys);
}

void name_writer_release(struct name_writer *w)
{
    strtab_release(&w->keys);
    free(w->functions);
}

static uint32_t function_of(struct name_writer *w, const struct binary_frame *frame)
{
    const struct {
        strid name, file;
        int64_t start_line;
    } key = {profile_intern(w->p, frame->name), profile_intern(w->p, frame->file),
             frame->start_line};
    size_t known = w->keys.count;
    strid id = strtab_add(&w->keys, (const char *)&key, sizeof key);
    if (id >= known) {
        w->functions = xgrow(w->functions, &w->cap, id, sizeof *w->functions);
        w->functions[id - 1] = profile_add_function(w->p, (struct function){
                                                              .name = key.name,
                                                              .system_name = key.name,
                                                              .filename = key.file,
                                                              .start_line = key.start_line,
                                                          });
    }
    return w->functions[id - 1];
}

static bool says_something(const struct binary_frame *f)
{
    return *f->name || *f->file || f->line;
}

void name_writer_set(struct name_writer *w, size_t location, const struct binary_frame *frames,
                     size_t count)
{
    struct profile *p = w->p;
    struct location *l = &p->locations[location];
    struct mapping *m = l->mapping == NO_INDEX ? NULL : &p->mappings[l->mapping];
    size_t first = p->line_count;
    for (size_t i = 0; i < count; i++) {
        const struct binary_frame *f = &frames[i];
        if (!says_something(f))
            continue;
        struct line line = {function_of(w, f), f->line, f->column};
        p->lines = xgrow(p->lines, &p->line_cap, p->line_count + 1, sizeof *p->lines);
        p->lines[p->line_count++] = line;
        if (!m)
            continue;
        m->has_functions |= *f->name != '\0';
        m->has_filenames |= *f->file != '\0';
        m->has_line_numbers |= f->line != 0;
        m->has_inline_frames = true;
    }
    if (p->line_count == first)
        return;
    l->first_line = (uint32_t)first;
    l->line_count = (uint32_t)(p->line_count - first);
    l->folded = false;
}

void name_writer_set_name(struct name_writer *w, size_t location, const char *name)
{
    name_writer_set(w, location, &(struct binary_frame){.name = name, .file = ""}, 1);
}
