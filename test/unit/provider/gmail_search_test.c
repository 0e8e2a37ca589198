#include "provider/gmail_search.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"
#include "message/outgoing.h"

#define THERE GMAIL_DRAFT_SAYS
#define GONE GMAIL_GONE_SAYS
#define NOTHING \
    { \
        200, "{}" \
    }
#define OTHER_ID "01a1fcf6-6fcb-736a-944d-000000000000"
#define MAIL(id, label, reference) \
    { \
        200, GMAIL_MESSAGE(id, label, "<a@b>", "a@b", reference) \
    }
#define OURS(id) MAIL(id, "SENT", WEB_PEER_ID)
#define ANOTHER(id) MAIL(id, "SENT", OTHER_ID)
#define ONE(id, thread) "{\"id\":\"" id "\",\"threadId\":\"" thread "\"}"
#define CHANGES(messages) "{\"history\":[{\"id\":\"71\",\"messages\":[" messages "]}]}"
#define CHANGES_AND_MORE(messages) \
    "{\"history\":[{\"messages\":[" messages "]}],\"nextPageToken\":\"p 2\"}"
#define FOUND(messages) "{\"messages\":[" messages "]}"
#define BARE(message_id) \
    "{\"id\":\"m2\",\"labelIds\":[\"SENT\"],\"payload\":{\"headers\":[{\"name\":\"Message-ID\"," \
    "\"value\":\"" message_id "\"}]}}"
#define FAULT \
    { \
        503, "busy" \
    }

