/* The memory map at the end of a legacy profile: which addresses show which file.
 *
 * Two forms of a line are known, the one of /proc/self/maps and a brief one of other tools; more
 * may follow what is read of them:
 *
 *     00400000-00452000 r-xp 00001000 08:02 173521   /usr/bin/program
 *     00400000-00452000: /usr/bin/program (@1000) 0123456789abcdef
 *
 * A line may have a prefix of glog ("I0812 file.cc:12] "), and "$NAME" in it stands for what an
 * earlier line "NAME=VALUE" gave. Everything else is passed over.
 */
#include "analyzer/profile/legacy.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/arena.h"
#include "analyzer/base/buf.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct str start, limit, perm, offset, file, build_id; /* empty: not there */
};

static struct str run_after_space(struct str *s, unsigned sets)
{
    struct str rest = *s, none = {s->ptr, 0};
    if (!scan_run(&rest, SCAN_SPACE).len)
        return none;
    struct str run = scan_run(&rest, sets);
    if (run.len)
        *s = rest;
    return run;
}

static struct str word_after_space(struct str *s)
{
    struct str rest = *s, none = {s->ptr, 0};
    if (!scan_run(&rest, SCAN_SPACE).len)
        return none;
    struct str word = scan_word(&rest);
    if (word.len)
        *s = rest;
    return word;
}

/* "0x" counts as a prefix if a digit follows it. */
static struct str hex_number(struct str *s)
{
    struct str rest = *s;
    if (scan_skip(&rest, "0x") && rest.len && scan_in((unsigned char)rest.ptr[0], SCAN_XDIGIT))
        *s = rest;
    return scan_run(s, SCAN_XDIGIT);
}

/* The two addresses at the beginning of a line. APART: white space or a - separates them. A line
 * that makes no sense that way pprof reads without: "1234" is 123 and 4, "120x56" is 12 and 56. */
static bool skip_range(struct str *s, bool apart, struct entry *e)
{
    scan_run(s, SCAN_SPACE);
    e->start = hex_number(s);
    if (!e->start.len)
        return false;
    if (apart) {
        if (!scan_skip(s, "-") && !scan_run(s, SCAN_SPACE).len)
            return false;
        scan_run(s, SCAN_SPACE);
        e->limit = hex_number(s);
    } else {
        if (e->start.len < 2)
            return false;
        e->start.len--;
        *s = (struct str){s->ptr - 1, s->len + 1};
        e->limit = hex_number(s);
    }
    scan_skip(s, ":");
    return e->limit.len > 0;
}

/* PERM OFFSET MAJOR:MINOR INODE FILE; permissions, offset and file may be missing. */
static bool skip_full(struct str s, struct entry *e)
{
    e->perm = run_after_space(&s, SCAN_PERM);
    e->offset = (struct str){s.ptr, 0};
    struct str hex = run_after_space(&s, SCAN_XDIGIT);
    if (!str_starts(s, ":")) {
        e->offset = hex;
        hex = run_after_space(&s, SCAN_XDIGIT);
    }
    if (!hex.len || !scan_skip(&s, ":") || !scan_run(&s, SCAN_XDIGIT).len ||
        !run_after_space(&s, SCAN_DIGIT).len)
        return false;
    e->file = word_after_space(&s);
    return true;
}

/* PERM FILE (@OFFSET) BUILD_ID; anything may be missing. */
static void skip_brief(struct str s, struct entry *e)
{
    e->perm = run_after_space(&s, SCAN_PERM);
    e->file = word_after_space(&s);
    struct str rest = s;
    if (scan_run(&rest, SCAN_SPACE).len && scan_skip(&rest, "(@")) {
        struct str offset = scan_run(&rest, SCAN_XDIGIT);
        if (offset.len && scan_skip(&rest, ")")) {
            e->offset = offset;
            s = rest;
        }
    }
    e->build_id = run_after_space(&s, SCAN_XDIGIT);
}

/* The form with more in it wins, then the reading with a separator between the addresses. */
static bool split_entry(struct str line, struct entry *e)
{
    for (int brief = 0; brief <= 1; brief++) {
        for (int apart = 1; apart >= 0; apart--) {
            struct str rest = line;
            *e = (struct entry){.perm = {"", 0}};
            if (!skip_range(&rest, apart, e))
                continue;
            if (brief)
                skip_brief(rest, e);
            if (brief || skip_full(rest, e))
                return true;
        }
    }
    return false;
}

