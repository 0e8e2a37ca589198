/* run_as.c - gives up root for another user, for good. */
#include "run_as.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* As a person and chown know it. */
static void run_as_name_of(uid_t id, char *ret_name, size_t size)
{
    const struct passwd *user = getpwuid(id);
    if (user)
        snprintf(ret_name, size, "%s", user->pw_name);
    else
        snprintf(ret_name, size, "%u", (unsigned)id);
}

/* The group goes first: without root it could not be changed any more. */
static bool run_as_change(const struct passwd *user)
{
    return setgroups(1, &user->pw_gid) == 0 &&
           setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
           setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0;
}

static bool run_as_is(const struct passwd *user)
{
    uid_t users[3];
    gid_t groups[3], other;
    return getresuid(&users[0], &users[1], &users[2]) == 0 &&
           getresgid(&groups[0], &groups[1], &groups[2]) == 0 && users[0] == user->pw_uid &&
           users[1] == user->pw_uid && users[2] == user->pw_uid && groups[0] == user->pw_gid &&
           groups[1] == user->pw_gid && groups[2] == user->pw_gid && getgroups(1, &other) == 1 &&
           other == user->pw_gid && setuid(0) == -1 && setgid(0) == -1;
}

bool run_as(const char *name, struct error *error)
{
    if (!name)
        return true;
    errno = 0;
    const struct passwd *user = getpwnam(name);
    if (!user)
        return fail(error, ERROR_NOT_FOUND, "", "--user: this machine has no user %s", name);
    if (user->pw_uid == 0)
        return fail(error, ERROR_INVALID, "", "--user: %s is root, which is to be given up", name);
    if (geteuid() != 0)
        return geteuid() == user->pw_uid ||
               fail(error, ERROR_FORBIDDEN, "",
                    "--user: only root can become %s; start outtrayd as root, or as %s", name,
                    name);
    if (!run_as_change(user))
        return fail_errno(error, name);
    return run_as_is(user) ||
           fail(error, ERROR_INTERNAL, "", "--user: root could not be given up for %s", name);
}

bool run_as_owns(const char *folder, struct error *error)
{
    struct stat status;
    uid_t self = geteuid();
    if (stat(folder, &status) != 0)
        return errno == ENOENT || fail_errno(error, folder);
    if (self == 0 || status.st_uid == self)
        return true;
    char owner[64], name[64];
    run_as_name_of(status.st_uid, owner, sizeof owner);
    run_as_name_of(self, name, sizeof name);
    return fail(error, ERROR_FORBIDDEN, "", "the folder %s belongs to %s; type: chown -R %s: %s",
                folder, owner, name, folder);
}
