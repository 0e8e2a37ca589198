#include "base/metric.h"

#include "case.h"

static void test_what_is_written(void **state)
{
    static const int64_t LIMITS_US[] = {10000, 1000000, 300000000};
    static const uint64_t COUNTS[] = {2, 0, 3, 1};
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct buf buf = BUF(arena, 4096);
    metric_add(&buf, METRIC_GAUGE, "open", "Open things.", UINT64_MAX);
    metric_begin(&buf, METRIC_COUNTER, "replies_total", "Replies.");
    metric_value(&buf, "replies_total", "class=\"2xx\"", 7);
    metric_seconds(&buf, "age_seconds", "", 1500000);
    metric_histogram(&buf, "lateness_seconds", "How late.",
                     &(struct histogram){LIMITS_US, COUNTS, 3, 2500000});
    assert_string_equal(buf_text(&buf, &error), "# HELP outtray_open Open things.\n"
                                                "# TYPE outtray_open gauge\n"
                                                "outtray_open 18446744073709551615\n"
                                                "# HELP outtray_replies_total Replies.\n"
                                                "# TYPE outtray_replies_total counter\n"
                                                "outtray_replies_total{class=\"2xx\"} 7\n"
                                                "outtray_age_seconds 1.500000\n"
                                                "# HELP outtray_lateness_seconds How late.\n"
                                                "# TYPE outtray_lateness_seconds histogram\n"
                                                "outtray_lateness_seconds_bucket{le=\"0.01\"} 2\n"
                                                "outtray_lateness_seconds_bucket{le=\"1\"} 2\n"
                                                "outtray_lateness_seconds_bucket{le=\"300\"} 5\n"
                                                "outtray_lateness_seconds_bucket{le=\"+Inf\"} 6\n"
                                                "outtray_lateness_seconds_sum 2.500000\n"
                                                "outtray_lateness_seconds_count 6\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_written)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
