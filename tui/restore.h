/* Giving the terminal back when a signal ends the process.
 *
 *     restore_arm(fd)                   before ncurses takes the terminal over
 *     restore_set(sequence, &modes)     what brings back what was there
 *     restore_disarm()                  after it was given back
 *
 * The handlers of signals that end a process write the sequence, set the modes of the terminal and
 * raise the signal again, for whoever handled it before. All of that is async-signal-safe. They do
 * nothing in child processes. As handlers find nothing but static memory, there is one terminal.
 */
#ifndef CPPROF_TUI_RESTORE_H
#define CPPROF_TUI_RESTORE_H

#include <stddef.h>
#include <termios.h>

void restore_arm(int fd);

/* The bytes are copied; what is longer than 512 is left out. */
void restore_set(const char *sequence, size_t len, const struct termios *modes);
void restore_disarm(void);

#endif
