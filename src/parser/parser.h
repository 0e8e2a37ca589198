/* parser.h - runs the parsers of strangers' bytes in reader processes that can reach nothing.
 *
 * One process, the nest, is forked before there is a thread, a key or a database. It makes readers
 * when it is asked, each behind its lock (base/confine.h): no network, no files, no programs, a
 * limit of memory. A reader does one task at a time and is kept warm. One that dies, takes too long
 * or answers what cannot be is replaced, and the task is given to a fresh one, once. All functions
 * but the first two may be called from any thread. Without a nest (tools, tests, and in a reader
 * itself) parser_run calls the task directly. */
#pragma once
#include "parser/task.h"

enum { PARSER_TRIES = 2, PARSER_PROCESSES_MAX = 64 };

struct parser_settings {
    size_t processes;      /* at the same time; made when they are needed */
    int64_t timeout_ms;    /* a task that takes longer ends its reader */
    uint64_t memory_bytes; /* that a reader may take beyond what it has at its start */
    bool is_free;          /* without a lock, for a debugger */
    void (*died)(const char *task, const char *reason); /* is told of each death; or NULL */
};

/* Before the first thread, key and database. tasks ends with NULL and stays. arguments: main's, so
 * that the nest forgets them, and what the environment says; or NULL. */
bool parser_hatch(const struct parser_task *const *tasks, char **arguments, struct error *error);
void parser_start(const struct parser_settings *settings);
void parser_stop(void); /* nobody runs a task any more; fine without a nest */

/* Whether there is a nest; it is the only child of this process (SIGCHLD). Once it is gone, every
 * task is ERROR_UNAVAILABLE. */
bool parser_is_alive(void);

/* ERROR_UNREADABLE when a reader died on it PARSER_TRIES times; ERROR_UNAVAILABLE when there was
 * none to be had; otherwise what the task says, or the sink. */
bool parser_run(const struct parser_task *task, const struct parser_call *call, struct arena *arena,
                void *ret_answered, struct error *error);

struct parser_counts {
    int64_t started, died, unreadable; /* since the start */
    int64_t running;                   /* readers that there are now */
};
struct parser_counts parser_counts(void);
