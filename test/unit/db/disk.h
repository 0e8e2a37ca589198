/* disk.h - a disk that can be told to fail, for the tests of what happens then.
 *
 * It stands between the database's library and the system, for the whole process. */
#pragma once
#include <stdbool.h>

enum disk_state {
    DISK_WORKS,
    DISK_FULL,        /* write: no space */
    DISK_BROKEN,      /* write: input/output error */
    DISK_NOT_FLUSHED, /* what was written is not on disk: fsync fails */
};

void disk_install(void);
void disk_set(enum disk_state state);
