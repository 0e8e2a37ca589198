/* clock.h - what time it is; the only place that asks the system. */
#pragma once
#include "base/moment.h"

moment clock_now(void);        /* UTC; may be set back by an operator */
int64_t clock_steady_ms(void); /* only ever forward; for waiting and measuring */
int64_t clock_steady_us(void);

/* Whether the system says that somebody keeps it right: false for one that nobody has set. */
bool clock_is_kept(void);

/* By how much it has been set since *ahead_ms was noted, beyond the time that has passed, and notes
 * it anew; 0 at the first call, where *ahead_ms is 0. Who slept finds it set forward. */
int64_t clock_set_by_ms(int64_t *ahead_ms);

void clock_sleep_ms(int64_t ms); /* before trying again what failed; never to wait for luck */

/* Tests stop the clock here; 0 lets it run again. */
void clock_stop_at(moment when);
