#include "provider/gmail_upload.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"

enum { SIZE = 1000000 };

/* {PLACE} in a header becomes where the upload goes. */
#define BEGUN \
    { \
        200, "", "Location: {PLACE}/upload/x?upload_id=9\r\n" \
    }
#define GOT(last) \
    { \
        308, "", "Range: bytes=0-" #last "\r\n" \
    }
#define NOTHING_YET \
    { \
        308, "" \
    }
#define DONE \
    { \
        200, "{\"id\":\"r-1\"}" \
    }

struct row {
    const char *name;
    struct web_says says[10];
    enum web_meaning meaning;
    const char *asked;     /* of each request: P with bytes, Q for a question how far it is */
    const char *ranges[8]; /* that each PUT names */
};

static const struct row ROWS[] = {
    {"at once", {BEGUN, DONE}, WEB_DONE, "P", {"bytes 0-999999/1000000"}},
    {"created", {BEGUN, {201, "{}"}}, WEB_DONE, "P", {"bytes 0-999999/1000000"}},
    {"a piece is missing",
     {BEGUN, GOT(524287), DONE},
     WEB_DONE,
     "PP",
     {"bytes 0-999999/1000000", "bytes 524288-999999/1000000"}},
    {"nothing arrived",
     {BEGUN, NOTHING_YET, DONE},
     WEB_DONE,
     "PP",
     {"bytes 0-999999/1000000", "bytes 0-999999/1000000"}},
    {"broken off",
     {BEGUN, {.end = WEB_RESET}, GOT(262143), DONE},
     WEB_DONE,
     "PQP",
     {"bytes 0-999999/1000000", "bytes */1000000", "bytes 262144-999999/1000000"}},
    {"broken off in the middle",
     {BEGUN, {.end = WEB_RESET, .is_hasty = true}, NOTHING_YET, DONE},
     WEB_DONE,
     "PQP",
     {"bytes 0-999999/1000000", "bytes */1000000", "bytes 0-999999/1000000"}},
    {"all arrived, and nobody said so",
     {BEGUN, {.end = WEB_RESET}, DONE},
     WEB_DONE,
     "PQ",
     {"bytes 0-999999/1000000", "bytes */1000000"}},
    {"half an answer",
     {BEGUN, {200, "{\"id\"", .missing = 9}, DONE},
     WEB_DONE,
     "PQ",
     {"bytes 0-999999/1000000", "bytes */1000000"}},
    {"server error",
     {BEGUN, {503, "busy"}, GOT(9), DONE},
     WEB_DONE,
     "PQP",
     {"bytes 0-999999/1000000", "bytes */1000000", "bytes 10-999999/1000000"}},
    {"all there, not done yet",
     {BEGUN, GOT(999999), DONE},
     WEB_DONE,
     "PQ",
     {"bytes 0-999999/1000000", "bytes */1000000"}},
    {"no further", {BEGUN, NOTHING_YET, NOTHING_YET, NOTHING_YET}, WEB_LATER, "PPP", {NULL}},
    {"back again", {BEGUN, GOT(99), GOT(49), GOT(49), GOT(9)}, WEB_LATER, "PPPP", {NULL}},
    {"too far", {BEGUN, GOT(1000000)}, WEB_LATER, "P", {NULL}},
    {"too far by far", {BEGUN, GOT(99999999999999999999999)}, WEB_LATER, "P", {NULL}},
    {"no range", {BEGUN, {308, "", "Range: bytes=5-9\r\n"}}, WEB_LATER, "P", {NULL}},
    {"no number", {BEGUN, {308, "", "Range: bytes=0-\r\n"}}, WEB_LATER, "P", {NULL}},
    {"refused",
     {BEGUN, {400, GMAIL_ERROR(400, "invalidArgument", "no")}},
     WEB_REFUSED,
     "P",
     {NULL}},
    {"expired", {BEGUN, GMAIL_GONE_SAYS}, WEB_GONE, "P", {NULL}},
    {"quota", {BEGUN, {429, GMAIL_ERROR(429, "rateLimitExceeded", "no")}}, WEB_HOLD, "P", {NULL}},
    {"broken off, and then down",
     {BEGUN, {.end = WEB_RESET}, {.end = WEB_RESET}},
     WEB_LATER,
     "PQ",
     {NULL}},
    {"not begun", {{503, "busy"}}, WEB_LATER, "", {NULL}},
    {"not allowed", {{403, GMAIL_ERROR(403, "domainPolicy", "no")}}, WEB_ACCOUNT, "", {NULL}},
};

static void fill_in(struct web_says *says, const char *url, struct arena *arena)
{
    const char *place = strstr(text_or(says->headers, ""), "{PLACE}");
    if (place)
        says->headers = arena_format(arena, "Location: %s%s", url, place + strlen("{PLACE}"));
}

