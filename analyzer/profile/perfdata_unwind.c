#include "analyzer/profile/perfdata_unwind.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/isolate.h"
#include "analyzer/base/parallel.h"
#include "analyzer/binary/find.h"
#include "analyzer/binary/vdso.h"
#include "analyzer/profile/perfdata_chain.h"
#include "analyzer/profile/perfdata_registers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_FRAMES = 4096, /* of a sample */
    PART_LEAST = 256,   /* samples for which another thread is worth it */
    SECONDS = 600,
};
static const size_t most_memory = (size_t)16 << 30; /* of addresses; mapped files are most of it */
static const size_t most_output = (size_t)8 << 30;

void perfdata_unwind_init(struct perfdata_unwind *u, const struct perfdata_file *f,
                          struct perfdata_processes *ps)
{
    *u = (struct perfdata_unwind){.file = f, .processes = ps, .machine = perfdata_machine(f->arch)};
}

void perfdata_unwind_release(struct perfdata_unwind *u)
{
    free(u->samples);
    free(u->addresses);
    *u = (struct perfdata_unwind){0};
}

bool perfdata_unwind_can(const struct perfdata_unwind *u, const struct perfdata_sample *s)
{
    return u->machine != BINARY_OTHER && s->registers && !s->registers_32 && s->stack_len;
}

void perfdata_unwind_add(struct perfdata_unwind *u, const uint8_t *at, uint32_t event,
                         uint32_t labels, const struct perfdata_process *process)
{
    perfdata_spaces_keep(&u->processes->spaces);
    u->samples = xgrow(u->samples, &u->sample_cap, u->sample_count + 1, sizeof *u->samples);
    u->samples[u->sample_count++] =
        (struct perfdata_unwound){.at = at, .event = event, .labels = labels, .process = *process};
}

/* --- in the child: each part has its own unwinder and writes down what it finds */

struct found {
    uint32_t count; /* addresses that follow */
    struct unwind_end end;
};

struct work {
    const struct perfdata_unwind *u;
    size_t parts;
    struct buf *output; /* by part */
};

/* Finds addresses of one process, for the unwinder. */
struct finder {
    const struct perfdata_processes *processes;
    const struct perfdata_process *process;
};

static bool find(void *context, uint64_t address, struct unwind_place *out)
{
    const struct finder *f = context;
    uint32_t index = perfdata_process_find(f->processes, f->process, address);
    if (index == UINT32_MAX)
        return false;
    const struct perfdata_place *place = &f->processes->places[index];
    const struct perfdata_image *image = &f->processes->images[place->image];
    *out = (struct unwind_place){place->image,
                                 {image->start, image->limit, image->offset, NULL},
                                 address - place->start + image->start};
    return true;
}

/* BUILD_ID's binary at PATH; NULL if it is not there, or another one is. */
static struct binary *open_file(const char *path, const char *build_id, bool must_have_id)
{
    struct binary *b = binary_open(path, NULL);
    const char *own = b ? binary_build_id(b) : "";
    bool both = *own && *build_id;
    if (b && (both ? strcmp(own, build_id) != 0 : must_have_id)) {
        binary_close(b);
        b = NULL;
    }
    return b;
}

static struct binary *open_image(void *context, uint32_t index)
{
    const struct perfdata_processes *ps = context;
    const struct perfdata_image *image = &ps->images[index];
    const char *file = profile_str(ps->p, image->file).ptr;
    const char *build_id = profile_str(ps->p, image->build_id).ptr;
    struct buf folders = {0}, path = {0};
    struct lines ignored = {0};
    struct binary *b = NULL;
    int fd = -1;
    binary_search_path(&folders);
    if (strcmp(file, "[vdso]") == 0) {
        /* Ours, if it is the same. */
        if (vdso_file(&path, &fd))
            b = open_file(path.data, build_id, true);
    } else if (file[0] == '/') {
        bool found = binary_find(&path, file, build_id, folders.data, &ignored);
        b = open_file(found ? path.data : file, build_id, false);
    }
    if (fd >= 0)
        close(fd);
    lines_release(&ignored);
    buf_release(&path);
    buf_release(&folders);
    return b;
}

