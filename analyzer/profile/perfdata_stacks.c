#include "analyzer/profile/perfdata_stacks.h"

#include "analyzer/base/alloc.h"

#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

/* Most addresses of a chain were in the one before. */
enum { SEEN = 1 << 14 };
struct perfdata_seen {
    uint64_t address;
    uint32_t version, location; /* plus one, so that 0 is nothing */
};

void perfdata_stacks_init(struct perfdata_stacks *st, struct perfdata_processes *ps)
{
    *st = (struct perfdata_stacks){.processes = ps};
    st->seen = xcalloc(SEEN, sizeof *st->seen);
}

void perfdata_stacks_release(struct perfdata_stacks *st)
{
    for (size_t i = 0; i < st->locations_count; i++)
        idmap_release(&st->locations[i]);
    free(st->locations);
    free(st->mappings);
    free(st->seen);
    free(st->frames);
    *st = (struct perfdata_stacks){0};
}

/* Makes room for all images there are. */
static void know_images(struct perfdata_stacks *st)
{
    size_t images = st->processes->image_count;
    if (st->locations_count > images)
        return;
    st->locations = xgrow(st->locations, &st->locations_cap, images + 1, sizeof *st->locations);
    st->mappings = xgrow(st->mappings, &st->mappings_cap, images + 1, sizeof *st->mappings);
    for (; st->locations_count <= images; st->locations_count++) {
        idmap_init(&st->locations[st->locations_count], 0);
        st->mappings[st->locations_count] = NO_INDEX;
    }
}

uint32_t perfdata_stacks_mapping(struct perfdata_stacks *st, uint32_t image)
{
    know_images(st);
    uint32_t *mapping = &st->mappings[image];
    if (*mapping == NO_INDEX) {
        const struct perfdata_image *i = &st->processes->images[image];
        *mapping = profile_add_mapping(st->processes->p, (struct mapping){.start = i->start,
                                                                          .limit = i->limit,
                                                                          .offset = i->offset,
                                                                          .file = i->file,
                                                                          .build_id = i->build_id});
    }
    return *mapping;
}

static uint32_t location_of(struct perfdata_stacks *st, uint32_t image, uint64_t address)
{
    know_images(st);
    struct idmap *locations = &st->locations[image == NO_INDEX ? 0 : image + 1];
    uint32_t index = idmap_get(locations, address);
    if (index == UINT32_MAX) {
        struct location l = {.address = address, .mapping = NO_INDEX};
        if (image != NO_INDEX)
            l.mapping = perfdata_stacks_mapping(st, image);
        index = profile_add_location(st->processes->p, l, NULL, 0);
        idmap_put(locations, address, index);
    }
    return index;
}

/* ADDRESS of PROCESS (NULL: of nobody we know) as a location. */
static uint32_t locate(struct perfdata_stacks *st, const struct perfdata_process *process,
                       uint64_t address)
{
    const struct perfdata_processes *ps = st->processes;
    if (!process)
        return location_of(st, NO_INDEX, address);
    uint64_t mixed = (address ^ (uint64_t)process->version << 40) * 0x9E3779B97F4A7C15;
    struct perfdata_seen *seen = &st->seen[mixed >> 50];
    if (seen->location && seen->address == address && seen->version == process->version)
        return seen->location - 1;
    uint32_t place = perfdata_process_find(ps, process, address);
    uint32_t location;
    if (place != UINT32_MAX) {
        uint32_t image = ps->places[place].image;
        location =
            location_of(st, image, address - ps->places[place].start + ps->images[image].start);
    } else {
        /* The kernel, all of the upper half, is more than the part of it that has a record. */
        bool in_kernel = process == &ps->kernel && address >> 63;
        uint32_t image = in_kernel ? process->main_image : NO_INDEX;
        location = location_of(st, image, address);
    }
    *seen = (struct perfdata_seen){address, process->version, location + 1};
    return location;
}

static void add_frame(struct perfdata_stacks *st, uint32_t location)
{
    st->frames = xgrow(st->frames, &st->frame_cap, st->frame_count + 1, sizeof *st->frames);
    st->frames[st->frame_count++] = location;
}

void perfdata_stacks_begin(struct perfdata_stacks *st, const struct perfdata_sample *s,
                           const struct perfdata_process *process, bool without_user)
{
    const struct perfdata_process *kernel = &st->processes->kernel;
    const struct perfdata_process *in = s->user_mode ? process : kernel;
    bool leaf = true, any = false;
    st->frame_count = 0;
    for (size_t i = 0; i < s->chain_count; i++) {
        uint64_t address;
        memcpy(&address, s->chain + i * sizeof address, sizeof address);
        switch (address) {
        case (uint64_t)PERF_CONTEXT_USER:
            in = process;
            leaf = true;
            continue;
        case (uint64_t)PERF_CONTEXT_KERNEL:
            /* The kernel's part comes first, but kernels have been seen to put its marker into the
             * middle of the user's. */
            in = kernel;
            leaf = !any;
            continue;
        case (uint64_t)PERF_CONTEXT_HV:
        case (uint64_t)PERF_CONTEXT_GUEST:
        case (uint64_t)PERF_CONTEXT_GUEST_KERNEL:
        case (uint64_t)PERF_CONTEXT_GUEST_USER:
            in = NULL;
            leaf = true;
            continue;
        default:
            break;
        }
        /* What is left of the markers' range is what somebody kept in the frame pointer. */
        if (address >= (uint64_t)PERF_CONTEXT_MAX)
            continue;
        any = true;
        if (!address || (without_user && in == process))
            continue;
        add_frame(st, locate(st, in, address - !leaf));
        leaf = false;
    }
    if (!any && s->ip && !(without_user && s->user_mode))
        add_frame(st, locate(st, s->user_mode ? process : kernel, s->ip));
}

void perfdata_stacks_add_user(struct perfdata_stacks *st, const struct perfdata_process *process,
                              uint64_t address)
{
    add_frame(st, locate(st, process, address));
}

uint32_t perfdata_stacks_end(struct perfdata_stacks *st)
{
    return profile_add_stack(st->processes->p, st->frames, st->frame_count);
}
