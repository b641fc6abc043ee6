#include "names.h"

#include "calltree.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(words, bits) (words)[(bits) % COUNT(words)]

enum { METHODS_PER_CLASS = 12 };
enum { TOPIC_NAME = 100, TOPIC_CLASS }; /* and a topic more for each language */

static const char *const packages[] = {
    "storage", "index",  "query",    "ledger",    "orders",  "session", "codec",  "transport",
    "cache",   "router", "planner",  "scheduler", "metrics", "auth",    "search", "stream",
    "billing", "raft",   "snapshot", "config",    "archive", "graph",   "render", "journal",
};

static const char *const adjectives[] = {
    "Async",  "Batch",  "Bounded", "Cached",     "Chunked", "Columnar", "Compact", "Delta",
    "Fenced", "Framed", "Hashed",  "Indexed",    "Lazy",    "LockFree", "Merged",  "Ordered",
    "Packed", "Pooled", "Ranked",  "Replicated", "Shared",  "Sorted",   "Striped", "Versioned",
};

static const char *const nouns[] = {
    "Allocator", "Arena",  "Block",    "Bucket",  "Buffer", "Channel",  "Cursor", "Decoder",
    "Encoder",   "Filter", "Iterator", "Journal", "Key",    "Manifest", "Map",    "Matcher",
    "Page",      "Parser", "Queue",    "Reader",  "Record", "Segment",  "Tree",   "Writer",
};

static const char *const verbs[] = {
    "Acquire", "Append", "Apply",   "Commit",  "Compare", "Decode", "Dispatch", "Drain",
    "Encode",  "Evict",  "Fetch",   "Flush",   "Insert",  "Lookup", "Merge",    "Parse",
    "Publish", "Refill", "Release", "Resolve", "Scan",    "Seek",   "Split",    "Validate",
};

/* Builtin types only, so that the mangled names below are true ones without substitutions. */
static const struct {
    const char *text, *mangled;
} types[] = {
    {"int", "i"},   {"unsigned long", "m"}, {"double", "d"},
    {"float", "f"}, {"bool", "b"},          {"unsigned int", "j"},
};

/*
 * What every program of the language spends its time in. A segment opens with its popular
 * functions, and the first of them is where threads start.
 */
struct known {
    const char *text, *system, *file;
};

static const struct known known_cxx[] = {
    {"start_thread", "start_thread", "./nptl/pthread_create.c"},
    {"__libc_malloc", "__libc_malloc", "./malloc/malloc.c"},
    {"_int_free", "_int_free", "./malloc/malloc.c"},
    {"__memmove_avx_unaligned_erms", "__memmove_avx_unaligned_erms",
     "./string/../sysdeps/x86_64/multiarch/memmove-vec-unaligned-erms.S"},
    {"operator new(unsigned long)", "_Znwm", "../../../../src/libstdc++-v3/libsupc++/new_op.cc"},
    {"std::__detail::_Prime_rehash_policy::_M_next_bkt(unsigned long) const",
     "_ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm",
     "../../../../../src/libstdc++-v3/src/c++11/hashtable_c++0x.cc"},
    {"std::ostream::flush()", "_ZNSo5flushEv", "/usr/include/c++/12/bits/ostream.tcc"},
};

static const struct known known_go[] = {
    {"runtime.goexit", "runtime.goexit", "/usr/local/go/src/runtime/asm_amd64.s"},
    {"runtime.mallocgc", "runtime.mallocgc", "/usr/local/go/src/runtime/malloc.go"},
    {"runtime.mapassign_faststr", "runtime.mapassign_faststr",
     "/usr/local/go/src/runtime/map_faststr.go"},
    {"runtime.gcDrain", "runtime.gcDrain", "/usr/local/go/src/runtime/mgcmark.go"},
    {"encoding/json.(*decodeState).object", "encoding/json.(*decodeState).object",
     "/usr/local/go/src/encoding/json/decode.go"},
    {"net/http.HandlerFunc.ServeHTTP", "net/http.HandlerFunc.ServeHTTP",
     "/usr/local/go/src/net/http/server.go"},
};

