/* By which calls a mail becomes a draft.
 * covers: src/provider/outlook_attachment.c */
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "outlook_peer.h"
#include "provider/outlook_draft.h"

enum { SAYS_MOST = 8, SIZES_MOST = 4 };
#define MB ((size_t)1000 * 1000)
#define MIB ((size_t)1024 * 1024)

#define PARENT "/messages/PARENT%3D/createReply"
#define DRAFT "/messages/AAk%2F1%3D"
#define ATTACHED \
    { \
        201, "{\"id\":\"at1\"}" \
    }
#define REFUSED(status, code) \
    { \
        status, OUTLOOK_ERROR(code) \
    }
#define BY_UPLOAD REFUSED(400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")

/* What is asked for: methods and paths below /me, one a line. */
static const struct {
    const char *name;
    size_t sizes[SIZES_MOST]; /* of attachments */
    bool is_answer;
    struct web_says says[SAYS_MOST];
    const char *asked;
    bool is_made;
    enum web_meaning meaning;
} ROWS[] = {
    {"a small mail",
     {0},
     false,
     {OUTLOOK_CREATED, OUTLOOK_CHANGED},
     "POST /messages\nPATCH " DRAFT "\n",
     true,
     WEB_DONE},
    {"a mail just small enough",
     {1900000},
     false,
     {OUTLOOK_CREATED, OUTLOOK_CHANGED},
     "POST /messages\nPATCH " DRAFT "\n",
     true,
     WEB_DONE},
    {"a mail too large for one request",
     {1 * MB, 2 * MB},
     false,
     {OUTLOOK_CREATED, ATTACHED, ATTACHED},
     "POST /messages\nPOST " DRAFT "/attachments\nPOST " DRAFT "/attachments\n",
     true,
     WEB_DONE},
    {"an attachment just below what is uploaded",
     {3 * MB - 1},
     false,
     {OUTLOOK_CREATED, ATTACHED},
     "POST /messages\nPOST " DRAFT "/attachments\n",
     true,
     WEB_DONE},
    {"an attachment that may be uploaded or not",
     {3 * MB},
     false,
     {OUTLOOK_CREATED, BY_UPLOAD, ATTACHED},
     "POST /messages\nPOST " DRAFT "/attachments/createUploadSession\nPOST " DRAFT "/attachments\n",
     true,
     WEB_DONE},
    {"an attachment that must be uploaded",
     {3 * MIB},
     false,
     {OUTLOOK_CREATED, BY_UPLOAD},
     "POST /messages\nPOST " DRAFT "/attachments/createUploadSession\n",
     false,
     WEB_REFUSED},
    {"Graph wants less in one request",
     {4000},
     false,
     {{413, "<html>"}, OUTLOOK_CREATED, ATTACHED},
     "POST /messages\nPOST /messages\nPOST " DRAFT "/attachments\n",
     true,
     WEB_DONE},
    {"an attachment is refused",
     {1 * MB, 2 * MB},
     false,
     {OUTLOOK_CREATED, REFUSED(400, "ErrorX")},
     "POST /messages\nPOST " DRAFT "/attachments\n",
     false,
     WEB_REFUSED},
    {"an attachment breaks off",
     {1 * MB, 2 * MB},
     false,
     {OUTLOOK_CREATED, ATTACHED, {.end = WEB_RESET}},
     "POST /messages\nPOST " DRAFT "/attachments\nPOST " DRAFT "/attachments\n",
     false,
     WEB_LATER},
    {"an answer",
     {0},
     true,
     {OUTLOOK_CREATED, OUTLOOK_NOTHING_LISTED, OUTLOOK_CHANGED},
     "POST " PARENT "\nGET " DRAFT "/attachments?%24select=id\nPATCH " DRAFT "\n",
     true,
     WEB_DONE},
    {"an answer with attachments",
     {100, 200},
     true,
     {OUTLOOK_CREATED, OUTLOOK_NOTHING_LISTED, OUTLOOK_CHANGED, ATTACHED, ATTACHED},
     "POST " PARENT "\nGET " DRAFT "/attachments?%24select=id\nPATCH " DRAFT "\nPOST " DRAFT
     "/attachments\nPOST " DRAFT "/attachments\n",
     true,
     WEB_DONE},
    {"an answer, with somebody else's pictures",
     {0},
     true,
     {OUTLOOK_CREATED, OUTLOOK_LISTED("{\"id\":\"p/1\"}"), {204, NULL}, OUTLOOK_CHANGED},
     "POST " PARENT "\nGET " DRAFT "/attachments?%24select=id\nDELETE " DRAFT
     "/attachments/p%2F1\nPATCH " DRAFT "\n",
     true,
     WEB_DONE},
    {"an answer to what is gone",
     {0},
     true,
     {OUTLOOK_GONE, OUTLOOK_CREATED, OUTLOOK_CHANGED},
     "POST " PARENT "\nPOST /messages\nPATCH " DRAFT "\n",
     true,
     WEB_DONE},
    {"an answer to what Exchange has never had",
     {0},
     true,
     {REFUSED(400, "ErrorInvalidIdMalformed"), OUTLOOK_CREATED, OUTLOOK_CHANGED},
     "POST " PARENT "\nPOST /messages\nPATCH " DRAFT "\n",
     true,
     WEB_DONE},
    {"an answer, later",
     {0},
     true,
     {REFUSED(503, "ErrorServerBusy")},
     "POST " PARENT "\n",
     false,
     WEB_LATER},
    {"an answer whose text is refused",
     {0},
     true,
     {OUTLOOK_CREATED, OUTLOOK_NOTHING_LISTED, REFUSED(400, "ErrorX")},
     "POST " PARENT "\nGET " DRAFT "/attachments?%24select=id\nPATCH " DRAFT "\n",
     false,
     WEB_REFUSED},
};

