// What agree.c interrupts: C++ that throws through frames with destructors, catches, throws again.
#include "tests/unwind/agree.h"

#include <exception>
#include <stdexcept>
#include <string>

namespace {

volatile long ended, caught;

struct Guard {
    std::string text;
    Guard() : text(40, 'x') {}
    ~Guard() { ended = ended + static_cast<long>(text.size()); }
};

__attribute__((noinline)) int sink(int depth)
{
    Guard guard;
    if (depth == 0)
        throw std::runtime_error("deep down");
    return sink(depth - 1) + 1;
}

__attribute__((noinline)) int middle(int depth)
{
    try {
        return sink(depth) + 1;
    } catch (const std::logic_error &) {
        return 0;
    } catch (...) {
        std::throw_with_nested(std::logic_error("outer"));
    }
}

} // namespace

void agree_throwing(void)
{
    for (int depth = 0; depth < 6; depth += 5) {
        try {
            caught = caught + middle(depth);
        } catch (const std::exception &outer) {
            try {
                std::rethrow_if_nested(outer);
            } catch (const std::runtime_error &inner) {
                caught = caught + inner.what()[0];
            }
        }
    }
}
