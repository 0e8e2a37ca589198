/* confine_calls.c - seccomp: two lists of system calls, the ones that a server never needs and the
 * ones that a computation does.
 *
 * The server's list says what is refused, as libraries of a server need very different calls from
 * one version to the next. The computation's list says what is allowed. Calls of another
 * architecture than the program's (such as those of i386) end the process: a filter that knows
 * only one set of numbers is otherwise walked around. */
#include "base/confine_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/confine.h"

#define CALL(name) SCMP_SYS(name)

/* None of our libraries makes these calls, not even to try. Where one is made, an attacker chose
 * what runs here. */
static const int FOREIGN_CALLS[] = {
    /* programs, and other processes' insides */
    CALL(execve), CALL(execveat), CALL(process_vm_readv), CALL(process_vm_writev), CALL(kcmp),
    CALL(pidfd_getfd), CALL(process_madvise),
    /* what the machine is made of */
    CALL(mount), CALL(umount), CALL(umount2), CALL(pivot_root), CALL(chroot), CALL(fsopen),
    CALL(fsconfig), CALL(fsmount), CALL(fspick), CALL(move_mount), CALL(open_tree),
    CALL(mount_setattr), CALL(swapon), CALL(swapoff), CALL(reboot), CALL(sethostname),
    CALL(setdomainname), CALL(acct), CALL(quotactl), CALL(quotactl_fd), CALL(vhangup), CALL(syslog),
    CALL(settimeofday), CALL(clock_settime), CALL(clock_adjtime), CALL(adjtimex), CALL(stime),
    CALL(fanotify_init),
    /* the kernel itself */
    CALL(init_module), CALL(finit_module), CALL(delete_module), CALL(kexec_load),
    CALL(kexec_file_load), CALL(bpf), CALL(perf_event_open), CALL(userfaultfd), CALL(iopl),
    CALL(ioperm), CALL(modify_ldt), CALL(vm86), CALL(vm86old), CALL(lookup_dcookie),
    CALL(nfsservctl), CALL(uselib), CALL(personality), CALL(_sysctl), CALL(io_uring_setup),
    CALL(io_uring_enter), CALL(io_uring_register),
    /* ways around the rights of files, of users and of namespaces */
    CALL(open_by_handle_at), CALL(name_to_handle_at), CALL(unshare), CALL(setns), CALL(keyctl),
    CALL(add_key), CALL(request_key), CALL(setuid), CALL(setgid), CALL(setreuid), CALL(setregid),
    CALL(setresuid), CALL(setresgid), CALL(setfsuid), CALL(setfsgid), CALL(setgroups), CALL(capset),
    CALL(move_pages), CALL(migrate_pages), CALL(vmsplice), CALL(remap_file_pages)};

static const int COMPUTING_CALLS[] = {
    CALL(read), CALL(readv), CALL(pread64), CALL(write), CALL(writev), CALL(pwrite64),
    CALL(recvfrom), CALL(recvmsg), CALL(sendto), CALL(sendmsg), CALL(shutdown), CALL(close),
    CALL(dup), CALL(dup2), CALL(dup3), CALL(fcntl), CALL(fstat), CALL(fstat64), CALL(lseek),
    CALL(_llseek), CALL(ftruncate), CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6),
    CALL(epoll_wait), CALL(epoll_pwait), CALL(epoll_ctl),
    /* memory; mmap and mprotect have rules of their own */
    CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise), CALL(mlock), CALL(munlock),
    /* threads and signals of its own */
    CALL(futex), CALL(futex_time64), CALL(rseq), CALL(set_robust_list), CALL(set_tid_address),
    CALL(membarrier), CALL(sched_yield), CALL(sched_getaffinity), CALL(rt_sigaction),
    CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(rt_sigtimedwait), CALL(sigaltstack),
    CALL(sigreturn), CALL(restart_syscall), CALL(exit), CALL(exit_group),
    /* what it is, and what time it is */
    CALL(getpid), CALL(gettid), CALL(getppid), CALL(getuid), CALL(geteuid), CALL(getgid),
    CALL(getegid), CALL(uname), CALL(sysinfo), CALL(getrusage), CALL(getrandom), CALL(time),
    CALL(gettimeofday), CALL(clock_gettime), CALL(clock_gettime64), CALL(clock_getres),
    CALL(nanosleep), CALL(clock_nanosleep), CALL(clock_nanosleep_time64), CALL(alarm),
    CALL(setitimer), CALL(times)};

