#include "mime/invitation.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"
#include "mime/library.h"

#define ZONE \
    "BEGIN:VTIMEZONE\r\nTZID:Here\r\n" \
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n" \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n" \
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n" \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
#define FILE_OF(method, zone, event) \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" method zone "BEGIN:VEVENT\r\nUID:1\r\n" event \
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define EVENT(event) FILE_OF("METHOD:REQUEST\r\n", ZONE, event)

static const struct {
    const char *file, *charset;
    struct calendar wanted;
} ROWS[] = {
    {EVENT("DTSTART:20261110T090000Z\r\nDTEND:20261110T100000Z\r\nSUMMARY:A\\, b\r\n"
           "ORGANIZER;CN=\"R\":MAILTO:r@x.example\r\n"),
     NULL,
     {"REQUEST", "A, b", "2026-11-10T09:00:00Z", "2026-11-10T10:00:00Z", "r@x.example"}},
    /* times of a zone that the file describes, in winter and in summer, and over midnight */
    {EVENT("DTSTART;TZID=Here:20261110T100000\r\nDTEND;TZID=Here:20261110T110000\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-11-10T09:00:00Z", "2026-11-10T10:00:00Z", NULL}},
    {EVENT("DTSTART;TZID=\"Here\":20260710T003000\r\nDURATION:PT1H30M\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-07-09T22:30:00Z", "2026-07-10T00:00:00Z", NULL}},
    /* of a zone that it does not, and of none */
    {EVENT("DTSTART;TZID=There:20261110T100000\r\nDTEND;TZID=There:20261110T110000\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-11-10T10:00:00", "2026-11-10T11:00:00", NULL}},
    {EVENT("DTSTART:20261110T100000\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-11-10T10:00:00", "2026-11-10T10:00:00", NULL}},
    /* whole days */
    {EVENT("DTSTART;VALUE=DATE:20261231\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-12-31", "2027-01-01", NULL}},
    {EVENT("DTSTART;VALUE=DATE:20261110\r\nDTEND;VALUE=DATE:20261113\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-11-10", "2026-11-13", NULL}},
    {EVENT("DTSTART;VALUE=DATE:20261110\r\nDURATION:P2D\r\n"),
     NULL,
     {"REQUEST", NULL, "2026-11-10", "2026-11-12", NULL}},
    /* other methods, and none */
    {FILE_OF("METHOD:cancel\r\n", "", "DTSTART:20261110T090000Z\r\n"),
     NULL,
     {"CANCEL", NULL, "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    {FILE_OF("", "", "DTSTART:20261110T090000Z\r\nSUMMARY:\r\nORGANIZER:mailto:\r\n"),
     NULL,
     {NULL, NULL, "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    {FILE_OF("METHOD:X-OURS\r\n", "", "DTSTART:20261110T090000Z\r\n"),
     NULL,
     {"X-OURS", NULL, "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    /* character sets, folded lines, line ends, and what is no line */
    {EVENT("DTSTART:20261110T090000Z\r\nSUMMARY:Gespr\xE4"
           "ch\r\n"),
     "iso-8859-1",
     {"REQUEST", "Gespräch", "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    {EVENT("DTSTART:20261110T090000Z\r\nSUMMARY:Ge\r\n spr\r\n\tä\\nch\r\n"),
     NULL,
     {"REQUEST", "Gesprä ch", "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    {"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nDTSTART:20261110T090000Z\nEND:VEVENT\n"
     "END:VCALENDAR",
     NULL,
     {"REPLY", NULL, "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    /* the series, not its exception; a task */
    {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nRECURRENCE-ID:20261117T090000Z\nDTSTART:20261117T100000Z\n"
     "END:VEVENT\nBEGIN:VEVENT\nDTSTART:20261110T090000Z\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n"
     "END:VCALENDAR\n",
     NULL,
     {NULL, NULL, "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    {"BEGIN:VCALENDAR\nBEGIN:VTODO\nDUE:20261110T090000Z\nSUMMARY:do\nEND:VTODO\nEND:VCALENDAR\n",
     NULL,
     {NULL, "do", "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z", NULL}},
    /* a zone that would be worked out for ever is none */
    {FILE_OF("",
             "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
             "TZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\n"
             "END:VTIMEZONE\n",
             "DTSTART;TZID=Here:20261110T090000\r\n"),
     NULL,
     {NULL, NULL, "2026-11-10T09:00:00", "2026-11-10T09:00:00", NULL}},
    /* nothing that anybody could want to know */
    {"", NULL, {NULL, NULL, NULL, NULL, NULL}},
    {"BEGIN:VCALENDAR\nEND:VCALENDAR\n", NULL, {NULL, NULL, NULL, NULL, NULL}},
    {"no calendar", NULL, {NULL, NULL, NULL, NULL, NULL}},
    {EVENT("SUMMARY:when?\r\n"), NULL, {NULL, NULL, NULL, NULL, NULL}},
    {EVENT("DTSTART:tomorrow\r\n"), NULL, {NULL, NULL, NULL, NULL, NULL}},
    {EVENT("DTSTART:20261340T990000Z\r\n"), NULL, {NULL, NULL, NULL, NULL, NULL}},
    {EVENT("DTSTART:99991231T235959Z\r\nDURATION:P99999W\r\n"),
     NULL,
     {"REQUEST", NULL, "9999-12-31T23:59:59Z", NULL, NULL}},
};

static void reads_events(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const struct calendar *wanted = &ROWS[i].wanted;
        struct calendar found = {0};
        const struct bytes file = {ROWS[i].file, strlen(ROWS[i].file)};
        print_message("# row %zu\n", i);
        bool is_found = invitation_read(&file, ROWS[i].charset, arena, &found);
        assert_int_equal(is_found, wanted->start != NULL);
        assert_string_equal(text_or(found.method, "-"), text_or(wanted->method, "-"));
        assert_string_equal(text_or(found.summary, "-"), text_or(wanted->summary, "-"));
        assert_string_equal(text_or(found.start, "-"), text_or(wanted->start, "-"));
        assert_string_equal(text_or(found.end, "-"), text_or(wanted->end, "-"));
        assert_string_equal(text_or(found.organizer, "-"), text_or(wanted->organizer, "-"));
    }
}

/* One that is too large, or has too much in it, is not looked into; a long summary is cut. */
static void keeps_to_limits(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const char END[] = "BEGIN:VEVENT\nDTSTART:20261110T090000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    struct calendar found;
    struct buf deep = BUF(arena, 1024 * 1024), long_summary = BUF(arena, 1024 * 1024);
    buf_add(&deep, "BEGIN:VCALENDAR\n");
    while (deep.size < 20000)
        buf_add(&deep, "BEGIN:VEVENT\n");
    buf_add(&deep, END);
    assert_false(invitation_read(&(struct bytes){deep.data, deep.size}, NULL, arena, &found));
    char *large = arena_alloc(arena, INVITATION_BYTES_MAX + 2);
    memset(large, ' ', INVITATION_BYTES_MAX + 1);
    assert_false(
        invitation_read(&(struct bytes){large, INVITATION_BYTES_MAX + 1}, NULL, arena, &found));
    buf_add(&long_summary, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261110T090000Z\nSUMMARY:x");
    for (int i = 0; i < 2000; i++)
        buf_add(&long_summary, "ü");
    buf_add(&long_summary, "\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_true(invitation_read(&(struct bytes){long_summary.data, long_summary.size}, NULL, arena,
                                &found));
    assert_int_equal(strlen(found.summary), 999);
    assert_true(text_is_utf8(found.summary, 999));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_events),
        cmocka_unit_test(keeps_to_limits),
    };
    library_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
