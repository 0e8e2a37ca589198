#include "provider/web_body.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"

static struct spool *spool_of(const void *data, size_t size)
{
    struct error error;
    struct spool *spool = spool_create("/tmp", 1048576);
    assert_true(spool_write(spool, data, size, &error));
    return spool;
}

/* All of it, in pieces of at most this size. */
static char *read_in_pieces(struct web_body *body, size_t most, struct arena *arena)
{
    struct http_stream stream = web_body_stream(body);
    char *text = arena_alloc(arena, (size_t)stream.size + 1);
    for (uint64_t at = 0; at < stream.size;) {
        uint64_t left = stream.size - at;
        int64_t got = stream.read(stream.context, at, text + at, left < most ? (size_t)left : most);
        assert_true(got > 0 && (uint64_t)got <= left && (size_t)got <= most);
        at += (uint64_t)got;
    }
    return text;
}

static const char *for_url(char *text)
{
    for (char *at = text; *at; at++)
        *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
    return text;
}

static void test_of_all_sizes_in_all_pieces(void **state)
{
    (void)state;
    static const size_t PIECES[] = {1, 2, 3, 4, 5, 7, 64, 4095, 4096, 4097, 100000};
    static const size_t SIZES[] = {1, 2, 3, 4, 5, 100, 3071, 3072, 3073, 10000};
    unsigned char data[10000];
    secret_random_bytes(data, sizeof data);
    for (size_t s = 0; s < COUNT(SIZES); s++)
        for (size_t p = 0; p < COUNT(PIECES); p++) {
            AUTO_ARENA arena = arena_create();
            AUTO_SPOOL mail = spool_of(data, SIZES[s]);
            char *base64 = text_base64(data, SIZES[s], arena);
            struct web_body body = {"<", mail, 0, WEB_BASE64, ">>"};
            assert_string_equal(read_in_pieces(&body, PIECES[p], arena),
                                arena_format(arena, "<%s>>", base64));
            body = (struct web_body){NULL, mail, 0, WEB_BASE64URL, NULL};
            assert_string_equal(read_in_pieces(&body, PIECES[p], arena), for_url(base64));
            body = (struct web_body){"ab", mail, 0, WEB_AS_IT_IS, "c"};
            char *text = read_in_pieces(&body, PIECES[p], arena);
            assert_memory_equal(text, "ab", 2);
            assert_memory_equal(text + 2, data, SIZES[s]);
            assert_string_equal(text + 2 + SIZES[s], "c");
        }
}

static void test_the_rest_of_a_mail(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL mail = spool_of("0123456789", 10);
    struct web_body body = {.mail = mail, .skip = 4};
    assert_string_equal(read_in_pieces(&body, 4, arena), "456789");
    body = (struct web_body){.mail = mail, .skip = 7, .spelling = WEB_BASE64};
    assert_string_equal(read_in_pieces(&body, 1, arena), "Nzg5");
    body = (struct web_body){.mail = mail, .skip = 10, .before = "x", .spelling = WEB_BASE64URL};
    assert_string_equal(read_in_pieces(&body, 1, arena), "x");
    body = (struct web_body){.mail = mail, .skip = 99};
    assert_int_equal(web_body_stream(&body).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_all_sizes_in_all_pieces),
        cmocka_unit_test(test_the_rest_of_a_mail),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
