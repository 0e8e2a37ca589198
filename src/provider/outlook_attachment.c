#include "provider/outlook_attachment.h"

#include <string.h>

#include "base/text.h"
#include "mime/parse.h"
#include "provider/outlook_upload.h"
#include "provider/web_body.h"
#include "json/builder.h"

enum {
    /* By one call below the first, by an upload from the second on. Whether Microsoft's 3 MB are of
     * 1000 or of 1024 is in between. */
    ONE_CALL_BYTES = 3 * 1000 * 1000,
    UPLOAD_BYTES = 3 * 1024 * 1024,
    FILE_BYTES_MAX = 1024 * 1024 * 1024, /* what the door lets in is far smaller */
    JSON_BYTES = 64 * 1024,
};

struct taken { /* an attachment that was taken out of the message */
    struct mime_attachment part;
    struct spool *content;
};

/* All of them first: a process that reads mail is not kept waiting for a provider. */
struct taking {
    struct outlook *outlook;
    const char *draft_id;
    struct taken *items;
    size_t count;
    struct web_answer answer;
};

static void taking_release(struct taking *taking)
{
    while (taking->count)
        spool_destroy(taking->items[--taking->count].content);
}
#define AUTO_TAKING __attribute__((cleanup(taking_release))) struct taking

static const char *json_before(const struct taking *taking, const struct outlook_file *file)
{
    struct error never;
    struct arena *arena = taking->outlook->web.arena;
    struct builder builder = BUILDER(arena, JSON_BYTES);
    builder_object(&builder, NULL);
    builder_text(&builder, "@odata.type", "#microsoft.graph.fileAttachment");
    builder_text(&builder, "name", file->name);
    builder_text(&builder, "contentType", file->content_type);
    builder_bool(&builder, "isInline", file->is_inline);
    builder_text(&builder, "contentId", file->content_id);
    builder_text(&builder, "contentBytes", "");
    builder_end(&builder);
    char *json = builder_finish(&builder, &never);
    return json ? arena_copy_bytes(arena, json, strlen(json) - strlen("\"}")) : "";
}

static bool attach_by_call(struct taking *taking, const struct outlook_file *file)
{
    struct outlook *outlook = taking->outlook;
    struct web_call call = outlook_call(
        outlook, "attachments.create", "POST",
        outlook_message_path(outlook, taking->draft_id, "/attachments"), NULL, "application/json");
    struct web_body body = {
        .before = json_before(taking, file),
        .mail = file->content,
        .spelling = WEB_BASE64,
        .after = "\"}",
    };
    call.stream = web_body_stream(&body);
    return outlook_ask(outlook, &call, &taking->answer) || outlook_has_acted(&taking->answer);
}

static bool attach_by_upload(struct taking *taking, const struct outlook_file *file)
{
    return outlook_upload(taking->outlook, taking->draft_id, file, &taking->answer);
}

static bool is_too_small_for_upload(const struct web_answer *answer)
{
    return text_equal(answer->reason, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize");
}

static bool attach(struct taking *taking, const struct outlook_file *file)
{
    uint64_t size = spool_size(file->content);
    if (size < ONE_CALL_BYTES)
        return attach_by_call(taking, file);
    if (attach_by_upload(taking, file))
        return true;
    return size < UPLOAD_BYTES && is_too_small_for_upload(&taking->answer) &&
           attach_by_call(taking, file);
}

static bool begin(void *context, const struct mime_attachment *part, struct error *error)
{
    struct taking *taking = context;
    const char *folder = taking->outlook->web.settings->spool_folder;
    if (taking->count == MIME_PARTS_MAX + 1)
        return fail(error, ERROR_INTERNAL, "", "has too many parts");
    taking->items[taking->count++] = (struct taken){*part, spool_create(folder, FILE_BYTES_MAX)};
    return true;
}

static bool write(void *context, const void *data, size_t size, struct error *error)
{
    struct taking *taking = context;
    return spool_write(taking->items[taking->count - 1].content, data, size, error);
}

static bool end(void *context, struct error *error)
{
    (void)context, (void)error;
    return true;
}

static void again(void *context)
{
    taking_release(context);
}

/* Graph wants a name. */
static bool attach_taken(struct taking *taking, const struct taken *taken)
{
    const struct outlook_file file = {
        .name = text_is_empty(taken->part.filename) ? "attachment" : taken->part.filename,
        .content_type = text_or(taken->part.content_type, "application/octet-stream"),
        .content_id = taken->part.content_id,
        .is_inline = taken->part.is_inline,
        .content = taken->content,
    };
    return attach(taking, &file);
}

bool outlook_attach_all(struct outlook *outlook, const char *draft_id,
                        struct web_answer *ret_answer)
{
    struct error error;
    struct mime_mail mime;
    AUTO_TAKING taking = {.outlook = outlook, .draft_id = draft_id};
    const struct mime_sink sink = {&taking, begin, write, end, again};
    taking.items = arena_new(outlook->web.arena, struct taken, MIME_PARTS_MAX + 1);
    if (!mime_parse(outlook->attempt->message, &sink, outlook->web.arena, &mime, &error))
        return outlook_fail(outlook, ret_answer, WEB_LATER,
                            "this server could not read the mail that it had composed: %s",
                            error.message);
    for (size_t i = 0; i < taking.count; i++)
        if (!attach_taken(&taking, &taking.items[i])) {
            *ret_answer = taking.answer;
            return false;
        }
    return true;
}

struct names {
    struct list value; /* of struct outlook_item: an attachment has an id too */
};
static const struct field NAMES_FIELDS[] = {
    FIELD(struct names, value, .use = STORED, .items = &OUTLOOK_ITEM),
    {0},
};
static const struct schema NAMES = SCHEMA(struct names, NAMES_FIELDS);

static bool detach(struct outlook *outlook, const char *draft_id, const char *id,
                   struct web_answer *ret_answer)
{
    /* Behind "/messages/" this spells an attachment's id as well. */
    const char *encoded = outlook_message_path(outlook, id, "") + strlen("/messages/");
    const char *more = arena_format(outlook->web.arena, "/attachments/%s", encoded);
    const struct web_call call = outlook_call(outlook, "attachments.delete", "DELETE",
                                              outlook_message_path(outlook, draft_id, more), NULL,
                                              NULL);
    return outlook_ask(outlook, &call, ret_answer);
}

bool outlook_detach_all(struct outlook *outlook, const char *draft_id,
                        struct web_answer *ret_answer)
{
    static const struct url_pair QUERY[] = {{"$select", "id"}, {0}};
    struct names names = {0};
    if (!outlook_get(outlook, "attachments.list",
                     outlook_message_path(outlook, draft_id, "/attachments"), QUERY, &NAMES, &names,
                     ret_answer))
        return false;
    const struct outlook_item *items = names.value.items;
    for (size_t i = 0; i < names.value.count; i++)
        if (!outlook_is_id(items[i].id) || !detach(outlook, draft_id, items[i].id, ret_answer))
            return false;
    return true;
}
