/* worker.h - a pool of threads that run jobs in the order they were given. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct workers;

typedef void worker_job(void *argument);

/* Threads are started when there is work for them, up to `threads`, or as many as are to be had. */
struct workers *workers_create(size_t threads, const char *name);
/* Runs what was given, by those jobs too, then ends the threads. NULL is fine. */
void workers_destroy(struct workers *workers);

void workers_give(struct workers *workers, worker_job *job, void *argument);
size_t workers_waiting(struct workers *workers); /* jobs given and not begun */

/* A thread with a name that ps and gdb show; false when there is none to be had. Joined by
 * pthread_join. */
bool thread_try_start(const char *name, void *(*run)(void *), void *argument,
                      pthread_t *ret_thread);
/* The same for one that nothing goes on without: aborts. */
pthread_t thread_start(const char *name, void *(*run)(void *), void *argument);
