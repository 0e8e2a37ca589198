#include "mime/report.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    (void)data, (void)error;
    *(size_t *)context += size;
    return true;
}

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *type, *part, *ids;
    } ROWS[] = {
        {"text/rfc822-headers", "From: a@b\nMessage-ID: <a@b>\nReferences: <c@d>\n", "<a@b>"},
        {"message/rfc822", "MESSAGE-ID :\r\n <a@\r\n b>\r\n\r\nMessage-ID: <no@b>\r\n", "<a@b>"},
        {"message/rfc822", "Subject: s\n\nMessage-ID: <no@b>\n", NULL},
        {"message/rfc822", "Message-ID: a@b", "<a@b>"},
        {"message/rfc822", "X-Message-ID: <no@b>\nMessage-IDs: <no@b>\n", NULL},
        {"message/global-headers", "Message-ID: <a@b>", "<a@b>"},
        {"message/delivery-status",
         "Reporting-MTA: dns; x\nX-Original-Message-ID: <a@b>\n\nAction: failed\n", "<a@b>"},
        {"message/delivery-status", "Action: failed\n\nOriginal-Message-ID: <a@b>\n", "<a@b>"},
        {"message/delivery-status", "Message-ID: <no@b>\n", NULL},
        {"message/disposition-notification", "Original-Message-ID: <a@b>\n", "<a@b>"},
        {"text/plain", "Message-ID: <no@b>\n", NULL},
        {"message/rfc822", "", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct report report = {0};
        struct error error;
        size_t passed = 0, size = strlen(ROWS[i].part);
        struct report_tap tap = {&report, ROWS[i].type, &passed, take,
                                 BUF(arena, REPORT_START_BYTES)};
        for (size_t at = 0; at < size; at++)
            assert_true(report_tap_write(&tap, ROWS[i].part + at, 1, &error));
        report_tap_end(&tap, arena);
        assert_int_equal(passed, size);
        if (!text_equal(report_ids(&report, NULL, arena), ROWS[i].ids))
            fail_msg("row %zu: %s", i, text_or(report_ids(&report, NULL, arena), "none"));
    }
}

static void is_one(void **state)
{
    (void)state;
    static const struct {
        const char *whole, *part;
        bool is_report;
    } ROWS[] = {
        {"multipart/report", "text/plain", true},
        {"multipart/mixed", "message/delivery-status", true},
        {"multipart/mixed", "message/feedback-report", true},
        {"multipart/mixed", "message/rfc822", false},
        {"multipart/mixed", "multipart/report", false},
        {"text/plain", "text/plain", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct report report = {0};
        report_see(&report, ROWS[i].whole, true);
        report_see(&report, ROWS[i].part, false);
        if (report_is(&report) != ROWS[i].is_report)
            fail_msg("row %zu", i);
    }
}

static void collects(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct report report = {0};
    struct error error;
    size_t passed = 0;
    assert_null(report_ids(&report, NULL, arena));
    assert_string_equal(report_ids(&report, "<h@x>", arena), "<h@x>");
    for (int i = 0; i < 100; i++) {
        static const char FIELD_TEXT[] = "Message-ID: <a@b>\n";
        struct report_tap tap = {&report, "message/rfc822", &passed, take,
                                 BUF(arena, REPORT_START_BYTES)};
        assert_true(report_tap_write(&tap, FIELD_TEXT, strlen(FIELD_TEXT), &error));
        report_tap_end(&tap, arena);
    }
    assert_int_equal(strlen(report_ids(&report, "<h@x>", arena)), 6 * REPORT_PARTS_MAX + 5);
    /* And no more than so many in one part. */
    struct report many = {0};
    struct report_tap repeated = {&many, "message/delivery-status", &passed, take,
                                  BUF(arena, REPORT_START_BYTES)};
    for (int i = 0; i < 1000; i++)
        assert_true(report_tap_write(&repeated, "Original-Message-ID: <a@b>\n", 27, &error));
    report_tap_end(&repeated, arena);
    assert_int_equal(strlen(report_ids(&many, NULL, arena)), 6 * REPORT_FIELDS_MAX - 1);
    /* More than is looked at goes where it goes all the same. */
    struct report_tap tap = {&report, "message/rfc822", &passed, take,
                             BUF(arena, REPORT_START_BYTES)};
    char *much = arena_alloc(arena, 2 * REPORT_START_BYTES);
    passed = 0;
    assert_true(report_tap_write(&tap, much, 2 * REPORT_START_BYTES, &error));
    assert_int_equal(passed, 2 * REPORT_START_BYTES);
    assert_int_equal(tap.start.size, REPORT_START_BYTES);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(is_one),
        cmocka_unit_test(collects),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
