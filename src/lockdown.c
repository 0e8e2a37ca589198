/* lockdown.c - which paths a server needs, and what of the lock holds. */
#include "lockdown.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

/* Folders rather than files: what is replaced (resolv.conf, certificates) is another file then,
 * and a rule would still stand for the former one. The modules of the C library (name service,
 * charsets) are loaded when they are first needed. */
static const char *const SYSTEM[] = {
    "/etc",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/share",
    "/lib",
    "/lib64",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/run/nscd",
    "/var/lib/sss",
    "/var/lib/ca-certificates",
    "/proc/sys",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu",
    "/dev/urandom",
    "/dev/random",
};

/* Where libraries look instead, when the operator says so. */
static const char *const VARIABLES[] = {
    "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "OPENSSL_MODULES",
    "LOCPATH",       "GCONV_PATH",   "TZDIR"};

enum { MOST_PATHS = 64, NOTE_BYTES = 256 };
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct paths {
    struct confine_path items[MOST_PATHS + 1]; /* ends with {0} */
    size_t count;
    struct arena *arena;
};

static void lockdown_add(struct paths *paths, const char *path, bool may_write)
{
    if (path && *path && paths->count < MOST_PATHS)
        paths->items[paths->count++] = (struct confine_path){path, may_write};
}

/* The folder in which a file is, wherever symbolic links lead; the file alone at the very top. */
static void lockdown_add_folder_of(struct paths *paths, const char *file, bool may_write)
{
    char real[PATH_MAX];
    if (!file || !realpath(file, real))
        return;
    char *slash = strrchr(real, '/');
    if (slash && slash != real)
        *slash = '\0';
    lockdown_add(paths, arena_copy(paths->arena, real), may_write);
}

/* Each of the data folder's own may be a symbolic link to a larger disk. */
static void lockdown_add_all(struct paths *paths, const struct config *config,
                             const struct data_paths *data)
{
    lockdown_add(paths, data->folder, true);
    lockdown_add(paths, data->blobs, true);
    lockdown_add(paths, data->sandbox, true);
    lockdown_add(paths, data->temporary, true);
    lockdown_add_folder_of(paths, data->database, true);
    lockdown_add_folder_of(paths, data->key, false);
    lockdown_add_folder_of(paths, config->tls_ca_file, false);
    lockdown_add(paths, "/dev/null", true);
    for (size_t i = 0; i < COUNT(SYSTEM); i++)
        lockdown_add(paths, SYSTEM[i], false);
    for (size_t i = 0; i < COUNT(VARIABLES); i++)
        lockdown_add(paths, getenv(VARIABLES[i]), false);
    lockdown_add_folder_of(paths, "/etc/resolv.conf", false);
    lockdown_add_folder_of(paths, "/etc/localtime", false);
}

static bool lockdown_note(const struct data_paths *paths, const struct lockdown *lockdown,
                          struct error *error)
{
    char line[NOTE_BYTES];
    snprintf(line, sizeof line,
             "pid=%d wanted=%d root=%d new_privileges=%d dumps=%d landlock=%d seccomp=%d key=%d\n",
             (int)getpid(), lockdown->is_wanted, lockdown->is_root,
             !lockdown->holds.has_no_new_privileges, !lockdown->holds.has_no_dumps,
             lockdown->holds.landlock, lockdown->holds.has_call_filter, lockdown->has_locked_key);
    return data_folder_note(paths, line, error);
}

bool lockdown_read(const struct data_paths *paths, struct arena *arena,
                   struct lockdown *ret_lockdown)
{
    int pid, wanted, root, privileges, dumps, landlock, seccomp, key;
    const char *line = data_folder_read_note(paths, arena);
    if (sscanf(line,
               "pid=%d wanted=%d root=%d new_privileges=%d dumps=%d landlock=%d seccomp=%d key=%d",
               &pid, &wanted, &root, &privileges, &dumps, &landlock, &seccomp, &key) != 8)
        return false;
    *ret_lockdown = (struct lockdown){wanted, root, key, {!privileges, !dumps, landlock, seccomp}};
    return true;
}

const char *lockdown_missing(const struct confinement *confinement, struct arena *arena)
{
    const struct {
        bool is_missing;
        const char *name;
    } locks[] = {
        {!confinement->has_no_new_privileges, "no new privileges"},
        {!confinement->has_no_dumps, "no dumps"},
        {!confinement->landlock, "landlock (paths)"},
        {!confinement->has_call_filter, "seccomp (system calls)"},
    };
    struct buf buf = BUF(arena, NOTE_BYTES);
    for (size_t i = 0; i < COUNT(locks); i++)
        if (locks[i].is_missing)
            buf_addf(&buf, "%s%s", buf.size ? ", " : "", locks[i].name);
    struct error ignored;
    return buf_text(&buf, &ignored);
}

static void lockdown_log(const struct lockdown *lockdown, struct arena *arena)
{
    const char *missing = lockdown_missing(&lockdown->holds, arena);
    if (lockdown->is_root)
        LOG(LOG_WARNING, "runs_as_root",
            LOG_TEXT("advice", "start it as another user, or with --user NAME"));
    if (!lockdown->has_locked_key)
        LOG(LOG_WARNING, "key_not_locked",
            LOG_TEXT("advice", "raise the limit of locked memory (ulimit -l, LimitMEMLOCK=)"));
    if (!lockdown->is_wanted)
        LOG(LOG_WARNING, "not_confined", LOG_TEXT("reason", "the setting confine is false"));
    else if (*missing)
        LOG(LOG_WARNING, "not_fully_confined", LOG_TEXT("missing", missing));
    else
        LOG(LOG_INFO, "confined", LOG_NUMBER("landlock", lockdown->holds.landlock));
}

bool lockdown_begin(const struct config *config, const struct data_paths *paths,
                    const struct secret_key *key, struct arena *arena,
                    struct lockdown *ret_lockdown, struct error *error)
{
    struct paths allowed = {.arena = arena};
    struct lockdown lockdown = {.is_wanted = config->confine,
                                .is_root = geteuid() == 0,
                                .has_locked_key = secret_key_is_locked(key)};
    lockdown_add_all(&allowed, config, paths);
    if (lockdown.is_wanted)
        confine_server(allowed.items, &lockdown.holds);
    lockdown_log(&lockdown, arena);
    *ret_lockdown = lockdown;
    return lockdown_note(paths, &lockdown, error);
}
