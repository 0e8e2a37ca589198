#include <string.h>
#include <strings.h>

#include "api/access_log.h"
#include "api/cors.h"
#include "api/downloading.h"
#include "api/failure.h"
#include "api/fetch_places.h"
#include "api/following.h"
#include "api/idempotency.h"
#include "api/known_tokens.h"
#include "api/lifting.h"
#include "api/limiting.h"
#include "api/permission.h"
#include "api/quotas.h"
#include "api/rate_limit.h"
#include "api/reference.h"
#include "api/refusals.h"
#include "api/replies.h"
#include "api/uploading.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/identity_store.h"

/* How a request comes in: its route, who sends it, and its body on the way to memory or disk. */

enum {
    RETRY_AFTER_S = 1,               /* when a client's own requests are too many at once */
    LARGE_BODY_BYTES = 64 * 1024,    /* from here on a stranger may not even begin */
    TOKEN_USED_EVERY_MS = 60 * 1000, /* how exact last_used_at is */
};

struct api *api_create(const struct api_settings *settings, struct db *db, struct blobs *blobs,
                       struct bell *bell)
{
    struct arena *arena = arena_create();
    struct api *api = arena_new(arena, struct api, 1);
    api->gate = (struct gate){api, false};
    api->metrics_gate = (struct gate){api, true};
    api->arena = arena;
    api->settings = *settings;
    api->db = db;
    api->blobs = blobs;
    api->bell = bell;
    api->known_tokens = known_tokens_create();
    api->rate_limit = rate_limit_create();
    api->fetch_places = fetch_places_create(settings->fetches);
    api->following = following_create(api);
    api->refusals = refusals_create(api);
    api->replies = replies_create(&settings->replies);
    api_relocate(api, settings->public_url, settings->console_url);
    return api;
}

void api_relocate(struct api *api, const char *public_url, const char *console_url)
{
    api->settings.public_url = public_url;
    api->settings.console_url = console_url;
    api->reference = reference_create(
        &(struct openapi_settings){public_url, api->settings.version, false}, api->arena);
}

void api_destroy(struct api *api)
{
    if (!api)
        return;
    following_destroy(api->following);
    refusals_destroy(api->refusals);
    replies_destroy(api->replies);
    known_tokens_destroy(api->known_tokens);
    rate_limit_destroy(api->rate_limit);
    fetch_places_destroy(api->fetch_places);
    arena_destroy(api->arena);
}

void api_open(struct api *api, struct http_server *server)
{
    api->server = server;
    api->is_open = true;
}

void api_close(struct api *api)
{
    api->is_open = false;
}

/* Whether path fits the pattern; ret_parts: what stands for each {name}, up to its slash. */
static bool matches(const char *pattern, const char *path, const char **ret_parts)
{
    for (; *pattern && *pattern != '{'; pattern++, path++)
        if (*pattern != *path)
            return false;
    if (!*pattern)
        return !*path;
    size_t size = strcspn(path, "/");
    pattern += strcspn(pattern, "}") + 1;
    *ret_parts = path;
    return size && matches(pattern, path + size, ret_parts + 1);
}

static bool same_method(const char *wanted, const char *method)
{
    return text_equal(wanted, method) || (text_equal(method, "HEAD") && text_equal(wanted, "GET"));
}

/* What is no id is looked up all the same, and not found. */
static void take_parts(struct request *request, const char *const *parts)
{
    for (size_t i = 0; i < ROUTE_PARTS_MOST && parts[i]; i++)
        request->parts[i] = arena_copy_bytes(request->arena, parts[i], strcspn(parts[i], "/"));
    if (strstr(request->route->path, "{id}"))
        request->id = text_or(id_read(request->parts[0], request->arena), "");
}

static bool door_reaches(const struct gate *gate, const struct route *route)
{
    if (!gate->api->settings.has_metrics_listener || route->listener == LISTENER_BOTH)
        return true;
    return (route->listener == LISTENER_METRICS) == gate->is_for_metrics;
}

static void find_route(struct request *request, const struct gate *gate)
{
    const char *method = http_method(request->exchange), *path = http_path(request->exchange);
    const char *allow = NULL;
    for (const struct route *route = ROUTES; route->method; route++) {
        const char *parts[ROUTE_PARTS_MOST] = {0};
        if (!door_reaches(gate, route) || !matches(route->path, path, parts))
            continue;
        allow = allow ? arena_format(request->arena, "%s, %s", allow, route->method)
                      : route->method;
        if (!same_method(route->method, method))
            continue;
        request->route = route;
        request->family = route->family;
        take_parts(request, parts);
        return;
    }
    request->family = family_of_path(path);
    request->allow = allow;
    if (allow)
        fail(&request->refusal, ERROR_METHOD, "", "%s is not possible here, only %s", method,
             allow);
    else
        fail(&request->refusal, ERROR_NOT_FOUND, "", "there is no such path");
}

