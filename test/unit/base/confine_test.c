/* confine_test.c - what a confined process cannot do any more, and what it still can.
 * covers: src/base/confine_calls.c src/base/confine_paths.c */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

enum { ANY = -1, NOT_HELD = 200, KILLED = 1000 };
static char inside[] = "/tmp/confine_inside.XXXXXX", outside[] = "/tmp/confine_outside.XXXXXX";
static char path[256];
static int ends[2]; /* of a pipe */

static const char *in(const char *folder, const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* What each tries: 0, or errno. */
static int result(long status)
{
    return status == -1 ? errno : 0;
}

static int opened(const char *name, int flags)
{
    int file = open(name, flags | O_CLOEXEC, 0600);
    int why = result(file);
    if (file >= 0)
        close(file);
    return why;
}

static int write_inside(void)
{
    return opened(in(inside, "new"), O_WRONLY | O_CREAT);
}

static int read_inside(void)
{
    return opened(in(inside, "old"), O_RDONLY);
}

static int truncate_inside(void)
{
    return result(truncate(in(inside, "old"), 0));
}

static int rename_inside(void)
{
    char from[256];
    strcpy(from, in(inside, "old"));
    return result(rename(from, in(inside, "below/moved")));
}

static int link_inside(void)
{
    return result(symlink("/etc/passwd", in(inside, "link")));
}

static int device_inside(void)
{
    return result(mknod(in(inside, "device"), S_IFCHR | 0600, makedev(1, 3)));
}

static int write_outside(void)
{
    return opened(in(outside, "new"), O_WRONLY | O_CREAT);
}

static int read_outside(void)
{
    return opened(in(outside, "old"), O_RDONLY);
}

static int write_readable(void)
{
    return opened("/etc/confine_test", O_WRONLY | O_CREAT);
}

static int remove_outside(void)
{
    return result(unlink(in(outside, "old")));
}

static int run_program(void)
{
    char program[] = "/bin/true", *const words[] = {program, NULL};
    execv("/bin/true", words);
    return errno;
}

static int run_descriptor(void)
{
    char *const none[] = {NULL};
    syscall(SYS_execveat, 1, "", none, none, AT_EMPTY_PATH);
    return errno;
}

static int trace(void)
{
    return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int read_memory(void)
{
    return result(syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0));
}

static int unshare_user(void)
{
    return result(unshare(CLONE_NEWUSER));
}

static int clone_user(void)
{
    long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0)
        _exit(0);
    return result(child);
}

static int be_root(void)
{
    return result(syscall(SYS_setresuid, 0, 0, 0));
}

static int join_namespace(void)
{
    return result(setns(0, 0));
}

static int ask_ring(void)
{
    return result(syscall(SYS_io_uring_setup, 0, NULL));
}

static int ask_bpf(void)
{
    return result(syscall(SYS_bpf, 0, NULL, 0));
}

static int ask_key(void)
{
    return result(syscall(SYS_keyctl, 0, -3, 0, 0, 0));
}

static int open_handle(void)
{
    return result(syscall(SYS_open_by_handle_at, AT_FDCWD, NULL, 0));
}

static int watch_faults(void)
{
    return result(syscall(SYS_userfaultfd, O_CLOEXEC));
}

static int raw_socket(void)
{
    return result(socket(AF_PACKET, SOCK_RAW, 0));
}

static int crypto_socket(void)
{
    return result(socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0));
}

static int internet_socket(void)
{
    return result(socket(AF_INET6, SOCK_STREAM, 0));
}

