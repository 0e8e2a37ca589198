#include "parser/parser.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/channel.h"
#include "parser/exchange.h"
#include "parser/nest.h"
#include "parser/pool.h"

enum { STALE_MAX = PARSER_PROCESSES_MAX + 1 };

/* One for the process, since there is one nest. */
static struct {
    const struct parser_task *const *tasks;
    pid_t nest; /* 0: none */
    int control;
    struct parser_settings settings;
    struct pool *pool; /* NULL: tasks run where they are called */
    atomic_bool is_gone;
    _Atomic int64_t died, unreadable;
} parser;

bool parser_hatch(const struct parser_task *const *tasks, char **arguments, struct error *error)
{
    int ends[2];
    pid_t self = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return fail_errno(error, "a socket");
    pid_t nest = fork();
    if (nest < 0) {
        close(ends[0]);
        close(ends[1]);
        return fail_errno(error, "a process that reads mail");
    }
    if (nest == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != self)
            _exit(1);
        nest_run(ends[1], tasks, arguments);
    }
    close(ends[1]);
    parser.tasks = tasks;
    parser.nest = nest;
    parser.control = ends[0];
    return true;
}

void parser_start(const struct parser_settings *settings)
{
    struct nest_order order = {
        .kind = NEST_START, .memory_bytes = settings->memory_bytes, .is_free = settings->is_free};
    struct iovec piece = {&order, sizeof order};
    if (!parser.nest || parser.pool)
        return;
    parser.settings = *settings;
    parser.pool = pool_create(parser.control, settings->processes, settings->timeout_ms);
    atomic_store(&parser.is_gone, !channel_send(parser.control, &piece, 1, -1));
}

void parser_stop(void)
{
    if (!parser.nest)
        return;
    pool_destroy(parser.pool);
    parser.pool = NULL;
    close(parser.control);
    if (!atomic_load(&parser.is_gone))
        waitpid(parser.nest, NULL, 0);
    parser.nest = 0;
    atomic_store(&parser.is_gone, false);
}

bool parser_is_alive(void)
{
    if (parser.nest && !atomic_load(&parser.is_gone) &&
        waitpid(parser.nest, NULL, WNOHANG) == parser.nest)
        atomic_store(&parser.is_gone, true);
    return parser.nest && !atomic_load(&parser.is_gone);
}

static uint32_t parser_place(const struct parser_task *task)
{
    uint32_t place = 0;
    while (parser.tasks[place] && parser.tasks[place] != task)
        place++;
    return parser.tasks[place] ? place : UINT32_MAX;
}

static void parser_note_death(const struct parser_task *task, const struct error *error)
{
    atomic_fetch_add(&parser.died, 1);
    if (parser.settings.died)
        parser.settings.died(task->name, error->message);
}

/* One that had died before it was asked says nothing about the task. */
static bool parser_ask(const struct parser_task *task, uint32_t place,
                       const struct parser_call *call, struct arena *arena, void *ret_answered,
                       bool *ret_is_over, struct error *error)
{
    enum exchange_end end = EXCHANGE_STALE;
    for (int stale = 0; end == EXCHANGE_STALE; stale++) {
        struct reader *reader = pool_take(parser.pool, error);
        *ret_is_over = true;
        if (!reader)
            return false;
        end = exchange_run(reader, task, place, call, parser.settings.timeout_ms, arena,
                           ret_answered, error);
        if (end == EXCHANGE_ANSWERED || end == EXCHANGE_FAILED)
            pool_give(parser.pool, reader);
        else
            pool_discard(parser.pool, reader);
        if (end == EXCHANGE_STALE && (stale == STALE_MAX || !parser_is_alive()))
            return fail(error, ERROR_UNAVAILABLE, "", "the process that reads mail is gone");
    }
    *ret_is_over = end != EXCHANGE_DIED;
    return end == EXCHANGE_ANSWERED;
}

bool parser_run(const struct parser_task *task, const struct parser_call *call, struct arena *arena,
                void *ret_answered, struct error *error)
{
    uint32_t place = parser.pool ? parser_place(task) : UINT32_MAX;
    if (place == UINT32_MAX)
        return task->run(call, arena, ret_answered, error);
    for (int tries = 0; tries < PARSER_TRIES; tries++) {
        bool is_over = false;
        if (parser_ask(task, place, call, arena, ret_answered, &is_over, error))
            return true;
        if (is_over)
            return false;
        parser_note_death(task, error);
        if (call->sink)
            call->sink->again(call->sink->context);
        if (!parser_is_alive())
            return fail(error, ERROR_UNAVAILABLE, "", "the process that reads mail is gone");
    }
    atomic_fetch_add(&parser.unreadable, 1);
    return fail(error, ERROR_UNREADABLE, "", "ended the process that was to read it, twice");
}

struct parser_counts parser_counts(void)
{
    struct parser_counts counts = {.died = atomic_load(&parser.died),
                                   .unreadable = atomic_load(&parser.unreadable)};
    if (parser.pool) {
        counts.started = pool_started(parser.pool);
        counts.running = pool_running(parser.pool);
    }
    return counts;
}
