/* The ways by which a mail is handed in, by its size; and whose thread it goes into. */
#include "provider/gmail_draft.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"

static bool create(struct web_peer *peer, const char *thread_id, struct gmail_draft *ret_draft,
                   struct web_answer *ret_answer)
{
    struct web_mail mail = gmail_peer_open(peer);
    bool is_made = gmail_create_draft(&mail, peer->message, thread_id, ret_draft, ret_answer);
    gmail_peer_close(peer, &mail);
    return is_made;
}

/* Whether the body of that request was these three, one after the other. */
static void assert_body(const struct web_peer *peer, size_t request, const char *before,
                        struct bytes mail, const char *after)
{
    uint64_t hash = web_hash(0, before, strlen(before));
    hash = web_hash(hash, mail.data, mail.size);
    hash = web_hash(hash, after, strlen(after));
    assert_int_equal(peer->heard.body_sizes[request], strlen(before) + mail.size + strlen(after));
    assert_true(peer->heard.body_hashes[request] == hash);
}

static struct bytes for_url(struct bytes mail, struct arena *arena)
{
    char *text = text_base64(mail.data, mail.size, arena);
    for (char *at = text; *at; at++)
        *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
    return (struct bytes){text, strlen(text)};
}

static const size_t SMALL[] = {1, 2, 3, 300, GMAIL_JSON_BYTES};

static void test_small_ones_are_json(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {GMAIL_DRAFT_SAYS, GMAIL_DRAFT_SAYS};
    for (size_t i = 0; i < COUNT(SMALL); i++) {
        struct gmail_draft draft;
        struct web_answer answer;
        AUTO_ARENA arena = arena_create();
        struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
        gmail_peer_write(peer, SMALL[i]);
        assert_true(create(peer, NULL, &draft, &answer));
        assert_string_equal(draft.id, "r-1");
        assert_string_equal(draft.message.id, "m1");
        assert_true(create(peer, "t1", &draft, &answer));
        struct bytes raw = for_url(gmail_peer_mail(peer), arena);
        web_peer_finish(peer);
        assert_true(text_starts(peer->heard.heads[0], "POST " GMAIL_ME "drafts HTTP/1.1\r\n"));
        assert_body(peer, 0, "{\"message\":{\"raw\":\"", raw, "\"}}");
        assert_body(peer, 1, "{\"message\":{\"threadId\":\"t1\",\"raw\":\"", raw, "\"}}");
    }
}

static const char *boundary_of(const char *head, struct arena *arena)
{
    const char *type = strstr(head, "\r\nContent-Type: multipart/related; boundary=");
    assert_non_null(type);
    return arena_copy_bytes(arena, type + 44, strcspn(type + 44, "\r"));
}

static const char *before_mail(const char *boundary, const char *metadata, struct arena *arena)
{
    return arena_format(
        arena,
        "--%s\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n%s\r\n--%s\r\n"
        "Content-Type: message/rfc822\r\n\r\n",
        boundary, metadata, boundary);
}

static const size_t LARGER[] = {GMAIL_JSON_BYTES + 1, 1000000, GMAIL_MULTIPART_BYTES};

static void test_larger_ones_are_multipart(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {GMAIL_DRAFT_SAYS, GMAIL_DRAFT_SAYS};
    static const char *const METADATA[] = {"{}", "{\"message\":{\"threadId\":\"t1\"}}"};
    for (size_t i = 0; i < COUNT(LARGER); i++) {
        struct gmail_draft draft;
        struct web_answer answer;
        AUTO_ARENA arena = arena_create();
        struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
        gmail_peer_write(peer, LARGER[i]);
        assert_true(create(peer, NULL, &draft, &answer));
        assert_true(create(peer, "t1", &draft, &answer));
        struct bytes mail = gmail_peer_mail(peer);
        mail.data = arena_copy_bytes(arena, mail.data, mail.size);
        web_peer_finish(peer);
        for (size_t n = 0; n < 2; n++) {
            const char *head = peer->heard.heads[n], *boundary = boundary_of(head, arena);
            assert_true(text_starts(head, "POST /upload" GMAIL_ME "drafts?uploadType=multipart "));
            assert_body(peer, n, before_mail(boundary, METADATA[n], arena), mail,
                        arena_format(arena, "\r\n--%s--\r\n", boundary));
        }
    }
}

