/* Where the binary of a mapping is on this machine: pprof's search.
 *
 * A profile names its binaries as they were called where it was made. In every folder of a search
 * path, what may be the binary is tried in this order (ID is the build id, NAME the last element of
 * the file's name, DIR the rest):
 *
 *     ID/NAME   ID/ANYTHING   FILE/ID   ID[0:2]/ID[2:].debug
 *     NAME   FILE   NAME.debug   FILE.debug   DIR/.debug/NAME.debug   usr/lib/debug/DIR/NAME.debug
 *
 * Those of the first line need an ID, those of the second one a file's name. A file with another
 * build id than the mapping's is passed over, with a remark.
 */
#ifndef CPPROF_BINARY_FIND_H
#define CPPROF_BINARY_FIND_H

#include "analyzer/base/buf.h"
#include "analyzer/base/lines.h"

#include <stdbool.h>

/* FILE and BUILD_ID are the mapping's, "" if it has none. SEARCH_PATH is a list of folders
 * separated by colons. Fills FOUND and returns true if a binary is there. */
bool binary_find(struct buf *found, const char *file, const char *build_id, const char *search_path,
                 struct lines *notes);

/* PPROF_BINARY_PATH or, if that is not set, ~/pprof/binaries. */
void binary_search_path(struct buf *path);

#endif