static const struct {
    const char *name;
    struct web_says says[10];
    bool is_answered;
    enum gmail_draft_state draft;
    const char *sent; /* its id; NULL: not */
    bool is_complete;
    size_t requests;
} ROWS[] = {
    {"nothing happened", {THERE, NOTHING}, true, GMAIL_DRAFT_THERE, NULL, true, 2},
    {"changed",
     {{200, "{\"id\":\"r-1\",\"message\":{\"id\":\"m7\"}}"}, NOTHING},
     true,
     GMAIL_DRAFT_CHANGED,
     NULL,
     true,
     2},
    {"gone, and not there", {GONE, NOTHING}, true, GMAIL_DRAFT_GONE, NULL, true, 2},
    {"sent",
     {GONE, {200, CHANGES(ONE("m2", "t1"))}, OURS("m2")},
     true,
     GMAIL_DRAFT_GONE,
     "m2",
     false,
     3},
    {"another was sent",
     {THERE, {200, CHANGES(ONE("m2", "t2"))}, ANOTHER("m2")},
     true,
     GMAIL_DRAFT_THERE,
     NULL,
     true,
     3},
    {"one of several, that of the thread first",
     {GONE, {200, CHANGES(ONE("m2", "t2") "," ONE("m3", "t1") "," ONE("m2", "t2"))}, OURS("m3")},
     true,
     GMAIL_DRAFT_GONE,
     "m3",
     false,
     3},
    {"none of several, each asked for once",
     {GONE,
      {200, CHANGES(ONE("m2", "t2") "," ONE("m3", "t1") "," ONE("m2", "t2"))},
      ANOTHER("m3"),
      ANOTHER("m2")},
     true,
     GMAIL_DRAFT_GONE,
     NULL,
     true,
     4},
    {"the draft itself",
     {THERE, {200, CHANGES(ONE("m1", "t1"))}, MAIL("m1", "DRAFT", WEB_PEER_ID)},
     true,
     GMAIL_DRAFT_THERE,
     NULL,
     true,
     3},
    {"a draft that became a sent mail",
     {GONE, {200, CHANGES(ONE("m1", "t1"))}, OURS("m1")},
     true,
     GMAIL_DRAFT_GONE,
     "m1",
     false,
     3},
    {"no reference, our Message-ID",
     {GONE, {200, CHANGES(ONE("m2", "t1"))}, {200, BARE("<ours@example.com>")}},
     true,
     GMAIL_DRAFT_GONE,
     "m2",
     false,
     3},
    {"no reference, another Message-ID",
     {GONE, {200, CHANGES(ONE("m2", "t1"))}, {200, BARE("<theirs@example.com>")}},
     true,
     GMAIL_DRAFT_GONE,
     NULL,
     true,
     3},
    {"ours, neither sent nor draft",
     {GONE, {200, CHANGES(ONE("m2", "t1"))}, MAIL("m2", "INBOX", WEB_PEER_ID)},
     true,
     GMAIL_DRAFT_GONE,
     NULL,
     true,
     3},
    {"ours, sent and yet a draft",
     {THERE, {200, CHANGES(ONE("m2", "t1"))}, MAIL("m2", "SENT\",\"DRAFT", WEB_PEER_ID)},
     true,
     GMAIL_DRAFT_THERE,
     NULL,
     true,
     3},
    {"deleted after it was sent",
     {GONE, {200, CHANGES(ONE("m2", "t1"))}, GONE},
     true,
     GMAIL_DRAFT_GONE,
     NULL,
     true,
     3},
    {"on the second page",
     {GONE, {200, CHANGES_AND_MORE(ONE("m2", "t2"))}, {200, CHANGES(ONE("m3", "t1"))}, OURS("m3")},
     true,
     GMAIL_DRAFT_GONE,
     "m3",
     false,
     4},
    {"odd ids are nobody's",
     {GONE, {200, CHANGES(ONE("../x", "t1"))}},
     true,
     GMAIL_DRAFT_GONE,
     NULL,
     true,
     2},
    {"history too old, search",
     {GONE, GONE, {200, FOUND(ONE("m2", "t1"))}, OURS("m2")},
     true,
     GMAIL_DRAFT_GONE,
     "m2",
     false,
     4},
    {"history too old, nothing found",
     {THERE, GONE, NOTHING},
     true,
     GMAIL_DRAFT_THERE,
     NULL,
     true,
     3},
    {"history too old, too much found",
     {THERE,
      GONE,
      {200, "{\"messages\":[" ONE("m2", "t2") "],\"nextPageToken\":\"x\"}"},
      ANOTHER("m2")},
     true,
     GMAIL_DRAFT_THERE,
     NULL,
     false,
     4},
    {"history too long, search",
     {THERE,
      {200, CHANGES_AND_MORE(ONE("m2", "t2"))},
      {200, CHANGES_AND_MORE(ONE("m3", "t2"))},
      {200, CHANGES_AND_MORE(ONE("m4", "t2"))},
      {200, CHANGES_AND_MORE(ONE("m5", "t2"))},
      {200, FOUND(ONE("m6", "t1"))},
      OURS("m6")},
     true,
     GMAIL_DRAFT_THERE,
     "m6",
     false,
     7},
    {"no draft to be had", {FAULT}, false, 0, NULL, false, 1},
    {"no id in it", {{200, "{\"id\":\"r-1\",\"message\":{}}"}}, false, 0, NULL, false, 1},
    {"no history to be had", {THERE, FAULT}, false, 0, NULL, false, 2},
    {"no second page",
     {THERE, {200, CHANGES_AND_MORE(ONE("m2", "t2"))}, FAULT},
     false,
     0,
     NULL,
     false,
     3},
    {"no search to be had", {THERE, GONE, FAULT}, false, 0, NULL, false, 3},
    {"no message to be had",
     {GONE, {200, CHANGES(ONE("m2", "t1"))}, FAULT},
     false,
     0,
     NULL,
     false,
     3},
    {"gone says a proxy", {{404, "nothing here"}}, false, 0, NULL, false, 1},
};

static bool run(struct web_peer *peer, struct gmail_finding *ret_finding,
                struct web_answer *ret_answer)
{
    const struct gmail_handle handle = {"r-1", "m1", "t1", "70"};
    struct web_mail mail = gmail_peer_open(peer);
    bool is_answered = gmail_search_run(&mail, &peer->email, &handle, ret_finding, ret_answer);
    gmail_peer_close(peer, &mail);
    return is_answered;
}

