/* The names that the outside hears: every event in every state has one that can be subscribed to.
 */
#include "model/event_type.h"

#include "case.h"

/* clang-format off */
static const struct row {
    enum email_event event;
    enum email_state from, to;
    const char *type;
} ROWS[] = {
    {EVENT_CREATED,   EMAIL_DRAFT,            EMAIL_DRAFT,            "email.created"},
    {EVENT_CHANGED,   EMAIL_PENDING_APPROVAL, EMAIL_DRAFT,            "email.changed"},
    {EVENT_SUBMIT,    EMAIL_DRAFT,            EMAIL_PENDING_APPROVAL, "email.pending_approval"},
    {EVENT_APPROVE,   EMAIL_PENDING_APPROVAL, EMAIL_QUEUED,           "email.queued"},
    {EVENT_REJECT,    EMAIL_PENDING_APPROVAL, EMAIL_DRAFT,            "email.rejected"},
    {EVENT_SEND,      EMAIL_DRAFT,            EMAIL_QUEUED,           "email.queued"},
    {EVENT_DUE,       EMAIL_DRAFT,            EMAIL_QUEUED,           "email.queued"},
    {EVENT_CLAIM,     EMAIL_QUEUED,           EMAIL_SENDING,          "email.sending"},
    {EVENT_COMMIT,    EMAIL_SENDING,          EMAIL_SENDING,          "email.committed"},
    {EVENT_ACCEPTED,  EMAIL_SENDING,          EMAIL_SENT,             "email.sent"},
    {EVENT_TRY_LATER, EMAIL_SENDING,          EMAIL_QUEUED,           "email.queued"},
    {EVENT_REFUSED,   EMAIL_SENDING,          EMAIL_FAILED,           "email.failed"},
    {EVENT_LOST,      EMAIL_SENDING,          EMAIL_UNKNOWN,          "email.unknown"},
    {EVENT_FOUND,     EMAIL_UNKNOWN,          EMAIL_SENT,             "email.sent"},
    {EVENT_NOT_SENT,  EMAIL_UNKNOWN,          EMAIL_QUEUED,           "email.queued"},
    {EVENT_RETRY,     EMAIL_QUEUED,           EMAIL_QUEUED,           "email.queued"},
    {EVENT_CANCEL,    EMAIL_QUEUED,           EMAIL_CANCELED,         "email.canceled"},
    {EVENT_DELETED,   EMAIL_DRAFT,            EMAIL_DRAFT,            "email.deleted"},
    {EVENT_RECEIVED,  EMAIL_RECEIVED,         EMAIL_RECEIVED,         "email.received"},
    {EVENT_HELD,      EMAIL_QUEUED,           EMAIL_QUEUED,           "email.held"},
    {EVENT_MISSED,    EMAIL_DRAFT,            EMAIL_DRAFT,            "email.missed"},
    {EVENT_EXPIRE,    EMAIL_QUEUED,           EMAIL_FAILED,           "email.failed"},
    {EVENT_ERASED,    EMAIL_SENT,             EMAIL_SENT,             "email.erased"},
    {EVENT_REVISE,    EMAIL_FAILED,           EMAIL_DRAFT,            "email.changed"},
    {EVENT_PARTLY_ACCEPTED, EMAIL_SENDING,    EMAIL_SENDING,          "email.partly_accepted"},
    {EVENT_STOP,      EMAIL_QUEUED,           EMAIL_SENT,             "email.sent"},
};
/* clang-format on */

static void test_what_each_event_is_called(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct event event = {
            .event = ROWS[i].event, .from_state = ROWS[i].from, .to_state = ROWS[i].to};
        assert_string_equal(event_type(&event), ROWS[i].type);
    }
}

static void test_every_event_in_every_state_can_be_subscribed_to(void **state)
{
    (void)state;
    for (int name = 0; name < EVENT_COUNT; name++)
        for (int to = 0; to < EMAIL_STATE_COUNT; to++) {
            const struct event event = {.event = (enum email_event)name,
                                        .to_state = (enum email_state)to};
            assert_true(event_type_exists(event_type(&event)));
        }
}

static void test_what_is_no_type(void **state)
{
    static const char *const NAMES[] = {"",           "sent",    "email.",
                                        "email.Sent", "email.*", "email.draft"};
    (void)state;
    for (size_t i = 0; i < COUNT(NAMES); i++)
        assert_false(event_type_exists(NAMES[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_each_event_is_called),
        cmocka_unit_test(test_every_event_in_every_state_can_be_subscribed_to),
        cmocka_unit_test(test_what_is_no_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