/* Adds the mapping that LINE describes, if it is executable. False if LINE describes none. */
static bool add_entry(struct legacy_profile *lp, struct str line)
{
    struct entry e;
    struct mapping m = {0};
    if (!split_entry(line, &e))
        return false;
    if (e.perm.len && !memchr(e.perm.ptr, 'x', e.perm.len))
        return true;
    if (!scan_uint(e.start, 16, &m.start) || !scan_uint(e.limit, 16, &m.limit) ||
        (e.offset.len && !scan_uint(e.offset, 16, &m.offset)))
        return false;
    struct strtab *strings = &lp->profile->strings;
    if (e.file.len)
        m.file = strtab_add(strings, e.file.ptr, e.file.len);
    if (e.build_id.len)
        m.build_id = strtab_add(strings, e.build_id.ptr, e.build_id.len);
    lp->mappings =
        xgrow(lp->mappings, &lp->mapping_cap, lp->mapping_count + 1, sizeof *lp->mappings);
    lp->mappings[lp->mapping_count++] = m;
    return true;
}

/* --- attributes */

/* Longer names are not remembered: nothing refers to them, any line with a = in it makes one, and
 * every $ is looked at in every length. */
enum { LONGEST_NAME = 128 };

struct attribute {
    struct str name, value;
    uint64_t hash;
};

struct attributes {
    struct arena bytes;
    struct attribute *items;
    size_t count, cap;
    uint32_t *slots; /* open addressing by hash; 0 is free, else index + 1 */
    size_t slot_count;
    bool has_length[LONGEST_NAME + 1]; /* of a name */
    size_t longest;
    size_t budget; /* bytes that substitution may still add: values can refer to values */
};

static void attributes_init(struct attributes *a, size_t map_size)
{
    *a = (struct attributes){.budget = (1 << 20) + 16 * map_size};
    arena_init(&a->bytes);
}

static void attributes_release(struct attributes *a)
{
    arena_release(&a->bytes);
    free(a->items);
    free(a->slots);
}

/* Names are hashed byte by byte (FNV-1a): the hash of a text extends the one of its beginning. */
static const uint64_t hash_seed = 0xcbf29ce484222325;

static uint64_t hash_byte(uint64_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * 0x100000001b3;
}

/* Where NAME's index is in the slots, or belongs. */
static size_t find_slot(const struct attributes *a, struct str name, uint64_t hash)
{
    size_t at = (hash ^ hash >> 32) & (a->slot_count - 1);
    for (; a->slots[at]; at = (at + 1) & (a->slot_count - 1)) {
        const struct attribute *item = &a->items[a->slots[at] - 1];
        if (item->hash == hash && str_cmp(item->name, name) == 0)
            break;
    }
    return at;
}

static void grow_slots(struct attributes *a)
{
    free(a->slots);
    a->slot_count = a->slot_count ? a->slot_count * 2 : 16;
    a->slots = xcalloc(a->slot_count, sizeof *a->slots);
    for (size_t i = 0; i < a->count; i++)
        a->slots[find_slot(a, a->items[i].name, a->items[i].hash)] = (uint32_t)i + 1;
}

static struct str keep(struct attributes *a, struct str s)
{
    return (struct str){arena_strndup(&a->bytes, s.ptr, s.len), s.len};
}

/* Of several values for one name the first stays. */
static void attributes_add(struct attributes *a, struct str name, struct str value)
{
    if (name.len > LONGEST_NAME)
        return;
    if ((a->count + 1) * 2 > a->slot_count)
        grow_slots(a);
    uint64_t hash = hash_seed;
    for (size_t i = 0; i < name.len; i++)
        hash = hash_byte(hash, name.ptr[i]);
    size_t at = find_slot(a, name, hash);
    if (a->slots[at])
        return;
    a->items = xgrow(a->items, &a->cap, a->count + 1, sizeof *a->items);
    a->items[a->count++] = (struct attribute){keep(a, name), keep(a, value), hash};
    a->slots[at] = (uint32_t)a->count;
    a->has_length[name.len] = true;
    if (name.len > a->longest)
        a->longest = name.len;
}

