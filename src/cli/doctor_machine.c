/* What the machine gives: a folder, room, open files, the time. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/doctor.h"
#include "lockdown.h"

enum { MIB = 1024 * 1024, OTHER_FILES = 128, FILES_A_SENDER = 3, LITTLE = 10 };

bool doctor_folder(struct doctor *doctor, struct error *error)
{
    struct stat status;
    const char *folder = doctor->cli->paths.folder;
    if (stat(folder, &status) != 0)
        return fail_errno(error, folder);
    if (!S_ISDIR(status.st_mode))
        return fail(error, ERROR_INVALID, "", "%s is no folder", folder);
    if (access(doctor->cli->paths.database, F_OK) != 0)
        return fail(error, ERROR_NOT_FOUND, "", "there is nothing in the folder %s yet", folder);
    doctor->has_folder = true;
    doctor_say(doctor, LEVEL_OK, "%s", folder);
    return true;
}

bool doctor_rights(struct doctor *doctor, struct error *error)
{
    struct stat status;
    const char *folder = doctor->cli->paths.folder;
    if (stat(folder, &status) != 0)
        return fail_errno(error, folder);
    if (access(folder, R_OK | W_OK | X_OK) != 0 ||
        access(doctor->cli->paths.database, R_OK | W_OK) != 0)
        return fail(error, ERROR_FORBIDDEN, "", "this user may not write there");
    if (!data_folder_is_private(&doctor->cli->paths, error))
        return false;
    doctor_say(doctor, LEVEL_OK, "mode %04o, and this user may write there",
               status.st_mode & 0777U);
    return true;
}

/* Of a server that runs, what it says itself; otherwise what this kernel has. */
bool doctor_process(struct doctor *doctor, struct error *error)
{
    struct arena *arena = doctor->cli->arena;
    struct lockdown lockdown = {true, false, true, confine_probe()};
    bool is_served = data_folder_is_served(&doctor->cli->paths);
    (void)error;
    if (is_served && !lockdown_read(&doctor->cli->paths, arena, &lockdown)) {
        doctor_say(doctor, LEVEL_WARN, "an older outtrayd runs, which is not confined");
        return true;
    }
    const char *missing = lockdown_missing(&lockdown.holds, arena);
    const char *who = is_served ? "outtrayd runs" : "this kernel lets outtrayd run";
    if (lockdown.is_root)
        doctor_say(doctor, LEVEL_WARN, "outtrayd runs as root");
    if (!lockdown.has_locked_key)
        doctor_say(doctor, LEVEL_WARN,
                   "the key may be written to the swap: raise the limit of locked memory");
    if (!lockdown.is_wanted)
        doctor_say(doctor, LEVEL_WARN, "outtrayd is not confined: the setting confine is false");
    else if (*missing)
        doctor_say(doctor, LEVEL_WARN, "%s without: %s", who, missing);
    else
        doctor_say(doctor, LEVEL_OK, "%s with landlock %d, seccomp, no new privileges, no dumps",
                   who, lockdown.holds.landlock);
    return true;
}

bool doctor_space(struct doctor *doctor, struct error *error)
{
    struct statvfs disk;
    int64_t reserve = doctor->given->reserve;
    if (statvfs(doctor->cli->paths.folder, &disk) != 0)
        return fail_errno(error, doctor->cli->paths.folder);
    int64_t room = (int64_t)(disk.f_bavail * disk.f_frsize);
    enum level level = room < reserve / LITTLE ? LEVEL_FAIL
                       : room < reserve        ? LEVEL_WARN
                                               : LEVEL_OK;
    if (disk.f_files && !disk.f_favail)
        return fail(error, ERROR_FULL, "", "the disk takes no more files");
    doctor_say(doctor, level, "%lld MiB are free", (long long)(room / MIB));
    return true;
}

/* A connection is a file, and a mail under way is some. outtrayd raises its own limit as far as it
 * may. */
bool doctor_files(struct doctor *doctor, struct error *error)
{
    struct rlimit limit;
    const struct config *config = &doctor->cli->config;
    int64_t needed = config->connection_limit + FILES_A_SENDER * config->delivery_threads +
                     config->http_workers + OTHER_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return fail_errno(error, "the limit of open files");
    bool is_enough = limit.rlim_max == RLIM_INFINITY || (int64_t)limit.rlim_max >= needed;
    doctor_say(doctor, is_enough ? LEVEL_OK : LEVEL_WARN,
               "%lld may be open, as started from here; the settings need %lld",
               (long long)limit.rlim_max, (long long)needed);
    return true;
}

bool doctor_clock(struct doctor *doctor, struct error *error)
{
    (void)error;
    if (clock_is_kept())
        doctor_say(doctor, LEVEL_OK, "it is kept right");
    else
        doctor_say(doctor, LEVEL_WARN, "the system says that nobody keeps it right");
    return true;
}
