#include "mime/compose.h"

#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "base/text.h"
#include "mime/attachment.h"
#include "mime/body.h"
#include "mime/check.h"
#include "mime/flowed.h"
#include "mime/header.h"

/* Written by hand rather than by GMime: a retry, even one after an upgrade of the library, must
 * give the same bytes, and attachments must not pass through memory. The reasons are in
 * docs/decisions/mime-composing.md. */

enum { SEED_SIZE = 32 };

struct composer {
    const struct mime_mail *mail;
    struct arena *arena;
    const char *seed;                         /* of the boundaries */
    const struct mime_attachment *invitation; /* the only one; NULL: none, or several */
    struct output output;
};

/* The characters beside CR and LF that some programs break lines at. */
static const char *one_line(const char *text, struct arena *arena)
{
    static const char *const BREAKS[] = {"\t", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    char *line = arena_copy(arena, text);
    for (size_t i = 0; i < sizeof BREAKS / sizeof *BREAKS; i++) {
        size_t size = strlen(BREAKS[i]);
        for (char *at = line; (at = strstr(at, BREAKS[i])); at++) {
            *at = ' ';
            memmove(at + 1, at + size, strlen(at + size) + 1);
        }
    }
    return line;
}

static void write_date(struct composer *composer)
{
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm day;
    time_t seconds = (time_t)(composer->mail->date.ms / 1000);
    gmtime_r(&seconds, &day);
    struct header header = header_begin(&composer->output, composer->arena, "Date");
    header_words(&header, arena_format(composer->arena, "%s, %02d %s %04d %02d:%02d:%02d +0000",
                                       DAYS[day.tm_wday], day.tm_mday, MONTHS[day.tm_mon],
                                       day.tm_year + 1900, day.tm_hour, day.tm_min, day.tm_sec));
    header_end(&header);
}

static void write_addresses(struct composer *composer, const char *name, const struct list *list)
{
    if (!list->count)
        return;
    struct address *items = arena_new(composer->arena, struct address, list->count);
    memcpy(items, list->items, list->count * sizeof *items);
    for (size_t i = 0; i < list->count; i++)
        items[i].name = one_line(text_or(items[i].name, ""), composer->arena);
    struct header header = header_begin(&composer->output, composer->arena, name);
    header_addresses(&header, &(struct list){items, list->count});
    header_end(&header);
}

static void write_line(struct composer *composer, const char *name, const char *value)
{
    struct header header = header_begin(&composer->output, composer->arena, name);
    header_text(&header, one_line(value, composer->arena));
    header_end(&header);
}

/* Somebody else's ids stay as they are, each on its own line. One that could not be sent
 * unchanged is worth nothing, and is left out. */
static void write_ids(struct composer *composer, const char *name, const char *ids)
{
    struct header header;
    bool is_begun = false;
    for (ids = text_or(ids, ""); *(ids += strspn(ids, " \t"));) {
        size_t size = strcspn(ids, " \t");
        const char *id = arena_copy_bytes(composer->arena, ids, size);
        ids += size;
        if (size > MIME_ID_MAX || !text_is_ascii(id))
            continue;
        if (!is_begun)
            header = header_begin(&composer->output, composer->arena, name);
        else
            header_fold(&header);
        header_word(&header, id);
        is_begun = true;
    }
    if (is_begun)
        header_end(&header);
}

static void write_extra_headers(struct composer *composer)
{
    const struct mime_header *headers = composer->mail->headers.items;
    for (size_t i = 0; i < composer->mail->headers.count; i++) {
        struct header header = header_begin(&composer->output, composer->arena, headers[i].name);
        header_words(&header, text_trim(headers[i].value, composer->arena));
        header_end(&header);
    }
}

static void write_headers(struct composer *composer, bool with_bcc)
{
    const struct mime_mail *mail = composer->mail;
    write_date(composer);
    write_addresses(composer, "From", &(struct list){(void *)&mail->from, 1});
    write_addresses(composer, "Reply-To", &mail->reply_to);
    write_addresses(composer, "To", &mail->to);
    if (!mail->to.count && !mail->cc.count)
        output_text(&composer->output, "To: undisclosed-recipients:;\r\n");
    write_addresses(composer, "Cc", &mail->cc);
    if (with_bcc)
        write_addresses(composer, "Bcc", &mail->bcc);
    write_ids(composer, "Message-ID", mail->message_id);
    write_ids(composer, "In-Reply-To", mail->in_reply_to);
    write_ids(composer, "References", mail->references);
    if (mail->subject)
        write_line(composer, "Subject", mail->subject);
    write_extra_headers(composer);
    output_text(&composer->output, "MIME-Version: 1.0\r\n");
}

/* `=_` occurs neither in quoted-printable nor in base64; body_encoding keeps it away from the
 * start of 7bit lines. */
static const char *boundary(const struct composer *composer, const char *subtype)
{
    return arena_format(composer->arena, "=_%s_%s", subtype, composer->seed);
}

static void begin_multipart(struct composer *composer, const char *subtype, const char *more)
{
    struct header header = header_begin(&composer->output, composer->arena, "Content-Type");
    header_word(&header, arena_format(composer->arena, "multipart/%s;", subtype));
    if (more)
        header_word(&header, more);
    header_word(&header,
                arena_format(composer->arena, "boundary=\"%s\"", boundary(composer, subtype)));
    header_end(&header);
}

static void next_part(struct composer *composer, const char *subtype)
{
    output_text(&composer->output, "\r\n--");
    output_text(&composer->output, boundary(composer, subtype));
    output_text(&composer->output, "\r\n");
}

static void end_multipart(struct composer *composer, const char *subtype)
{
    output_text(&composer->output, "\r\n--");
    output_text(&composer->output, boundary(composer, subtype));
    output_text(&composer->output, "--");
}

/* type: what stands behind text/. */
static void write_text(struct composer *composer, const char *type, const char *text)
{
    enum encoding encoding = body_encoding(text);
    output_text(&composer->output, arena_format(composer->arena,
                                                "Content-Type: text/%s\r\n"
                                                "Content-Transfer-Encoding: %s\r\n\r\n",
                                                type, ENCODING_NAMES[encoding]));
    body_write_text(&composer->output, text, encoding);
}

static void write_plain(struct composer *composer)
{
    const char *text = composer->mail->text, *flowed = flowed_write(text, composer->arena);
    write_text(composer, flowed ? "plain; charset=utf-8; format=flowed" : "plain; charset=utf-8",
               text_or(flowed, text));
}

static void write_html(struct composer *composer)
{
    write_text(composer, "html; charset=utf-8", composer->mail->html);
}

/* Calendars act on it only there (RFC 6047, 2.4); the file stays among the attachments. */
static void write_invitation(struct composer *composer)
{
    next_part(composer, "alternative");
    attachment_write_alternative(&composer->output, composer->invitation, composer->arena);
}

static bool has_alternatives(const struct composer *composer)
{
    const struct mime_mail *mail = composer->mail;
    return (mail->text && mail->html) || composer->invitation;
}

/* The best one last (RFC 2046, 5.1.4). */
static void write_alternative(struct composer *composer)
{
    const struct mime_mail *mail = composer->mail;
    if (!has_alternatives(composer)) {
        (mail->html ? write_html : write_plain)(composer);
        return;
    }
    begin_multipart(composer, "alternative", NULL);
    if (mail->text) {
        next_part(composer, "alternative");
        write_plain(composer);
    }
    if (mail->html) {
        next_part(composer, "alternative");
        write_html(composer);
    }
    if (composer->invitation)
        write_invitation(composer);
    end_multipart(composer, "alternative");
}

static bool stands_inline(const struct composer *composer, const struct mime_attachment *part)
{
    return composer->mail->html && part->is_inline;
}

static size_t count_inline(const struct composer *composer)
{
    const struct mime_attachment *parts = composer->mail->attachments.items;
    size_t count = 0;
    for (size_t i = 0; i < composer->mail->attachments.count; i++)
        count += stands_inline(composer, &parts[i]);
    return count;
}

static void write_attachments(struct composer *composer, const char *subtype, bool is_inline)
{
    const struct mime_attachment *parts = composer->mail->attachments.items;
    for (size_t i = 0; i < composer->mail->attachments.count; i++) {
        if (stands_inline(composer, &parts[i]) != is_inline)
            continue;
        next_part(composer, subtype);
        attachment_write(&composer->output, &parts[i], is_inline, composer->seed, composer->arena);
    }
}

static void write_related(struct composer *composer)
{
    if (!count_inline(composer)) {
        write_alternative(composer);
        return;
    }
    begin_multipart(composer, "related",
                    has_alternatives(composer) ? "type=\"multipart/alternative\";"
                                               : "type=\"text/html\";");
    next_part(composer, "related");
    write_alternative(composer);
    write_attachments(composer, "related", true);
    end_multipart(composer, "related");
}

static void write_mixed(struct composer *composer)
{
    if (count_inline(composer) == composer->mail->attachments.count) {
        write_related(composer);
        return;
    }
    begin_multipart(composer, "mixed", NULL);
    next_part(composer, "mixed");
    write_related(composer);
    write_attachments(composer, "mixed", false);
    end_multipart(composer, "mixed");
}

/* Two would be two meetings in one mail: a calendar shows one of them at best. */
static const struct mime_attachment *find_invitation(const struct composer *composer)
{
    const struct mime_attachment *parts = composer->mail->attachments.items, *found = NULL;
    for (size_t i = 0; i < composer->mail->attachments.count; i++)
        if (attachment_is_invitation(&parts[i], composer->arena)) {
            if (found)
                return NULL;
            found = &parts[i];
        }
    return found;
}

bool mime_compose(const struct mime_mail *mail, bool with_bcc, struct spool *out,
                  struct error *error)
{
    AUTO_ARENA arena = arena_create();
    if (!mime_mail_check(mail, arena, error))
        return false;
    struct composer composer = {.mail = mail, .arena = arena};
    const char *hash = secret_sha256(mail->message_id, strlen(mail->message_id), arena);
    composer.invitation = find_invitation(&composer);
    composer.seed = arena_copy_bytes(arena, hash, SEED_SIZE);
    output_start(&composer.output, out, error);
    write_headers(&composer, with_bcc);
    write_mixed(&composer);
    output_end_line(&composer.output);
    return output_finish(&composer.output);
}
