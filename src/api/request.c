#include "api/request.h"

#include <string.h>

#include "api/failure.h"
#include "api/idempotency.h"
#include "api/replies.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

enum { REQUEST_ID_BYTES = 128 };

void request_begin_turn(struct request *request)
{
    request->arena = arena_create();
}

void request_stop_reading(struct request *request)
{
    db_read_end(&request->session);
    request->session = NULL;
}

void request_end_turn(struct request *request)
{
    request_stop_reading(request);
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
    request_stop_reading(request);
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
    request->has_entity_tag = true;
    http_reply_header(request->exchange, "ETag",
                      arena_format(request->arena, "\"%lld\"", (long long)version));
}

bool request_prefers_async(const struct request *request)
{
    const char *prefer = http_header(request->exchange, "Prefer");
    return prefer && strcasestr(prefer, "respond-async");
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
