/* Acts of administration in the trail: what is told of a change, and what never is.
 *
 * covers: src/model/administration.c */
#include "store/trail.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "model/account.h"
#include "model/identity.h"
#include "model/template.h"
#include "model/webhook.h"
#include "store/audit_store.h"
#include "store/event_store.h"

struct noting {
    struct administration act;
    const struct schema *told; /* NULL: no change but the act alone */
    const void *before, *after;
};

static bool note_work(struct session *session, void *context, struct error *error)
{
    struct noting *noting = context;
    return noting->told ? trail_note_change(session, &noting->act, noting->told, noting->before,
                                            noting->after, error)
                        : trail_note(session, &noting->act, error);
}

static void note(struct house *house, struct noting noting)
{
    struct error error = {0};
    noting.act.at = (moment){NOON};
    if (!db_write(house->db, note_work, &noting, &error))
        fail_msg("%s", error.message);
}

static const struct event_record *records(struct house *house, const char *organization_id,
                                          size_t *ret_count)
{
    struct error error = {0};
    struct list found;
    AUTO_READING session = db_read(house->db);
    assert_true(
        audit_store_list_events(session, organization_id, 0, 99, house->arena, &found, &error));
    *ret_count = found.count;
    return found.items;
}

static void test_it_stands_in_the_chain(void **state)
{
    struct house *house = *state;
    size_t count;
    const char *previous = NULL;
    note(house, (struct noting){.act = {.event = ACT_TOKEN_CREATED,
                                        .organization_id = "o",
                                        .subject_id = "t",
                                        .actor = "operator",
                                        .detail = "{}"}});
    note(house, (struct noting){.act = {.event = ACT_TOKEN_REVOKED,
                                        .organization_id = "o",
                                        .subject_id = "t",
                                        .actor = "u",
                                        .token_id = "k",
                                        .address = "192.0.2.1",
                                        .request_id = "r"}});
    note(house, (struct noting){.act = {.event = ACT_KEY_ROTATED, .actor = "operator"}});
    const struct event_record *events = records(house, "o", &count);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(events[i].number, i + 1);
        assert_null(events[i].email_id);
        assert_null(events[i].from_state);
        assert_null(events[i].to_state);
        assert_string_equal(events[i].hash, event_record_hash(&events[i], previous, house->arena));
        previous = events[i].hash;
    }
    assert_string_equal(events[0].event, "token.created");
    assert_string_equal(events[0].detail, "{}");
    assert_non_null(events[0].salt);
    assert_string_equal(events[1].event, "token.revoked");
    assert_string_equal(events[1].actor, "u");
    assert_string_equal(events[1].token_id, "k");
    assert_string_equal(events[1].address, "192.0.2.1");
    assert_string_equal(events[1].request_id, "r");
    assert_null(events[1].salt);
    events = records(house, TRAIL_OF_SERVER, &count);
    assert_int_equal(count, 1);
    assert_string_equal(events->event, "key.rotated");
}

/* Each of the new members is hashed, and only with them set is the hash another than before. */
static void test_what_is_hashed(void **state)
{
    struct house *house = *state;
    const struct event_record mail = {
        .organization_id = "o", .number = 1, .email_id = "e", .event = "send"};
    const char *old = event_record_hash(&mail, NULL, house->arena);
    struct event_record others[] = {mail, mail, mail, mail};
    others[0].subject_id = "x";
    others[1].address = "x";
    others[2].request_id = "x";
    others[3].email_id = NULL;
    for (size_t i = 0; i < COUNT(others); i++) {
        const char *hash = event_record_hash(&others[i], NULL, house->arena);
        assert_string_not_equal(hash, old);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(hash, event_record_hash(&others[j], NULL, house->arena));
    }
}

static const char *const TYPES[] = {"email.sent", "token.created"};

