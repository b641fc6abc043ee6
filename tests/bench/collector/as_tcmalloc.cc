/* tcmalloc's sampling behind the names of cpprof.h. It reads the rate from the environment before
 * main: TCMALLOC_SAMPLE_PARAMETER.
 */
#include "cpprof.h"

#include <cstdio>
#include <gperftools/malloc_extension.h>
#include <string>

int cpprof_heap_start(int64_t)
{
    return 0;
}

int cpprof_heap_write(const char *path)
{
    std::string text;
    MallocExtension::instance()->GetHeapSample(&text);
    FILE *to = fopen(path, "w");
    if (!to)
        return 1;
    bool written = fwrite(text.data(), 1, text.size(), to) == text.size();
    return fclose(to) != 0 || !written;
}
