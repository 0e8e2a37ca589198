/* exchange.h - one task given to one reader, and what comes back, which is taken for hostile. */
#pragma once
#include "parser/pool.h"
#include "parser/task.h"

enum exchange_end {
    EXCHANGE_ANSWERED,
    EXCHANGE_FAILED, /* the task said so */
    EXCHANGE_LEFT,   /* the sink did not go on; the reader is still at it */
    EXCHANGE_STALE,  /* it was dead before it was asked */
    EXCHANGE_DIED,   /* or was late, or said what cannot be */
};

/* place: the task's in the table. timeout_ms: for all that the reader does, without what the sink
 * takes. error is filled but for EXCHANGE_ANSWERED; of one that died it says how. */
enum exchange_end exchange_run(struct reader *reader, const struct parser_task *task,
                               uint32_t place, const struct parser_call *call, int64_t timeout_ms,
                               struct arena *arena, void *ret_answered, struct error *error);
