#include "mime/enclosure.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"
#include "mime/library.h"

/* What the sink sees of one whose content comes in pieces of so many bytes. */
static const char *enclosed(struct mime_attachment item, const char *name, const char *content,
                            size_t piece, struct arena *arena)
{
    struct letter_sink kept = {.arena = arena, .contents = arena_copy(arena, "")};
    struct mime_sink seen = letter_sink(&kept);
    const struct parser_sink sink = {seen.context,
                                     (bool (*)(void *, const void *, struct error *))seen.begin,
                                     seen.write, seen.end, NULL};
    struct mime_attachment room[1];
    struct list list = {room, 0};
    struct error error;
    struct content from = {.name = name};
    struct enclosure enclosure = enclosure_start(&sink, &item, &list, arena);
    enclosure.content = &from;
    for (size_t left = strlen(content); left;) {
        size_t size = left < piece ? left : piece;
        assert_true(enclosure_write(&enclosure, content, size, &error));
        content += size;
        left -= size;
    }
    assert_true(enclosure_end(&enclosure, &error));
    assert_int_equal(list.count, 1);
    return arena_copy_bytes(arena, kept.contents, kept.size);
}

static void is_called_by_what_is_in_it(void **state)
{
    (void)state;
    static const struct {
        struct mime_attachment item;
        const char *name, *content, *seen;
    } ROWS[] = {
        {{.content_type = "a/b", .filename = "n"}, "x", "c", "n:c;"},
        {{.content_type = "a/b"}, NULL, "c", "-:c;"},
        {{.content_type = "a/b"}, NULL, "", "-:;"},
        {{.content_type = "a/b"}, "C:\\x\\y.pdf", "c", "y.pdf:c;"},
        {{.content_type = "a/b"}, "\xFC\x01.pdf", "c", "ü .pdf:c;"},
        {{.content_type = "message/rfc822"}, NULL, "Subject: s\n\nt", "s.eml:Subject: s\n\nt;"},
        {{.content_type = "message/global"}, NULL, "Subject: s", "s.eml:Subject: s;"},
        {{.content_type = "message/rfc822"},
         NULL,
         "A: b\r\nSubject:\r\n s\r\n\r\nt",
         "s.eml:A: b\r\nSubject:\r\n s\r\n\r\nt;"},
        {{.content_type = "message/rfc822"}, NULL, "Subject:\n\nt", "-:Subject:\n\nt;"},
        {{.content_type = "message/rfc822"}, NULL, "\nSubject: s", "-:\nSubject: s;"},
        {{.content_type = "message/rfc822"}, NULL, "", "-:;"},
        {{.content_type = "message/rfc822", .filename = "n"}, NULL, "Subject: s", "n:Subject: s;"},
        {{.content_type = "text/plain"}, NULL, "Subject: s\n\n", "-:Subject: s\n\n;"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (size_t piece = 1; piece < 40; piece += 6) {
            AUTO_ARENA arena = arena_create();
            assert_string_equal(enclosed(ROWS[i].item, ROWS[i].name, ROWS[i].content, piece, arena),
                                ROWS[i].seen);
        }
}

/* A header without an end is not kept for ever. */
static void holds_only_so_much(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    enum { SIZE = 200 * 1000 };
    char *content = arena_alloc(arena, SIZE + 1);
    memset(content, 'x', SIZE);
    memcpy(content, "Subject: s\n", strlen("Subject: s\n"));
    const char *seen = enclosed((struct mime_attachment){.content_type = "message/rfc822"}, NULL,
                                content, 1000, arena);
    assert_int_equal(strlen(seen), strlen("s.eml:;") + SIZE);
    assert_memory_equal(seen, "s.eml:Subject: s\n", strlen("s.eml:Subject: s\n"));
}

static void shortens_subjects(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char subject[401] = "";
    memset(subject, 's', 400);
    const char *seen = enclosed((struct mime_attachment){.content_type = "message/rfc822"}, NULL,
                                arena_format(arena, "Subject: %s\n\n", subject), 10, arena);
    assert_int_equal(strcspn(seen, ":"), 255);
    assert_memory_equal(seen + 251, ".eml:", 5);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(is_called_by_what_is_in_it),
        cmocka_unit_test(holds_only_so_much),
        cmocka_unit_test(shortens_subjects),
    };
    library_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
