#include "mime/check.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mime/attachment.h"

enum { WORD_MAX = 920, NAME_MAX_BYTES = 70 };

/* Headers that only the fields of struct mime_mail may set. `Content-` is refused as a whole. */
static const char *const OWN_HEADERS[] = {
    "Date",       "From",        "Reply-To",   "To",      "Cc",           "Bcc",
    "Message-ID", "In-Reply-To", "References", "Subject", "MIME-Version",
};

static bool check_line(const char *text, const char *field, struct error *error)
{
    if (!text)
        return true;
    if (text_has_line_break(text))
        return fail(error, ERROR_INVALID, field, "must be one line");
    if (!text_is_utf8(text, strlen(text)))
        return fail(error, ERROR_INVALID, field, "must be UTF-8");
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7F)
            return fail(error, ERROR_INVALID, field, "must not hold control characters");
    return true;
}

static bool check_address(const struct address *address, const char *field, struct arena *arena,
                          struct error *error)
{
    const char *email = text_or(address->email, "");
    if (!strchr(email, '@') || text_has_control(email) || !text_is_utf8(email, strlen(email)))
        return fail(error, ERROR_INVALID, field, "must be an email address");
    return check_line(address->name, arena_format(arena, "%s.name", field), error);
}

static bool check_addresses(const struct list *list, const char *field, struct arena *arena,
                            struct error *error)
{
    const struct address *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (!check_address(&items[i], arena_format(arena, "%s[%zu]", field, i), arena, error))
            return false;
    return true;
}

static bool check_message_id(const char *id, struct error *error)
{
    size_t size = id ? strlen(id) : 0;
    if (size < 3 || size > MIME_ID_MAX || id[0] != '<' || id[size - 1] != '>' ||
        !text_is_ascii(id) || text_has_control(id) || strchr(id, ' '))
        return fail(error, ERROR_INVALID, "message_id", "must be one id with <>");
    return true;
}

static bool is_own_header(const char *name)
{
    for (size_t i = 0; i < sizeof OWN_HEADERS / sizeof *OWN_HEADERS; i++)
        if (text_equal_nocase(name, OWN_HEADERS[i]))
            return true;
    return strncasecmp(name, "Content-", strlen("Content-")) == 0;
}

static bool has_long_word(const char *text)
{
    size_t size = 0;
    for (; *text; text++) {
        size = *text == ' ' ? 0 : size + 1;
        if (size > WORD_MAX)
            return true;
    }
    return false;
}

static bool check_header(const struct mime_header *header, const char *field, struct error *error)
{
    const char *name = header->name, *value = header->value;
    if (!*name || strlen(name) > NAME_MAX_BYTES || !text_is_ascii(name) || text_has_control(name) ||
        strpbrk(name, " :"))
        return fail(error, ERROR_INVALID, field, "is not the name of a header");
    if (is_own_header(name))
        return fail(error, ERROR_INVALID, field, "%s has a field of its own", name);
    if (!text_is_ascii(value) || text_has_control(value) || has_long_word(value))
        return fail(error, ERROR_INVALID, field,
                    "must be one line of ASCII in words of at most "
                    "%d characters",
                    WORD_MAX);
    return true;
}

static bool check_lists(const struct mime_mail *mail, struct arena *arena, struct error *error)
{
    const struct mime_header *headers = mail->headers.items;
    for (size_t i = 0; i < mail->headers.count; i++)
        if (!check_header(&headers[i], arena_format(arena, "headers[%zu]", i), error))
            return false;
    const struct mime_attachment *attachments = mail->attachments.items;
    for (size_t i = 0; i < mail->attachments.count; i++)
        if (!attachment_check(&attachments[i], arena_format(arena, "attachments[%zu]", i), arena,
                              error))
            return false;
    return true;
}

static bool check_bodies(const struct mime_mail *mail, struct error *error)
{
    if (!mail->text && !mail->html)
        return fail(error, ERROR_INVALID, "text", "a mail needs a text or HTML");
    if (mail->text && !text_is_utf8(mail->text, strlen(mail->text)))
        return fail(error, ERROR_INVALID, "text", "must be UTF-8");
    if (mail->html && !text_is_utf8(mail->html, strlen(mail->html)))
        return fail(error, ERROR_INVALID, "html", "must be UTF-8");
    return true;
}

bool mime_mail_check(const struct mime_mail *mail, struct arena *arena, struct error *error)
{
    return check_address(&mail->from, "from", arena, error) &&
           check_addresses(&mail->to, "to", arena, error) &&
           check_addresses(&mail->cc, "cc", arena, error) &&
           check_addresses(&mail->bcc, "bcc", arena, error) &&
           check_addresses(&mail->reply_to, "reply_to", arena, error) &&
           check_line(mail->subject, "subject", error) &&
           check_message_id(mail->message_id, error) &&
           check_line(mail->in_reply_to, "in_reply_to", error) &&
           check_line(mail->references, "references", error) && check_lists(mail, arena, error) &&
           check_bodies(mail, error);
}
