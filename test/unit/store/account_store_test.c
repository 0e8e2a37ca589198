#include "store/account_store.h"

#include "base/id.h"
#include "base/text.h"
#include "case.h"
#include "house.h"

struct changing {
    struct account account;
    bool is_new;
};

static bool change_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    return changing->is_new ? account_store_insert(session, &changing->account, error)
                            : account_store_change(session, &changing->account, error);
}

static bool write(struct house *house, struct account *account, bool is_new, struct error *error)
{
    struct changing changing = {*account, is_new};
    bool ok = db_write(house->db, change_work, &changing, error);
    *account = changing.account;
    return ok;
}

static struct account default_of(struct house *house, const struct user *user)
{
    struct error error = {0};
    struct account account = {0};
    struct session *session = house_reading(house);
    if (!account_store_find_default(session, user->id, house->arena, &account, &error))
        assert_int_equal(error.code, ERROR_NOT_FOUND);
    return account;
}

static void test_the_first_becomes_the_default(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    assert_null(default_of(house, &house->bob).id);
    struct account first = house_account(house, &house->bob, "b1@example.com", PROVIDER_SMTP);
    struct account second = house_account(house, &house->bob, "b2@example.com", PROVIDER_SMTP);
    assert_true(first.is_default && !second.is_default);
    assert_string_equal(default_of(house, &house->bob).id, first.id);
    second.is_default = true;
    assert_true(write(house, &second, false, &error));
    assert_string_equal(default_of(house, &house->bob).id, second.id);
    assert_string_equal(default_of(house, &house->ann).id, house->account.id);
    second.is_active = second.is_default = false;
    assert_true(write(house, &second, false, &error));
    assert_string_equal(default_of(house, &house->bob).id, first.id); /* the oldest that is left */
}

static void test_connected_once(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account again = house->account;
    again.id = "again";
    assert_false(write(house, &again, true, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_string_equal(error.field, "emailAddress");
    house->account.is_active = false;
    assert_true(write(house, &house->account, false, &error));
    assert_true(write(house, &again, true, &error));
}

static void test_others_do_not_find_it(void **state)
{
    struct house *house = *state;
    const struct {
        struct viewer viewer;
        bool finds;
    } rows[] = {
        {house_viewer(&house->ann), true},
        {house_viewer(&house->bob), false},
        {house_viewer(&house->eve), false},
        {{.organization_id = house->organization.id}, true},
        {{.organization_id = house->other_organization.id}, false},
    };
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        struct account account;
        struct list listed;
        assert_int_equal(account_store_find(session, &rows[i].viewer, house->account.id,
                                            house->arena, &account, &error),
                         rows[i].finds);
        assert_int_equal(error.code, rows[i].finds ? ERROR_NONE : ERROR_NOT_FOUND);
        assert_true(
            account_store_list(session, &rows[i].viewer, 10, house->arena, &listed, &error));
        assert_int_equal(listed.count, rows[i].finds);
    }
}

static void test_by_address(void **state)
{
    struct house *house = *state;
    house_account(house, &house->ann, "Ann@Example.com", PROVIDER_SMTP);
    const struct {
        const struct user *user;
        const char *address, *provider;
        enum error_code code;
    } rows[] = {
        {&house->ann, "ann@example.com", "sandbox", ERROR_NONE},
        {&house->ann, "ANN@example.com", "smtp", ERROR_NONE},
        {&house->ann, "ann@example.com", "gmail", ERROR_NOT_FOUND},
        {&house->ann, "ann@example.com", NULL, ERROR_CONFLICT},
        {&house->ann, "an@example.com", NULL, ERROR_NOT_FOUND},
        {&house->bob, "ann@example.com", NULL, ERROR_NOT_FOUND},
        {&house->eve, "ann@example.com", "smtp", ERROR_NOT_FOUND},
    };
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        struct account account;
        const struct viewer viewer = house_viewer(rows[i].user);
        bool found = account_store_find_address(session, &viewer, rows[i].address, rows[i].provider,
                                                house->arena, &account, &error);
        assert_int_equal(error.code, rows[i].code);
        assert_int_equal(found, !rows[i].code);
        if (found)
            assert_string_equal(PROVIDER_NAMES[account.provider], rows[i].provider);
    }
}

