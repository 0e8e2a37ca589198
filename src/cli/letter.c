#include "cli/letter.h"

#include <stdlib.h>
#include <string.h>

#include "base/spool.h"
#include "base/text.h"
#include "mime/address.h"
#include "mime/parse.h"
#include "json/json.h"
#include "json/lift.h"

enum {
    PIECE = 64 * 1024,
    MOST_ADDRESSES = 10000,
    MOST_ATTACHMENTS = 1000,
    MOST_BYTES = 10 * 1024 * 1024, /* of a text */
};

bool letter_addresses(struct cli *cli, const char *name, struct list texts, struct list *ret_list,
                      struct error *error)
{
    struct address *addresses = arena_new(cli->arena, struct address, texts.count);
    for (size_t i = 0; i < texts.count; i++) {
        const char *text = ((const char *const *)texts.items)[i];
        if (!mime_address_read(text, cli->arena, &addresses[i], error)) {
            const struct error why = *error;
            return fail(error, why.code, arena_format(cli->arena, "%s[%zu]", name, i), "%s",
                        why.message);
        }
    }
    *ret_list = (struct list){addresses, texts.count};
    return true;
}

static bool begin_part(void *context, const struct mime_attachment *part, struct error *error)
{
    (void)part;
    return intake_begin(context, error);
}

static bool spool_file(FILE *file, struct spool *spool, struct error *error)
{
    char piece[PIECE];
    size_t size;
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        if (!spool_write(spool, piece, size, error))
            return false;
    return !ferror(file) || fail_errno(error, "standard input");
}

static struct list attachments_of_mail(const struct mime_mail *mail, const struct intake *intake,
                                       struct arena *arena)
{
    const struct mime_attachment *parts = mail->attachments.items;
    const struct content *contents = intake->contents.items;
    size_t count = mail->attachments.count;
    struct attachment *attachments = arena_new(arena, struct attachment, count);
    for (size_t i = 0; i < count && i < intake->contents.count; i++)
        attachments[i] = (struct attachment){
            .sha256 = contents[i].sha256,
            .size_bytes = contents[i].size_bytes,
            .filename = parts[i].filename,
            .content_type = parts[i].content_type,
            .content_id = parts[i].content_id,
            .is_inline = parts[i].is_inline,
        };
    return (struct list){attachments, count};
}

/* Its own Message-ID stays, so that its writer recognizes the answers; unless it is none. */
static bool is_message_id(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    return size > 4 && size < 998 && text[0] == '<' && text[size - 1] == '>' &&
           text_is_ascii(text) && !strpbrk(text, " \t\r\n") && strchr(text, '@');
}

bool letter_read_eml(struct cli *cli, FILE *file, struct intake *intake, struct letter *ret_letter,
                     struct error *error)
{
    struct mime_mail mail = {0};
    const struct mime_sink sink = {intake, begin_part, intake_write, intake_finish};
    AUTO_SPOOL spool = spool_create(cli->paths.temporary, (uint64_t)cli->config.body_limit);
    if (!spool_file(file, spool, error) || !mime_parse(spool, &sink, cli->arena, &mail, error))
        return false;
    bool keeps_id = is_message_id(mail.message_id) && mail.date.ms;
    *ret_letter = (struct letter){
        .from = mail.from.email,
        .email =
            {
                .from_name = mail.from.name,
                .to_recipients = mail.to,
                .cc_recipients = mail.cc,
                .bcc_recipients = mail.bcc,
                .subject = text_or(mail.subject, ""),
                .body_text = mail.text,
                .body_html = mail.html,
                .message_id = keeps_id ? mail.message_id : NULL,
                .message_date = keeps_id ? mail.date : (moment){0},
                .in_reply_to = mail.in_reply_to,
                .reference_ids = mail.references,
                .attachments = attachments_of_mail(&mail, intake, cli->arena),
            },
    };
    return true;
}

/* clang-format off */
static const struct field JSON_ATTACHMENT_FIELDS[] = {
    FIELD(struct attachment, filename, .use = CREATE, .max = 255),
    FIELD(struct attachment, content_type, .use = CREATE, .max = 127),
    FIELD(struct attachment, lifted, .json = "data_base64", .use = CREATE | REQUIRED),
    FIELD(struct attachment, content_id, .use = CREATE, .max = 255),
    FIELD(struct attachment, is_inline, .json = "inline", .use = CREATE),
    {0},
};
static const struct schema JSON_ATTACHMENT = SCHEMA(struct attachment, JSON_ATTACHMENT_FIELDS);