static int routes_socket(void)
{
    return result(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int local_socket(void)
{
    return result(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int type_into_terminal(void)
{
    return result(ioctl(0, TIOCSTI, "x"));
}

static int write_and_run(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int run_written(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : result(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

static int be_dumpable(void)
{
    return result(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int is_dumpable(void)
{
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static int core_limit(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    return (int)(limit.rlim_cur + limit.rlim_max);
}

static int new_privileges(void)
{
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : EPERM;
}

static void *nothing(void *argument)
{
    return argument;
}

static int thread(void)
{
    pthread_t made;
    int why = pthread_create(&made, NULL, nothing, NULL);
    return why ? why : pthread_join(made, NULL);
}

static int process(void)
{
    pid_t child = fork();
    int status = 0;
    if (child == 0)
        _exit(7);
    return child < 0 || waitpid(child, &status, 0) != child ? errno : WEXITSTATUS(status) - 7;
}

static int find_host(void)
{
    struct addrinfo *found = NULL;
    int why = getaddrinfo("localhost", "25", NULL, &found);
    if (found)
        freeaddrinfo(found);
    return why;
}

/* iconv loads a module for it. */
static int find_charset(void)
{
    iconv_t converter = iconv_open("UTF-8", "KOI8-R");
    if (converter == (iconv_t)-1)
        return errno;
    iconv_close(converter);
    return 0;
}

static int compute(void)
{
    size_t size = 3 << 20;
    char *memory = malloc(size);
    memory = memory ? realloc(memory, 3 * size) : NULL;
    if (!memory)
        return ENOMEM;
    memset(memory, 'x', 3 * size);
    free(memory);
    struct stat status;
    return result(fstat(ends[0], &status));
}

static int talk(void)
{
    char byte = 'a';
    return write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1 ? 0 : errno;
}

static int find_parent(void)
{
    return result(kill(getppid(), 0));
}

/* With a sanitizer, a second row says what is refused still. */
enum where {
    EVERYWHERE,
    STRICT,       /* builds without a sanitizer */
    STRICT_PATHS, /* and a kernel with landlock */
    LIGHT,
    LIGHT_PATHS,
};
enum kind { SERVER, COMPUTING, READING, FORKING, KINDS };
static const char *const KIND_NAMES[] = {"server", "computing", "reading", "forking"};

/* clang-format off */
static const struct row {
    const char *name;
    int (*try)(void);
    enum where where;
    int expected[KINDS];
} ROWS[] = {
    {"a new file inside",      write_inside,      STRICT_PATHS, {0, EPERM, EPERM, EPERM}},
    {"a new file inside",      write_inside,      LIGHT_PATHS,  {0, EACCES, EACCES, EACCES}},
    {"a file inside",          read_inside,       STRICT_PATHS, {0, EPERM, EACCES, EPERM}},
    {"a file shortened",       truncate_inside,   STRICT_PATHS, {0, EPERM, EPERM, EPERM}},
    {"a file moved",           rename_inside,     STRICT_PATHS, {0, EPERM, EPERM, EPERM}},
    {"a link",                 link_inside,       STRICT_PATHS, {EACCES, EPERM, EPERM, EPERM}},
    {"a link",                 link_inside,       LIGHT_PATHS,  {EACCES, EACCES, EACCES, EACCES}},
    {"a device",               device_inside,     EVERYWHERE,   {EPERM, ANY, ANY, ANY}},
    {"a device",               device_inside,     STRICT,       {EPERM, EPERM, EPERM, EPERM}},
    {"a new file outside",     write_outside,     STRICT_PATHS, {EACCES, EPERM, EPERM, EPERM}},
    {"a new file outside",     write_outside,     LIGHT_PATHS,  {EACCES, EACCES, EACCES, EACCES}},
    {"a file outside",         read_outside,      STRICT_PATHS, {EACCES, EPERM, EACCES, EPERM}},
    {"removal outside",        remove_outside,    STRICT_PATHS, {EACCES, EPERM, EPERM, EPERM}},
    {"removal outside",        remove_outside,    LIGHT_PATHS,  {EACCES, EACCES, EACCES, EACCES}},
    {"a new file in /etc",     write_readable,    STRICT_PATHS, {EACCES, EPERM, EPERM, EPERM}},
    {"a host's address",       find_host,         EVERYWHERE,   {0, ANY, ANY, ANY}},
    {"a charset's module",     find_charset,      STRICT_PATHS, {0, ANY, 0, ANY}},
    {"a program",              run_program,       EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"a program in a file",    run_descriptor,    EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"being traced",           trace,             STRICT,       {EPERM, KILLED, KILLED, KILLED}},
    {"being traced",           trace,             LIGHT,        {0, 0, 0, 0}},
    {"memory of a process",    read_memory,       EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"a namespace",            unshare_user,      EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"another namespace",      join_namespace,    EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"a child's namespace",    clone_user,        STRICT,       {EPERM, EPERM, EPERM, EPERM}},
    {"another user",           be_root,           EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"io_uring",               ask_ring,          EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"bpf",                    ask_bpf,           EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"the kernel's keys",      ask_key,           EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"a file by its handle",   open_handle,       EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"userfaultfd",            watch_faults,      EVERYWHERE,   {EPERM, KILLED, KILLED, KILLED}},
    {"raw packets",            raw_socket,        EVERYWHERE,   {EPERM, EPERM, EPERM, EPERM}},
    {"the kernel's ciphers",   crypto_socket,     EVERYWHERE,   {EPERM, EPERM, EPERM, EPERM}},
    {"the internet",           internet_socket,   EVERYWHERE,   {0, EPERM, EPERM, EPERM}},
    {"the routes",             routes_socket,     EVERYWHERE,   {0, EPERM, EPERM, EPERM}},
    {"this machine",           local_socket,      EVERYWHERE,   {0, EPERM, EPERM, EPERM}},
    {"typing into a terminal", type_into_terminal, STRICT,      {EPERM, EPERM, EPERM, EPERM}},
    {"memory to write and run", write_and_run,    STRICT,       {EPERM, EPERM, EPERM, EPERM}},
    {"what was written, run",  run_written,       STRICT,       {EPERM, EPERM, EPERM, EPERM}},
    {"being dumpable again",   be_dumpable,       STRICT,       {EPERM, EPERM, EPERM, 0}},
    {"being dumpable",         is_dumpable,       STRICT,       {0, ANY, ANY, 0}},
    {"a core file",            core_limit,        STRICT,       {0, ANY, ANY, 0}},
    {"new privileges",         new_privileges,    STRICT,       {0, EPERM, EPERM, 0}},
    {"a thread",               thread,            STRICT,       {0, EPERM, EPERM, 0}},
    {"a process",              process,           STRICT,       {0, EPERM, EPERM, 0}},
    {"a signal to another",    find_parent,       STRICT_PATHS, {0, EPERM, EPERM, EPERM}},
    {"memory",                 compute,           EVERYWHERE,   {0, 0, 0, 0}},
    {"a pipe",                 talk,              EVERYWHERE,   {0, 0, 0, 0}},
};
/* clang-format on */

static bool is_for_this_build(const struct row *row)
{
    bool has_paths = confine_probe().landlock > 0;
    switch (row->where) {
    case EVERYWHERE: return true;
    case STRICT: return !CONFINE_IS_LIGHT;
    case STRICT_PATHS: return !CONFINE_IS_LIGHT && has_paths;
    case LIGHT: return CONFINE_IS_LIGHT;
    case LIGHT_PATHS: return CONFINE_IS_LIGHT && has_paths;
    }
    return false;
}

static void confine(enum kind kind)
{
    const struct confine_path server[] = {{inside, true},  {"/etc", false},    {"/usr", false},
                                          {"/lib", false}, {"/nowhere", true}, {0}};
    const struct confine_path modules[] = {{"/usr/lib", false}, {"/etc/ld.so.cache", false}, {0}};
    const struct confine_computation computation = {
        .readable = kind == READING ? modules : NULL,
        .may_fork = kind == FORKING,
    };
    const struct confinement possible = confine_probe();
    struct confinement confinement;
    if (kind == SERVER)
        confine_server(server, &confinement);
    else
        confine_computation(&computation, &confinement);
    if (!confinement.has_no_new_privileges || !confinement.has_no_dumps ||
        !confinement.has_call_filter || confinement.landlock != possible.landlock)
        _exit(NOT_HELD);
}

static void put(const char *name)
{
    int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    close(file);
}

/* A process of its own for each, as nothing can be undone. It tells by its exit status, so errno
 * has to fit in there. */
static int come_of(const struct row *row, enum kind kind)
{
    put(in(inside, "old"));
    put(in(outside, "old"));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        confine(kind);
        _exit(row->try());
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : KILLED + WTERMSIG(status);
    return WEXITSTATUS(status);
}

static void what_is_not_needed_is_refused(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (enum kind kind = 0; kind < KINDS && is_for_this_build(&ROWS[i]); kind++) {
            int expected = ROWS[i].expected[kind], got = come_of(&ROWS[i], kind);
            if (expected == ANY || expected == got)
                continue;
            print_error("%s, %s: %d instead of %d\n", ROWS[i].name, KIND_NAMES[kind], got,
                        expected);
            wrong++;
        }
    assert_int_equal(wrong, 0);
}

/* A kind within a kind: what a process that forks gives to those it makes can only be less. */
static void a_child_gives_up_more(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        confine(FORKING);
        pid_t grandchild = fork();
        int status = 0;
        if (grandchild == 0) {
            confine(COMPUTING);
            _exit(compute() || talk() || process() != (CONFINE_IS_LIGHT ? 0 : EPERM));
        }
        _exit(waitpid(grandchild, &status, 0) != grandchild || status);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int setup(void **state)
{
    (void)state;
    return !mkdtemp(inside) || mkdir(in(inside, "below"), 0700) != 0 || !mkdtemp(outside) ||
           pipe(ends) != 0;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const FILES[] = {"new", "old", "below/moved"};
    for (size_t i = 0; i < COUNT(FILES); i++)
        unlink(in(inside, FILES[i]));
    unlink(in(outside, "old"));
    rmdir(in(inside, "below"));
    return rmdir(inside) | rmdir(outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_needed_is_refused),
        cmocka_unit_test(a_child_gives_up_more),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
