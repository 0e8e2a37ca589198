#include "base/memory.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/clock.h"

enum { LOOK_EVERY_MS = 10 };

static bool can_be_had(void)
{
    void *reserve = mmap(NULL, MEMORY_RESERVE_BYTES, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return reserve != MAP_FAILED && munmap(reserve, MEMORY_RESERVE_BYTES) == 0;
}

bool memory_check(struct error *error)
{
    static _Atomic int64_t looked_ms = 0;
    static atomic_bool is_short = false;
    int64_t now_ms = clock_steady_ms();
    if (now_ms - atomic_load(&looked_ms) >= LOOK_EVERY_MS) {
        atomic_store(&looked_ms, now_ms);
        atomic_store(&is_short, !can_be_had());
    }
    return !atomic_load(&is_short) ||
           fail(error, ERROR_UNAVAILABLE, "", "this server is short of memory at the moment");
}