/* Who looks after this server is answered as long as there is one. */
static bool check_memory(const struct request *request, struct error *error)
{
    return !request->route->right.things || memory_check(error);
}

/* RFC 9110 8.4: no body is unpacked here. */
static bool check_encoding(const struct request *request, struct error *error)
{
    const char *encoding = http_header(request->exchange, "Content-Encoding");
    if (text_is_empty(encoding) || text_equal_nocase(encoding, "identity"))
        return true;
    http_reply_header(request->exchange, "Accept-Encoding", "identity");
    return fail(error, ERROR_UNSUPPORTED, "Content-Encoding",
                "Content-Encoding must be identity, or left out: this server unpacks no body");
}

static bool check_media_type(const struct request *request, struct error *error)
{
    static const char *const MEDIA_TYPES[] = {
        [TAKES_JSON] = "application/json",
        [TAKES_FORM] = "multipart/form-data",
        [TAKES_MESSAGE] = "message/rfc822",
    };
    enum takes takes = request->route->takes;
    if (takes == TAKES_NOTHING || !http_content_length(request->exchange))
        return true;
    if (!check_encoding(request, error))
        return false;
    const char *type = text_or(http_header(request->exchange, "Content-Type"), "");
    size_t size = strcspn(type, "; \t");
    return (size == strlen(MEDIA_TYPES[takes]) &&
            strncasecmp(type, MEDIA_TYPES[takes], size) == 0) ||
           fail(error, ERROR_UNSUPPORTED, "Content-Type", "the body must be %s",
                MEDIA_TYPES[takes]);
}

static bool mark_used_work(struct session *session, void *context, struct error *error)
{
    const struct token *token = context;
    return identity_store_mark_used(session, token->id, token->last_used_at, error);
}

static bool find_token(struct request *request, const char *secret, moment now,
                       struct token *ret_token, struct error *error)
{
    struct known_tokens *known = request->api->known_tokens;
    const char *hash = secret_sha256(secret, strlen(secret), request->arena);
    if (known_tokens_find(known, hash, request->arena, ret_token)) {
        const char *fault = token_fault(ret_token, now);
        return !fault || fail(error, ERROR_UNAUTHORIZED, "", "%s", fault);
    }
    if (!identity_store_find_token(request_reading(request), secret, now, request->arena, ret_token,
                                   error))
        return false;
    known_tokens_put(known, ret_token);
    return true;
}

static bool authenticate(struct request *request, struct error *error)
{
    static const char BEARER[] = "Bearer ";
    const char *header = http_header(request->exchange, "Authorization");
    struct token token;
    moment now = clock_now();
    if (!header || strncasecmp(header, BEARER, strlen(BEARER)) != 0)
        return fail(error, ERROR_UNAUTHORIZED, "",
                    "a token is needed: Authorization: Bearer <token>");
    if (!find_token(request, header + strlen(BEARER), now, &token, error) ||
        !limiting_take(request, &token, error))
        return false;
    request->scopes = (unsigned)token.scopes;
    request->token_id = token.id;
    request->viewer = (struct viewer){.organization_id = token.organization_id,
                                      .user_id = token.user_id,
                                      .seen_by = token.user_id};
    if (now.ms - token.last_used_at.ms >= TOKEN_USED_EVERY_MS) {
        token.last_used_at = now;
        known_tokens_put(request->api->known_tokens, &token);
        struct error not_noted; /* a full disk must not keep anybody from reading */
        if (!request_write(request, mark_used_work, &token, &not_noted))
            LOG(LOG_WARNING, "token_use_not_noted", LOG_TEXT("token", token.id),
                LOG_TEXT("reason", not_noted.message));
    }
    return true;
}

