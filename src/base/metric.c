#include "base/metric.h"

static unsigned long long as_number(uint64_t value)
{
    return value;
}

static void describe(struct buf *buf, const char *type, const char *name, const char *help)
{
    buf_addf(buf, "# HELP outtray_%s %s\n# TYPE outtray_%s %s\n", name, help, name, type);
}

static void add_name(struct buf *buf, const char *name, const char *labels)
{
    buf_addf(buf, *labels ? "outtray_%s{%s} " : "outtray_%s%s ", name, labels);
}

void metric_begin(struct buf *buf, enum metric_kind kind, const char *name, const char *help)
{
    static const char *const TYPES[] = {[METRIC_GAUGE] = "gauge", [METRIC_COUNTER] = "counter"};
    describe(buf, TYPES[kind], name, help);
}

void metric_value(struct buf *buf, const char *name, const char *labels, uint64_t value)
{
    add_name(buf, name, labels);
    buf_addf(buf, "%llu\n", as_number(value));
}

void metric_seconds(struct buf *buf, const char *name, const char *labels, int64_t us)
{
    add_name(buf, name, labels);
    buf_addf(buf, "%.6f\n", (double)us / 1e6);
}

void metric_add(struct buf *buf, enum metric_kind kind, const char *name, const char *help,
                uint64_t value)
{
    metric_begin(buf, kind, name, help);
    metric_value(buf, name, "", value);
}

void metric_histogram(struct buf *buf, const char *name, const char *help,
                      const struct histogram *histogram)
{
    uint64_t count = 0;
    describe(buf, "histogram", name, help);
    for (size_t i = 0; i < histogram->limit_count; i++) {
        count += histogram->counts[i];
        buf_addf(buf, "outtray_%s_bucket{le=\"%g\"} %llu\n", name,
                 (double)histogram->limits_us[i] / 1e6, as_number(count));
    }
    count += histogram->counts[histogram->limit_count];
    buf_addf(buf, "outtray_%s_bucket{le=\"+Inf\"} %llu\n", name, as_number(count));
    buf_addf(buf, "outtray_%s_sum %.6f\nouttray_%s_count %llu\n", name,
             (double)histogram->sum_us / 1e6, name, as_number(count));
}