/* "POST /messages" of "POST /v1.0/me/messages HTTP/1.1...". */
static void assert_asked(const char *name, const struct web_peer *peer, const char *asked)
{
    AUTO_ARENA arena = arena_create();
    struct buf buf = BUF(arena, 4096);
    struct error error;
    for (size_t i = 0; i < peer->heard.requests; i++) {
        const char *head = peer->heard.heads[i];
        const char *path = strstr(head, " " OUTLOOK_ME), *version = strstr(head, " HTTP/1.1\r\n");
        assert_true(path && version);
        buf_add_bytes(&buf, head, (size_t)(path - head) + 1);
        path += strlen(" " OUTLOOK_ME);
        buf_add_bytes(&buf, path, (size_t)(version - path));
        buf_add_char(&buf, '\n');
    }
    const char *really = text_or(buf_text(&buf, &error), "");
    if (!text_equal(really, asked))
        fail_msg("%s:\n%s", name, really);
}

static void test_the_calls(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_peer *peer = outlook_peer_start(ROWS[i].says, SAYS_MOST);
        struct outlook_item draft;
        struct web_answer answer;
        if (ROWS[i].sizes[0])
            outlook_peer_attach(peer, ROWS[i].sizes);
        peer->attempt.parent = ROWS[i].is_answer ? &peer->parent : NULL;
        struct outlook outlook = outlook_open(peer->pool, &peer->attempt);
        bool is_made = outlook_make_draft(&outlook, &draft, &answer);
        if (is_made != ROWS[i].is_made || (!is_made && answer.meaning != ROWS[i].meaning))
            fail_msg("%s: %d %s", ROWS[i].name, (int)answer.meaning, text_or(answer.sentence, ""));
        outlook_close(peer->pool, &outlook);
        web_peer_finish(peer);
        assert_asked(ROWS[i].name, peer, ROWS[i].asked);
    }
}

/* The bytes themselves: base64 of the MIME, and of a file between JSON. */
static void test_what_is_handed_in(void **state)
{
    (void)state;
    static const size_t SIZES[] = {200, 0};
    static const struct web_says SAID[] = {{413, "x"}, OUTLOOK_CREATED, ATTACHED};
    struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
    struct outlook_item draft;
    struct web_answer answer;
    struct bytes mime;
    struct error error;
    outlook_peer_attach(peer, SIZES);
    assert_true(spool_bytes(peer->message, SIZE_MAX, peer->arena, &mime, &error));
    const char *first = text_base64(mime.data, mime.size, peer->arena);
    const char *second = arena_format(
        peer->arena,
        "{\"@odata.type\":\"#microsoft.graph.fileAttachment\",\"name\":\"a.pdf\","
        "\"contentType\":\"application/pdf\",\"isInline\":false,\"contentBytes\":\"%s\"}",
        text_base64(arena_alloc(peer->arena, SIZES[0]), SIZES[0], peer->arena));
    uint64_t hashes[] = {web_hash(0, first, strlen(first)), web_hash(0, second, strlen(second))};
    struct outlook outlook = outlook_open(peer->pool, &peer->attempt);
    assert_true(outlook_make_draft(&outlook, &draft, &answer));
    assert_string_equal(draft.id, OUTLOOK_ID);
    outlook_close(peer->pool, &outlook);
    web_peer_finish(peer);
    assert_true(peer->heard.body_hashes[0] == hashes[0]);
    assert_true(peer->heard.body_hashes[2] == hashes[1]);
}

/* Only what lies in this mailbox can be answered in it. */
static void test_what_is_answered_elsewhere(void **state)
{
    (void)state;
    static const struct web_says SAID[] = {OUTLOOK_CREATED, OUTLOOK_CHANGED};
    static const struct email PARENTS[] = {
        {.account_id = "other", .provider = "outlook", .provider_message_id = "P"},
        {.account_id = "account", .provider = "gmail", .provider_message_id = "P"},
        {.account_id = "account", .provider = "outlook", .provider_message_id = NULL},
        {.account_id = "account", .provider = "outlook", .provider_message_id = "a b"},
    };
    for (size_t i = 0; i < COUNT(PARENTS); i++) {
        struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
        struct outlook_item draft;
        struct web_answer answer;
        peer->attempt.parent = &PARENTS[i];
        struct outlook outlook = outlook_open(peer->pool, &peer->attempt);
        assert_true(outlook_make_draft(&outlook, &draft, &answer));
        outlook_close(peer->pool, &outlook);
        web_peer_finish(peer);
        assert_asked("elsewhere", peer, "POST /messages\nPATCH " DRAFT "\n");
    }
}

static void test_a_text_that_is_too_large(void **state)
{
    (void)state;
    static const struct web_says SAID[] = {{500, ""}};
    struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
    struct outlook_item draft;
    struct web_answer answer;
    struct error error;
    char *text = arena_alloc(peer->arena, 4 * MB);
    memset(text, 'x', 4 * MB);
    for (size_t i = 79; i < 4 * MB; i += 80)
        text[i] = '\n';
    assert_true(spool_write(peer->message, text, 4 * MB, &error));
    struct outlook outlook = outlook_open(peer->pool, &peer->attempt);
    assert_false(outlook_make_draft(&outlook, &draft, &answer));
    assert_int_equal(answer.meaning, WEB_REFUSED);
    assert_non_null(strstr(answer.sentence, "3500000 bytes"));
    assert_null(draft.id);
    outlook_close(peer->pool, &outlook);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_calls),
        cmocka_unit_test(test_what_is_handed_in),
        cmocka_unit_test(test_what_is_answered_elsewhere),
        cmocka_unit_test(test_a_text_that_is_too_large),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
