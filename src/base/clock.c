#include "base/clock.h"

#include <stdatomic.h>
#include <sys/timex.h>
#include <time.h>

static _Atomic int64_t stopped_at_ms;

moment clock_now(void)
{
    int64_t stopped = atomic_load_explicit(&stopped_at_ms, memory_order_relaxed);
    if (stopped)
        return (moment){stopped};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (moment){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000};
}

int64_t clock_steady_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_steady_ms(void)
{
    return clock_steady_us() / 1000;
}

bool clock_is_kept(void)
{
    struct timex clock = {0}; /* sets nothing */
    return adjtimex(&clock) == -1 || !(clock.status & STA_UNSYNC);
}

void clock_sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

void clock_stop_at(moment when)
{
    atomic_store(&stopped_at_ms, when.ms);
}
