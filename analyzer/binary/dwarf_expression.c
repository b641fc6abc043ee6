#include "analyzer/binary/dwarf_expression.h"

#include <dwarf.h>

enum { DEPTH = 64 };

struct stack {
    uint64_t items[DEPTH];
    size_t count;
};

static bool push(struct stack *s, uint64_t value)
{
    if (s->count == DEPTH)
        return false;
    s->items[s->count++] = value;
    return true;
}

/* The item COUNT places below the top. */
static bool pick(struct stack *s, uint64_t below)
{
    return below < s->count && push(s, s->items[s->count - 1 - below]);
}

/* Two operands: what is below the top, and the top. */
static bool binary_operation(uint8_t atom, uint64_t a, uint64_t b, uint64_t *result)
{
    int64_t sa = (int64_t)a, sb = (int64_t)b;
    switch (atom) {
    case DW_OP_and:
        *result = a & b;
        return true;
    case DW_OP_div:
        if (b == 0)
            return false;
        *result = sb == -1 ? -a : (uint64_t)(sa / sb);
        return true;
    case DW_OP_minus:
        *result = a - b;
        return true;
    case DW_OP_mod:
        if (b == 0)
            return false;
        *result = a % b;
        return true;
    case DW_OP_mul:
        *result = a * b;
        return true;
    case DW_OP_or:
        *result = a | b;
        return true;
    case DW_OP_plus:
        *result = a + b;
        return true;
    case DW_OP_shl:
        *result = b < 64 ? a << b : 0;
        return true;
    case DW_OP_shr:
        *result = b < 64 ? a >> b : 0;
        return true;
    case DW_OP_shra:
        b = b < 64 ? b : 63;
        *result = sa < 0 ? ~(~a >> b) : a >> b;
        return true;
    case DW_OP_xor:
        *result = a ^ b;
        return true;
    case DW_OP_eq:
        *result = a == b;
        return true;
    case DW_OP_ne:
        *result = a != b;
        return true;
    case DW_OP_ge:
        *result = sa >= sb;
        return true;
    case DW_OP_gt:
        *result = sa > sb;
        return true;
    case DW_OP_le:
        *result = sa <= sb;
        return true;
    case DW_OP_lt:
        *result = sa < sb;
        return true;
    default:
        return false;
    }
}

/* One operand, the top, which is replaced. */
static bool unary_operation(const Dwarf_Op *op, const struct dwarf_frame_state *state,
                            uint64_t *top)
{
    switch (op->atom) {
    case DW_OP_deref:
        return state->read_memory(state->context, *top, 8, top);
    case DW_OP_deref_size:
        return op->number >= 1 && op->number <= 8 &&
               state->read_memory(state->context, *top, op->number, top);
    case DW_OP_abs:
        *top = (int64_t)*top < 0 ? -*top : *top;
        return true;
    case DW_OP_neg:
        *top = -*top;
        return true;
    case DW_OP_not:
        *top = ~*top;
        return true;
    case DW_OP_plus_uconst:
        *top += op->number;
        return true;
    default:
        return false;
    }
}

/* Operations that take nothing from the stack. */
static bool constant(const Dwarf_Op *op, const struct dwarf_frame_state *state, bool *known,
                     uint64_t *value)
{
    *known = true;
    if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31) {
        *value = op->atom - DW_OP_lit0;
        return true;
    }
    if ((op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31) || op->atom == DW_OP_bregx) {
        bool numbered = op->atom == DW_OP_bregx;
        uint64_t number = numbered ? op->number : (uint64_t)(op->atom - DW_OP_breg0);
        *known = state->read_register(state->context, number, value);
        *value += numbered ? op->number2 : op->number;
        return true;
    }
    switch (op->atom) {
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_const8u:
    case DW_OP_const8s:
    case DW_OP_constu:
    case DW_OP_consts:
        *value = op->number;
        return true;
    case DW_OP_call_frame_cfa:
        *value = state->cfa;
        return true;
    default:
        return false;
    }
}

static bool shuffle(const Dwarf_Op *op, struct stack *s, bool *done)
{
    uint64_t *top = s->items + s->count;
    *done = true;
    switch (op->atom) {
    case DW_OP_nop:
        return true;
    case DW_OP_dup:
        *done = pick(s, 0);
        return true;
    case DW_OP_over:
        *done = pick(s, 1);
        return true;
    case DW_OP_pick:
        *done = pick(s, op->number);
        return true;
    case DW_OP_drop:
        *done = s->count > 0;
        s->count -= *done;
        return true;
    case DW_OP_swap:
        *done = s->count >= 2;
        if (*done) {
            uint64_t swap = top[-1];
            top[-1] = top[-2];
            top[-2] = swap;
        }
        return true;
    case DW_OP_rot:
        *done = s->count >= 3;
        if (*done) {
            uint64_t first = top[-1];
            top[-1] = top[-2];
            top[-2] = top[-3];
            top[-3] = first;
        }
        return true;
    default:
        return false;
    }
}

static bool operate(const Dwarf_Op *op, struct stack *s, const struct dwarf_frame_state *state)
{
    uint64_t value = 0;
    bool done;
    if (constant(op, state, &done, &value))
        return done && push(s, value);
    if (shuffle(op, s, &done))
        return done;
    if (s->count >= 1 && unary_operation(op, state, &s->items[s->count - 1]))
        return true;
    if (s->count < 2 ||
        !binary_operation(op->atom, s->items[s->count - 2], s->items[s->count - 1], &value))
        return false;
    s->items[--s->count - 1] = value;
    return true;
}

bool dwarf_expression(const Dwarf_Op *operations, size_t count,
                      const struct dwarf_frame_state *state, uint64_t *result)
{
    struct stack s = {.count = 0};
    for (size_t i = 0; i < count; i++)
        if (!operate(&operations[i], &s, state))
            return false;
    if (!s.count)
        return false;
    *result = s.items[s.count - 1];
    return true;
}
