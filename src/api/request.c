#include "api/request.h"

#include <string.h>

#include "api/failure.h"
#include "api/idempotency.h"
#include "api/replies.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

enum { REPLY_IN_MEMORY_BYTES = JSON_PIECE_BYTES, REQUEST_ID_BYTES = 128 };

void request_begin_turn(struct request *request)
{
    request->arena = arena_create();
}

void request_end_turn(struct request *request)
{
    db_read_end(&request->session);
    request->session = NULL;
    arena_destroy(request->arena);
    request->arena = request->lasting;
    replies_end_turn(request);
}

struct session *request_reading(struct request *request)
{
    if (!request->session)
        request->session = db_read(request->api->db);
    return request->session;
}

struct writing {
    struct request *request;
    db_work *work;
    void *context;
};

static bool work_and_note(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    return idempotency_note(session, writing->request, error) &&
           writing->work(session, writing->context, error) &&
           idempotency_note_email(session, writing->request, error);
}

bool request_write(struct request *request, db_work *work, void *context, struct error *error)
{
    struct writing writing = {request, work, context};
    db_read_end(&request->session);
    request->session = NULL;
    if (!db_write(request->api->db, work_and_note, &writing, error))
        return false;
    request->call_is_noted = request->call;
    return true;
}

struct step request_step(const struct request *request, enum email_event event)
{
    return (struct step){
        .event = event,
        .at = clock_now(),
        .actor = request->viewer.user_id,
        .token_id = request->token_id,
        .request_id = request->request_id,
        .names_user = request->scopes & SCOPE_ORGANIZATION,
    };
}

struct administration request_act(const struct request *request, enum administration_event event,
                                  const char *subject_id)
{
    return (struct administration){
        .event = event,
        .organization_id = request->viewer.organization_id,
        .subject_id = subject_id,
        .actor = request->viewer.user_id,
        .token_id = request->token_id,
        .address = http_remote_address(request->exchange),
        .request_id = request->request_id,
        .at = clock_now(),
    };
}

static bool request_id_is_sane(const char *text)
{
    size_t size = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                               "-_.:/+=");
    return size && !text[size] && size <= REQUEST_ID_BYTES;
}

void request_take_id(struct request *request)
{
    const char *given = http_header(request->exchange, "X-Request-Id");
    request->request_id = given && request_id_is_sane(given) ? given : id_new(request->lasting);
    http_reply_header(request->exchange, "X-Request-Id", request->request_id);
}

bool request_read(struct request *request, void *object, uint64_t *ret_present, struct error *error)
{
    struct bytes body = request->body;
    if (!body.size)
        body = (struct bytes){"{}", 2};
    unsigned use = text_equal(request->route->method, "POST") ? CREATE : UPDATE;
    return json_read(body, request->route->reads, use, request->arena, object, ret_present, error);
}

void reply_version(struct request *request, int64_t version)
{
    http_reply_header(request->exchange, "ETag",
                      arena_format(request->arena, "\"%lld\"", (long long)version));
}

bool request_prefers_async(const struct request *request)
{
    const char *prefer = http_header(request->exchange, "Prefer");
    return prefer && strcasestr(prefer, "respond-async");
}

/* A reply on its way to the disk. */
struct composing {
    struct request *request;
    struct spool *spool;
};

static bool write_piece(void *context, const void *data, size_t size, struct error *error)
{
    struct composing *composing = context;
    struct request *request = composing->request;
    if (!composing->spool)
        composing->spool = spool_create(request->api->settings.spool_folder, UINT64_MAX);
    return replies_take(request, size, error) && spool_leave_memory(composing->spool, error) &&
           spool_write(composing->spool, data, size, error);
}

static bool reply_composed(struct composing *composing, int status, const char *content_type,
                           struct error *error)
{
    struct request *request = composing->request;
    int file = spool_open(composing->spool, error);
    if (file < 0)
        return false;
    request->has_replied = true;
    http_reply_file(request->exchange, status, content_type, file, spool_size(composing->spool));
    return true;
}

void reply_bytes(struct request *request, int status, const char *content_type, struct bytes body)
{
    struct error error;
    struct composing composing = {.request = request};
    idempotency_keep(request, status, content_type, body);
    bool is_large = body.size > REPLY_IN_MEMORY_BYTES;
    bool is_on_disk = is_large && write_piece(&composing, body.data, body.size, &error) &&
                      reply_composed(&composing, status, content_type, &error);
    spool_destroy(composing.spool);
    if (is_on_disk)
        return;
    if (is_large)
        replies_give_up(request, false);
    request->has_replied = true;
    body.data = arena_copy_bytes(request->lasting, body.data, body.size);
    http_reply(request->exchange, status, content_type, body);
}

static bool write_json(struct composing *composing, int status, const struct schema *view,
                       const void *object, const struct json_maker *maker, struct error *error)
{
    static const char TYPE[] = "application/json";
    struct request *request = composing->request;
    const struct json_sink sink = {composing, write_piece};
    struct bytes rest;
    if (!json_write_pieces(view, object, request->is_summary ? WHOLE : 0, maker, &sink,
                           request->arena, &rest, error))
        return false;
    if (composing->spool)
        return write_piece(composing, rest.data, rest.size, error) &&
               reply_composed(composing, status, TYPE, error);
    reply_bytes(request, status, TYPE, rest);
    return true;
}

static bool reply_json(struct request *request, int status, const struct schema *view,
                       const void *object, const struct json_maker *maker, struct error *error)
{
    struct composing composing = {.request = request};
    bool is_written = write_json(&composing, status, view, object, maker, error);
    spool_destroy(composing.spool);
    if (!is_written)
        replies_give_up(request, maker);
    return is_written;
}

bool reply_made(struct request *request, const void *object, const struct json_maker *maker,
                struct error *error)
{
    return reply_json(request, request->route->status, request->route->replies, object, maker,
                      error);
}

void reply_as(struct request *request, int status, const struct schema *view, const void *object)
{
    struct error error = {0};
    if (request->call_is_noted) /* it is kept as a whole for the next call */
        reply_bytes(request, status, "application/json", json_write(view, object, request->arena));
    else if (!reply_json(request, status, view, object, NULL, &error))
        reply_error(request, &error);
}

void reply_status(struct request *request, int status, const void *object)
{
    reply_as(request, status, request->route->replies, object);
}

void reply(struct request *request, const void *object)
{
    reply_status(request, request->route->status, object);
}

void reply_file(struct request *request, int file, uint64_t size)
{
    request->has_replied = true;
    http_reply_file(request->exchange, request->route->status, request->route->media_type, file,
                    size);
}

bool reply_spool(struct request *request, struct spool *spool, struct error *error)
{
    int file = -1;
    if (replies_take(request, spool_size(spool), error))
        file = spool_open(spool, error);
    if (file < 0) {
        replies_give_up(request, false);
        return false;
    }
    reply_file(request, file, spool_size(spool));
    return true;
}

void reply_unchanged(struct request *request)
{
    reply_bytes(request, 304, NULL, (struct bytes){"", 0});
}

void reply_nothing(struct request *request)
{
    reply_bytes(request, 204, NULL, (struct bytes){"", 0});
}

void reply_error(struct request *request, const struct error *error)
{
    reply_failure(request, error, NULL);
}
