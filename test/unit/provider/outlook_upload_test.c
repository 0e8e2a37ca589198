/* A large attachment on its way to Outlook, piece by piece. */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "outlook_peer.h"
#include "provider/outlook_upload.h"

enum { SAYS_MOST = 10 };
#define PIECE ((uint64_t)12 * 320 * 1024)
#define MIB ((size_t)1024 * 1024)

static void test_pieces(void **state)
{
    (void)state;
    static const struct {
        uint64_t from, size, last;
    } rows[] = {
        {0, 1, 0},
        {0, PIECE - 1, PIECE - 2},
        {0, PIECE, PIECE - 1},
        {0, PIECE + 1, PIECE - 1},
        {PIECE, PIECE + 1, PIECE},
        {PIECE, 150 * MIB, 2 * PIECE - 1},
        {5, 150 * MIB, PIECE + 4},
    };
    assert_int_equal(PIECE % 327680, 0);
    assert_true(PIECE < 4000000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct outlook_range piece = outlook_upload_piece(rows[i].from, rows[i].size);
        assert_int_equal(piece.first, rows[i].from);
        assert_int_equal(piece.last, rows[i].last);
    }
}

static void test_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *range;
        int64_t from; /* -1: none */
    } rows[] = {
        {"0-", 0},
        {"0", 0},
        {"12345", 12345},
        {"12345-", 12345},
        {"12-99999", 12},
        {"99999", 99999},
        {"100000", -1},
        {"-5", -1},
        {"", -1},
        {NULL, -1},
        {" 5", -1},
        {"5x", -1},
        {"99999999999999999999", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t from = 7;
        bool is_range = outlook_upload_read_range(rows[i].range, 100000, &from);
        if (is_range != (rows[i].from >= 0) || from != (is_range ? (uint64_t)rows[i].from : 7))
            fail_msg("row %zu", i);
    }
}

struct piece { /* of the 5 MiB that are uploaded */
    uint64_t first, last;
};
#define WANTS(from) \
    { \
        200, "{\"expirationDateTime\":\"x\",\"nextExpectedRanges\":[\"" from "\"]}" \
    }
#define SECOND "3932160"
#define WHOLE \
    { \
        201, NULL \
    }
#define BROKEN \
    { \
        .end = WEB_RESET \
    }
#define FAULT(status) \
    { \
        status, OUTLOOK_ERROR("ErrorX") \
    }
#define ALL_PIECES \
    { \
        {0, PIECE - 1}, \
        { \
            PIECE, 5 * MIB - 1 \
        } \
    }

/* The reply that names the place comes before what is said here. */
static const struct {
    const char *name;
    struct web_says says[SAYS_MOST];
    bool is_done;
    enum web_meaning meaning;
    struct piece pieces[6]; /* asked for with PUT; the rest {0} */
    size_t looks;           /* asked for with GET */
} ROWS[] = {
    {"two pieces", {WANTS(SECOND "-"), WHOLE}, true, WEB_DONE, ALL_PIECES, 0},
    {"another success",
     {{202, "{\"nextExpectedRanges\":[\"" SECOND "\"]}"}, WHOLE},
     true,
     WEB_DONE,
     ALL_PIECES,
     0},
    {"the first broke off, and nothing was kept",
     {BROKEN, WANTS("0-"), WANTS(SECOND), WHOLE},
     true,
     WEB_DONE,
     {{0, PIECE - 1}, {0, PIECE - 1}, {PIECE, 5 * MIB - 1}},
     1},
    {"the first broke off, and a part was kept",
     {BROKEN, WANTS("1000000-"), WANTS("4932160"), WHOLE},
     true,
     WEB_DONE,
     {{0, PIECE - 1}, {1000000, 1000000 + PIECE - 1}, {4932160, 5 * MIB - 1}},
     1},
    {"the first broke off, and all was kept",
     {BROKEN, WANTS(SECOND "-"), WHOLE},
     true,
     WEB_DONE,
     ALL_PIECES,
     1},
    {"a fault",
     {FAULT(500), WANTS("0"), WANTS(SECOND), WHOLE},
     true,
     WEB_DONE,
     {{0, PIECE - 1}, {0, PIECE - 1}, {PIECE, 5 * MIB - 1}},
     1},
    {"another piece is wanted", {FAULT(416), WANTS(SECOND), WHOLE}, true, WEB_DONE, ALL_PIECES, 1},
    {"garbage", {{200, "{\"next"}, WANTS(SECOND), WHOLE}, true, WEB_DONE, ALL_PIECES, 1},
    {"the last one is not the last",
     {WANTS(SECOND), WANTS(SECOND), WHOLE},
     true,
     WEB_DONE,
     {{0, PIECE - 1}, {PIECE, 5 * MIB - 1}, {PIECE, 5 * MIB - 1}},
     0},
    {"nothing arrives",
     {WANTS("0-"), WANTS("0-"), WANTS("0-"), WANTS("0-")},
     false,
     WEB_LATER,
     {{0, PIECE - 1}, {0, PIECE - 1}, {0, PIECE - 1}},
     0},
    {"it broke off, and nobody says how far",
     {BROKEN, FAULT(405)},
     false,
     WEB_LATER,
     {{0, PIECE - 1}},
     1},
    {"the last one broke off, and the place is gone",
     {WANTS(SECOND), BROKEN, FAULT(404)},
     false,
     WEB_GONE,
     ALL_PIECES,
     1},
    {"the place is gone", {FAULT(404)}, false, WEB_GONE, {{0, PIECE - 1}}, 0},
    {"the place has no key", {FAULT(401)}, false, WEB_LATER, {{0, PIECE - 1}}, 0},
    {"refused", {FAULT(400)}, false, WEB_REFUSED, {{0, PIECE - 1}}, 0},
    {"throttled", {FAULT(429)}, false, WEB_HOLD, {{0, PIECE - 1}}, 0},
    {"a redirect",
     {{307, NULL, "Location: http://127.0.0.1:1/\r\n"}},
     false,
     WEB_LATER,
     {{0, PIECE - 1}},
     0},
};

