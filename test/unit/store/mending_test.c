#include "store/mending.h"

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "house.h"

static const struct secret_key KEY = {{7}};

/* What somebody asks for who knows nothing but the new server. */
static struct mending mending_of(struct house *house, const struct account *former)
{
    return (struct mending){
        .key = &KEY,
        .arena = house->arena,
        .now = {NOON + 60},
        .password = "new horse",
        .by = {.actor = "operator"},
        .account =
            {
                .organization_id = former->organization_id,
                .user_id = former->user_id,
                .provider = former->provider,
                .email_address = former->email_address,
                .smtp_host = "127.0.0.2",
                .smtp_port = 465,
                .smtp_security = SECURITY_TLS,
                .smtp_username = "new",
            },
    };
}

static bool change_work(struct session *session, void *context, struct error *error)
{
    return account_store_change(session, context, error);
}

/* An smtp mailbox of Ann's with everything set, disconnected since. */
static struct account disconnected(struct house *house)
{
    struct error error = {0};
    struct account account = house_account(house, &house->ann, "a@example.net", PROVIDER_SMTP);
    account.is_active = false;
    account.display_name = "Ann";
    account.appends_signature = true;
    account.signature_html = "<p>Ann</p>";
    account.signature_text = "Ann";
    account.smtp_username = "old";
    account.imap_host = "127.0.0.3";
    account.imap_port = 993;
    account.imap_security = SECURITY_TLS;
    account.imap_username = "old";
    account.paused_until = (moment){NOON * 2}; /* an attempt ended after it was disconnected */
    account.pause_reason = "greylisted";
    account.sends_per_minute = 3;
    account.sends_at_once = 2;
    account.undo_seconds = 10;
    account.requires_approval = true;
    if (!db_write(house->db, change_work, &account, &error))
        fail_msg("%s", error.message);
    return account;
}

static struct account look(struct house *house, const char *id)
{
    struct error error = {0};
    struct account account = {0};
    if (!account_store_find_any(house_reading(house), id, house->arena, &account, &error))
        fail_msg("%s", error.message);
    return account;
}

static void keep(struct house *house, struct mending *mending)
{
    struct error error = {0};
    if (!db_write(house->db, mending_keep, mending, &error))
        fail_msg("%s: %s", error.field, error.message);
}

static void test_what_was_set_for_it_holds(void **state)
{
    struct house *house = *state;
    struct account former = disconnected(house);
    struct mending mending = mending_of(house, &former);
    keep(house, &mending);
    assert_string_equal(mending.account.id, former.id);
    struct account after = look(house, former.id);
    assert_true(after.is_active && !after.is_default); /* Ann has another default */
    assert_string_equal(after.display_name, "Ann");
    assert_true(after.appends_signature);
    assert_string_equal(after.signature_html, "<p>Ann</p>");
    assert_string_equal(after.signature_text, "Ann");
    assert_int_equal(after.sends_per_minute, 3);
    assert_int_equal(after.sends_at_once, 2);
    assert_int_equal(after.undo_seconds, 10);
    assert_true(after.requires_approval);
    assert_int_equal(after.created_at.ms, former.created_at.ms);
    assert_true(after.updated_at.ms > former.updated_at.ms);
    assert_false(after.paused_until.ms || after.pause_reason);
}

/* Seen to fail without queue_store_ask_now. */
static void test_its_unknown_mail_is_asked_about(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    const int64_t later_ms = clock_now().ms + 60 * 60 * 1000;
    struct account former = disconnected(house);
    struct mending mending = mending_of(house, &former);
    struct email email = house_queued(house, &former, NOON);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    email.next_attempt_at = (moment){later_ms};
    assert_true(house_move(house, &email, EVENT_LOST, &error));
    keep(house, &mending);
    assert_true(house_look(house, email.id).next_attempt_at.ms < later_ms);
}