static bool is_as_said(const struct gmail_finding *finding, size_t i)
{
    return finding->draft == ROWS[i].draft && finding->is_sent == (ROWS[i].sent != NULL) &&
           text_equal(finding->sent.id, ROWS[i].sent) &&
           (finding->is_sent || finding->is_complete == ROWS[i].is_complete);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_peer *peer = gmail_peer_start(ROWS[i].says, COUNT(ROWS[i].says));
        struct gmail_finding finding = {0};
        struct web_answer answer;
        bool is_answered = run(peer, &finding, &answer);
        if (is_answered != ROWS[i].is_answered || (is_answered && !is_as_said(&finding, i)) ||
            (!is_answered && !answer.sentence))
            fail_msg("%s: %s", ROWS[i].name, text_or(answer.sentence, ""));
        web_peer_finish(peer);
        if (peer->heard.requests != ROWS[i].requests)
            fail_msg("%s: %zu requests", ROWS[i].name, peer->heard.requests);
    }
}

static void test_how_it_asks(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {
        THERE, {200, CHANGES_AND_MORE(ONE("m2", "t2"))}, GONE, NOTHING};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    struct gmail_finding finding;
    struct web_answer answer;
    clock_stop_at((moment){1789000000000});
    peer->email.committed_at = (moment){1789000000000 - 3LL * 24 * 3600 * 1000 - 5};
    assert_true(run(peer, &finding, &answer));
    clock_stop_at((moment){0});
    web_peer_finish(peer);
    static const char *const ASKED[] = {
        "GET " GMAIL_ME "drafts/r-1?format=minimal HTTP/1.1\r\n",
        "GET " GMAIL_ME "history?startHistoryId=70&labelId=SENT&maxResults=500 HTTP/1.1\r\n",
        "GET " GMAIL_ME "history?startHistoryId=70&labelId=SENT&maxResults=500&pageToken=p%202 ",
        "GET " GMAIL_ME "messages?q=in%3Asent%20newer_than%3A5d%20to%3Abob%40example.com&"
        "maxResults=500 HTTP/1.1\r\n"};
    assert_int_equal(peer->heard.requests, COUNT(ASKED));
    for (size_t i = 0; i < COUNT(ASKED); i++)
        if (!text_starts(peer->heard.heads[i], ASKED[i]))
            fail_msg("%s", peer->heard.heads[i]);
}

static void test_a_mailbox_without_history_is_searched(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {THERE, NOTHING};
    const struct gmail_handle handle = {"r-1", "m1", "t1", NULL};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    struct gmail_finding finding;
    struct web_answer answer;
    struct web_mail mail = gmail_peer_open(peer);
    assert_true(gmail_search_run(&mail, &peer->email, &handle, &finding, &answer));
    gmail_peer_close(peer, &mail);
    web_peer_finish(peer);
    assert_true(text_starts(peer->heard.heads[1], "GET " GMAIL_ME "messages?q="));
}

/* A term of a search is not to be written by whoever has thought up an address. */
static void test_recipients_in_a_search(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {THERE, GONE, NOTHING};
    struct address odd = {"\"a b\"@example.com", NULL}, other = {"c+d@example.com", NULL};
    const struct {
        struct list to, cc, bcc;
        const char *asked;
    } rows[] = {
        {{&odd, 1}, {0}, {0}, "newer_than%3A2d&"},
        {{&odd, 1}, {&other, 1}, {0}, "newer_than%3A2d%20cc%3Ac%2Bd%40example.com&"},
        {{0}, {0}, {&other, 1}, "newer_than%3A2d%20bcc%3Ac%2Bd%40example.com&"},
        {{0}, {0}, {0}, "newer_than%3A2d&"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
        struct gmail_finding finding;
        struct web_answer answer;
        peer->email.to_recipients = rows[i].to;
        peer->email.cc_recipients = rows[i].cc;
        peer->email.bcc_recipients = rows[i].bcc;
        assert_true(run(peer, &finding, &answer));
        web_peer_finish(peer);
        if (!strstr(peer->heard.heads[2], rows[i].asked))
            fail_msg("row %zu: %s", i, peer->heard.heads[2]);
    }
}

static void test_the_reference_is_that_of_every_mail(void **state)
{
    (void)state;
    assert_string_equal(EMAIL_REFERENCE_HEADER, "X-Outtray-Ref");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_how_it_asks),
        cmocka_unit_test(test_a_mailbox_without_history_is_searched),
        cmocka_unit_test(test_recipients_in_a_search),
        cmocka_unit_test(test_the_reference_is_that_of_every_mail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
