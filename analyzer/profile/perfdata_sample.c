#include "analyzer/profile/perfdata_sample.h"

#include <linux/perf_event.h>

/* Bits of formats that older headers do not have. */
enum {
    READ_LOST = 1 << 4,        /* PERF_FORMAT_LOST */
    BRANCH_HW_INDEX = 1 << 17, /* PERF_SAMPLE_BRANCH_HW_INDEX */
    REGISTERS_NONE = 0,        /* enum perf_sample_regs_abi */
    REGISTERS_32 = 1,
};

/* Counters read together with the sample. */
static void skip_read(struct cursor *in, uint64_t format)
{
    bool group = format & PERF_FORMAT_GROUP;
    uint64_t count = 1;
    uint64_t each = 8 * (1 + ((format & PERF_FORMAT_ID) != 0) + ((format & READ_LOST) != 0));
    uint64_t once = 8 * (((format & PERF_FORMAT_TOTAL_TIME_ENABLED) != 0) +
                         ((format & PERF_FORMAT_TOTAL_TIME_RUNNING) != 0));
    if (group)
        count = cursor_u64(in);
    cursor_bytes(in, once);
    cursor_bytes(in, count > cursor_left(in) ? UINT64_MAX : count * each);
}

static void skip_branches(struct cursor *in, uint64_t branch_sample_type)
{
    enum { BRANCH = 24 };
    uint64_t count = cursor_u64(in);
    if (branch_sample_type & BRANCH_HW_INDEX)
        cursor_u64(in);
    cursor_bytes(in, count > cursor_left(in) ? UINT64_MAX : count * BRANCH);
}

int perfdata_sample_read(struct perfdata_sample *s, const struct perfdata_event *e,
                         const uint8_t *at)
{
    struct perfdata_record_header h = perfdata_header(at);
    struct cursor in = cursor_of(at + sizeof h, h.size - sizeof h);
    uint64_t type = e->sample_type;
    *s = (struct perfdata_sample){.period = e->frequency ? 1 : e->period};
    unsigned mode = h.misc & PERF_RECORD_MISC_CPUMODE_MASK;
    s->user_mode = mode == PERF_RECORD_MISC_USER || mode == PERF_RECORD_MISC_GUEST_USER;

    if (type & PERF_SAMPLE_IDENTIFIER)
        cursor_u64(&in);
    if (type & PERF_SAMPLE_IP)
        s->ip = cursor_u64(&in);
    if (type & PERF_SAMPLE_TID) {
        s->pid = cursor_u32(&in);
        s->tid = cursor_u32(&in);
    }
    if (type & PERF_SAMPLE_TIME)
        s->time = cursor_u64(&in);
    if (type & PERF_SAMPLE_ADDR)
        cursor_u64(&in);
    if (type & PERF_SAMPLE_ID)
        cursor_u64(&in);
    if (type & PERF_SAMPLE_STREAM_ID)
        cursor_u64(&in);
    if (type & PERF_SAMPLE_CPU) {
        s->cpu = cursor_u32(&in);
        cursor_u32(&in);
        s->has_cpu = true;
    }
    if (type & PERF_SAMPLE_PERIOD)
        s->period = cursor_u64(&in);
    if (type & PERF_SAMPLE_READ)
        skip_read(&in, e->read_format);
    if (type & PERF_SAMPLE_CALLCHAIN) {
        uint64_t count = cursor_u64(&in);
        s->chain = cursor_bytes(&in, count > cursor_left(&in) ? UINT64_MAX : count * 8);
        s->chain_count = s->chain ? count : 0;
        s->has_chain = true;
    }
    if (type & PERF_SAMPLE_RAW)
        cursor_bytes(&in, cursor_u32(&in));
    if (type & PERF_SAMPLE_BRANCH_STACK)
        skip_branches(&in, e->branch_sample_type);
    if (type & PERF_SAMPLE_REGS_USER) {
        uint64_t abi = cursor_u64(&in);
        s->registers_32 = abi == REGISTERS_32;
        if (abi != REGISTERS_NONE)
            s->registers =
                cursor_bytes(&in, 8ull * (unsigned)__builtin_popcountll(e->user_registers));
    }
    if (type & PERF_SAMPLE_STACK_USER) {
        uint64_t size = cursor_u64(&in);
        s->stack = cursor_bytes(&in, size);
        uint64_t filled = size && s->stack ? cursor_u64(&in) : 0;
        s->stack_len = filled < size ? filled : size;
    }
    return in.cut ? -1 : 0;
}