/* No new ones: Unix sockets (NSS, systemd), the internet, and what getaddrinfo asks for routes. */
static const int FAMILIES[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

static const int NAMESPACES[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
                                 CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ALLOWED SCMP_ACT_ALLOW
#define REFUSED SCMP_ACT_ERRNO(EPERM)

struct filter {
    scmp_filter_ctx context;
    bool is_whole;
};

/* libseccomp passes over a call that this architecture does not have. */
static void confine_calls_add(struct filter *filter, uint32_t action, const int *calls,
                              size_t count)
{
    for (size_t i = 0; filter->is_whole && i < count; i++) {
        int status = seccomp_rule_add(filter->context, action, calls[i], 0);
        filter->is_whole = status == 0 || status == -EDOM;
    }
}

static void confine_calls_add_if(struct filter *filter, uint32_t action, int call,
                                 struct scmp_arg_cmp condition)
{
    if (!filter->is_whole)
        return;
    int status = seccomp_rule_add_array(filter->context, action, call, 1, &condition);
    filter->is_whole = status == 0 || status == -EDOM;
}

static struct filter confine_calls_start(uint32_t otherwise)
{
    struct filter filter = {.context = seccomp_init(otherwise)};
    filter.is_whole = filter.context;
    return filter;
}

static bool confine_calls_load(struct filter *filter)
{
    bool is_held = filter->is_whole && seccomp_load(filter->context) == 0;
    if (filter->context)
        seccomp_release(filter->context);
    return is_held;
}

static struct scmp_arg_cmp confine_calls_bits(unsigned argument, uint64_t bits, uint64_t value)
{
    return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bits, value);
}

/* The flags of clone3 lie in memory, where a filter does not see them; without it, the C library
 * takes clone. */
static void confine_calls_add_namespaces(struct filter *filter)
{
    confine_calls_add_if(filter, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3),
                         SCMP_CMP64(0, SCMP_CMP_GE, 0));
    for (size_t i = 0; i < COUNT(NAMESPACES); i++)
        confine_calls_add_if(filter, REFUSED, CALL(clone),
                             confine_calls_bits(0, (uint64_t)(unsigned)NAMESPACES[i],
                                                (uint64_t)(unsigned)NAMESPACES[i]));
}

static void confine_calls_add_families(struct filter *filter)
{
    confine_calls_add_if(filter, REFUSED, CALL(socket), SCMP_CMP64(0, SCMP_CMP_GT, AF_NETLINK));
    for (int family = 0; family < AF_NETLINK; family++) {
        bool is_needed = false;
        for (size_t i = 0; i < COUNT(FAMILIES); i++)
            is_needed = is_needed || FAMILIES[i] == family;
        if (!is_needed)
            confine_calls_add_if(filter, REFUSED, CALL(socket),
                                 SCMP_CMP64(0, SCMP_CMP_EQ, (uint64_t)family));
    }
}

/* Files are made by it too (SQLite's, so that their mode is right from the beginning). */
static void confine_calls_add_devices(struct filter *filter)
{
    static const uint64_t KINDS[] = {S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK};
    for (size_t i = 0; i < COUNT(KINDS); i++) {
        confine_calls_add_if(filter, REFUSED, CALL(mknod), confine_calls_bits(1, S_IFMT, KINDS[i]));
        confine_calls_add_if(filter, REFUSED, CALL(mknodat),
                             confine_calls_bits(2, S_IFMT, KINDS[i]));
    }
}

/* Memory that was written is not run, and a terminal is not typed into. */
static void confine_calls_add_strict(struct filter *filter)
{
    static const int TRACING[] = {CALL(ptrace)};
    confine_calls_add(filter, REFUSED, TRACING, COUNT(TRACING));
    confine_calls_add_if(filter, REFUSED, CALL(mmap),
                         confine_calls_bits(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC));
    confine_calls_add_if(filter, REFUSED, CALL(mprotect),
                         confine_calls_bits(2, PROT_EXEC, PROT_EXEC));
    confine_calls_add_if(filter, REFUSED, CALL(pkey_mprotect),
                         confine_calls_bits(2, PROT_EXEC, PROT_EXEC));
    confine_calls_add_if(filter, REFUSED, CALL(prctl), SCMP_CMP64(0, SCMP_CMP_EQ, PR_SET_DUMPABLE));
}

/* A kernel with filters reads the one that is given, and there is none. */
bool confine_calls_are_possible(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) == -1 && errno == EFAULT;
}

bool confine_calls_of_server(void)
{
    struct filter filter = confine_calls_start(ALLOWED);
    confine_calls_add(&filter, REFUSED, FOREIGN_CALLS, COUNT(FOREIGN_CALLS));
    confine_calls_add_namespaces(&filter);
    confine_calls_add_families(&filter);
    confine_calls_add_devices(&filter);
    confine_calls_add_if(&filter, REFUSED, CALL(ioctl),
                         SCMP_CMP64(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCSTI));
    if (!CONFINE_IS_LIGHT)
        confine_calls_add_strict(&filter);
    return confine_calls_load(&filter);
}

