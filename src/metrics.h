/* metrics.h - what the store and delivery have to say on /metrics. */
#pragma once
#include "base/buf.h"
#include "db/db.h"
#include "delivery/delivery.h"

struct metrics {
    struct db *db;
    struct delivery *delivery;
};

/* context: a struct metrics. No address, and no id, stands in it. */
void metrics_add(struct buf *buf, void *context);
