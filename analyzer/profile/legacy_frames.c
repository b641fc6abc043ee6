/* Which frames of a legacy profile are the profiler's own.
 *
 * profile.proto carries these expressions in the file; for older formats they are known by what was
 * measured. They are pprof's, in its order: the profile that is written out has to be the same.
 */
#include "analyzer/profile/legacy.h"

static const char allocators[] =
    /* POSIX */
    "calloc|cfree|malloc|free|memalign|do_memalign|(__)?posix_memalign|pvalloc|valloc|realloc"
    /* tcmalloc */
    "|tcmalloc::.*|tc_calloc|tc_cfree|tc_malloc|tc_free|tc_memalign|tc_posix_memalign|tc_pvalloc"
    "|tc_valloc|tc_realloc|tc_new|tc_delete|tc_newarray|tc_deletearray|tc_new_nothrow"
    "|tc_newarray_nothrow"
    /* macOS */
    "|malloc_zone_malloc|malloc_zone_calloc|malloc_zone_valloc|malloc_zone_realloc"
    "|malloc_zone_memalign|malloc_zone_free"
    /* Go */
    "|runtime\\..*"
    /* everything else */
    "|BaseArena::.*|(::)?do_malloc_no_errno|(::)?do_malloc_pages|(::)?do_malloc"
    "|DoSampledAllocation|MallocedMemBlock::MallocedMemBlock|_M_allocate|__builtin_(vec_)?delete"
    "|__builtin_(vec_)?new|__gnu_cxx::new_allocator::allocate|__libc_malloc"
    "|__malloc_alloc_template::allocate|allocate|cpp_alloc|operator new(\\[\\])?"
    "|simple_alloc::allocate";

/* Frames of Go's runtime that stand in the middle of a stack and explain it. */
static const char allocators_kept[] = "runtime\\.panic|runtime\\.reflectcall|runtime\\.call[0-9]*";

static const char signal_handlers[] = "ProfileData::Add|ProfileData::prof_handler"
                                      "|CpuProfiler::prof_handler|__pthread_sighandler|__restore";

static const char locks[] =
    "RecordLockProfileData|(base::)?RecordLockProfileData.*|(base::)?SubmitMutexProfileData.*"
    "|(base::)?SubmitSpinLockProfileData.*|(base::Mutex::)?AwaitCommon.*|(base::Mutex::)?Unlock.*"
    "|(base::Mutex::)?UnlockSlow.*|(base::Mutex::)?ReaderUnlock.*|(base::MutexLock::)?~MutexLock.*"
    "|(Mutex::)?AwaitCommon.*|(Mutex::)?Unlock.*|(Mutex::)?UnlockSlow.*|(Mutex::)?ReaderUnlock.*"
    "|(MutexLock::)?~MutexLock.*|(SpinLock::)?Unlock.*|(SpinLock::)?SlowUnlock.*"
    "|(SpinLockHolder::)?~SpinLockHolder.*";

/* A profile with exactly these sample types, whatever their units, drops and keeps these frames. */
static const struct {
    const char *types[LEGACY_TYPES];
    const char *drop, *keep;
} filters[] = {
    {{"allocations", "size"}, allocators, allocators_kept},
    {{"objects", "space"}, allocators, allocators_kept},
    {{"inuse_objects", "inuse_space"}, allocators, allocators_kept},
    {{"alloc_objects", "alloc_space"}, allocators, allocators_kept},
    {{"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"}, allocators, allocators_kept},
    {{"contentions", "delay"}, locks, ""},
};

static bool has_types(const struct profile *p, const char *const types[LEGACY_TYPES])
{
    size_t i = 0;
    for (; i < LEGACY_TYPES && types[i]; i++)
        if (i == p->sample_type_count || !str_is(profile_str(p, p->sample_types[i].type), types[i]))
            return false;
    return i == p->sample_type_count;
}

void legacy_set_frame_filters(struct profile *p)
{
    const char *drop = signal_handlers, *keep = "";
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        if (has_types(p, filters[i].types)) {
            drop = filters[i].drop;
            keep = filters[i].keep;
            break;
        }
    }
    p->drop_frames = profile_intern(p, drop);
    p->keep_frames = profile_intern(p, keep);
}
