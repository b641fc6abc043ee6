/* Instructions as text, as pprof writes them; on a terminal the hottest ones stand out. */
#ifndef CPPROF_RENDER_TEXT_ASSEMBLY_H
#define CPPROF_RENDER_TEXT_ASSEMBLY_H

#include "analyzer/render/out.h"
#include "analyzer/report/assembly.h"

/* Goes through A's symbols, an instruction at a time. */
void text_assembly(struct out *o, const struct report *r, struct assembly *a);

#endif
