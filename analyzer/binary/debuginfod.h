/* Binaries that are not on this machine, from the servers in DEBUGINFOD_URLS; see debuginfod(8).
 * (Debug files of binaries that are here libdw asks for itself.) */
#ifndef CPPROF_BINARY_DEBUGINFOD_H
#define CPPROF_BINARY_DEBUGINFOD_H

#include "analyzer/base/buf.h"

#include <stdbool.h>

/* Puts the name of a file with the program or library of that build id, or else with its debug
 * information, into PATH. False if there are no servers, no library to ask them with, or none has
 * it. The library is loaded only if there are servers. */
bool debuginfod_fetch(struct buf *path, const char *build_id);

#endif
