#include "disk.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int disk = DISK_WORKS;

void disk_set(enum disk_state state)
{
    disk = (int)state;
}

static ssize_t write_or_fail(int file, const void *data, size_t size, off_t offset)
{
    int state = disk;
    if (state != DISK_FULL && state != DISK_BROKEN)
        return pwrite(file, data, size, offset);
    errno = state == DISK_FULL ? ENOSPC : EIO;
    return -1;
}

static int sync_or_fail(long number, int file)
{
    if (disk != DISK_NOT_FLUSHED)
        return (int)syscall(number, file);
    errno = EIO;
    return -1;
}

/* The library has no hook for these two; it finds them here before it finds libc's. */
int fsync(int file)
{
    return sync_or_fail(SYS_fsync, file);
}

int fdatasync(int file)
{
    return sync_or_fail(SYS_fdatasync, file);
}

void disk_install(void)
{
    static const char *const CALLS[] = {"pwrite", "pwrite64"};
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (int i = 0; i < 2; i++)
        vfs->xSetSystemCall(vfs, CALLS[i], (sqlite3_syscall_ptr)write_or_fail);
}
