#include "analyzer/profile/legacy.h"

#include "analyzer/base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* In this order: the first that does not say LEGACY_UNRECOGNIZED decides. */
static legacy_parser *const parsers[] = {
    legacy_cpu, legacy_heap, legacy_gocount, legacy_threadz, legacy_contention, legacy_java,
};

static void legacy_init(struct legacy_profile *lp)
{
    *lp = (struct legacy_profile){.profile = profile_new()};
    idmap_init(&lp->by_address, 0);
    /* so that a stack without frames has an address, too */
    lp->frames = xgrow(lp->frames, &lp->frame_cap, 1, sizeof *lp->frames);
}

static void legacy_release(struct legacy_profile *lp)
{
    profile_free(lp->profile);
    idmap_release(&lp->by_address);
    free(lp->locations);
    free(lp->frames);
    free(lp->samples);
    free(lp->values);
    free(lp->mappings);
    free(lp->functions);
}

void legacy_add_type(struct legacy_profile *lp, struct str type, struct str unit)
{
    assert(lp->type_count < LEGACY_TYPES && !lp->sample_count);
    struct strtab *strings = &lp->profile->strings;
    lp->types[lp->type_count++] = (struct value_type){strtab_add(strings, type.ptr, type.len),
                                                      strtab_add(strings, unit.ptr, unit.len)};
}

void legacy_add_frame(struct legacy_profile *lp, uint64_t address, enum legacy_adjust adjust)
{
    bool leaf = lp->frame_count == lp->open;
    if (adjust == ADJUST_ALL || (adjust == ADJUST_CALLERS && !leaf))
        address--;
    uint32_t index = idmap_get(&lp->by_address, address);
    if (index == NO_INDEX) {
        index = (uint32_t)lp->location_count++;
        lp->locations =
            xgrow(lp->locations, &lp->location_cap, lp->location_count, sizeof *lp->locations);
        lp->locations[index] = (struct legacy_location){address, NO_INDEX, 0};
        idmap_put(&lp->by_address, address, index);
    }
    lp->frames = xgrow(lp->frames, &lp->frame_cap, lp->frame_count + 1, sizeof *lp->frames);
    lp->frames[lp->frame_count++] = index;
}

bool legacy_add_frames(struct legacy_profile *lp, struct str text, enum legacy_adjust adjust)
{
    while (scan_find(&text, "0x")) {
        struct str digits = scan_run(&text, SCAN_LOHEX);
        uint64_t address;
        if (!digits.len)
            continue;
        if (!scan_uint(digits, 16, &address))
            return false;
        legacy_add_frame(lp, address, adjust);
    }
    return true;
}

struct legacy_sample *legacy_end_sample(struct legacy_profile *lp, const int64_t *values)
{
    size_t i = lp->sample_count++, types = lp->type_count;
    lp->samples = xgrow(lp->samples, &lp->sample_cap, lp->sample_count, sizeof *lp->samples);
    lp->samples[i] = (struct legacy_sample){lp->open, (uint32_t)(lp->frame_count - lp->open), 0};
    lp->values = xgrow(lp->values, &lp->value_cap, lp->sample_count * types, sizeof *lp->values);
    memcpy(lp->values + i * types, values, types * sizeof *values);
    lp->open = lp->frame_count;
    return &lp->samples[i];
}

void legacy_drop_frames(struct legacy_profile *lp)
{
    lp->frame_count = lp->open;
}

enum legacy_verdict legacy_malformed(struct error *err, size_t line, const char *what,
                                     struct str text)
{
    error_set(err, ERROR_DATA, "line %zu: %s '%s'", line, what, scan_shown(text).text);
    return LEGACY_MALFORMED;
}

enum legacy_verdict legacy_end_of_lines(const struct scanner *in, enum legacy_verdict verdict,
                                        struct error *err)
{
    if (!in->too_long)
        return verdict;
    error_set(err, ERROR_DATA,
              "line %zu is too long for a legacy profile (bufio.Scanner: token too long)",
              in->number);
    return LEGACY_MALFORMED;
}

/* The locations that samples use, in the order in which they come up. */
static uint32_t *used_locations(const struct legacy_profile *lp, size_t *count)
{
    uint32_t *used = xcalloc(lp->location_count, sizeof *used);
    bool *seen = xcalloc(lp->location_count, sizeof *seen);
    *count = 0;
    for (size_t i = 0; i < lp->sample_count; i++) {
        struct legacy_sample s = lp->samples[i];
        for (size_t f = s.first; f < s.first + s.count; f++) {
            uint32_t location = lp->frames[f];
            if (!seen[location])
                used[(*count)++] = location;
            seen[location] = true;
        }
    }
    free(seen);
    return used;
}