/* A build with a sanitizer: its runtime makes calls of all kinds, so what is refused is named. */
static bool confine_calls_of_light_computation(void)
{
    static const int NETWORK[] = {CALL(socket), CALL(connect), CALL(bind),
                                  CALL(listen), CALL(accept),  CALL(accept4)};
    struct filter filter = confine_calls_start(ALLOWED);
    confine_calls_add(&filter, SCMP_ACT_KILL_PROCESS, FOREIGN_CALLS, COUNT(FOREIGN_CALLS));
    confine_calls_add(&filter, REFUSED, NETWORK, COUNT(NETWORK));
    return confine_calls_load(&filter);
}

/* fstat is a newfstatat of no path, and says no more about a path than that it is there. */
static void confine_calls_add_memory(struct filter *filter)
{
    static const int MAPPING[] = {CALL(mmap), CALL(mmap2), CALL(mprotect)};
    for (size_t i = 0; i < COUNT(MAPPING); i++)
        confine_calls_add_if(filter, ALLOWED, MAPPING[i], confine_calls_bits(2, PROT_EXEC, 0));
    confine_calls_add_if(filter, ALLOWED, CALL(newfstatat),
                         confine_calls_bits(3, AT_EMPTY_PATH, AT_EMPTY_PATH));
    confine_calls_add_if(filter, ALLOWED, CALL(prctl), SCMP_CMP64(0, SCMP_CMP_EQ, PR_SET_NAME));
}

/* Modules that are loaded later, and what the loader asks before. */
static void confine_calls_add_opening(struct filter *filter)
{
    static const int LOOKING[] = {
        CALL(readlink),  CALL(readlinkat), CALL(getcwd),     CALL(stat),  CALL(lstat),
        CALL(stat64),    CALL(lstat64),    CALL(newfstatat), CALL(statx), CALL(access),
        CALL(faccessat), CALL(faccessat2), CALL(getdents64)};
    const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    confine_calls_add(filter, ALLOWED, LOOKING, COUNT(LOOKING));
    confine_calls_add_if(filter, ALLOWED, CALL(open), confine_calls_bits(1, writing, 0));
    confine_calls_add_if(filter, ALLOWED, CALL(openat), confine_calls_bits(2, writing, 0));
    confine_calls_add_if(filter, ALLOWED, CALL(mmap),
                         confine_calls_bits(2, PROT_WRITE | PROT_EXEC, PROT_EXEC));
}

/* Processes, the descriptors between them, and what each needs to give up more. */
static void confine_calls_add_forking(struct filter *filter)
{
    static const int PROCESSES[] = {CALL(fork),
                                    CALL(vfork),
                                    CALL(wait4),
                                    CALL(waitid),
                                    CALL(kill),
                                    CALL(pidfd_open),
                                    CALL(pidfd_send_signal),
                                    CALL(pipe2),
                                    CALL(pipe),
                                    CALL(socketpair),
                                    CALL(tgkill),
                                    CALL(prctl),
                                    CALL(seccomp),
                                    CALL(prlimit64),
                                    CALL(setrlimit),
                                    CALL(close_range),
                                    CALL(landlock_create_ruleset),
                                    CALL(landlock_add_rule),
                                    CALL(landlock_restrict_self)};
    static const int WITHOUT_CLONE[] = {CALL(clone3)};
    confine_calls_add(filter, ALLOWED, PROCESSES, COUNT(PROCESSES));
    uint64_t namespaces = 0;
    for (size_t i = 0; i < COUNT(NAMESPACES); i++)
        namespaces |= (uint64_t)(unsigned)NAMESPACES[i];
    confine_calls_add_if(filter, ALLOWED, CALL(clone), confine_calls_bits(0, namespaces, 0));
    confine_calls_add(filter, SCMP_ACT_ERRNO(ENOSYS), WITHOUT_CLONE, COUNT(WITHOUT_CLONE));
}

bool confine_calls_of_computation(bool may_open, bool may_fork)
{
    static const int TRACING[] = {CALL(ptrace)};
    if (CONFINE_IS_LIGHT)
        return confine_calls_of_light_computation();
    struct filter filter = confine_calls_start(REFUSED);
    confine_calls_add(&filter, SCMP_ACT_KILL_PROCESS, FOREIGN_CALLS, COUNT(FOREIGN_CALLS));
    confine_calls_add(&filter, SCMP_ACT_KILL_PROCESS, TRACING, COUNT(TRACING));
    confine_calls_add(&filter, ALLOWED, COMPUTING_CALLS, COUNT(COMPUTING_CALLS));
    confine_calls_add_memory(&filter);
    if (may_open)
        confine_calls_add_opening(&filter);
    if (may_fork)
        confine_calls_add_forking(&filter);
    else /* for abort */
        confine_calls_add_if(&filter, ALLOWED, CALL(tgkill),
                             SCMP_CMP64(0, SCMP_CMP_EQ, (uint64_t)getpid()));
    return confine_calls_load(&filter);
}
