/* nest.h - the process that makes readers: it was forked before the server had anything to hide,
 * and is behind a lock itself. */
#pragma once
#include <stdint.h>

#include "parser/task.h"

enum nest_order_kind {
    NEST_START = 1, /* prepares the tasks and locks itself in */
    NEST_MAKE,      /* a reader with the descriptor that comes along, under this number */
    NEST_END,       /* that reader's life */
};
struct nest_order { /* each a packet of its own */
    uint32_t kind;
    uint64_t number;
    uint64_t memory_bytes; /* NEST_START: see parser.h, as for is_free */
    bool is_free;
};

/* arguments: main's, or NULL. Ends the process when the other end of control is closed. */
_Noreturn void nest_run(int control, const struct parser_task *const *tasks, char **arguments);
