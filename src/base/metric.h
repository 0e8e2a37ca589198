/* metric.h - numbers for whoever watches the server, as Prometheus reads them (its text format
 * 0.0.4). Names get the prefix "outtray_". */
#pragma once
#include <stdint.h>

#include "base/buf.h"

#define METRIC_MEDIA_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum metric_kind { METRIC_GAUGE, METRIC_COUNTER };

/* One number without labels. */
void metric_add(struct buf *buf, enum metric_kind kind, const char *name, const char *help,
                uint64_t value);

/* Several numbers of one name: begun once, then each with its labels: `state="sent"`. */
void metric_begin(struct buf *buf, enum metric_kind kind, const char *name, const char *help);
void metric_value(struct buf *buf, const char *name, const char *labels, uint64_t value);
void metric_seconds(struct buf *buf, const char *name, const char *labels, int64_t us);

/* counts[i]: how many took up to limits_us[i] and longer than the one before; one more count
 * behind them: longer than all. */
struct histogram {
    const int64_t *limits_us;
    const uint64_t *counts;
    size_t limit_count;
    uint64_t sum_us;
};
void metric_histogram(struct buf *buf, const char *name, const char *help,
                      const struct histogram *histogram);
