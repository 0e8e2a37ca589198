#include "model/outcome.h"

/* clang-format off */
const char *const OUTCOME_NAMES[] = {
    [OUTCOME_SENT] = "sent",
    [OUTCOME_TRY_LATER] = "try_later",
    [OUTCOME_REFUSED] = "refused",
    [OUTCOME_SIGN_IN_AGAIN] = "sign_in_again",
    [OUTCOME_UNKNOWN] = "unknown",
    NULL,
};

/* Credentials that do not hold are mended by a person; until then the mail waits. */
static const enum email_event EVENT_OF[OUTCOME_COUNT] = {
    [OUTCOME_SENT] = EVENT_ACCEPTED,       [OUTCOME_TRY_LATER] = EVENT_TRY_LATER,
    [OUTCOME_REFUSED] = EVENT_REFUSED,     [OUTCOME_SIGN_IN_AGAIN] = EVENT_TRY_LATER,
    [OUTCOME_UNKNOWN] = EVENT_LOST,
};
/* clang-format on */

enum email_event outcome_event(enum outcome_kind kind)
{
    return EVENT_OF[kind];
}

int64_t retry_delay_ms(int64_t attempts, unsigned dice)
{
    enum { FIRST_MS = 2 * 1000, MOST_MS = 3600 * 1000 };
    int64_t delay = FIRST_MS;
    for (int64_t i = 1; i < attempts && delay < MOST_MS; i++)
        delay *= 2;
    if (delay > MOST_MS)
        delay = MOST_MS;
    return delay * 3 / 4 + delay / 2 * (dice % 1001) / 1000;
}

int64_t hold_delay_ms(int64_t probes, int64_t first_ms)
{
    enum { FIRST_MS = 5 * 60 * 1000, MOST_MS = 6 * 3600 * 1000 };
    int64_t delay = first_ms > 0 ? first_ms : FIRST_MS;
    for (; probes > 0 && delay < MOST_MS; probes--)
        delay = 2 * delay < MOST_MS ? 2 * delay : MOST_MS;
    return delay;
}

/* A mail that is still on its way through its provider shows up within minutes. */
int64_t probe_delay_ms(int64_t asked)
{
    static const int64_t DELAYS_S[] = {2, 10, 30, 120, 600, 1800, 7200, 43200, 86400};
    bool is_enough = asked < 0 || asked >= (int64_t)(sizeof DELAYS_S / sizeof *DELAYS_S);
    return is_enough ? 0 : DELAYS_S[asked] * 1000;
}

int64_t unanswered_delay_ms(int64_t unknown_ms)
{
    enum { LEAST_MS = 2 * 1000, MOST_MS = 3600 * 1000 };
    return unknown_ms < LEAST_MS ? LEAST_MS : unknown_ms > MOST_MS ? MOST_MS : unknown_ms;
}

moment first_probe(moment committed_at, bool can_be_asked, moment now)
{
    if (!committed_at.ms)
        return now;
    return (moment){can_be_asked ? now.ms + probe_delay_ms(0) : 0};
}