/* Where unwinding ends early, frame pointers may lead further. */
static void follow_chain(struct unwinder *unwinder, const struct finder *finder,
                         const struct perfdata_sample *s, uint64_t *addresses, struct found *found)
{
    struct perfdata_chain chain = perfdata_chain_of(s);
    struct unwind_place place;
    if (found->end.how == UNWIND_COMPLETE)
        return;
    size_t i = perfdata_chain_behind(&chain, addresses, found->count);
    for (; i < chain.count && found->count < MOST_FRAMES; i++) {
        uint64_t address = perfdata_chain_entry(&chain, i) - 1;
        if (!find((void *)finder, address, &place))
            return;
        addresses[found->count++] = address;
        found->end.binary = place.binary;
        if (unwind_is_start(unwinder, &place))
            found->end.how = UNWIND_COMPLETE;
    }
}

static void unwind_one(const struct work *w, struct unwinder *unwinder,
                       const struct perfdata_unwound *sample, struct buf *output)
{
    uint64_t addresses[MOST_FRAMES];
    struct found found = {0, {UNWIND_LOST, 0}};
    struct perfdata_sample s;
    struct finder finder = {w->u->processes, &sample->process};
    struct unwind_stack stack = {.machine = w->u->machine, .find = find, .context = &finder};
    const struct perfdata_event *e = &w->u->file->events[sample->event];
    if (perfdata_sample_read(&s, e, sample->at) == 0 &&
        perfdata_registers_read(&stack, s.registers, e->user_registers)) {
        stack.stack = s.stack;
        stack.stack_len = s.stack_len;
        found.count = (uint32_t)unwind(unwinder, &stack, addresses, MOST_FRAMES, &found.end);
        follow_chain(unwinder, &finder, &s, addresses, &found);
    }
    buf_add(output, (const char *)&found, sizeof found);
    buf_add(output, (const char *)addresses, found.count * sizeof *addresses);
}

static void unwind_part(void *context, size_t part)
{
    const struct work *w = context;
    const struct perfdata_unwind *u = w->u;
    struct unwinder *unwinder = unwinder_new(open_image, u->processes, u->processes->image_count);
    size_t last = u->sample_count * (part + 1) / w->parts;
    for (size_t i = u->sample_count * part / w->parts; i < last; i++)
        unwind_one(w, unwinder, &u->samples[i], &w->output[part]);
    unwinder_free(unwinder);
}

static int unwind_all(void *context, int out)
{
    struct work *w = context;
    parallel_run(w->parts, unwind_part, w);
    for (size_t i = 0; i < w->parts; i++) {
        const struct buf *b = &w->output[i];
        for (size_t at = 0; at < b->len;) {
            ssize_t n = write(out, b->data + at, b->len - at);
            if (n < 0)
                return -1;
            at += (size_t)n;
        }
    }
    return 0;
}

/* --- in the parent */

/* Takes what the child wrote, which may be anything. False if it makes no sense. */
static bool take(struct perfdata_unwind *u, const struct buf *output)
{
    struct cursor in = cursor_of((const uint8_t *)output->data, output->len);
    u->addresses = xmalloc(output->len + 1);
    for (size_t i = 0; i < u->sample_count; i++) {
        struct perfdata_unwound *s = &u->samples[i];
        struct found found;
        const uint8_t *head = cursor_bytes(&in, sizeof found);
        if (!head)
            return false;
        memcpy(&found, head, sizeof found);
        const uint8_t *addresses = cursor_bytes(&in, (uint64_t)found.count * 8);
        if (!addresses || found.end.how >= UNWIND_HOWS ||
            found.end.binary >= u->processes->image_count + 1)
            return false;
        memcpy(u->addresses + u->address_count, addresses, (size_t)found.count * 8);
        s->first = u->address_count;
        s->count = found.count;
        s->end = found.end;
        u->address_count += found.count;
    }
    return true;
}

