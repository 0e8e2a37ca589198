/* nest.c - forks the readers. docs/decisions/parser-processes.md says why there are any. */
#include "parser/nest.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "parser/channel.h"
#include "parser/parser.h"
#include "parser/reader.h"

enum { NOBODY = 65534, FILES_MAX = 64 };

struct nest {
    int control, deaths; /* deaths: a signalfd */
    pid_t self;
    const struct parser_task *const *tasks;
    uint64_t memory_bytes;
    bool is_free;
    struct nest_child {
        pid_t process; /* 0: none */
        uint64_t number;
    } children[2 * PARSER_PROCESSES_MAX]; /* with those that are ending */
};

/* --- to have nothing to hide */

static void nest_wipe(char **texts)
{
    for (; texts && *texts; texts++)
        explicit_bzero(*texts, strlen(*texts));
}

/* Tests say in the environment where a reader ends (base/fault.h); other builds have no such name.
 */
#ifdef OUTTRAY_FAULTS
static void nest_keep_fault(char *ret_kept, size_t size)
{
    const char *fault = getenv("OUTTRAY_FAULT");
    if (fault && strlen(fault) < size)
        memcpy(ret_kept, fault, strlen(fault) + 1);
}

static void nest_give_fault(const char *kept)
{
    if (*kept)
        setenv("OUTTRAY_FAULT", kept, true);
}
#else
static void nest_keep_fault(char *ret_kept, size_t size)
{
    (void)ret_kept, (void)size;
}

static void nest_give_fault(const char *kept)
{
    (void)kept;
}
#endif

/* The key of a model, a client's secret: what the operator says in the environment or in an
 * argument is not for those who read strangers' mail. */
static void nest_forget(char **arguments)
{
    char kept[128] = "";
    nest_keep_fault(kept, sizeof kept);
    nest_wipe(environ);
    clearenv();
    nest_give_fault(kept);
    if (arguments && *arguments)
        nest_wipe(arguments + 1);
    prctl(PR_SET_NAME, "parser-nest");
}

/* Sanitizers say on standard error what they have found. */
static void nest_close_files(int control)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int file = 0; file <= (CONFINE_IS_LIGHT ? STDOUT_FILENO : STDERR_FILENO); file++)
        if (null >= 0)
            dup2(null, file);
    if (control > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)control - 1, 0);
    close_range((unsigned)control + 1, ~0U, 0);
}

/* The terminal's Ctrl-C and a service manager's SIGTERM reach this process too; it ends when the
 * server does, which may still have mail to read. */
static void nest_take_signals(struct nest *nest)
{
    sigset_t deaths;
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&deaths);
    sigaddset(&deaths, SIGCHLD);
    sigprocmask(SIG_SETMASK, &deaths, NULL);
    nest->deaths = signalfd(-1, &deaths, SFD_NONBLOCK | SFD_CLOEXEC);
    if (nest->deaths < 0)
        abort();
}

/* Where the server is root's, this need not be; where that is not allowed, the lock is enough. */
static void nest_become_nobody(void)
{
    if (geteuid() != 0 || setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0)
        return;
    if (setresuid(NOBODY, NOBODY, NOBODY) == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void nest_start(struct nest *nest, const struct nest_order *order)
{
    struct confinement confinement;
    const struct confine_computation computation = {.may_fork = true};
    nest->memory_bytes = order->memory_bytes;
    nest->is_free = order->is_free;
    for (size_t i = 0; nest->tasks[i]; i++)
        if (nest->tasks[i]->prepare)
            nest->tasks[i]->prepare();
    nest_become_nobody();
    if (!nest->is_free)
        confine_computation(&computation, &confinement);
}

/* --- readers */

/* A limit of memory makes room for nothing of a sanitizer's. */
static void nest_limit(const struct nest *nest)
{
    struct rlimit files = {FILES_MAX, FILES_MAX};
    setrlimit(RLIMIT_NOFILE, &files);
    if (CONFINE_IS_LIGHT)
        return;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    struct rlimit memory;
    memory.rlim_cur = memory.rlim_max = (rlim_t)nest->memory_bytes + (rlim_t)usage.ru_maxrss * 1024;
    setrlimit(RLIMIT_DATA, &memory);
}

static _Noreturn void nest_become_reader(const struct nest *nest, int socket)
{
    struct confinement confinement;
    const struct confine_computation computation = {.may_fork = false};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != nest->self)
        _exit(EXIT_FAILURE);
    prctl(PR_SET_NAME, "parser");
    close(nest->control);
    close(nest->deaths);
    nest_limit(nest);
    if (!nest->is_free)
        confine_computation(&computation, &confinement);
    reader_run(socket, nest->tasks);
}

static struct nest_child *nest_find(struct nest *nest, pid_t process, uint64_t number)
{
    for (size_t i = 0; i < sizeof nest->children / sizeof *nest->children; i++)
        if (nest->children[i].process == process && (!number || nest->children[i].number == number))
            return &nest->children[i];
    return NULL;
}

/* Without a reader the server finds that the other end of its socket is closed. */
static void nest_make(struct nest *nest, uint64_t number, int socket)
{
    struct nest_child *child = nest_find(nest, 0, 0);
    pid_t process = child && socket >= 0 ? fork() : -1;
    if (process == 0)
        nest_become_reader(nest, socket);
    if (process > 0)
        *child = (struct nest_child){process, number};
}

static void nest_end(struct nest *nest, uint64_t number)
{
    for (size_t i = 0; i < sizeof nest->children / sizeof *nest->children; i++)
        if (nest->children[i].process && nest->children[i].number == number)
            kill(nest->children[i].process, SIGKILL);
}

static void nest_bury(struct nest *nest)
{
    struct signalfd_siginfo ignored;
    pid_t process;
    while (read(nest->deaths, &ignored, sizeof ignored) > 0)
        ;
    while ((process = waitpid(-1, NULL, WNOHANG)) > 0) {
        struct nest_child *child = nest_find(nest, process, 0);
        if (child)
            child->process = 0;
    }
}

static void nest_obey(struct nest *nest)
{
    struct nest_order order = {0};
    int socket = -1;
    if (channel_receive(nest->control, &order, sizeof order, &socket) <= 0)
        _exit(EXIT_SUCCESS);
    switch ((enum nest_order_kind)order.kind) {
    case NEST_START: nest_start(nest, &order); break;
    case NEST_MAKE: nest_make(nest, order.number, socket); break;
    case NEST_END: nest_end(nest, order.number); break;
    }
    if (socket >= 0)
        close(socket);
}

void nest_run(int control, const struct parser_task *const *tasks, char **arguments)
{
    static struct nest nest;
    nest = (struct nest){.control = control, .self = getpid(), .tasks = tasks};
    nest_forget(arguments);
    nest_close_files(control);
    nest_take_signals(&nest);
    for (;;) {
        struct pollfd waiting[] = {{nest.control, POLLIN, 0}, {nest.deaths, POLLIN, 0}};
        if (poll(waiting, 2, -1) < 0)
            continue;
        if (waiting[1].revents)
            nest_bury(&nest);
        if (waiting[0].revents)
            nest_obey(&nest);
    }
}
