#include "webhook/schedule.h"

#include <assert.h>

static const int64_t DAY_MS = 24L * 3600 * 1000;

int64_t schedule_next_ms(const struct schedule *schedule, int64_t attempts, int64_t retry_after_ms,
                         unsigned random)
{
    assert(attempts > 0);
    if (attempts > schedule->count)
        return -1;
    int64_t pause_ms = schedule->pause_ms[attempts - 1];
    pause_ms += pause_ms * ((int64_t)random - 500) / 5000;
    if (retry_after_ms > DAY_MS)
        retry_after_ms = DAY_MS;
    return pause_ms > retry_after_ms ? pause_ms : retry_after_ms;
}