static void test_delivery_finds_any_and_all_of_it(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account made = house_account(house, &house->eve, "e@example.net", PROVIDER_SMTP), found;
    made.display_name = "Eve \xe2\x9c\x93";
    made.sealed_password = "sealed";
    made.is_active = made.is_default = false;
    assert_true(write(house, &made, false, &error));
    struct session *session = house_reading(house);
    assert_true(account_store_find_any(session, made.id, house->arena, &found, &error));
    assert_string_equal(found.smtp_host, "127.0.0.1");
    assert_int_equal(found.smtp_port, 1);
    assert_int_equal(found.smtp_security, SECURITY_NONE);
    assert_string_equal(found.display_name, "Eve \xe2\x9c\x93");
    assert_string_equal(found.sealed_password, "sealed");
    assert_false(found.is_active || found.is_default);
    assert_false(account_store_find_any(session, "nobody", house->arena, &found, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
}

static void test_where_its_sent_folder_is(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account made = house_account(house, &house->eve, "f@example.net", PROVIDER_SMTP), found;
    made.id = id_new(house->arena);
    made.email_address = "g@example.net";
    made.imap_host = "127.0.0.2";
    made.imap_port = 993;
    made.imap_security = SECURITY_TLS;
    made.imap_username = "eve";
    made.sealed_imap_password = "sealed";
    assert_true(write(house, &made, true, &error));
    assert_true(
        account_store_find_any(house_reading(house), made.id, house->arena, &found, &error));
    assert_string_equal(found.imap_host, "127.0.0.2");
    assert_int_equal(found.imap_port, 993);
    assert_int_equal(found.imap_security, SECURITY_TLS);
    assert_string_equal(found.imap_username, "eve");
    assert_string_equal(found.sealed_imap_password, "sealed");
    made.sealed_imap_password = NULL; /* once it is disconnected */
    assert_true(write(house, &made, false, &error));
    assert_true(
        account_store_find_any(house_reading(house), made.id, house->arena, &found, &error));
    assert_null(found.sealed_imap_password);
}

/* A change of one mailbox by its own function, as work. */
struct change {
    const struct account *account;
    enum { ROTATE, BURY, PAUSE, RESTORE } kind;
    const char *former, *text;
    int64_t until_ms;
    bool is_done;
};

static bool single_work(struct session *session, void *context, struct error *error)
{
    struct change *change = context;
    const char *id = change->account->id;
    struct account copy = *change->account;
    moment now = {NOON + 5};
    switch (change->kind) {
    case ROTATE:
        return account_store_rotate(session, id, change->former, change->text, now,
                                    &change->is_done, error);
    case BURY:
        return account_store_needs_sign_in(session, id, change->former, change->text, now,
                                           &change->is_done, error);
    case PAUSE:
        return account_store_pause(session, id, (moment){change->until_ms}, change->text, error);
    case RESTORE: return account_store_restore(session, &copy, error);
    }
    return false;
}

/* The row afterwards. */
static struct account make_change(struct house *house, struct change *change)
{
    struct error error = {0};
    struct account account = {0};
    if (!db_write(house->db, single_work, change, &error))
        fail_msg("%s", error.message);
    assert_true(account_store_find_any(house_reading(house), change->account->id, house->arena,
                                       &account, &error));
    return account;
}

static struct account gmail_of_ann(struct house *house)
{
    struct error error = {0};
    struct account account = house_account(house, &house->ann, "Ann@gmail.example", PROVIDER_GMAIL);
    account.sealed_refresh_token = "one";
    assert_true(write(house, &account, false, &error));
    return account;
}

static void test_a_refresh_token_is_exchanged_only_for_the_one_that_is_there(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account account = gmail_of_ann(house);
    struct change change = {&account, ROTATE, .former = "zero", .text = "two", .is_done = true};
    assert_string_equal(make_change(house, &change).sealed_refresh_token, "one");
    assert_false(change.is_done);
    change.former = "one";
    struct account after = make_change(house, &change);
    assert_true(change.is_done);
    assert_string_equal(after.sealed_refresh_token, "two");
    assert_int_equal(after.updated_at.ms, NOON + 5);
    account.sealed_refresh_token = "two";
    account.is_active = false;
    assert_true(write(house, &account, false, &error));
    change = (struct change){&account, ROTATE, .former = "two", .text = "three", .is_done = true};
    assert_string_equal(make_change(house, &change).sealed_refresh_token, "two");
    assert_false(change.is_done);
}

static void test_a_grant_dies_unless_somebody_has_signed_in(void **state)
{
    struct house *house = *state;
    struct account account = gmail_of_ann(house);
    struct change change = {&account, BURY, .former = "zero", .text = "why", .is_done = true};
    assert_false(make_change(house, &change).needs_sign_in || change.is_done);
    change.former = NULL;
    change.is_done = true;
    assert_false(make_change(house, &change).needs_sign_in || change.is_done);
    change.former = "one";
    struct account after = make_change(house, &change);
    assert_true(after.needs_sign_in && change.is_done);
    assert_string_equal(after.pause_reason, "why");
    /* Another process had its refresh token exchanged just then: it is not dead after all. */
    change = (struct change){&account, ROTATE, .former = "one", .text = "two"};
    after = make_change(house, &change);
    assert_false(after.needs_sign_in);
    assert_null(after.pause_reason);
    change = (struct change){&house->account, BURY, .text = "a password that is wrong"};
    assert_true(make_change(house, &change).needs_sign_in && change.is_done);
}

static void test_the_longer_pause_stays(void **state)
{
    struct house *house = *state;
    struct change change = {&house->account, PAUSE, .text = "long", .until_ms = NOON + 100};
    assert_int_equal(make_change(house, &change).paused_until.ms, NOON + 100);
    change.text = "short";
    change.until_ms = NOON + 50;
    struct account after = make_change(house, &change);
    assert_int_equal(after.paused_until.ms, NOON + 100);
    assert_string_equal(after.pause_reason, "long");
    change.text = "longer";
    change.until_ms = NOON + 200;
    after = make_change(house, &change);
    assert_int_equal(after.paused_until.ms, NOON + 200);
    assert_string_equal(after.pause_reason, "longer");
    struct change rotation = {&house->account, ROTATE, .former = "none", .text = "x"};
    assert_string_equal(make_change(house, &rotation).pause_reason, "longer");
}

static void test_which_mailbox_is_mended(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account first = gmail_of_ann(house), found;
    first.is_active = false;
    assert_true(write(house, &first, false, &error));
    struct account second = house_account(house, &house->ann, "ann@gmail.example", PROVIDER_GMAIL);
    house_account(house, &house->bob, "ann@gmail.example", PROVIDER_GMAIL);
    struct session *session = house_reading(house);
    struct account wanted = second;
    wanted.email_address = "ANN@gmail.example";
    assert_true(account_store_find_to_mend(session, &wanted, house->arena, &found, &error));
    assert_string_equal(found.id, second.id); /* the one that is connected */
    wanted.provider = PROVIDER_OUTLOOK;
    assert_false(account_store_find_to_mend(session, &wanted, house->arena, &found, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    wanted.provider = PROVIDER_GMAIL;
    wanted.organization_id = house->other_organization.id;
    assert_false(account_store_find_to_mend(session, &wanted, house->arena, &found, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    second.is_active = false;
    assert_true(write(house, &second, false, &error));
    assert_true(account_store_find_to_mend(session, &second, house->arena, &found, &error));
    assert_string_equal(found.id, second.id); /* the newest */
}

static void test_what_is_restored_is_the_default_when_it_is_alone(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account gmail = gmail_of_ann(house);
    gmail.is_active = false;
    assert_true(write(house, &gmail, false, &error));
    struct change change = {&gmail, RESTORE};
    struct account after = make_change(house, &change);
    assert_true(after.is_active && !after.is_default);
    assert_true(write(house, &gmail, false, &error));
    house->account.is_active = house->account.is_default = false;
    assert_true(write(house, &house->account, false, &error));
    after = make_change(house, &change);
    assert_true(after.is_active && after.is_default);
}

static void test_sandboxes_of_one_organization(void **state)
{
    struct house *house = *state;
    struct account bobs = house_account(house, &house->bob, "ANN@example.com", PROVIDER_SANDBOX);
    struct account eves = house_account(house, &house->eve, "ann@Example.com", PROVIDER_SANDBOX);
    house_account(house, &house->eve, "ann@example.com", PROVIDER_SMTP);
    const struct {
        const char *organization_id, *address;
        size_t count;
        const char *last; /* of them */
        bool is_apart;
    } rows[] = {
        {house->organization.id, "ann@example.com", 2, bobs.id, false},
        {house->other_organization.id, "ann@example.com", 1, eves.id, true},
        {house->other_organization.id, "bob@example.com", 0, NULL, false},
        {"none", "ann@example.com", 0, NULL, false},
    };
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        struct list found;
        assert_true(account_store_find_sandboxes(session, rows[i].organization_id, rows[i].address,
                                                 10, house->arena, &found, &error));
        assert_int_equal(found.count, rows[i].count);
        if (!found.count)
            continue;
        const struct account *last = (const struct account *)found.items + found.count - 1;
        assert_string_equal(last->id, rows[i].last);
        assert_int_equal(last->is_apart, rows[i].is_apart);
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_the_first_becomes_the_default),
        IN_A_HOUSE(test_connected_once),
        IN_A_HOUSE(test_others_do_not_find_it),
        IN_A_HOUSE(test_by_address),
        IN_A_HOUSE(test_delivery_finds_any_and_all_of_it),
        IN_A_HOUSE(test_where_its_sent_folder_is),
        IN_A_HOUSE(test_a_refresh_token_is_exchanged_only_for_the_one_that_is_there),
        IN_A_HOUSE(test_a_grant_dies_unless_somebody_has_signed_in),
        IN_A_HOUSE(test_the_longer_pause_stays),
        IN_A_HOUSE(test_which_mailbox_is_mended),
        IN_A_HOUSE(test_what_is_restored_is_the_default_when_it_is_alone),
        IN_A_HOUSE(test_sandboxes_of_one_organization),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
