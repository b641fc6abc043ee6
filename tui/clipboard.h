/* Text for the clipboard of whoever sits at the terminal, also over ssh: the sequence OSC 52 of
 * xterm, which most terminals follow or leave alone. */
#ifndef CPPROF_TUI_CLIPBOARD_H
#define CPPROF_TUI_CLIPBOARD_H

#include "analyzer/base/buf.h"

/* Adds the sequence that asks the terminal to copy TEXT. Nothing if it is longer than terminals
 * take. */
void clipboard_sequence(struct buf *out, struct str text);

#endif