static void test_its_server_is_the_new_one(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account former = disconnected(house);
    struct mending mending = mending_of(house, &former);
    char *password;
    keep(house, &mending);
    struct account after = look(house, former.id);
    assert_string_equal(after.smtp_host, "127.0.0.2");
    assert_int_equal(after.smtp_port, 465);
    assert_int_equal(after.smtp_security, SECURITY_TLS);
    assert_string_equal(after.smtp_username, "new");
    assert_true(secret_open(&KEY, after.sealed_password, former.id, house->arena, &password,
                            &error)); /* for this id */
    assert_string_equal(password, "new horse");
    assert_false(after.imap_host || after.imap_port || after.imap_security || after.imap_username ||
                 after.sealed_imap_password);
}

static void test_what_is_given_counts(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account former = disconnected(house);
    struct mending mending = mending_of(house, &former);
    char *password;
    mending.account.display_name = "Anne";
    mending.account.is_default = true;
    mending.account.imap_host = "127.0.0.4";
    mending.account.imap_port = 143;
    mending.account.imap_security = SECURITY_STARTTLS;
    mending.account.imap_username = "new";
    mending.imap_password = "another horse";
    keep(house, &mending);
    struct account after = look(house, former.id);
    assert_string_equal(after.display_name, "Anne");
    assert_true(after.is_default);
    assert_false(look(house, house->account.id).is_default); /* there is one */
    assert_string_equal(after.imap_host, "127.0.0.4");
    assert_int_equal(after.imap_port, 143);
    assert_int_equal(after.imap_security, SECURITY_STARTTLS);
    assert_string_equal(after.imap_username, "new");
    assert_true(
        secret_open(&KEY, after.sealed_imap_password, former.id, house->arena, &password, &error));
    assert_string_equal(password, "another horse");
}

static void test_whose_mailbox_is_mended(void **state)
{
    struct house *house = *state;
    struct account former = disconnected(house);
    const struct {
        const struct user *user;
        enum provider_kind provider;
        const char *address;
        bool is_mended;
    } rows[] = {
        {&house->bob, PROVIDER_SMTP, "a@example.net", false},
        {&house->eve, PROVIDER_SMTP, "a@example.net", false},
        {&house->ann, PROVIDER_SANDBOX, "a@example.net", false},
        {&house->ann, PROVIDER_SMTP, "b@example.net", false},
        {&house->ann, PROVIDER_SMTP, "A@Example.net", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mending mending = mending_of(house, &former);
        mending.account.organization_id = rows[i].user->organization_id;
        mending.account.user_id = rows[i].user->id;
        mending.account.provider = rows[i].provider;
        mending.account.email_address = rows[i].address;
        keep(house, &mending);
        assert_int_equal(text_equal(mending.account.id, former.id), rows[i].is_mended);
        struct account after = look(house, mending.account.id);
        assert_true(after.is_active);
        assert_int_equal(after.requires_approval, rows[i].is_mended);
        assert_string_equal(after.user_id, rows[i].user->id);
    }
}

static void test_what_is_connected_is_not_changed(void **state)
{
    struct house *house = *state;
    static const char *const ADDRESSES[] = {"ann@example.com", "ANN@example.com"};
    for (size_t i = 0; i < COUNT(ADDRESSES); i++) {
        struct error error = {0};
        struct mending mending = mending_of(house, &house->account);
        mending.account.email_address = ADDRESSES[i];
        mending.account.display_name = "Somebody";
        assert_false(db_write(house->db, mending_keep, &mending, &error));
        assert_int_equal(error.code, ERROR_CONFLICT);
        assert_string_equal(error.field, "emailAddress");
        assert_string_equal(error.message, "ann@example.com is connected already");
        assert_null(look(house, house->account.id).display_name);
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    secret_start();
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_was_set_for_it_holds),
        IN_A_HOUSE(test_its_unknown_mail_is_asked_about),
        IN_A_HOUSE(test_its_server_is_the_new_one),
        IN_A_HOUSE(test_what_is_given_counts),
        IN_A_HOUSE(test_whose_mailbox_is_mended),
        IN_A_HOUSE(test_what_is_connected_is_not_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