struct json_mail {
    const char *from_account_id, *subject, *body_text, *body_html, *context_type, *context_id;
    struct list to, cc, bcc, attachments;
    moment planned_send_at;
    enum if_missed if_missed;
    int64_t expire_after_seconds;
};
#define JSON_MAIL(member, ...) FIELD(struct json_mail, member, .use = CREATE, __VA_ARGS__)
#define JSON_ADDRESSES(member) \
    FIELD(struct json_mail, member, .use = CREATE | ONE_OR_MANY, .items = &TEXT_ITEM, \
          .max = MOST_ADDRESSES, .item_max = 998)
static const struct field JSON_MAIL_FIELDS[] = {
    JSON_MAIL(from_account_id, .max = 64),
    JSON_ADDRESSES(to),
    JSON_ADDRESSES(cc),
    JSON_ADDRESSES(bcc),
    JSON_MAIL(subject, .max = 998),
    JSON_MAIL(body_text, .max = MOST_BYTES),
    JSON_MAIL(body_html, .max = MOST_BYTES),
    JSON_MAIL(attachments, .items = &JSON_ATTACHMENT, .max = MOST_ATTACHMENTS),
    JSON_MAIL(context_type, .max = 64),
    JSON_MAIL(context_id, .max = 255),
    JSON_MAIL(planned_send_at, .max = 64),
    NAME_FIELD(struct json_mail, if_missed, IF_MISSED_NAMES, .use = CREATE),
    JSON_MAIL(expire_after_seconds, .max = EXPIRE_SECONDS_MAX),
    {0},
};
/* clang-format on */
static const struct schema JSON_MAIL_SCHEMA = SCHEMA(struct json_mail, JSON_MAIL_FIELDS);

static bool end_value(void *context, bool is_valid, struct error *error)
{
    struct intake *intake = context;
    if (is_valid)
        return intake_finish(intake, error);
    return fail(error, ERROR_INVALID, "", "attachments[%zu].data_base64 must be base64",
                intake->contents.count);
}

static bool lift_file(FILE *file, struct lift *lift, struct error *error)
{
    char piece[PIECE];
    size_t size;
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        if (!lift_feed(lift, piece, size, error))
            return false;
    return (!ferror(file) || fail_errno(error, "standard input")) && lift_finish(lift, error);
}

/* The number that lift left in place of the content says which one it was. */
static bool find_contents(struct list list, const struct intake *intake, struct error *error)
{
    struct attachment *attachments = list.items;
    const struct content *contents = intake->contents.items;
    for (size_t i = 0; i < list.count; i++) {
        char *end = NULL;
        unsigned long number = strtoul(attachments[i].lifted, &end, 10);
        if (*end || number >= intake->contents.count)
            return fail(error, ERROR_INVALID, "", "attachments[%zu].data_base64 must be base64", i);
        attachments[i].sha256 = contents[number].sha256;
        attachments[i].size_bytes = contents[number].size_bytes;
    }
    return true;
}

bool letter_read_json(struct cli *cli, FILE *file, struct intake *intake, struct letter *ret_letter,
                      struct error *error)
{
    const struct lift_sink sink = {intake, intake_begin, intake_write, end_value};
    AUTO_SPOOL kept = spool_create(cli->paths.temporary, (uint64_t)cli->config.body_limit);
    struct lift *lift = lift_create(kept, &sink, cli->arena);
    struct bytes text;
    struct json_mail mail = {0};
    struct email email = {0};
    if (!lift_file(file, lift, error) ||
        !spool_bytes(kept, (size_t)cli->config.body_limit, cli->arena, &text, error) ||
        !json_read(text, &JSON_MAIL_SCHEMA, CREATE, cli->arena, &mail, NULL, error) ||
        !letter_addresses(cli, "to", mail.to, &email.to_recipients, error) ||
        !letter_addresses(cli, "cc", mail.cc, &email.cc_recipients, error) ||
        !letter_addresses(cli, "bcc", mail.bcc, &email.bcc_recipients, error) ||
        !find_contents(mail.attachments, intake, error))
        return false;
    email.subject = mail.subject;
    email.body_text = mail.body_text;
    email.body_html = mail.body_html;
    email.attachments = mail.attachments;
    email.context_type = mail.context_type;
    email.context_id = mail.context_id;
    email.planned_send_at = mail.planned_send_at;
    email.if_missed = mail.if_missed;
    email.expire_after_seconds = mail.expire_after_seconds;
    *ret_letter = (struct letter){.email = email, .account_id = mail.from_account_id};
    return true;
}