/* Where the leaf stands a second time as a return address, which adjusting moved back by one. */
static void drop_double_leaves(struct legacy_profile *lp)
{
    for (size_t i = 0; i < lp->sample_count; i++) {
        struct legacy_sample *s = &lp->samples[i];
        uint32_t *stack = lp->frames + s->first;
        if (s->count < 2 || lp->locations[stack[0]].address != lp->locations[stack[1]].address + 1)
            continue;
        memmove(stack + 1, stack + 2, (s->count - 2) * sizeof *stack);
        s->count--;
    }
}

/* Puts LOCATION into the model with its mapping; functions follow in the order they are first
 * needed. FUNCTION_IDS says which are there already. */
static uint32_t add_location(struct legacy_profile *lp, uint32_t location, uint32_t mapping,
                             uint32_t *function_ids)
{
    struct profile *p = lp->profile;
    struct legacy_location l = lp->locations[location];
    bool described = l.function != NO_INDEX;
    struct line line = {.line = l.line};
    if (described) {
        uint32_t *id = &function_ids[l.function];
        if (*id == NO_INDEX)
            *id = profile_add_function(p, lp->functions[l.function]);
        line.function = *id;
    }
    struct location out = {.address = lp->drop_addresses ? 0 : l.address, .mapping = mapping};
    return profile_add_location(p, out, &line, described);
}

static void add_samples(struct legacy_profile *lp, const uint32_t *location_ids)
{
    struct profile *p = lp->profile;
    strid bytes = lp->has_block_size ? profile_intern(p, "bytes") : 0;
    for (size_t i = 0; i < lp->sample_count; i++) {
        struct legacy_sample s = lp->samples[i];
        uint32_t *stack = lp->frames + s.first;
        for (size_t f = 0; f < s.count; f++)
            stack[f] = location_ids[stack[f]];
        struct label label = label_number(bytes, s.block_size, 0);
        profile_add_sample(p, profile_add_stack(p, stack, s.count),
                           profile_add_labels(p, &label, lp->has_block_size),
                           lp->values + i * lp->type_count);
    }
}

/* Turns what was collected into the model, whose mappings, locations and functions stand in pprof's
 * order: locations as samples first use them, functions as locations do. LP gives its profile away.
 */
static struct profile *legacy_finish(struct legacy_profile *lp)
{
    struct profile *p = lp->profile;
    size_t used_count;
    uint32_t *used = used_locations(lp, &used_count);
    /* First a location's mapping, then its index in the model. */
    uint32_t *ids = xcalloc(lp->location_count, sizeof *ids);
    legacy_locate(lp, used, used_count, ids);
    if (lp->leaf_comes_twice)
        drop_double_leaves(lp);

    profile_set_sample_types(p, lp->types, lp->type_count);
    for (size_t m = 0; m < lp->mapping_count; m++)
        profile_add_mapping(p, lp->mappings[m]);
    uint32_t *function_ids = xcalloc(lp->function_count, sizeof *function_ids);
    memset(function_ids, 0xFF, lp->function_count * sizeof *function_ids);
    for (size_t i = 0; i < used_count; i++)
        ids[used[i]] = add_location(lp, used[i], ids[used[i]], function_ids);
    add_samples(lp, ids);
    legacy_set_frame_filters(p);

    free(function_ids);
    free(ids);
    free(used);
    lp->profile = NULL;
    return p;
}

struct profile *legacy_parse(const char *data, size_t len, struct error *err)
{
    /* Every address takes at least three bytes of input, so their indices fit 32 bits. */
    if (len > UINT32_MAX) {
        error_set(err, ERROR_DATA, "%zu bytes are too many for a legacy profile", len);
        return NULL;
    }
    struct str in = {len ? data : "", len};
    /* The first complaint is the one of the format that fits best. */
    struct error reason = {0};
    for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
        struct legacy_profile lp;
        struct error complaint = {0};
        legacy_init(&lp);
        enum legacy_verdict verdict = parsers[i](&lp, in, &complaint);
        struct profile *p = verdict == LEGACY_OK ? legacy_finish(&lp) : NULL;
        legacy_release(&lp);
        if (p)
            return p;
        if (!reason.kind)
            reason = complaint;
        if (verdict == LEGACY_MALFORMED)
            break;
    }
    if (reason.kind)
        error_set(err, reason.kind, "%s", reason.text);
    else
        error_set(err, ERROR_NONE, "unrecognized profile format");
    return NULL;
}
