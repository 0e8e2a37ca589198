/* confine.h - gives up what a process never needs, so that a fault in it reaches less.
 *
 * Four locks, each as far as this kernel has it: no new privileges, no dumps of memory, landlock
 * for paths, seccomp for system calls. A lock that is missing is reported and is no failure: the
 * caller decides. Nothing here can be undone, and children inherit all of it.
 * Call before the first thread is made: landlock holds for the calling thread and for what that
 * thread makes later.
 *
 * Builds with sanitizers have a lighter form (CONFINE_IS_LIGHT): their runtime reads files of the
 * system, and LeakSanitizer traces its own process. There, everything can be read, only the paths
 * with may_write can be written, and tracing is possible. Tests of the plain build test the rest.
 */
#pragma once
#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CONFINE_IS_LIGHT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define CONFINE_IS_LIGHT 1
#endif
#endif
#ifndef CONFINE_IS_LIGHT
#define CONFINE_IS_LIGHT 0
#endif

/* A file, or a folder with everything below it. A path that is not there is passed over; a
 * symbolic link stands for what it leads to at the moment of the call. */
struct confine_path {
    const char *path; /* NULL ends a list */
    bool may_write;
};

/* What holds from here on. */
struct confinement {
    bool has_no_new_privileges;
    bool has_no_dumps;    /* no core file, and no other process of this user can look inside */
    int landlock;         /* version of the kernel's interface; 0: paths are not limited */
    bool has_call_filter; /* seccomp */
};

/* What this kernel has, without giving anything up. */
struct confinement confine_probe(void);

/* No new privileges and no dumps: what costs nothing and can be done at the very beginning. */
void confine_start(struct confinement *ret_confinement);

/* A server: the files below paths, and no system call of those that it never needs: programs,
 * tracing, mounts, namespaces, modules, keys, raw devices, other users. Such a call fails with
 * EPERM, so that a library that only tries one carries on. */
void confine_server(const struct confine_path *paths, struct confinement *ret_confinement);

/* A process that only computes: it reads and writes descriptors that are open already (pipes,
 * sockets, memory), and ends. It makes no descriptor but copies, no connection, no process, no
 * signal for others. What is not allowed fails with EPERM; what no library ever tries (programs,
 * tracing, mounts ...) kills the process with SIGSYS. */
struct confine_computation {
    /* Paths that may be opened and read, such as those of iconv's modules; may_write is not looked
     * at. Only where landlock holds: without it nothing can be opened, and the caller loads before
     * what it will need. NULL: nothing can be opened. */
    const struct confine_path *readable;
    bool may_fork; /* it makes such processes and waits for them; it may kill them */
};
void confine_computation(const struct confine_computation *computation,
                         struct confinement *ret_confinement);