static bool authorize(struct request *request, struct error *error)
{
    struct right right = request->route->right;
    if (!right.things || (request->route->takes_link && downloading_is_signed(request)))
        return true;
    return authenticate(request, error) &&
           permission_check(request, right.things, right.acts, error);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static struct request *door_begin(struct http_exchange *exchange, struct api *api)
{
    struct arena *arena = http_arena(exchange);
    struct request *request = arena_new(arena, struct request, 1);
    *request = (struct request){
        .api = api, .exchange = exchange, .arena = arena, .lasting = arena, .room_left = INT64_MAX};
    http_set_attachment(exchange, request);
    request_take_id(request);
    cors_begin(request);
    return request;
}

static void door_open(struct http_exchange *exchange, void *context)
{
    const struct gate *gate = context;
    struct api *api = gate->api;
    struct request *request = door_begin(exchange, api);
    find_route(request, gate);
    if (!request->route || !request->route->may_be_cached)
        http_reply_header(exchange, "Cache-Control", "no-store");
    int64_t length = http_content_length(exchange);
    bool is_large = length < 0 || length > LARGE_BODY_BYTES;
    bool is_form = request->route && request->route->takes == TAKES_FORM;
    bool refused = !request->route || !check_memory(request, &request->refusal) ||
                   ((is_large || is_form) && !authorize(request, &request->refusal)) ||
                   !check_media_type(request, &request->refusal) ||
                   ((is_large || is_form) && request->viewer.organization_id &&
                    !quotas_open(request, &request->refusal)) ||
                   (is_form && !uploading_open(request, &request->refusal));
    request_stop_reading(request);
    if (refused && is_large)
        reply_error(request, &request->refusal);
    else if (request->route && request->route->takes == TAKES_JSON)
        lifting_open(request);
    else if (!request->route || request->route->takes == TAKES_NOTHING)
        http_limit_body(exchange, least(LARGE_BODY_BYTES, api->settings.body_bytes));
}

/* A header that is refused comes here without having been opened. */
static void door_refuse(struct http_exchange *exchange, const struct error *error, void *context)
{
    const struct gate *gate = context;
    struct request *request = http_attachment(exchange);
    if (!request) {
        request = door_begin(exchange, gate->api);
        http_reply_header(exchange, "Cache-Control", "no-store");
        request->family = family_of_path(http_path(exchange));
        LOG(LOG_DEBUG, "request_refused", LOG_TEXT("address", http_remote_address(exchange)),
            LOG_NUMBER("status", failure_status(error->code)), LOG_TEXT("reason", error->message));
    }
    request->retry_after_s = RETRY_AFTER_S;
    reply_error(request, error);
}

/* Before the turn begins: who it is lasts as long as the exchange. A body of the wrong media type
 * is told of only to those who may send one of the right type. */
static bool admit(struct request *request, struct error *error)
{
    if (request->refusal.code == ERROR_UNSUPPORTED && !request->viewer.user_id &&
        !authorize(request, error))
        return false;
    if (request->refusal.code) {
        *error = request->refusal;
        return false;
    }
    if (!request->api->server)
        return fail(error, ERROR_UNAVAILABLE, "", "this server is not yet up");
    return request->viewer.user_id || authorize(request, error);
}

static bool run(struct request *request, struct error *error)
{
    bool is_answered = false;
    const char *key = http_header(request->exchange, "Idempotency-Key");
    bool is_post = text_equal(request->route->method, "POST");
    return query_check(request, error) && replies_check_room(request, error) &&
           lifting_finish(request, error) && uploading_finish(request, error) &&
           idempotency_begin(request, is_post ? key : NULL, &is_answered, error) &&
           (is_answered || request->route->run(request, error));
}

static void door_run(struct http_exchange *exchange, void *context)
{
    (void)context;
    struct request *request = http_attachment(exchange);
    struct error error = {0};
    bool is_asked = cors_is_asked(request);
    bool is_admitted = is_asked || admit(request, &error);
    request_stop_reading(request);
    request_begin_turn(request);
    if (is_asked)
        cors_answer(request);
    else if ((!is_admitted || !run(request, &error)) && !request->waits_for_place)
        reply_error(request, &error);
    request_end_turn(request);
}

static void door_close(struct http_exchange *exchange, void *context)
{
    (void)context;
    struct request *request = http_attachment(exchange);
    lifting_close(request);
    uploading_close(request);
    replies_close(request);
    if (request->waits_for) /* the client has gone: nobody is left to wake */
        bell_forget(request->api->bell, request->waits_for, request->park_number);
    if (request->follower)
        following_remove(request->api->following, request->follower);
    if (request->waiting)
        following_end_wait(request->api->following, request->waiting);
    access_log_write(request);
}

struct http_door api_door(struct api *api)
{
    return (struct http_door){&api->gate, door_open, door_run, door_refuse, door_close};
}

struct http_door api_metrics_door(struct api *api)
{
    return (struct http_door){&api->metrics_gate, door_open, door_run, door_refuse, door_close};
}