static const struct known known_rust[] = {
    {"std::sys::unix::thread::Thread::new::thread_start",
     "_ZN3std3sys4unix6thread6Thread3new12thread_start17h3f1c9a6b2e4d7058E",
     "/rustc/8ede3aae28fe6e4d52b38157d7bfe0d3bceef225/library/std/src/sys/unix/thread.rs"},
    {"alloc::raw_vec::finish_grow", "_ZN5alloc7raw_vec11finish_grow17h90d1b7c3a5e2f864E",
     "/rustc/8ede3aae28fe6e4d52b38157d7bfe0d3bceef225/library/alloc/src/raw_vec.rs"},
    {"core::fmt::write", "_ZN4core3fmt5write17h5a7be01c94d2386fE",
     "/rustc/8ede3aae28fe6e4d52b38157d7bfe0d3bceef225/library/core/src/fmt/mod.rs"},
};

static const struct {
    const struct known *rows;
    size_t count;
} known[N_LANGUAGES] = {
    [CXX] = {known_cxx, COUNT(known_cxx)},
    [GO] = {known_go, COUNT(known_go)},
    [RUST] = {known_rust, COUNT(known_rust)},
};

/* The words a class and one of its methods are made of. */
struct words {
    const char *outer, *inner;
    char class[64], method[64];
    char class_lower[64], method_lower[64]; /* in snake case, for files and Rust */
    size_t template_type, types[2];
    bool is_template, is_const;
    uint64_t hash;
};

/* "VersionedMap" to "versioned_map". */
static void snake(char *out, size_t size, const char *camel)
{
    size_t n = 0;
    for (const char *c = camel; *c && n + 2 < size; c++) {
        bool upper = *c >= 'A' && *c <= 'Z';
        if (upper && n)
            out[n++] = '_';
        out[n++] = upper ? (char)(*c - 'A' + 'a') : *c;
    }
    out[n] = 0;
}

static void words_init(struct words *words, uint64_t class_hash, uint64_t hash)
{
    words->hash = hash;
    words->outer = PICK(packages, class_hash);
    words->inner = PICK(packages, class_hash >> 8);
    snprintf(words->class, sizeof(words->class), "%s%s", PICK(adjectives, class_hash >> 16),
             PICK(nouns, class_hash >> 24));
    snprintf(words->method, sizeof(words->method), "%s%s", PICK(verbs, hash),
             PICK(nouns, hash >> 8));
    snake(words->class_lower, sizeof(words->class_lower), words->class);
    snake(words->method_lower, sizeof(words->method_lower), words->method);
    words->template_type = (class_hash >> 32) % COUNT(types);
    words->types[0] = (hash >> 16) % COUNT(types);
    words->types[1] = (hash >> 24) % COUNT(types);
    words->is_template = class_hash >> 40 & 1;
    words->is_const = hash >> 40 & 1;
}

/* Appends " <length><word>", a source name of the Itanium mangling. */
static void append_source_name(char *out, size_t size, const char *word)
{
    size_t n = strlen(out);
    snprintf(out + n, size - n, "%zu%s", strlen(word), word);
}

static void append(char *out, size_t size, const char *text)
{
    size_t n = strlen(out);
    snprintf(out + n, size - n, "%s", text);
}

