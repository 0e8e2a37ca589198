#include "provider/outlook_upload.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "provider/web_body.h"
#include "json/builder.h"

enum {
    PIECE_BYTES = 12 * 320 * 1024,
    CREATED = 201,
    SERVER_FAULT = 500,
    WRONG_RANGE = 416,
    BUSY_MS = 10 * 1000,
    FUTILE_MOST = 3, /* times in a row that nothing more had arrived */
    JSON_BYTES = 64 * 1024,
};

/* Who has the place needs no token; that it is not taken says nothing of ours. */
static const struct web_rule RULES[] = {
    {401, NULL, WEB_LATER, 0},      {403, NULL, WEB_LATER, 0}, {404, NULL, WEB_GONE, 0},
    {408, NULL, WEB_LATER, 0},      {409, NULL, WEB_LATER, 0}, {410, NULL, WEB_GONE, 0},
    {412, NULL, WEB_LATER, 0},      {416, NULL, WEB_LATER, 0}, {423, NULL, WEB_LATER, 0},
    {429, NULL, WEB_HOLD, BUSY_MS}, {503, NULL, WEB_HOLD, 0},  {504, NULL, WEB_HOLD, 0},
    {509, NULL, WEB_HOLD, BUSY_MS}, {405, NULL, WEB_LATER, 0}, {0},
};

/* Its sentence might name the place. */
static void read_refusal(struct bytes body, struct arena *arena, struct web_refusal *ret_refusal)
{
    outlook_read_refusal(body, arena, ret_refusal);
    ret_refusal->message = NULL;
}

static const struct web_service SERVICE = {"Outlook", RULES, read_refusal};

struct progress {
    const char *place;
    struct list ranges; /* of const char *; expected next */
};
static const struct field PROGRESS_FIELDS[] = {
    WEB_FIELD(struct progress, "uploadUrl", place),
    WEB_FIELD(struct progress, "nextExpectedRanges", ranges, .items = &TEXT_ITEM),
    {0},
};
static const struct schema PROGRESS = SCHEMA(struct progress, PROGRESS_FIELDS);

struct session {
    struct outlook outlook; /* without a token */
    const struct outlook_file *file;
    const char *place;
    uint64_t size, next;
};

struct outlook_range outlook_upload_piece(uint64_t from, uint64_t size)
{
    uint64_t left = size - from;
    return (struct outlook_range){from, from + (left < PIECE_BYTES ? left : PIECE_BYTES) - 1};
}

bool outlook_upload_read_range(const char *range, uint64_t size, uint64_t *ret_from)
{
    enum { DIGITS_MOST = 15 };
    size_t digits = range ? strspn(range, "0123456789") : 0;
    if (!digits || digits > DIGITS_MOST || (range[digits] && range[digits] != '-'))
        return false;
    uint64_t from = strtoull(range, NULL, 10);
    if (from >= size)
        return false;
    *ret_from = from;
    return true;
}

static const char *item_json(const struct outlook *outlook, const struct outlook_file *file)
{
    struct error never;
    struct builder builder = BUILDER(outlook->web.arena, JSON_BYTES);
    builder_object(&builder, NULL);
    builder_object(&builder, "AttachmentItem");
    builder_text(&builder, "attachmentType", "file");
    builder_text(&builder, "name", file->name);
    builder_integer(&builder, "size", (int64_t)spool_size(file->content));
    builder_text(&builder, "contentType", file->content_type);
    builder_bool(&builder, "isInline", file->is_inline);
    builder_text(&builder, "contentId", file->content_id);
    builder_end(&builder);
    builder_end(&builder);
    return text_or(builder_finish(&builder, &never), "{}");
}

/* Wherever Graph says, but over TLS; without it only where Graph itself is asked without it. */
static bool is_place(const struct outlook *outlook, const char *url)
{
    static const char PLAIN[] = "http://";
    const char *graph = outlook->web.settings->graph_url;
    if (text_starts(text_or(url, ""), "https://"))
        return true;
    if (!url || !text_starts(graph, PLAIN))
        return false;
    size_t origin = strlen(PLAIN) + strcspn(graph + strlen(PLAIN), "/");
    return strncmp(url, graph, origin) == 0 && url[origin] == '/';
}

