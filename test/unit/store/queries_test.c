/* Every query fits the tables, and those that run all the time are answered from an index,
 * however many emails there are. */
#include <sqlite3.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"

static void test_every_query_can_be_prepared(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    if (!db_check_queries(house->db, &error))
        fail_msg("%s", error.message);
}

static const struct row {
    enum query query;
    const char *plan[4]; /* parts of it, each must be there */
    const char *not_so;  /* a part that must not */
} ROWS[] = {
    {QUERY_WAITING_ACCOUNTS,
     {"SEARCH emails USING INDEX emails_queued (account_id>?)",
      "SEARCH later USING INDEX emails_queued (account_id>?)",
      "SEARCH first USING INDEX emails_queued (account_id=?)"},
     "SCAN emails"},
    {QUERY_WAITING_ACCOUNT, {"SEARCH emails USING INDEX emails_queued (account_id=?"}, "SCAN"},
    {QUERY_QUEUE_BEFORE,
     {"SEARCH emails USING INDEX emails_queued (account_id=? AND next_attempt_at"},
     "SCAN emails"},
    {QUERY_QUEUE_NEWS,
     {"SEARCH events USING INTEGER PRIMARY KEY (rowid>?)", "SEARCH emails USING INDEX"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_DUE_OF_ACCOUNT,
     {"SEARCH emails USING INDEX emails_queued (account_id=? AND next_attempt_at<?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_PLANNED_DUE,
     {"SEARCH emails USING INDEX emails_planned (planned_send_at>? AND planned_send_at<?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_PLANNED_NEWEST,
     {"SEARCH emails USING INDEX emails_planned (planned_send_at>? AND planned_send_at<?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_NEXT_PLANNED, {"emails USING INDEX emails_planned"}, "TEMP B-TREE"},
    {QUERY_EMAIL_ABANDONED,
     {"SEARCH emails USING INDEX emails_sending (lease_until<?)"},
     "TEMP B-TREE"},
    {QUERY_ACCOUNTS_TO_PROBE,
     {"SEARCH emails USING INDEX emails_unknown (next_attempt_at<?)"},
     "SCAN emails"},
    {QUERY_EMAIL_TO_PROBE,
     {"SEARCH emails USING INDEX emails_unknown_of_account (account_id=? AND next_attempt_at<?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_ASK_NOW,
     {"SEARCH emails USING INDEX emails_unknown_of_account (account_id=? AND next_attempt_at>?)"},
     "SCAN"},
    {QUERY_EMAIL_TO_HOLD, {"emails USING INDEX emails_queued"}, "TEMP B-TREE"},
    {QUERY_EMAIL_NEVER_WRITTEN_OUT, {"emails USING INDEX emails_unknown"}, "TEMP B-TREE"},
    {QUERY_CENSUS, {"SCAN emails USING INDEX emails_queued", "LIST SUBQUERY"}, "TEMP B-TREE"},
    {QUERY_DOCUMENT_CONTENTS_AFTER,
     {"SEARCH documents USING COVERING INDEX documents_sha256 (sha256>?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_BY_ID, {"SEARCH emails USING INDEX", "id=?)"}, "SCAN"},
    {QUERY_EMAIL_MOVE, {"SEARCH emails USING INDEX", "id=?)"}, "SCAN"},
    {QUERY_EMAIL_COMMIT, {"SEARCH emails USING INDEX", "id=?)"}, "SCAN"},
    {QUERY_EMAIL_DRAFTS_AFTER,
     {"SEARCH emails USING INDEX emails_drafts (user_id=? AND (updated_at,id)<(?,?))"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_RARE_AFTER,
     {"SEARCH emails USING INDEX emails_rare (organization_id=? AND state=?)"},
     "SCAN"},
    {QUERY_EMAIL_STATE_AFTER, {"SEARCH emails USING INDEX emails_of_user (user_id=?)"}, "SCAN"},
    {QUERY_EMAIL_DRAFTS_PAGE,
     {"SEARCH emails USING INDEX emails_drafts (user_id=?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_DRAFTS_PAGE_FROM_END,
     {"SEARCH emails USING INDEX emails_drafts (user_id=?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_PAGE_OF_USER,
     {"SEARCH emails USING INDEX emails_of_user (user_id=?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_PAGE_OF_ORGANIZATION,
     {"SEARCH emails USING INDEX emails_of_organization (organization_id=?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_PAGE_OF_RARE,
     {"SEARCH emails USING INDEX emails_rare (organization_id=? AND state=?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_PAGE_OF_CONTEXT,
     {"SEARCH emails USING INDEX emails_context (organization_id=? AND context_id=?)"},
     "TEMP B-TREE"},
    {QUERY_EMAIL_COUNT_OF_CONTEXT,
     {"SEARCH emails USING INDEX emails_context (organization_id=? AND context_id=?)"},
     "SCAN"},
    {QUERY_EMAIL_BY_CLIENT_ID,
     {"SEARCH emails USING INDEX emails_client_id (user_id=? AND client_id=?)"},
     "SCAN"},
    {QUERY_CONVERSATION_PAGE,
     {"SEARCH conversations USING INDEX conversations_latest (user_id=?)"},
     "TEMP B-TREE"},
    {QUERY_CONVERSATION_PAGE_FROM_END,
     {"SEARCH conversations USING INDEX conversations_latest (user_id=?)"},
     "TEMP B-TREE"},
    {QUERY_CONVERSATION_PAGE_OF_SOME,
     {"SEARCH conversations USING INDEX conversations_latest (user_id=?)"},
     "TEMP B-TREE"},
    {QUERY_CONVERSATION_BY_THREAD,
     {"SEARCH conversations USING INDEX conversations_thread (account_id=? AND thread_id=?)"},
     "SCAN"},
    {QUERY_CONVERSATION_EMAILS,
     {"SEARCH emails USING INDEX emails_conversation (conversation_id=?)"},
     "SCAN"},
    {QUERY_CONVERSATION_LATEST_EMAIL,
     {"SEARCH emails USING INDEX emails_conversation (conversation_id=?)"},
     "SCAN"},
    {QUERY_CORRESPONDENCE_AFTER,
     {"SEARCH emails USING INDEX emails_correspondence "
      "(user_id=? AND state=? AND (sent_at,id)<(?,?))\n"},
     "SCAN emails"},
    {QUERY_CORRESPONDENCE_OF_CASE_AFTER,
     {"SEARCH emails USING INDEX emails_context "
      "(organization_id=? AND context_id=?)"},
     "SCAN"},
    {QUERY_CORRESPONDENCE_OF_CONVERSATION_AFTER,
     {"SEARCH emails USING INDEX emails_conversation (conversation_id=?)"},
     "SCAN"},
    {QUERY_THREAD_EMAIL,
     {"SEARCH emails USING INDEX emails_message_id (account_id=? AND message_id=?)"},
     "SCAN"},
    {QUERY_THREAD_EMAIL_BY_HASH,
     {"SEARCH emails USING INDEX emails_received (account_id=? AND mail_sha256=?)"},
     "SCAN"},
    {QUERY_THREAD_KEY,
     {"SEARCH thread_keys USING INDEX sqlite_autoindex_thread_keys_1 "
      "(account_id=? AND message_id=?)"},
     "SCAN"},
    {QUERY_EVENT_LIST, {"SEARCH events USING INDEX events_email (email_id=?)"}, "TEMP B-TREE"},
    {QUERY_EVENT_LIST_AFTER,
     {"SEARCH events USING INDEX events_of_organization (organization_id=? AND number>?)"},
     "TEMP B-TREE"},
    {QUERY_EVENT_LIST_OF_VIEWER,
     {"SEARCH events USING INDEX events_of_organization (organization_id=? AND number>? AND "
      "number<?)"},
     "TEMP B-TREE"},
    {QUERY_EVENT_LIST_OF_ADMINISTRATION,
     {"SEARCH events USING INDEX events_of_administration (organization_id=? AND number>?)"},
     "TEMP B-TREE"},
    {QUERY_EVENT_HEARERS,
     {"SEARCH events USING INDEX events_of_organization (organization_id=? AND number>?)"},
     "TEMP B-TREE"},
    {QUERY_EVENT_MARKS,
     {"SEARCH events USING INDEX events_of_organization (organization_id=? AND number>?)"},
     "TEMP B-TREE"},
    {QUERY_EVENT_LIST_OF_LANE,
     {"SEARCH events USING INDEX events_of_organization (organization_id=? AND number>?)"},
     "TEMP B-TREE"},
    {QUERY_WEBHOOK_LANE_LIST,
     {"SEARCH webhook_lanes USING INDEX sqlite_autoindex_webhook_lanes_1 (webhook_id=?)"},
     "TEMP B-TREE"},
    {QUERY_CHAIN_END, {"SEARCH chains"}, "SCAN"},
    {QUERY_OVERVIEW_EVENTS_AFTER, {"SEARCH events USING INTEGER PRIMARY KEY"}, "TEMP B-TREE"},
    {QUERY_TOKEN_BY_HASH, {"SEARCH tokens USING INDEX sqlite_autoindex_tokens_2 (hash=?)"}, "SCAN"},
    {QUERY_ACCOUNT_TO_SEND_FROM,
     {"SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (id=?)"},
     "SCAN"},
    {QUERY_CONTEXT_FIND,
     {"SEARCH contexts USING INDEX sqlite_autoindex_contexts_1 (organization_id=? AND "
      "context_type=? AND context_id=?)"},
     "SCAN"},
    {QUERY_CONTEXT_LIST_OF_TYPE,
     {"SEARCH contexts USING INDEX contexts_latest (organization_id=? AND context_type=?)"},
     "TEMP B-TREE"},
    {QUERY_TEMPLATE_PAGE,
     {"SEARCH templates USING INDEX templates_of_organization (organization_id=?)"},
     "TEMP B-TREE"},
    {QUERY_ACCOUNT_DEFAULT, {"SEARCH accounts USING INDEX accounts_active (user_id=?)"}, "SCAN"},
};

static const char *plan_of(sqlite3 *database, enum query query, struct arena *arena)
{
    sqlite3_stmt *statement = NULL;
    const char *plan = "";
    const char *sql = arena_format(arena, "EXPLAIN QUERY PLAN %s", QUERIES[query].text);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        plan = arena_format(arena, "%s%s\n", plan, (const char *)sqlite3_column_text(statement, 3));
    sqlite3_finalize(statement);
    return plan;
}

static void test_hot_queries_use_their_index(void **state)
{
    struct house *house = *state;
    sqlite3 *database = NULL;
    const char *path = arena_format(house->arena, "%s/outtray.db", house->folder);
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *plan = plan_of(database, ROWS[i].query, house->arena);
        for (size_t part = 0; part < COUNT(ROWS[i].plan) && ROWS[i].plan[part]; part++)
            if (!strstr(plan, ROWS[i].plan[part]))
                fail_msg("%s: no %s in\n%s", QUERIES[ROWS[i].query].name, ROWS[i].plan[part], plan);
        if (strstr(plan, ROWS[i].not_so))
            fail_msg("%s: %s in\n%s", QUERIES[ROWS[i].query].name, ROWS[i].not_so, plan);
    }
    sqlite3_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_query_can_be_prepared, house_start, house_stop),
        cmocka_unit_test_setup_teardown(test_hot_queries_use_their_index, house_start, house_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
