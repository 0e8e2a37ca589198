/* Reads a message; what was read must be clean text, and must make a message that reads the same.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "mime/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 64 * 1024 * 1024, LINE_MOST = 998 };

struct seen {
    unsigned begun, ended;
};

static bool begin(void *context, const struct mime_attachment *part, struct error *error)
{
    struct seen *seen = context;
    (void)error;
    assert(seen->begun == seen->ended && part->file == -1 && part->content_type);
    assert(!part->filename || (*part->filename && !text_has_control(part->filename)));
    seen->begun++;
    return true;
}

static bool take(void *context, const void *bytes, size_t size, struct error *error)
{
    struct seen *seen = context;
    (void)error;
    assert(seen->begun == seen->ended + 1 && bytes && size);
    return true;
}

static bool end(void *context, struct error *error)
{
    struct seen *seen = context;
    (void)error;
    seen->ended++;
    return true;
}

static void check_text(const char *text)
{
    assert(!text || text_is_utf8(text, strlen(text)));
}

static void check_line(const char *text)
{
    check_text(text);
    assert(!text_has_control(text));
}

static void check_addresses(const struct list *list)
{
    const struct address *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        check_line(items[i].email);
        check_line(items[i].name);
        assert(strchr(items[i].email, '@'));
    }
}

static void check_mail(const struct mime_mail *mail)
{
    check_addresses(&mail->to);
    check_addresses(&mail->cc);
    check_addresses(&mail->bcc);
    check_addresses(&mail->reply_to);
    check_line(mail->subject);
    check_text(mail->text);
    check_text(mail->html);
    check_line(mail->message_id);
    check_line(mail->references);
    assert(mail->date.ms >= 0 && mail->attachments.count <= MIME_PARTS_MAX + 1);
    assert(!mail->text || strlen(mail->text) <= MIME_BODY_BYTES_MAX);
}

static void check_wire(struct spool *spool, struct arena *arena)
{
    struct error error;
    struct bytes bytes;
    bool is_read = spool_bytes(spool, LIMIT, arena, &bytes, &error);
    assert(is_read);
    const char *text = bytes.data;
    size_t column = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        assert((text[i] == '\n') == (i && text[i - 1] == '\r'));
        column = text[i] == '\n' ? 0 : column + (text[i] != '\r');
        assert(column <= LINE_MOST);
    }
}

static bool same_text(const char *a, const char *b, struct arena *arena)
{
    return text_equal(text_trim(text_or(a, ""), arena), text_trim(text_or(b, ""), arena));
}

/* These become spaces. */
static bool has_unusual_break(const char *text)
{
    return text && (strstr(text, "\xC2\x85") || strstr(text, "\xE2\x80\xA8") ||
                    strstr(text, "\xE2\x80\xA9"));
}

/* Composing is strict where reading is not, so it may refuse. */
static void compose_again(struct mime_mail *mail, struct arena *arena)
{
    struct error error;
    struct mime_mail again;
    AUTO_SPOOL out = spool_create("/tmp", LIMIT);
    mail->attachments.count = 0;
    mail->from = (struct address){"a@example.com", "A"};
    if (!mime_compose(mail, true, out, &error)) {
        assert(error.code == ERROR_INVALID && *error.field);
        return;
    }
    check_wire(out, arena);
    bool is_read = mime_parse(out, NULL, arena, &again, &error);
    assert(is_read);
    assert(again.to.count == mail->to.count && again.cc.count == mail->cc.count);
    assert(again.reply_to.count == mail->reply_to.count);
    assert(text_equal(again.message_id, mail->message_id));
    if (!has_unusual_break(mail->subject))
        assert(text_equal(again.subject, mail->subject));
    assert(!again.attachments.count);
    assert(same_text(again.text, mail->text, arena) && same_text(again.html, mail->html, arena));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secret_start();
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = spool_create("/tmp", LIMIT);
    struct error error = {0};
    struct mime_mail mail;
    struct seen seen = {0};
    struct mime_sink sink = {&seen, begin, take, end};
    bool is_written = spool_write(spool, data, size, &error);
    assert(is_written);
    if (!mime_parse(spool, &sink, arena, &mail, &error)) {
        assert(error.code == ERROR_INVALID || error.code == ERROR_TOO_LARGE);
        return 0;
    }
    assert(seen.begun == seen.ended && seen.begun == mail.attachments.count);
    check_mail(&mail);
    compose_again(&mail, arena);
    return 0;
}
