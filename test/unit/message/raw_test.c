#include "message/raw.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "model/document.h"

static void raw_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *subject, *name;
    } ROWS[] = {
        {NULL, "message.eml"},
        {"", "message.eml"},
        {" \t", "message.eml"},
        {".", "message.eml"},
        {"../x", "message.eml"},
        {"Contract", "Contract.eml"},
        {" Angebot 12/2026 ", "Angebot 12_2026.eml"},
        {"C:\\x*?\"<>|\n\x1b", "C__x________.eml"},
        {"Grüße", "Grüße.eml"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(raw_filename(ROWS[i].subject, arena), ROWS[i].name);
    }
    AUTO_ARENA arena = arena_create();
    const char *name = raw_filename(desk_repeat("日本", 200, arena), arena);
    assert_true(strlen(name) <= 255 && text_is_utf8(name, strlen(name)));
    assert_string_equal(name + strlen(name) - 4, ".eml");
}

static void raw_is_kept(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        bool is_kept, in_row;
    } ROWS[] = {
        {1, true, true},
        {RAW_ROW_BYTES_MAX, true, true},
        {RAW_ROW_BYTES_MAX + 1, true, false},
        {SPOOL_MEMORY_SIZE + 1, true, false},
        {1, false, false},
        {SPOOL_MEMORY_SIZE + 1, false, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        char *data = arena_alloc(arena, ROWS[i].size + 1);
        memset(data, 'a' + (int)i, ROWS[i].size);
        data[ROWS[i].size / 2] = '\0'; /* any bytes */
        AUTO_SPOOL mail = desk_spool(data, ROWS[i].size);
        struct email email = {.subject = "Contract"};
        struct document other = {.id = "other"};
        struct list documents = {&other, 1};
        assert_true(raw_keep(mail, desk.blobs, ROWS[i].is_kept, arena, &email, &documents, &error));
        assert_string_equal(email.mail_sha256, secret_sha256(data, ROWS[i].size, arena));
        assert_int_equal(email.raw.size, ROWS[i].in_row ? ROWS[i].size : 0);
        if (ROWS[i].in_row)
            assert_memory_equal(email.raw.data, data, ROWS[i].size);
        bool is_document = ROWS[i].is_kept && !ROWS[i].in_row;
        assert_int_equal(documents.count, 1 + is_document);
        assert_int_equal(email.raw_document_id != NULL, is_document);
        assert_string_equal(((struct document *)documents.items)->id, "other");
        if (!is_document)
            continue;
        const struct document *kept = (const struct document *)documents.items + 1;
        assert_string_equal(kept->id, email.raw_document_id);
        assert_string_equal(kept->filename, "Contract.eml");
        assert_string_equal(kept->mime_type, "message/rfc822");
        assert_string_equal(kept->sha256, email.mail_sha256);
        assert_int_equal(kept->size_bytes, ROWS[i].size);
        int file = blob_open(desk.blobs, kept->sha256, &error);
        AUTO_SPOOL content = spool_adopt(file, ROWS[i].size);
        char *back = arena_alloc(arena, ROWS[i].size);
        assert_int_equal(spool_read(content, 0, back, ROWS[i].size), ROWS[i].size);
        assert_memory_equal(back, data, ROWS[i].size);
    }
    assert_int_equal(desk_leftovers(), 0);
}

static void raw_may_be_an_attachment(void **state)
{
    (void)state;
    struct email email = {0};
    raw_is_kept_as(&(struct document){.id = "d", .sha256 = "s"}, &email);
    assert_string_equal(email.raw_document_id, "d");
    assert_string_equal(email.mail_sha256, "s");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(raw_is_named),
        cmocka_unit_test(raw_is_kept),
        cmocka_unit_test(raw_may_be_an_attachment),
    };
    secret_start();
    return cmocka_run_group_tests(TESTS, desk_start, desk_stop);
}