static bool begin(struct outlook *outlook, const char *draft_id, struct session *session,
                  struct web_answer *ret_answer)
{
    struct progress progress = {0};
    struct web_call call = outlook_call(
        outlook, "createUploadSession", "POST",
        outlook_message_path(outlook, draft_id, "/attachments/createUploadSession"), NULL,
        "application/json");
    const char *json = item_json(outlook, session->file);
    call.body = (struct bytes){json, strlen(json)};
    if (!outlook_ask(outlook, &call, ret_answer) ||
        !web_mail_read(&outlook->web, &call, &PROGRESS, &progress, ret_answer))
        return false;
    if (!is_place(outlook, progress.place))
        return outlook_fail(outlook, ret_answer, WEB_LATER,
                            "Outlook named no place that the attachment could safely go to");
    session->place = progress.place;
    return true;
}

static struct web_call call_place(const struct session *session, const char *name,
                                  const char *method)
{
    return (struct web_call){
        .name = name, .method = method, .url = session->place, .has_no_token = true};
}

/* Where to go on, as the reply says. */
static bool read_next(struct session *session, struct web_answer *answer)
{
    struct progress progress = {0};
    const struct web_call call = {.name = answer->call};
    if (!web_mail_read(&session->outlook.web, &call, &PROGRESS, &progress, answer))
        return false;
    const char *const *ranges = progress.ranges.items;
    return (progress.ranges.count &&
            outlook_upload_read_range(ranges[0], session->size, &session->next)) ||
           outlook_fail(&session->outlook, answer, WEB_LATER,
                        "Outlook did not say which part of the attachment it wants next");
}

/* Only 201 says that the attachment is whole, and on the draft. */
static bool put_next(struct session *session, struct web_answer *ret_answer)
{
    struct outlook_range piece = outlook_upload_piece(session->next, session->size);
    struct web_body body = {.mail = session->file->content, .skip = piece.first};
    struct web_call call = call_place(session, "upload", "PUT");
    call.headers[0] = (struct http_header){"Content-Type", "application/octet-stream"};
    call.headers[1] = (struct http_header){"Content-Range",
                                           arena_format(session->outlook.web.arena,
                                                        "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
                                                        piece.first, piece.last, session->size)};
    call.stream = web_body_stream(&body);
    call.stream.size = piece.last - piece.first + 1;
    if (!outlook_ask(&session->outlook, &call, ret_answer))
        return false;
    if (ret_answer->result.status != CREATED)
        return read_next(session, ret_answer);
    session->next = session->size;
    return true;
}

static bool ask_how_far(struct session *session, struct web_answer *ret_answer)
{
    struct web_call call = call_place(session, "upload.status", "GET");
    return outlook_ask(&session->outlook, &call, ret_answer) && read_next(session, ret_answer);
}

/* It broke off somewhere, and the server may have got more than we know of. */
static bool may_go_on(const struct web_answer *answer)
{
    const struct http_result *result = &answer->result;
    if (result->phase == HTTP_REPLIED)
        return answer->meaning == WEB_LATER &&
               (result->status >= SERVER_FAULT || result->status == WRONG_RANGE ||
                outlook_has_acted(answer));
    return result->phase == HTTP_SENDING || result->phase == HTTP_WAITING ||
           result->phase == HTTP_REPLYING;
}

bool outlook_upload(struct outlook *outlook, const char *draft_id, const struct outlook_file *file,
                    struct web_answer *ret_answer)
{
    struct session session = {.outlook = *outlook, .file = file, .size = spool_size(file->content)};
    session.outlook.web.service = &SERVICE;
    session.outlook.web.access_token = "";
    if (!begin(outlook, draft_id, &session, ret_answer))
        return false;
    for (int futile = 0; session.next < session.size && futile < FUTILE_MOST;) {
        uint64_t before = session.next;
        if (!put_next(&session, ret_answer) &&
            !(may_go_on(ret_answer) && ask_how_far(&session, ret_answer)))
            return false;
        futile = session.next > before ? 0 : futile + 1;
    }
    return session.next == session.size ||
           outlook_fail(outlook, ret_answer, WEB_LATER,
                        "Outlook did not take all of an attachment");
}
