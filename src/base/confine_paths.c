/* confine_paths.c - landlock: every right over files is refused, but below the paths of a list.
 *
 * The rights of later kernels are named here by their numbers, as the headers may be older than
 * the kernel. A kernel refuses bits that it does not know, so its version decides what is asked. */
#include "base/confine_paths.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    VERSION_REFER = 2,
    VERSION_TRUNCATE = 3,
    VERSION_NET = 4,
    VERSION_DEVICE = 5,
    VERSION_SCOPE = 6,
};
#define REFER (UINT64_C(1) << 13) /* rename and link from one folder into another */
#define TRUNCATE (UINT64_C(1) << 14)
#define DEVICE (UINT64_C(1) << 15) /* ioctl of devices */
#define NET_BIND (UINT64_C(1) << 0)
#define NET_CONNECT (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT (UINT64_C(1) << 0) /* abstract sockets of processes outside */
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

static const uint64_t READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                              LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                              LANDLOCK_ACCESS_FS_MAKE_REG | REFER | TRUNCATE;
static const uint64_t NEVER = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                              LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                              LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | DEVICE;
/* Those that mean something for a file; a kernel refuses the others in a file's rule. */
static const uint64_t OF_A_FILE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                  TRUNCATE;

struct ruleset { /* as linux/landlock.h has it since version 6; older kernels take its beginning */
    uint64_t files, net, scoped;
};

int confine_paths_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

static uint64_t confine_paths_known(int version)
{
    uint64_t files = READ | WRITE | NEVER;
    if (version < VERSION_REFER)
        files &= ~REFER;
    if (version < VERSION_TRUNCATE)
        files &= ~TRUNCATE;
    if (version < VERSION_DEVICE)
        files &= ~DEVICE;
    return files;
}

static size_t confine_paths_ruleset_size(int version)
{
    return version < VERSION_NET     ? offsetof(struct ruleset, net)
           : version < VERSION_SCOPE ? offsetof(struct ruleset, scoped)
                                     : sizeof(struct ruleset);
}

static bool confine_paths_add(int ruleset, const struct confine_path *path, uint64_t known)
{
    struct stat status;
    int file = open(path->path, O_PATH | O_CLOEXEC);
    if (file < 0)
        return true; /* what is not there needs no right */
    struct landlock_path_beneath_attr rule = {
        .allowed_access = (path->may_write ? READ | WRITE : READ) & known,
        .parent_fd = file,
    };
    bool is_added = fstat(file, &status) == 0;
    if (is_added && !S_ISDIR(status.st_mode))
        rule.allowed_access &= OF_A_FILE;
    is_added = is_added &&
               syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(file);
    return is_added;
}

int confine_paths(const struct confine_path *paths, bool is_closed)
{
    int version = confine_paths_version();
    if (!version)
        return 0;
    const uint64_t known = confine_paths_known(version);
    const struct ruleset wanted = {
        .files = known,
        .net = is_closed ? NET_BIND | NET_CONNECT : 0,
        .scoped = is_closed ? SCOPE_ABSTRACT | SCOPE_SIGNAL : SCOPE_ABSTRACT,
    };
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted,
                               confine_paths_ruleset_size(version), 0);
    if (ruleset < 0)
        return 0;
    bool is_held = true;
    if (CONFINE_IS_LIGHT)
        is_held = confine_paths_add(ruleset, &(struct confine_path){.path = "/"}, known);
    for (; paths && paths->path; paths++)
        is_held = confine_paths_add(ruleset, paths, known) && is_held;
    is_held = is_held && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return is_held ? version : 0;
}