/* The port is known only once the server runs, and it says what it is given by then. */
static struct web_peer *start(const struct web_says *rows, size_t count)
{
    struct web_peer *peer = gmail_peer_start(rows, count);
    struct web_says says[10];
    memcpy(says, rows, count * sizeof *says);
    for (size_t i = 0; i < count; i++)
        fill_in(&says[i], peer->settings.gmail_url, peer->arena);
    web_peer_say(peer, says, count);
    gmail_peer_write(peer, SIZE);
    return peer;
}

static enum gmail_upload_end run(struct web_peer *peer, struct web_answer *ret_answer)
{
    struct web_mail mail = gmail_peer_open(peer);
    const struct gmail_upload upload = {
        .name = "drafts.create",
        .url = arena_format(peer->arena, "%s/begin", peer->settings.gmail_url),
        .metadata = "{\"a\":1}",
        .content_type = "message/rfc822",
        .content = peer->message,
    };
    enum gmail_upload_end end = gmail_upload_run(&mail, &upload, ret_answer);
    gmail_peer_close(peer, &mail);
    return end;
}

static void check_requests(const struct web_peer *peer, const struct row *row)
{
    assert_true(text_starts(peer->heard.heads[0], "POST /begin HTTP/1.1\r\n"));
    assert_non_null(strstr(peer->heard.heads[0], "\r\nX-Upload-Content-Type: message/rfc822\r\n"));
    assert_non_null(strstr(peer->heard.heads[0], "\r\nX-Upload-Content-Length: 1000000\r\n"));
    assert_int_equal(peer->heard.body_sizes[0], 7);
    if (peer->heard.requests != 1 + strlen(row->asked))
        fail_msg("%s: %zu requests", row->name, peer->heard.requests);
    for (size_t i = 0; row->asked[i]; i++) {
        const char *head = peer->heard.heads[i + 1], *range = strstr(head, "\r\nContent-Range: ");
        assert_true(text_starts(head, "PUT /upload/x?upload_id=9 HTTP/1.1\r\n"));
        assert_non_null(strstr(head, "\r\nAuthorization: Bearer the-token\r\n"));
        bool is_question = text_starts(range + 17, "bytes */1000000\r\n");
        if (is_question != (row->asked[i] == 'Q') ||
            (row->ranges[i] && !text_starts(range + 17, row->ranges[i])))
            fail_msg("%s: %s", row->name, head);
    }
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_peer *peer = start(ROWS[i].says, COUNT(ROWS[i].says));
        struct web_answer answer;
        enum gmail_upload_end end = run(peer, &answer);
        if (end != GMAIL_UPLOAD_ENDED || answer.meaning != ROWS[i].meaning)
            fail_msg("%s: %d %s", ROWS[i].name, (int)answer.meaning, text_or(answer.sentence, ""));
        if (answer.meaning != WEB_DONE)
            assert_non_null(answer.sentence);
        web_peer_finish(peer);
        check_requests(peer, &ROWS[i]);
    }
}

static void test_what_arrives_is_the_mail(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {BEGUN, GOT(524287), DONE};
    struct web_peer *peer = start(SAYS, COUNT(SAYS));
    struct web_answer answer;
    assert_int_equal(run(peer, &answer), GMAIL_UPLOAD_ENDED);
    struct bytes mail = gmail_peer_mail(peer);
    uint64_t all = web_hash(0, mail.data, mail.size);
    uint64_t rest = web_hash(0, (const char *)mail.data + 524288, mail.size - 524288);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.body_sizes[1], SIZE);
    assert_true(peer->heard.body_hashes[1] == all);
    assert_int_equal(peer->heard.body_sizes[2], SIZE - 524288);
    assert_true(peer->heard.body_hashes[2] == rest);
}

/* The mail and our token would go there. */
static void test_only_to_gmails_own_server(void **state)
{
    (void)state;
    static const char *const PLACES[] = {"",
                                         "Location: http://127.0.0.1:9/upload\r\n",
                                         "Location: /upload\r\n",
                                         "Location: {PLACE}.evil.example/upload\r\n",
                                         "Location: {PLACE}1/upload\r\n",
                                         "Location: https://gmail.googleapis.com@127.0.0.1:9/\r\n"};
    for (size_t i = 0; i < COUNT(PLACES); i++) {
        const struct web_says says = {200, "", PLACES[i]};
        struct web_peer *peer = start(&says, 1);
        struct web_answer answer;
        if (run(peer, &answer) != GMAIL_UPLOAD_IMPOSSIBLE)
            fail_msg("%s", PLACES[i]);
        web_peer_finish(peer);
        assert_int_equal(peer->heard.requests, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_what_arrives_is_the_mail),
        cmocka_unit_test(test_only_to_gmails_own_server),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
