#include "base/worker.h"

#include <stdlib.h>

/* Enough for what the database and the libraries below need; 130 default stacks of 8 MiB would
 * count against a limit on address space. */
enum { STACK_BYTES = 1024 * 1024 };

struct job {
    struct job *next;
    worker_job *run;
    void *argument;
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct job *first, **end;
    size_t waiting, idle, started, most;
    bool is_closing;
    const char *name;
    pthread_t threads[];
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* A thread names itself: the name of another one is a file that a confined process cannot write. */
struct beginning {
    const char *name;
    void *(*run)(void *);
    void *argument;
};

static void *begin(void *given)
{
    const struct beginning beginning = *(struct beginning *)given;
    free(given);
    pthread_setname_np(pthread_self(), beginning.name);
    return beginning.run(beginning.argument);
}

bool thread_try_start(const char *name, void *(*run)(void *), void *argument, pthread_t *ret_thread)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    struct beginning *beginning = must(malloc(sizeof *beginning));
    *beginning = (struct beginning){name, run, argument};
    bool is_started = pthread_create(ret_thread, &attributes, begin, beginning) == 0;
    pthread_attr_destroy(&attributes);
    if (!is_started)
        free(beginning);
    return is_started;
}

pthread_t thread_start(const char *name, void *(*run)(void *), void *argument)
{
    pthread_t thread;
    if (!thread_try_start(name, run, argument, &thread))
        abort();
    return thread;
}

struct workers *workers_create(size_t threads, const char *name)
{
    struct workers *workers = must(calloc(1, sizeof *workers + threads * sizeof(pthread_t)));
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->given, NULL);
    workers->end = &workers->first;
    workers->most = threads;
    workers->name = name;
    return workers;
}

static struct job *take(struct workers *workers)
{
    while (!workers->first && !workers->is_closing) {
        workers->idle++;
        pthread_cond_wait(&workers->given, &workers->lock);
        workers->idle--;
    }
    struct job *job = workers->first;
    if (job) {
        workers->first = job->next;
        if (!workers->first)
            workers->end = &workers->first;
        workers->waiting--;
    }
    return job;
}

static void *work(void *argument)
{
    struct workers *workers = argument;
    for (;;) {
        pthread_mutex_lock(&workers->lock);
        struct job *job = take(workers);
        pthread_mutex_unlock(&workers->lock);
        if (!job)
            return NULL;
        job->run(job->argument);
        free(job);
    }
}

/* Where no more threads are to be had, those that there are do it; there must be one. */
static void start_one_more(struct workers *workers)
{
    pthread_t *next = &workers->threads[workers->started];
    if (thread_try_start(workers->name, work, workers, next))
        workers->started++;
    else if (!workers->started)
        abort();
}

void workers_give(struct workers *workers, worker_job *run, void *argument)
{
    struct job *job = must(malloc(sizeof *job));
    *job = (struct job){.run = run, .argument = argument};
    pthread_mutex_lock(&workers->lock);
    *workers->end = job;
    workers->end = &job->next;
    workers->waiting++;
    bool has_idle = workers->idle;
    if (workers->waiting > workers->idle && workers->started < workers->most &&
        !workers->is_closing) /* then the one who gives is a job, and its thread runs it next */
        start_one_more(workers);
    pthread_mutex_unlock(&workers->lock);
    if (has_idle) /* woken into a lock that is free */
        pthread_cond_signal(&workers->given);
}

size_t workers_waiting(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    size_t waiting = workers->waiting;
    pthread_mutex_unlock(&workers->lock);
    return waiting;
}

void workers_destroy(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->is_closing = true;
    pthread_cond_broadcast(&workers->given);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->started; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->given);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
