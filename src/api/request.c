#include "api/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/failure.h"
#include "api/idempotency.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "json/json.h"

enum { REPLY_IN_MEMORY_BYTES = 64 * 1024, REQUEST_ID_BYTES = 128 };

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

/* RFC 9110 8.8.3: our entity tags are the version in quotes. */
bool request_if_match(const struct request *request, int64_t *ret_version, struct error *error)
{
    const char *text = http_header(request->exchange, "If-Match");
    *ret_version = 0;
    if (text_is_empty(text) || text_equal(text, "*"))
        return true;
    if (text_starts(text, "W/"))
        text += 2;
    char *end;
    text += *text == '"';
    errno = 0;
    long long version = strtoll(text, &end, 10);
    if (errno || end == text || version < 1 || (*end && !text_equal(end, "\"")))
        return fail(error, ERROR_STALE, "If-Match", "does not name a version of this draft");
    *ret_version = version;
    return true;
}

bool request_prefers_async(const struct request *request)
{
    const char *prefer = http_header(request->exchange, "Prefer");
    return prefer && strcasestr(prefer, "respond-async");
}

static int to_file(const struct request *request, struct bytes body)
{
    struct error error;
    AUTO_SPOOL spool = spool_create(request->api->settings.spool_folder, body.size);
    return spool_write(spool, body.data, body.size, &error) ? spool_open(spool, &error) : -1;
}

void reply_bytes(struct request *request, int status, const char *content_type, struct bytes body)
{
    idempotency_keep(request, status, content_type, body);
    request->has_replied = true;
    int file = body.size > REPLY_IN_MEMORY_BYTES ? to_file(request, body) : -1;
    if (file >= 0) {
        http_reply_file(request->exchange, status, content_type, file, body.size);
        return;
    }
    body.data = arena_copy_bytes(request->lasting, body.data, body.size);
    http_reply(request->exchange, status, content_type, body);
}

void reply_as(struct request *request, int status, const struct schema *view, const void *object)
{
    reply_bytes(request, status, "application/json", json_write(view, object, request->arena));
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

void reply_nothing(struct request *request)
{
    reply_bytes(request, 204, NULL, (struct bytes){"", 0});
}

void reply_error(struct request *request, const struct error *error)
{
    reply_failure(request, error, NULL);
}