/* clang-format off */
#define A(...) &(struct account){.email_address = "a@example.com", __VA_ARGS__}
#define U(...) &(struct user){.email = "u@example.com", __VA_ARGS__}
#define W(...) &(struct webhook){.url = "https://h.example/a?key=1", __VA_ARGS__}
#define T(...) &(struct template){__VA_ARGS__}
#define HASH_OF_X "\"sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\""
static const struct row {
    const struct schema *told;
    const void *before, *after;
    const char *detail;
} ROWS[] = {
    {&ACCOUNT_TOLD, A(.id = "1"), A(.id = "2"), NULL},
    {&ACCOUNT_TOLD, A(.requires_approval = true), A(.id = "1"),
     "{\"requires_approval\":{\"from\":true,\"to\":false}}"},
    {&ACCOUNT_TOLD, A(.smtp_host = "a", .sealed_password = "x"), A(.smtp_host = "b\"", .sealed_password = "y"),
     "{\"smtp_host\":{\"from\":\"a\",\"to\":\"b\\\"\"},\"password\":\"changed\"}"},
    {&ACCOUNT_TOLD, A(.sealed_refresh_token = "x"), A(.undo_seconds = 7),
     "{\"refresh_token\":\"changed\",\"undo_seconds\":{\"from\":0,\"to\":7}}"},
    {&ACCOUNT_TOLD, A(.signature_html = "x"), A(.signature_html = NULL),
     "{\"signature_html\":{\"from\":" HASH_OF_X ",\"to\":null}}"},
    {&ACCOUNT_TOLD, A(.smtp_security = SECURITY_UNSET), A(.smtp_security = SECURITY_NONE),
     "{\"smtp_security\":{\"from\":null,\"to\":\"none\"}}"},
    {&ACCOUNT_TOLD, A(.aliases = {0}), A(.aliases = {&(struct address){"b@example.com", NULL}, 1}),
     "{\"aliases\":\"changed\"}"},
    {&USER_TOLD, U(.signature_text = "x"), U(.name = "Ann"), "{\"name\":{\"from\":null,\"to\":\"Ann\"}}"},
    {&SIGNATURE_TOLD, U(.signature_text = "x"), U(.name = "Ann"),
     "{\"signature_text\":{\"from\":" HASH_OF_X ",\"to\":null}}"},
    {&WEBHOOK_TOLD, W(.sealed_secret = "x"), W(.sealed_secret = "y"), "{\"secret\":\"changed\"}"},
    {&WEBHOOK_TOLD, W(.id = "1"), &(struct webhook){.url = "https://h.example/a?key=2"}, "{\"url\":\"changed\"}"},
    {&WEBHOOK_TOLD, W(.id = "1"), &(struct webhook){.url = "https://i.example:99"},
     "{\"origin\":{\"from\":\"https://h.example\",\"to\":\"https://i.example:99\"},\"url\":\"changed\"}"},
    {&WEBHOOK_TOLD, W(.id = "1"), W(.events = {(void *)TYPES, 2}),
     "{\"events\":{\"from\":[],\"to\":[\"email.sent\",\"token.created\"]}}"},
    {&TEMPLATE_TOLD, T(.name = "n", .body_text = "x"), T(.name = "m"),
     "{\"name\":{\"from\":\"n\",\"to\":\"m\"},\"body_text\":{\"from\":" HASH_OF_X ",\"to\":null}}"},
    {&TOKEN_TOLD, &(struct token){.scopes = SCOPE_READ}, &(struct token){.scopes = SCOPE_READ | SCOPE_ADMIN},
     "{\"scopes\":{\"from\":\"inbox:read\",\"to\":\"inbox:read admin\"}}"},
};
/* clang-format on */

static void test_what_is_told_of_a_change(void **state)
{
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *detail = trail_difference(ROWS[i].told, ROWS[i].before, ROWS[i].after,
                                              house->arena);
        if (!text_equal(detail, ROWS[i].detail))
            fail_msg("row %zu: %s", i, text_or(detail, "NULL"));
    }
}

static void test_a_change_of_nothing_is_no_event(void **state)
{
    struct house *house = *state;
    size_t count;
    for (size_t i = 0; i < 2; i++)
        note(house, (struct noting){
                        .act = {.event = ACT_USER_CHANGED, .organization_id = "p", .actor = "u"},
                        .told = &USER_TOLD,
                        .before = U(.name = "x"),
                        .after = i ? U(.name = "y") : U(.name = "x")});
    const struct event_record *events = records(house, "p", &count);
    assert_int_equal(count, 1);
    assert_string_equal(events->detail, "{\"name\":{\"from\":\"x\",\"to\":\"y\"}}");
}

static void test_what_is_told_of_a_new_thing(void **state)
{
    struct house *house = *state;
    const struct account account = {.user_id = "u",
                                    .provider = PROVIDER_SMTP,
                                    .email_address = "a@example.com",
                                    .smtp_host = "h",
                                    .sealed_password = "secret",
                                    .signature_text = "x"};
    assert_string_equal(trail_told(&ACCOUNT_TOLD, &account, house->arena),
                        "{\"user_id\":\"u\",\"provider\":\"smtp\",\"email_address\":"
                        "\"a@example.com\",\"is_default\":false,\"requires_approval\":false,"
                        "\"signature_text\":" HASH_OF_X ",\"smtp_host\":\"h\"}");
    assert_string_equal(trail_told(&WEBHOOK_TOLD, W(.sealed_secret = "x"), house->arena),
                        "{\"origin\":\"https://h.example\",\"events\":[],\"is_active\":false}");
}

static void test_every_act_has_a_name_that_is_no_mails(void **state)
{
    (void)state;
    for (unsigned event = 0; event < ACT_END; event++) {
        assert_non_null(EVENT_NAMES[event]);
        assert_int_equal(event_is_administration(event), event >= EVENT_COUNT);
        if (event < EVENT_COUNT)
            assert_string_equal(EVENT_NAMES[event], EMAIL_EVENT_NAMES[event]);
        else
            assert_non_null(strchr(EVENT_NAMES[event], '.'));
    }
    assert_null(EVENT_NAMES[ACT_END]);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_it_stands_in_the_chain),
        IN_A_HOUSE(test_what_is_hashed),
        IN_A_HOUSE(test_what_is_told_of_a_change),
        IN_A_HOUSE(test_a_change_of_nothing_is_no_event),
        IN_A_HOUSE(test_what_is_told_of_a_new_thing),
        cmocka_unit_test(test_every_act_has_a_name_that_is_no_mails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