static void attach_zeros(struct outlook_file *file, size_t size)
{
    static const char ZEROS[MIB];
    struct error error;
    struct spool *content = spool_create("/tmp", size);
    for (; size; size -= size < MIB ? size : MIB)
        assert_true(spool_write(content, ZEROS, size < MIB ? size : MIB, &error));
    *file = (struct outlook_file){
        .name = "a.pdf", .content_type = "application/pdf", .content = content};
}

static struct web_peer *begin(const struct web_says *says)
{
    static const struct web_says NOTHING[SAYS_MOST + 1];
    struct web_peer *peer = outlook_peer_start(NOTHING, COUNT(NOTHING));
    struct web_says all[SAYS_MOST + 1] = {
        {201, arena_format(peer->arena,
                           "{\"uploadUrl\":\"%s/up?key=hush\",\"nextExpectedRanges\":[\"0-\"]}",
                           peer->url)}};
    memcpy(all + 1, says, SAYS_MOST * sizeof *says);
    web_peer_say(peer, all, COUNT(all));
    return peer;
}

static bool upload(struct web_peer *peer, struct web_answer *ret_answer)
{
    struct outlook_file file;
    attach_zeros(&file, 5 * MIB);
    struct outlook outlook = outlook_open(peer->pool, &peer->attempt);
    bool is_done = outlook_upload(&outlook, OUTLOOK_ID, &file, ret_answer);
    outlook_close(peer->pool, &outlook);
    spool_destroy((struct spool *)(uintptr_t)file.content);
    return is_done;
}

static void assert_pieces(const char *name, const struct web_peer *peer, const struct piece *pieces)
{
    size_t puts = 0;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 1; i < peer->heard.requests; i++) {
        const char *head = peer->heard.heads[i];
        if (strstr(head, "Authorization") || strstr(head, "the-token"))
            fail_msg("%s: %s", name, head);
        if (!text_starts(head, "PUT /up?key=hush HTTP/1.1\r\n"))
            continue;
        const struct piece *piece = &pieces[puts++];
        const char *range = arena_format(arena, "\r\nContent-Range: bytes %llu-%llu/%zu\r\n",
                                         (unsigned long long)piece->first,
                                         (unsigned long long)piece->last, 5 * MIB);
        if (!strstr(head, range))
            fail_msg("%s: piece %zu: %s", name, puts, head);
    }
    if (pieces[puts].last)
        fail_msg("%s: only %zu pieces", name, puts);
}

static void test_an_upload(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_answer answer;
        struct web_peer *peer = begin(ROWS[i].says);
        bool is_done = upload(peer, &answer);
        if (is_done != ROWS[i].is_done || (!is_done && answer.meaning != ROWS[i].meaning))
            fail_msg("%s: %d %s", ROWS[i].name, (int)answer.meaning, text_or(answer.sentence, ""));
        const char *sentence = text_or(answer.sentence, "");
        if (strstr(sentence, "hush") || strstr(sentence, "It says"))
            fail_msg("%s: %s", ROWS[i].name, sentence);
        web_peer_finish(peer);
        assert_pieces(ROWS[i].name, peer, ROWS[i].pieces);
        assert_int_equal(web_peer_count(peer, "GET /up?key=hush"), ROWS[i].looks);
    }
}

/* What begins with . or @ stands behind Graph's own URL. */
static struct web_peer *begin_elsewhere(const char *place)
{
    static const struct web_says NOTHING;
    struct web_peer *peer = outlook_peer_start(&NOTHING, 1);
    const struct web_says says = {201, arena_format(peer->arena, "{\"uploadUrl\":\"%s%s\"}",
                                                    *place == '.' || *place == '@' ? peer->url : "",
                                                    place)};
    web_peer_say(peer, &says, 1);
    return peer;
}

static void test_where_it_does_not_go(void **state)
{
    (void)state;
    static const char *const PLACES[] = {"http://127.0.0.1:1/up", "ftp://127.0.0.1/up", "",
                                         ".example.com/up", "@example.com/up"};
    for (size_t i = 0; i < COUNT(PLACES); i++) {
        struct web_answer answer;
        struct web_peer *peer = begin_elsewhere(PLACES[i]);
        assert_false(upload(peer, &answer));
        assert_int_equal(answer.meaning, WEB_LATER);
        assert_non_null(strstr(answer.sentence, "no place"));
        web_peer_finish(peer);
        assert_int_equal(peer->heard.requests, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_an_upload),
        cmocka_unit_test(test_where_it_does_not_go),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