static void name_cxx(struct name *name, const struct words *w)
{
    size_t size = sizeof(name->system);
    const char *first = types[w->types[0]].text, *second = types[w->types[1]].text;

    snprintf(name->text, sizeof(name->text), "acme::%s::%s::%s%s%s%s::%s(%s, %s)%s", w->outer,
             w->inner, w->class, w->is_template ? "<" : "",
             w->is_template ? types[w->template_type].text : "", w->is_template ? ">" : "",
             w->method, first, second, w->is_const ? " const" : "");
    snprintf(name->system, size, "_ZN%s", w->is_const ? "K" : "");
    append_source_name(name->system, size, "acme");
    append_source_name(name->system, size, w->outer);
    append_source_name(name->system, size, w->inner);
    append_source_name(name->system, size, w->class);
    if (w->is_template) {
        append(name->system, size, "I");
        append(name->system, size, types[w->template_type].mangled);
        append(name->system, size, "E");
    }
    append_source_name(name->system, size, w->method);
    append(name->system, size, "E");
    append(name->system, size, types[w->types[0]].mangled);
    append(name->system, size, types[w->types[1]].mangled);
    snprintf(name->file, sizeof(name->file), "/build/acme-server/src/%s/%s/%s.cc", w->outer,
             w->inner, w->class_lower);
}

static void name_go(struct name *name, const struct words *w)
{
    bool is_closure = (w->hash >> 40) % 4 == 0;
    snprintf(name->text, sizeof(name->text), "example.com/acme/%s/internal/%s.(*%s).%s%s", w->outer,
             w->inner, w->class, w->method, is_closure ? ".func1" : "");
    memcpy(name->system, name->text, sizeof(name->system));
    snprintf(name->file, sizeof(name->file), "/build/go/src/example.com/acme/%s/internal/%s/%s.go",
             w->outer, w->inner, w->class_lower);
}

static void name_rust(struct name *name, const struct words *w)
{
    size_t size = sizeof(name->system);
    char crate[64];

    snprintf(crate, sizeof(crate), "acme_%s", w->outer);
    snprintf(name->text, sizeof(name->text), "%s::%s::%s::%s", crate, w->inner, w->class,
             w->method_lower);
    snprintf(name->system, size, "_ZN");
    append_source_name(name->system, size, crate);
    append_source_name(name->system, size, w->inner);
    append_source_name(name->system, size, w->class);
    append_source_name(name->system, size, w->method_lower);
    size_t n = strlen(name->system);
    snprintf(name->system + n, size - n, "17h%016llxE", (unsigned long long)w->hash);
    snprintf(name->file, sizeof(name->file), "/build/acme-rs/crates/%s/src/%s/%s.rs", crate,
             w->inner, w->class_lower);
}

static void (*const name_in[N_LANGUAGES])(struct name *, const struct words *) = {
    [CXX] = name_cxx,
    [GO] = name_go,
    [RUST] = name_rust,
};

void names_of_function(const struct calltree *tree, uint32_t function, struct name *name)
{
    enum language language = calltree_language(tree, function);
    uint32_t local = function - tree->segments[language].first;

    memset(name, 0, sizeof(*name));
    if (local < known[language].count) {
        const struct known *row = &known[language].rows[local];
        snprintf(name->text, sizeof(name->text), "%s", row->text);
        snprintf(name->system, sizeof(name->system), "%s", row->system);
        snprintf(name->file, sizeof(name->file), "%s", row->file);
        name->in_libc = strncmp(row->file, "./", 2) == 0;
        return;
    }
    struct words words;
    words_init(&words, calltree_hash(tree, local / METHODS_PER_CLASS, TOPIC_CLASS + language),
               calltree_hash(tree, function, TOPIC_NAME));
    name_in[language](name, &words);
    name->in_class = true;
}

uint32_t names_class_count(const struct calltree *tree)
{
    return tree->n_functions / METHODS_PER_CLASS + N_LANGUAGES;
}

uint32_t names_class(const struct calltree *tree, uint32_t function)
{
    enum language language = calltree_language(tree, function);
    uint32_t before = 0;
    for (int i = 0; i < (int)language; i++)
        before += tree->segments[i].count / METHODS_PER_CLASS + 1;
    return before + (function - tree->segments[language].first) / METHODS_PER_CLASS;
}

void names_endpoint(char *out, size_t size, unsigned i)
{
    static const char *const actions[] = {"list", "update", "watch"};
    snprintf(out, size, "/v%u/%s/%s", 1 + i % 2, packages[i % COUNT(packages)],
             PICK(actions, i / COUNT(packages)));
}
