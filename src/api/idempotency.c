#include "api/idempotency.h"

#include <string.h>

#include "api/fingerprint.h"
#include "api/permission.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "store/call_store.h"
#include "store/email_store.h"

enum { KEY_BYTES = 255, RETRY_AFTER_S = 1 };

static bool read_key(const char *text, struct arena *arena, const char **ret_key,
                     struct error *error)
{
    size_t size = strlen(text);
    bool is_quoted = size >= 2 && text[0] == '"' && text[size - 1] == '"';
    const char *key = arena_copy_bytes(arena, text + is_quoted, is_quoted ? size - 2 : size);
    if (!*key || strlen(key) > KEY_BYTES || !text_is_ascii(key) || text_has_control(key) ||
        strchr(key, ' '))
        return fail(error, ERROR_INVALID, "idempotency_key",
                    "must be 1 to %d visible ASCII characters", KEY_BYTES);
    *ret_key = key;
    return true;
}

/* Nobody waits longer for an outcome. A call that is older and has no reply will get none: whoever
 * ran it was killed, and the mail may take days. */
static bool is_under_way(const struct request *request, const struct call *call,
                         const struct email *email)
{
    int64_t age_ms = clock_now().ms - call->created_at.ms;
    return !call->status && (email->state == EMAIL_QUEUED || email->state == EMAIL_SENDING) &&
           age_ms >= 0 && age_ms < request->api->settings.send_wait_ms;
}

static bool idempotency_is_under_way(struct request *request, struct error *error)
{
    request->retry_after_s = RETRY_AFTER_S;
    return fail(error, ERROR_CONFLICT, "idempotency_key",
                "a call with this key is still under way");
}

static bool answer_by_email(struct request *request, const struct call *call, struct error *error)
{
    struct email email;
    if (!call->email_id)
        return fail(error, ERROR_CONFLICT, "idempotency_key",
                    "this call has had its effect; its reply is gone");
    const struct viewer viewer = permission_viewer(
        request, THING_EMAIL, ACT_READ | ACT_WRITE | ACT_SUBMIT | ACT_APPROVE | ACT_ADMINISTER);
    if (!email_store_find(request_reading(request), &viewer, call->email_id, request->arena, &email,
                          error))
        return error->code == ERROR_NOT_FOUND
                   ? fail(error, ERROR_CONFLICT, "idempotency_key",
                          "this call has had its effect; the mail that it was about is gone")
                   : false;
    if (is_under_way(request, call, &email))
        return idempotency_is_under_way(request, error);
    request->first_status = (int)call->status;
    request->route->answer(request, &email);
    return true;
}

static bool answer_again(struct request *request, const struct call *call, const char *former,
                         struct error *error)
{
    if (!text_equal(call->fingerprint, request->call->fingerprint) &&
        !text_equal(call->fingerprint, former))
        return fail(error, ERROR_MISMATCH, "idempotency_key",
                    "this key was used with another payload");
    http_reply_header(request->exchange, "Idempotent-Replayed", "true");
    request->call = NULL; /* what was kept stays as it is */
    if (!call->body || (call->email_id && request->route->answer))
        return answer_by_email(request, call, error);
    reply_bytes(request, (int)call->status, call->content_type,
                (struct bytes){call->body, strlen(call->body)});
    return true;
}

static bool begin_again(struct request *request, const char *key, bool *ret_is_answered,
                        struct error *error)
{
    *ret_is_answered = false;
    return text_equal(request->call->idempotency_key, key) ||
           fail(error, ERROR_MISMATCH, "idempotency_key",
                "the header and the body give different keys");
}

bool idempotency_begin(struct request *request, const char *text, bool *ret_is_answered,
                       struct error *error)
{
    const char *key = NULL;
    struct call kept;
    *ret_is_answered = false;
    if (!text)
        return true;
    if (!read_key(text, request->lasting, &key, error))
        return false;
    if (request->call)
        return begin_again(request, key, ret_is_answered, error);
    struct call *call = arena_new(request->lasting, struct call, 1);
    *call = (struct call){
        .organization_id = request->viewer.organization_id,
        .user_id = request->viewer.user_id,
        .idempotency_key = key,
        .created_at = clock_now(),
    };
    request->call = call;
    struct call former = *call;
    bool found;
    if (!fingerprint_of_call(request, &call->fingerprint, error) ||
        !fingerprint_of_bytes(request, &former.fingerprint, error) ||
        !call_store_find(request_reading(request), &former, request->arena, &kept, &found, error))
        return false;
    *ret_is_answered = found;
    return !found || answer_again(request, &kept, former.fingerprint, error);
}

bool idempotency_note(struct session *session, struct request *request, struct error *error)
{
    if (!request->call || request->call_is_noted)
        return true;
    request->call->email_id = arena_copy(request->lasting, request->email_id);
    if (call_store_insert(session, request->call, error))
        return true;
    return error->code == ERROR_CONFLICT && idempotency_is_under_way(request, error);
}

bool idempotency_note_email(struct session *session, struct request *request, struct error *error)
{
    struct call *call = request->call;
    if (!call || request->call_is_noted || text_equal(call->email_id, request->email_id))
        return true;
    call->email_id = arena_copy(request->lasting, request->email_id);
    return call_store_name_email(session, call, error);
}

static bool answer_work(struct session *session, void *context, struct error *error)
{
    return call_store_answer(session, context, error);
}

void idempotency_keep(struct request *request, int status, const char *content_type,
                      struct bytes body)
{
    struct error error;
    if (!request->call || !request->call_is_noted)
        return;
    struct call *call = request->call;
    call->status = status;
    call->content_type = content_type;
    /* What has become of an email since is the answer to the next call. */
    bool is_made_again = request->route->replies_once || (call->email_id && request->route->answer);
    call->body = is_made_again ? NULL : arena_copy_bytes(request->arena, body.data, body.size);
    if (!db_write(request->api->db, answer_work, call, &error))
        LOG(LOG_ERROR, "reply_not_kept", LOG_TEXT("reason", error.message));
}
