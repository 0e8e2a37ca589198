/* What is told of rows made for it; test/http holds the real ones against what the server does.
 *
 * covers: src/api/operation_name.c */
#include "api/operation.h"

#include <string.h>

#include "api/sending.h"
#include "api/spelling.h"
#include "case.h"

struct thing {
    const char *id;
    int64_t version;
    struct list parts;
};

static const struct field LIST_FIELDS[] = {
    FIELD(struct thing, parts, .use = SHOWN, .items = &TEXT_ITEM),
    {0},
};
static const struct schema LIST = SCHEMA(struct thing, LIST_FIELDS);
static const struct field DATA_FIELDS[] = {OBJECT_FIELD("data", 0, &LIST, .use = SHOWN), {0}};
static const struct schema DATA = SCHEMA(struct thing, DATA_FIELDS);
static const struct field THING_FIELDS[] = {
    FIELD(struct thing, id, .use = CREATE | SHOWN, .spelling = &UUID),
    FIELD(struct thing, version, .use = SHOWN),
    {0},
};
static const struct schema THING = SCHEMA(struct thing, THING_FIELDS);

static void test_names(void **state)
{
    static const struct {
        const char *method, *path;
        enum family family;
        int status;
        const struct schema *replies;
        const char *name;
    } ROWS[] = {
        {"GET", "/api/v1/email/outbound/drafts", FAMILY_OUTBOUND, 200, &LIST, "listOutboundDrafts"},
        {"GET", "/api/v1/email/outbound/drafts/{id}", FAMILY_OUTBOUND, 200, &LIST,
         "getOutboundDraft"},
        {"POST", "/api/v1/email/outbound/drafts", FAMILY_OUTBOUND, 201, NULL,
         "createOutboundDraft"},
        {"POST", "/api/v1/email/outbound/drafts/{id}/send", FAMILY_OUTBOUND, 200, NULL,
         "sendOutboundDraft"},
        {"POST", "/api/v1/email/outbound/reply-envelope", FAMILY_OUTBOUND, 200, NULL,
         "replyEnvelopeOutbound"},
        {"PUT", "/api/v1/email/outbound/signature", FAMILY_OUTBOUND, 200, NULL,
         "updateOutboundSignature"},
        {"GET", "/api/conversations", FAMILY_EMAIL, 200, &DATA, "listEmailConversations"},
        {"PATCH", "/api/email/contexts/{context_type}/{context_id}", FAMILY_EMAIL, 200, NULL,
         "updateEmailContext"},
        {"DELETE", "/api/email/accounts/{id}", FAMILY_MESSAGES, 200, NULL, "deleteMessagesAccount"},
        {"POST", "/api/email/messages/send", FAMILY_MESSAGES, 200, NULL, "sendMessages"},
        {"GET", "/openapi.json", FAMILY_OUTTRAY, 200, NULL, "getOpenapiJson"},
        {"GET", "/", FAMILY_OUTTRAY, 200, NULL, "get"},
    };
    AUTO_ARENA arena = arena_create();
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct route route = {.method = ROWS[i].method,
                                    .path = ROWS[i].path,
                                    .family = ROWS[i].family,
                                    .status = ROWS[i].status,
                                    .replies = ROWS[i].replies};
        assert_string_equal(operation_name(&route, arena), ROWS[i].name);
    }
}

static void test_successes(void **state)
{
    static const struct {
        struct route route;
        int statuses[OPERATION_STATUSES_MOST];
    } ROWS[] = {
        {{.method = "GET", .status = 200}, {200}},
        {{.method = "POST", .status = 200, .answer = sending_answer}, {200, 202}},
        {{.method = "POST", .status = 201, .also = {200, 502}}, {201, 200}},
        {{.method = "GET", .status = 200, .also = {409}}, {200}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int statuses[OPERATION_STATUSES_MOST] = {0};
        operation_successes(&ROWS[i].route, statuses);
        assert_memory_equal(statuses, ROWS[i].statuses, sizeof statuses);
    }
}

static void test_failures(void **state)
{
    static const struct {
        struct route route;
        enum error_code code;
        bool may_fail;
    } ROWS[] = {
        {{.method = "GET", .path = "/a"}, ERROR_NONE, false},
        {{.method = "GET", .path = "/a"}, ERROR_INVALID, true},
        {{.method = "GET", .path = "/a"}, ERROR_UNAUTHORIZED, false},
        {{.method = "GET", .path = "/a", .right = {THING_MAIL, ACT_READ}},
         ERROR_UNAUTHORIZED,
         true},
        {{.method = "GET", .path = "/a"}, ERROR_NOT_FOUND, false},
        {{.method = "GET", .path = "/a/{id}"}, ERROR_NOT_FOUND, true},
        {{.method = "POST", .path = "/a", .reads = &THING}, ERROR_NOT_FOUND, true},
        {{.method = "POST", .path = "/a", .reads = &LIST}, ERROR_NOT_FOUND, false},
        {{.method = "GET", .path = "/a", .also = {409}}, ERROR_CONFLICT, true},
        {{.method = "POST", .path = "/a", .right = {THING_MAIL, ACT_READ}}, ERROR_MISMATCH, true},
        {{.method = "PUT", .path = "/a", .right = {THING_MAIL, ACT_READ}}, ERROR_MISMATCH, false},
        {{.method = "POST", .path = "/a", .takes = TAKES_FORM}, ERROR_UNSUPPORTED, true},
        {{.method = "POST", .path = "/a"}, ERROR_UNSUPPORTED, false},
        {{.method = "POST", .path = "/a", .answer = sending_answer}, ERROR_PROVIDER, true},
        {{.method = "POST", .path = "/a"}, ERROR_PROVIDER, false},
        {{.method = "GET", .path = "/a"}, ERROR_FULL, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (operation_may_fail(&ROWS[i].route, ROWS[i].code) != ROWS[i].may_fail)
            fail_msg("row %zu", i);
}

/* Of a path, its GET says whether it has versions. */
static void test_versions(void **state)
{
    const struct route made = {.method = "POST", .reads = &THING, .replies = &THING};
    const struct route sent = {.method = "POST", .reads = &LIST, .replies = &THING};
    (void)state;
    assert_true(operation_heeds_version(&made));
    assert_false(operation_heeds_version(&sent));
    assert_true(operation_is_versioned(&sent));
    for (const struct route *route = ROUTES; route->method; route++)
        if (strcmp(route->path, "/api/email/drafts/{id}") == 0)
            assert_int_equal(operation_heeds_version(route), strcmp(route->method, "GET") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_successes),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