/* The attribute that S, which follows a $, begins with; the oldest, if several do. */
static const struct attribute *attributes_find(const struct attributes *a, struct str s)
{
    uint32_t oldest = UINT32_MAX;
    uint64_t hash = hash_seed;
    for (size_t len = 0; len <= a->longest && len <= s.len; len++) {
        if (len)
            hash = hash_byte(hash, s.ptr[len - 1]);
        if (!a->has_length[len])
            continue;
        uint32_t found = a->slots[find_slot(a, (struct str){s.ptr, len}, hash)];
        if (found && found - 1 < oldest)
            oldest = found - 1;
    }
    return oldest == UINT32_MAX ? NULL : &a->items[oldest];
}

/* LINE with values for attributes, in OUT where there are any. False if they are too long. */
static bool substitute(struct attributes *a, struct str *line, struct buf *out)
{
    struct str rest = *line, before = rest;
    if (!a->count || !scan_find(&rest, "$"))
        return true;
    buf_clear(out);
    do {
        const struct attribute *found = attributes_find(a, rest);
        if (!found)
            continue;
        if (found->value.len > a->budget)
            return false;
        a->budget -= found->value.len;
        buf_add(out, before.ptr, (size_t)(rest.ptr - 1 - before.ptr));
        buf_str(out, found->value);
        rest = (struct str){rest.ptr + found->name.len, rest.len - found->name.len};
        before = rest;
    } while (scan_find(&rest, "$"));
    buf_str(out, before);
    *line = (struct str){out->data, out->len};
    return true;
}

/* --- lines */

/* Without "WHAT:LINE] ", the end of glog's prefix, if LINE has it before any other bracket. */
static struct str without_log_prefix(struct str line)
{
    size_t end = 0;
    while (end < line.len && line.ptr[end] != '[' && line.ptr[end] != ']')
        end++;
    if (end + 1 >= line.len || line.ptr[end] != ']' ||
        !scan_in((unsigned char)line.ptr[end + 1], SCAN_SPACE))
        return line;
    size_t digits = end;
    while (digits && scan_in((unsigned char)line.ptr[digits - 1], SCAN_DIGIT))
        digits--;
    if (digits == end || digits < 2 || line.ptr[digits - 1] != ':')
        return line;
    return (struct str){line.ptr + end + 2, line.len - end - 2};
}

bool legacy_is_map_header(struct str line)
{
    return scan_contains(line, "--- Memory map: ---") || scan_contains(line, "MAPPED_LIBRARIES:");
}

/* More than a kernel gives to a process; each takes memory when locations are fitted to them. */
enum { MOST_MAPPINGS = 1 << 18 };

enum legacy_verdict legacy_read_map(struct legacy_profile *lp, struct scanner *in,
                                    struct error *err)
{
    enum legacy_verdict verdict = LEGACY_OK;
    struct attributes attributes;
    struct buf expanded = {0};
    attributes_init(&attributes, (size_t)(in->end - in->next));
    while (verdict == LEGACY_OK && scanner_next(in)) {
        struct str line = without_log_prefix(in->text);
        if (!substitute(&attributes, &line, &expanded)) {
            verdict = legacy_malformed(err, in->number, "memory map with too long $values:", line);
        } else if (!add_entry(lp, line)) {
            struct str value = line;
            if (scan_find(&value, "=")) {
                struct str name = {line.ptr, line.len - value.len - 1};
                attributes_add(&attributes, scan_trim(name), scan_trim(value));
            }
        }
        if (lp->mapping_count > MOST_MAPPINGS)
            verdict =
                legacy_malformed(err, in->number, "memory map with too many entries, at", line);
    }
    attributes_release(&attributes);
    buf_release(&expanded);
    return verdict == LEGACY_OK ? legacy_end_of_lines(in, verdict, err) : verdict;
}

enum legacy_verdict legacy_find_map(struct legacy_profile *lp, struct scanner *in,
                                    struct error *err)
{
    while (!legacy_is_map_header(in->text) && scanner_next(in))
        ;
    return legacy_read_map(lp, in, err);
}