static void test_the_largest_can_be_resumed(void **state)
{
    (void)state;
    const struct web_says unready[] = {{200, ""}, GMAIL_DRAFT_SAYS};
    struct gmail_draft draft;
    struct web_answer answer;
    struct web_peer *peer = gmail_peer_start(unready, COUNT(unready));
    const struct web_says says[] = {
        {200, "", arena_format(peer->arena, "Location: %s/place\r\n", peer->settings.gmail_url)},
        GMAIL_DRAFT_SAYS};
    web_peer_say(peer, says, COUNT(says));
    gmail_peer_write(peer, GMAIL_MULTIPART_BYTES + 1);
    assert_true(create(peer, "t1", &draft, &answer));
    assert_string_equal(draft.id, "r-1");
    web_peer_finish(peer);
    assert_true(
        text_starts(peer->heard.heads[0], "POST /upload" GMAIL_ME "drafts?uploadType=resumable "));
    assert_body(peer, 0, "{\"message\":{\"threadId\":\"t1\"}}", (struct bytes){"", 0}, "");
    assert_true(text_starts(peer->heard.heads[1], "PUT /place "));
    assert_int_equal(peer->heard.body_sizes[1], GMAIL_MULTIPART_BYTES + 1);
}

static void test_where_nothing_can_be_resumed(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {{200, "", "Location: https://elsewhere.example/\r\n"},
                                           GMAIL_DRAFT_SAYS};
    struct gmail_draft draft;
    struct web_answer answer;
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    gmail_peer_write(peer, GMAIL_MULTIPART_BYTES + 1);
    assert_true(create(peer, NULL, &draft, &answer));
    web_peer_finish(peer);
    assert_true(
        text_starts(peer->heard.heads[1], "POST /upload" GMAIL_ME "drafts?uploadType=multipart "));
}

static const struct {
    const char *name;
    struct web_says says[4];
    const char *thread_id;
    bool is_made;
    enum web_meaning meaning;
    size_t requests;
} THREADS[] = {
    {"there", {GMAIL_DRAFT_SAYS}, "t1", true, WEB_DONE, 1},
    {"gone", {GMAIL_GONE_SAYS, GMAIL_GONE_SAYS, GMAIL_DRAFT_SAYS}, "t1", true, WEB_DONE, 3},
    {"something else is gone", {GMAIL_GONE_SAYS, {200, "{}"}}, "t1", false, WEB_GONE, 2},
    {"who knows", {GMAIL_GONE_SAYS, {503, ""}}, "t1", false, WEB_GONE, 2},
    {"none", {GMAIL_GONE_SAYS}, NULL, false, WEB_GONE, 1},
    {"gone, and refused",
     {GMAIL_GONE_SAYS, GMAIL_GONE_SAYS, GMAIL_GONE_SAYS},
     "t1",
     false,
     WEB_GONE,
     3},
};

static void test_threads(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(THREADS); i++) {
        struct gmail_draft draft;
        struct web_answer answer;
        struct web_peer *peer = gmail_peer_start(THREADS[i].says, COUNT(THREADS[i].says));
        bool is_made = create(peer, THREADS[i].thread_id, &draft, &answer);
        if (is_made != THREADS[i].is_made || answer.meaning != THREADS[i].meaning)
            fail_msg("%s: %s", THREADS[i].name, text_or(answer.sentence, ""));
        size_t raw = for_url(gmail_peer_mail(peer), peer->arena).size;
        web_peer_finish(peer);
        if (peer->heard.requests != THREADS[i].requests)
            fail_msg("%s: %zu requests", THREADS[i].name, peer->heard.requests);
        if (peer->heard.requests == 3) {
            assert_true(text_starts(peer->heard.heads[1], "GET " GMAIL_ME "threads/t1?"));
            assert_int_equal(peer->heard.body_sizes[2], strlen("{'message':{'raw':''}}") + raw);
        }
    }
}

static void test_what_is_no_thread(void **state)
{
    (void)state;
    static const struct web_says SAYS = GMAIL_DRAFT_SAYS;
    struct gmail_draft draft;
    struct web_answer answer;
    struct web_peer *peer = gmail_peer_start(&SAYS, 1);
    assert_true(create(peer, "t1\",\"raw\":\"", &draft, &answer));
    size_t raw = for_url(gmail_peer_mail(peer), peer->arena).size;
    web_peer_finish(peer);
    assert_int_equal(peer->heard.body_sizes[0], strlen("{'message':{'raw':''}}") + raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_ones_are_json),
        cmocka_unit_test(test_larger_ones_are_multipart),
        cmocka_unit_test(test_the_largest_can_be_resumed),
        cmocka_unit_test(test_where_nothing_can_be_resumed),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_what_is_no_thread),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
