/* Writing what is seen to files: the profile as it is filtered, and pictures and tables of it.
 *
 *     export_profile(a)    asks for a file's name, then writes a .pb.gz
 *     export_view(a)       asks for a format first
 *
 * The worker writes; a file appears whole or not at all, and one that is there is asked for.
 */
#ifndef CPPROF_TUI_EXPORT_H
#define CPPROF_TUI_EXPORT_H

struct app;

void export_profile(struct app *a);
void export_view(struct app *a);

#endif
