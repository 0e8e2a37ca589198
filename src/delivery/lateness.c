#include "delivery/lateness.h"

#include <stddef.h>

const int64_t LATENESS_LIMITS_US[LATENESS_LIMITS] = {
    5000,    25000,   100000,   250000,   500000,    1000000,
    2500000, 5000000, 10000000, 60000000, 300000000, 3600000000,
};

void lateness_note(struct lateness *lateness, int64_t us)
{
    size_t at = 0;
    while (at < LATENESS_LIMITS && us > LATENESS_LIMITS_US[at])
        at++;
    lateness->counts[at]++;
    lateness->sum_us += us > 0 ? (uint64_t)us : 0;
}
