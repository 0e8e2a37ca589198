/* The stored tables: that a struct's fields and its columns are the same is tried on the database
 * (test/unit/store/queries_test.c); here, that no table names a member twice or leaves one out of
 * what is stored.
 * covers: src/model/call.c src/model/conversation.c src/model/document.c src/model/event.c
 * covers: src/model/context.c src/model/sign_in.c src/model/template.c */
#include <stddef.h>
#include <string.h>

#include "case.h"
#include "model/account.h"
#include "model/call.h"
#include "model/context.h"
#include "model/conversation.h"
#include "model/document.h"
#include "model/email.h"
#include "model/event.h"
#include "model/identity.h"
#include "model/recipient.h"
#include "model/sign_in.h"
#include "model/template.h"
#include "model/webhook.h"

static const struct schema *const SCHEMAS[] = {
    &ACCOUNT_SCHEMA, &CALL_SCHEMA,         &CONVERSATION_SCHEMA, &DOCUMENT_SCHEMA,
    &EMAIL_SCHEMA,   &EVENT_SCHEMA,        &ORGANIZATION_SCHEMA, &USER_SCHEMA,
    &TOKEN_SCHEMA,   &CONTEXT_SCHEMA,      &TEMPLATE_SCHEMA,     &SIGN_IN_SCHEMA,
    &WEBHOOK_SCHEMA, &WEBHOOK_LANE_SCHEMA, &RECIPIENT_SCHEMA,
};

static size_t rounded(size_t size)
{
    return (size + 7) / 8 * 8;
}

/* Members lie one behind the other: together they fill the struct, or one has been forgotten. */
static void test_every_member_is_stored_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SCHEMAS); i++) {
        const struct field *fields = SCHEMAS[i]->fields;
        size_t end = 0;
        for (size_t at = 0; fields[at].name; at++) {
            assert_true(fields[at].use & STORED);
            assert_null(fields[at].json);
            if (fields[at].offset < end || fields[at].offset > rounded(end))
                fail_msg("%s.%s: something is missing before it, or it is out of order",
                         SCHEMAS[i]->name, fields[at].name);
            end = fields[at].offset + field_size(&fields[at]);
        }
        /* What an email has behind its columns: see the end of struct email. */
        size_t told = SCHEMAS[i] == &EMAIL_SCHEMA
                          ? sizeof(struct email) - offsetof(struct email, recipients)
                          : 0;
        assert_int_equal(rounded(end) + told, SCHEMAS[i]->size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_member_is_stored_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
