/* What is read of the tables here; whole mails that come again are in reception_test.c. */
#include "store/same_mail.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

static struct address TOM = {"tom@example.org", "Tom"}, TIM = {"tim@example.org", NULL};
static struct attachment FILES[] = {{.document_id = "d", .sha256 = "1", .filename = "a"},
                                    {.document_id = "e", .sha256 = "2", .filename = "a"}};

static struct email first(struct house *house)
{
    struct email email = house_email(house, &house->account);
    email.message_id = "<a@x>";
    email.message_date = (moment){NOON};
    email.to_recipients = (struct list){&TOM, 1};
    email.subject = "Hello";
    email.body_text = "One  two\n";
    email.body_html = "<p>One</p>";
    email.mail_sha256 = "11";
    return email;
}

/* Whether the second is taken for the first, which is received. */
static bool is_taken_for_it(struct house *house, struct email *second)
{
    const struct email *same = NULL;
    struct error error = {0};
    bool is_used = false;
    second->account_id = house->account.id;
    assert_true(
        same_mail_find(house_reading(house), second, house->arena, &same, &is_used, &error));
    return same;
}

#define CHANGED(...) (changed = email, (void)(__VA_ARGS__), is_taken_for_it(house, &changed))

static void content_decides(void **state)
{
    struct house *house = *state;
    struct email email = first(house), kept = email, changed;
    assert_true(house_receive(house, &kept, &house->account, NOON));
    email.mail_sha256 = "22"; /* other bytes */
    assert_true(CHANGED(0));
    assert_true(CHANGED(changed.subject = "[list] [EXT] Hello"));
    assert_true(CHANGED(changed.reference_ids = "<q@x>"));
    assert_true(CHANGED(changed.message_date.ms += 999));
    assert_false(CHANGED(changed.message_date.ms += 1000));
    assert_false(CHANGED(changed.from_email = "eve@example.net"));
    assert_false(CHANGED(changed.subject = "Hello again"));
    assert_false(CHANGED(changed.body_text = "One  two\nthree"));
    assert_false(CHANGED(changed.body_text = NULL));
    assert_false(CHANGED(changed.body_html = "<p>Two</p>"));
    assert_false(CHANGED(changed.to_recipients = (struct list){&TIM, 1}));
    assert_false(CHANGED(changed.cc_recipients = (struct list){&TIM, 1}));
    assert_false(CHANGED(changed.attachments = (struct list){FILES, 1}));
    assert_false(CHANGED(changed.message_id = "<b@x>"));
    /* The same bytes are the same, whatever was read of them then and now. */
    assert_true(
        CHANGED(changed.mail_sha256 = "11", changed.subject = "x", changed.body_text = "y"));
}

static void our_own_is_known_by_its_head(void **state)
{
    struct house *house = *state;
    struct email sent = first(house), email, changed;
    sent.conversation_id = "c";
    house_keep(house, &sent, EVENT_SEND, NOON);
    email = sent;
    email.body_text = "One two\n-- \nA list's footer\n";
    email.mail_sha256 = "22";
    assert_true(CHANGED(0));
    assert_false(CHANGED(changed.from_email = "eve@example.net"));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test_setup_teardown(content_decides, house_start, house_stop),
        cmocka_unit_test_setup_teardown(our_own_is_known_by_its_head, house_start, house_stop),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
