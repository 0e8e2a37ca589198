#include "metrics.h"

#include "delivery/delivery.h"

static unsigned long long as_number(uint64_t value)
{
    return value;
}

void metrics_add(struct buf *buf, void *delivery)
{
    struct delivery_counts counts = delivery_count(delivery);
    buf_addf(buf,
             "# HELP outtray_sending Mails under way.\n# TYPE outtray_sending gauge\n"
             "outtray_sending %llu\n",
             as_number(counts.under_way));
    buf_add(buf, "# HELP outtray_outcomes_total Attempts to send, by how they ended.\n"
                 "# TYPE outtray_outcomes_total counter\n");
    for (size_t i = 0; OUTCOME_NAMES[i]; i++)
        buf_addf(buf, "outtray_outcomes_total{outcome=\"%s\"} %llu\n", OUTCOME_NAMES[i],
                 as_number(counts.outcomes[i]));
    buf_addf(buf,
             "# HELP outtray_lateness_seconds How long after it was due a mail was claimed.\n"
             "# TYPE outtray_lateness_seconds summary\n"
             "outtray_lateness_seconds_sum %.3f\nouttray_lateness_seconds_count %llu\n",
             (double)counts.lateness_ms / 1000, as_number(counts.late_samples));
}