/* Where the processor was is all that can be said. */
static void take_nothing(struct perfdata_unwind *u)
{
    free(u->addresses);
    u->addresses = xcalloc(u->sample_count, sizeof *u->addresses);
    u->address_count = 0;
    for (size_t i = 0; i < u->sample_count; i++) {
        struct perfdata_unwound *sample = &u->samples[i];
        struct perfdata_sample s;
        struct unwind_stack stack = {.machine = u->machine};
        const struct perfdata_event *e = &u->file->events[sample->event];
        bool known = perfdata_sample_read(&s, e, sample->at) == 0 &&
                     perfdata_registers_read(&stack, s.registers, e->user_registers);
        sample->first = u->address_count;
        sample->count = known;
        u->addresses[u->address_count] = stack.pc;
        u->address_count += known;
    }
}

/* The image that most stacks of this end ended in, of which *COUNT gets the number. */
static uint32_t most_often(const struct perfdata_unwind *u, enum unwind_how how, size_t *count)
{
    size_t *ends = xcalloc(u->processes->image_count + 1, sizeof *ends);
    uint32_t most = 0;
    for (size_t i = 0; i < u->sample_count; i++)
        if (u->samples[i].end.how == how)
            ends[u->samples[i].end.binary]++;
    for (uint32_t i = 0; i < u->processes->image_count; i++)
        if (ends[i] > ends[most])
            most = i;
    *count = ends[most];
    free(ends);
    return most;
}

/* One remark for all that ended too early. */
static void remark(const struct perfdata_unwind *u, struct lines *notes)
{
    static const char *const reasons[UNWIND_HOWS] = {
        [UNWIND_COPY_ENDED] = "where the copy of the stack did",
        [UNWIND_NO_BINARY] = "in binaries that are not here",
        [UNWIND_NO_CFI] = "in code without call frame information",
        [UNWIND_LOST] = "where the stack makes no sense",
    };
    size_t counts[UNWIND_HOWS] = {0}, early = 0, named;
    for (size_t i = 0; i < u->sample_count; i++)
        counts[u->samples[i].end.how]++;
    for (int how = UNWIND_COMPLETE + 1; how < UNWIND_HOWS; how++)
        early += counts[how];
    if (!early)
        return;
    struct buf b = {0};
    buf_printf(&b, "%zu of %zu stacks end too early", early, u->sample_count);
    const char *between = ": ";
    for (int how = UNWIND_COMPLETE + 1; how < UNWIND_HOWS; how++) {
        if (!counts[how])
            continue;
        buf_printf(&b, "%s%zu %s", between, counts[how], reasons[how]);
        between = ", ";
        if (how == UNWIND_COPY_ENDED && u->file->command.len) /* it is from perf */
            buf_puts(&b, " (perf record --call-graph dwarf,65528 copies most)");
        if (how != UNWIND_NO_BINARY && how != UNWIND_NO_CFI)
            continue;
        uint32_t image = most_often(u, (enum unwind_how)how, &named);
        buf_puts(&b, named == counts[how] ? " (" : " (most: ");
        buf_str(&b, profile_str(u->processes->p, u->processes->images[image].file));
        buf_putc(&b, ')');
    }
    lines_add_str(notes, "", (struct str){b.data, b.len});
    buf_release(&b);
}

int perfdata_unwind_run(struct perfdata_unwind *u, struct lines *notes, struct error *err)
{
    if (!u->sample_count)
        return 0;
    struct work w = {u, parallel_parts(u->sample_count, PART_LEAST), NULL};
    struct isolate_spec spec = {.seconds = SECONDS, .memory = most_memory, .output = most_output};
    struct isolate_end end = {0};
    struct error reason = {0};
    int rc = 0;
    w.output = xcalloc(w.parts, sizeof *w.output);
    bool ran = isolate_run(&spec, unwind_all, &w, &end, &reason) == 0;
    if (ran && end.how == ISOLATE_INTERRUPTED) {
        rc = error_set(err, ERROR_DATA, "interrupted");
    } else if (!ran || end.how != ISOLATE_DONE || !take(u, &end.output)) {
        take_nothing(u);
        lines_add(notes, "its stacks could not be unwound: %s",
                  reason.kind                    ? reason.text
                  : end.how == ISOLATE_TIMED_OUT ? "it takes too long"
                                                 : "one of the binaries is damaged");
    } else {
        remark(u, notes);
    }
    free(w.output);
    isolate_end_release(&end);
    return rc;
}
