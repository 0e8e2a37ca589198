#include "base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t stopped_at_ms;

#ifdef OUTTRAY_FAULTS
/* The first eight bytes of that file are how many ms a test wants the clock to be ahead: it sets
 * the clock of a program that runs, and of no other. */
static const _Atomic int64_t *set_ahead_ms;

static void open_ahead(void)
{
    const char *path = getenv("OUTTRAY_CLOCK_AHEAD");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    const void *mapped = mmap(NULL, sizeof *set_ahead_ms, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED)
        abort();
    set_ahead_ms = mapped;
}

static int64_t ahead(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_ahead);
    return set_ahead_ms ? atomic_load(set_ahead_ms) : 0;
}
#else
static int64_t ahead(void)
{
    return 0;
}
#endif

moment clock_now(void)
{
    int64_t stopped = atomic_load_explicit(&stopped_at_ms, memory_order_relaxed);
    if (stopped)
        return (moment){stopped};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (moment){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + ahead()};
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

int64_t clock_set_by_ms(int64_t *ahead_ms)
{
    int64_t before = *ahead_ms;
    *ahead_ms = clock_now().ms - clock_steady_ms();
    return before ? *ahead_ms - before : 0;
}

void clock_sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

void clock_stop_at(moment when)
{
    atomic_store(&stopped_at_ms, when.ms);
}
