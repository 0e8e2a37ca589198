#include "api/operation.h"

#include <string.h>

#include "api/failure.h"
#include "api/sending.h"
#include "api/spelling.h"
#include "base/text.h"

const struct family_text FAMILY_TEXTS[FAMILY_COUNT] = {
    [FAMILY_OUTBOUND] = {"outbound", "Outbound",
                         "Drafts, sending and correspondence. Ids carry a prefix (draft_, corr_, "
                         "doc_), times go to the second."},
    [FAMILY_EMAIL] = {"email", "Email",
                      "Drafts, sending, approval and templates, with the record of each mail. Ids "
                      "are UUIDs, times go to the second."},
    [FAMILY_MESSAGES] = {"messages", "Messages",
                         "Connected mailboxes and their conversations. Names are in camelCase, ids "
                         "are UUIDs, times go to the millisecond."},
    [FAMILY_OUTTRAY] = {"outtray", "Outtray",
                        "What belongs to the server itself. Errors are problem documents (RFC "
                        "9457)."},
};

const enum family FAMILIES_SHOWN[FAMILY_COUNT] = {FAMILY_OUTBOUND, FAMILY_EMAIL, FAMILY_MESSAGES,
                                                  FAMILY_OUTTRAY};

/* clang-format off */
const char *const FAILURE_TEXTS[ERROR_CODE_COUNT] = {
    [ERROR_INVALID]      = "something in the request is not as it must be; the field is named",
    [ERROR_UNAUTHORIZED] = "no token, or none that holds",
    [ERROR_FORBIDDEN]    = "the token lacks the scope",
    [ERROR_NOT_FOUND]    = "there is no such record among those that the token may see",
    [ERROR_CONFLICT]     = "the state that the record is in does not allow this",
    [ERROR_STALE]        = "somebody else has changed it meanwhile; the reply has the current one",
    [ERROR_TOO_LARGE]    = "the body, or the attachments together, are over the limit",
    [ERROR_UNREADABLE]   = "what came ended the process that reads it, twice",
    [ERROR_UNSUPPORTED]  = "the body is of a media type that is not read here",
    [ERROR_MISMATCH]     = "this idempotency key was used with another payload",
    [ERROR_TOO_MANY]     = "too many requests; Retry-After says when to come back",
    [ERROR_PROVIDER]     = "the mail server refused the mail, or failed",
    [ERROR_UNAVAILABLE]  = "not just now; Retry-After says when to come back",
    [ERROR_FULL]         = "this server has no room left to store it, or the organization has used up a quota",
    [ERROR_INTERNAL]     = "something broke in this server; its log says what",
};
/* clang-format on */

bool operation_needs_token(const struct route *route)
{
    return route->right.things;
}

static bool is_post(const struct route *route)
{
    return text_equal(route->method, "POST");
}

static bool changes(const struct route *route)
{
    return !text_equal(route->method, "GET");
}

bool operation_is_keyed(const struct route *route)
{
    return is_post(route) && operation_needs_token(route);
}

bool operation_is_send(const struct route *route)
{
    return route->answer == sending_answer;
}

static bool shows_version(const struct route *route)
{
    /* The version of a flat object, whose keys are the caller's, stands in the ETag alone. */
    return route->replies && (route->replies->is_flat || schema_find(route->replies, "version"));
}

bool operation_is_versioned(const struct route *route)
{
    return shows_version(route);
}

/* A POST that may name an existing record edits that one. */
static bool takes_id(const struct route *route)
{
    const struct field *id = route->reads ? schema_find(route->reads, "id") : NULL;
    return id && id->use & CREATE;
}

bool operation_heeds_version(const struct route *route)
{
    if (route->heeds_version)
        return true;
    if (is_post(route))
        return shows_version(route) && takes_id(route);
    for (const struct route *other = ROUTES; changes(route) && other->method; other++)
        if (!changes(other) && text_equal(other->path, route->path))
            return shows_version(other);
    return false;
}

static bool has_body(const struct route *route)
{
    return route->takes != TAKES_NOTHING;
}

/* Whether what is taken may hold the id of a record, which then must be there. */
static bool names_records(const struct schema *view)
{
    for (const struct field *field = view->fields; field->name; field++) {
        const struct spelling *spelling = field->spelling;
        bool is_id = spelling == &UUID || spelling == &DRAFT_ID || spelling == &CORRESPONDENCE_ID ||
                     spelling == &DOCUMENT_ID;
        bool is_taken = field->use & (CREATE | UPDATE);
        if (is_taken && (is_id || (field->items && names_records(field->items))))
            return true;
    }
    return false;
}

/* Such as the user whose things a list holds. */
static bool names_a_user(const struct route *route)
{
    return route->query && schema_find(route->query, "user");
}

static bool names_a_record(const struct route *route)
{
    return strchr(route->path, '{') || (route->reads && names_records(route->reads)) ||
           names_a_user(route);
}

static bool may_conflict(const struct route *route)
{
    return changes(route) && operation_needs_token(route);
}

static bool always(const struct route *route)
{
    (void)route;
    return true;
}

static bool (*const MAY_FAIL[ERROR_CODE_COUNT])(const struct route *) = {
    [ERROR_INVALID] = always, /* a header that cannot be read, too */
    [ERROR_UNAUTHORIZED] = operation_needs_token,
    [ERROR_FORBIDDEN] = operation_needs_token,
    [ERROR_NOT_FOUND] = names_a_record,
    [ERROR_CONFLICT] = may_conflict,
    [ERROR_STALE] = operation_heeds_version,
    [ERROR_TOO_LARGE] = has_body,
    [ERROR_UNSUPPORTED] = has_body,
    [ERROR_MISMATCH] = operation_is_keyed,
    [ERROR_TOO_MANY] = operation_needs_token,
    [ERROR_PROVIDER] = operation_is_send,
    [ERROR_UNAVAILABLE] = always,
    [ERROR_FULL] = changes,
    [ERROR_INTERNAL] = always,
};

static bool is_also(const struct route *route, int status)
{
    for (size_t i = 0; i < ROUTE_ALSO_MOST; i++)
        if (route->also[i] == status)
            return true;
    return false;
}

bool operation_may_fail(const struct route *route, enum error_code code)
{
    int status = failure_status(code);
    return status && ((MAY_FAIL[code] && MAY_FAIL[code](route)) || is_also(route, status));
}

size_t operation_successes(const struct route *route, int ret_statuses[OPERATION_STATUSES_MOST])
{
    enum { ACCEPTED = 202, FIRST_OF_FAILURE = 400 };
    size_t count = 0;
    ret_statuses[count++] = route->status;
    if (operation_is_send(route))
        ret_statuses[count++] = ACCEPTED;
    for (size_t i = 0; i < ROUTE_ALSO_MOST; i++)
        if (route->also[i] && route->also[i] < FIRST_OF_FAILURE)
            ret_statuses[count++] = route->also[i];
    return count;
}
