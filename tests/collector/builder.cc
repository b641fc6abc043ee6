/* The example of cpprof.h, as a user of the library writes it; in C++, to see that it compiles. */
#include "cpprof.h"

#include <cstdio>

int main(int argc, char **argv)
{
    cpprof_builder *b = cpprof_builder_new();
    if (argc != 2 || !b)
        return 2;
    cpprof_builder_type(b, "time", "nanoseconds");
    cpprof_builder_comment(b, "made by hand");
    for (int level = 0; level < 3; level++) {
        for (int twice = 0; twice < 2; twice++) {
            cpprof_builder_frame(b, "draw", "scene.lua", 12);
            cpprof_builder_frame(b, "main", "scene.lua", 3);
            char text[16];
            snprintf(text, sizeof text, "%d", level);
            cpprof_builder_label(b, "level", text);
            cpprof_builder_number(b, "triangles", 1000, "");
            int64_t value[] = {1500000};
            cpprof_builder_sample(b, value);
        }
    }
    int error = cpprof_builder_write(b, argv[1]);
    cpprof_builder_free(b);
    return error ? 1 : 0;
}
