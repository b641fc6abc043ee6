/* The end of a main thread that leaves others behind.
 *
 * A program may end its first thread with pthread_exit: it then goes on until its last thread has
 * ended, which the threads library notices by counting. It would count the housekeeper, too, and
 * wait for it for ever. So the main thread stays, in the last of its destructors, until no thread
 * but ours is left, and then does what the last one would have done: exit(0).
 *
 * In libcpprof-preload.so only: a program that knows of us can stop what it has started.
 */
#ifndef CPPROF_COLLECTOR_MAINEND_H
#define CPPROF_COLLECTOR_MAINEND_H

/* Has the calling thread, which is the main one, stay. */
void mainend_watch(void);

#endif
