/* The formats that are JSON: speedscope, the Firefox Profiler's, V8's. What can be read must come
 * back from every format it is written in. */
#include "tests/fuzz/fuzz_formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_format(data, size, true);
}
