/* lateness.h - how long things took, counted by size; for /metrics. From any thread. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

enum { LATENESS_LIMITS = 12 };
extern const int64_t LATENESS_LIMITS_US[LATENESS_LIMITS];

struct lateness {                                 /* {0} to begin with */
    _Atomic uint64_t counts[LATENESS_LIMITS + 1]; /* see base/metric.h: histogram */
    _Atomic uint64_t sum_us;
};

void lateness_note(struct lateness *lateness, int64_t us); /* less than 0 counts as 0 */
