#include "api/failure.h"

#include <string.h>

#include "api/limiting.h"
#include "api/refusals.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/log.h"
#include "base/text.h"
#include "store/quota_store.h"
#include "json/json.h"

/* clang-format off */
static const struct {
    int status;
    const char *names[FAMILY_COUNT];
} CODES[ERROR_CODE_COUNT] = {
    /*                      outtray                      outbound                    email                   messages */
    [ERROR_INVALID]      = {400, {"Bad Request",           "VALIDATION_ERROR",        "validation_error",     "BAD_REQUEST"}},
    [ERROR_UNAUTHORIZED] = {401, {"Unauthorized",          "AUTH_INVALID_KEY",        "unauthorized",         "UNAUTHORIZED"}},
    [ERROR_FORBIDDEN]    = {403, {"Forbidden",             "AUTH_INSUFFICIENT_SCOPE", "forbidden",            "FORBIDDEN"}},
    [ERROR_NOT_FOUND]    = {404, {"Not Found",             "NOT_FOUND",               "not_found",            "NOT_FOUND"}},
    [ERROR_METHOD]       = {405, {"Method Not Allowed",    "METHOD_NOT_ALLOWED",      "method_not_allowed",   "METHOD_NOT_ALLOWED"}},
    [ERROR_CONFLICT]     = {409, {"Conflict",              "CONFLICT",                "conflict",             "CONFLICT"}},
    [ERROR_STALE]        = {412, {"Precondition Failed",   "PRECONDITION_FAILED",     "precondition_failed",  "PRECONDITION_FAILED"}},
    [ERROR_TOO_LARGE]    = {413, {"Content Too Large",     "ATTACHMENT_TOO_LARGE",    "too_large",            "PAYLOAD_TOO_LARGE"}},
    [ERROR_UNREADABLE]   = {400, {"Bad Request",           "VALIDATION_ERROR",        "validation_error",     "BAD_REQUEST"}},
    [ERROR_UNSUPPORTED]  = {415, {"Unsupported Media Type", "UNSUPPORTED_MEDIA_TYPE", "unsupported_media_type", "UNSUPPORTED_MEDIA_TYPE"}},
    [ERROR_MISMATCH]     = {422, {"Unprocessable Content", "IDEMPOTENCY_MISMATCH",    "idempotency_mismatch", "IDEMPOTENCY_MISMATCH"}},
    [ERROR_TOO_MANY]     = {429, {"Too Many Requests",     "RATE_LIMIT_EXCEEDED",     "rate_limited",         "TOO_MANY_REQUESTS"}},
    [ERROR_PROVIDER]     = {502, {"Bad Gateway",           "PROVIDER_ERROR",          "provider_error",       "BAD_GATEWAY"}},
    [ERROR_UNAVAILABLE]  = {503, {"Service Unavailable",   "PROVIDER_UNAVAILABLE",    "unavailable",          "SERVICE_UNAVAILABLE"}},
    [ERROR_FULL]         = {507, {"Insufficient Storage",  "INSUFFICIENT_STORAGE",    "insufficient_storage", "INSUFFICIENT_STORAGE"}},
    [ERROR_INTERNAL]     = {500, {"Internal Server Error", "INTERNAL_ERROR",          "internal_error",       "INTERNAL_SERVER_ERROR"}},
    [ERROR_TIMEOUT]          = {408, {"Request Timeout",   "REQUEST_TIMEOUT",         "request_timeout",      "REQUEST_TIMEOUT"}},
    [ERROR_TARGET_TOO_LONG]  = {414, {"URI Too Long",      "URI_TOO_LONG",            "uri_too_long",         "URI_TOO_LONG"}},
    [ERROR_HEADER_TOO_LARGE] = {431, {"Request Header Fields Too Large", "HEADER_TOO_LARGE", "header_too_large", "HEADER_TOO_LARGE"}},
    [ERROR_NOT_IMPLEMENTED]  = {501, {"Not Implemented",   "NOT_IMPLEMENTED",         "not_implemented",      "NOT_IMPLEMENTED"}},
    [ERROR_VERSION]          = {505, {"HTTP Version Not Supported", "VERSION_NOT_SUPPORTED", "version_not_supported", "VERSION_NOT_SUPPORTED"}},
};

/* What it was about has a code of its own in some families. */
static const struct {
    enum error_code code;
    const char *field;
    const char *names[FAMILY_COUNT];
} PARTICULAR[] = {
    {ERROR_NOT_FOUND, "draft",          {"Not Found", "DRAFT_NOT_FOUND",          "not_found", "NOT_FOUND"}},
    {ERROR_NOT_FOUND, "conversation",   {"Not Found", "CONVERSATION_NOT_FOUND",   "not_found", "NOT_FOUND"}},
    {ERROR_NOT_FOUND, "correspondence", {"Not Found", "CORRESPONDENCE_NOT_FOUND", "not_found", "NOT_FOUND"}},
    {ERROR_NOT_FOUND, "document",       {"Not Found", "DOCUMENT_NOT_FOUND",       "not_found", "NOT_FOUND"}},
    {ERROR_NOT_FOUND, "attachment",     {"Not Found", "DOCUMENT_NOT_FOUND",       "not_found", "NOT_FOUND"}},
    {ERROR_NOT_FOUND, "account",        {"Not Found", "ACCOUNT_NOT_FOUND",        "not_found", "EMAIL_ACCOUNT_NOT_FOUND"}},
    {ERROR_FULL,      QUOTA_FIELD,      {"Quota Exceeded", "QUOTA_EXCEEDED",      "quota_exceeded", "QUOTA_EXCEEDED"}},
    {ERROR_CONFLICT,  "provider",       {"Conflict",  "CONFLICT",                 "conflict",  "AMBIGUOUS_PROVIDER"}},
};

static const struct {
    const char *start;
    enum family family;
} PATHS[] = {
    {"/api/v1/",             FAMILY_OUTBOUND},
    {"/api/email/messages",  FAMILY_MESSAGES},
    {"/api/email/accounts",  FAMILY_MESSAGES},
    {"/api/email/oauth",     FAMILY_MESSAGES},
    {"/api/email/",          FAMILY_EMAIL},
    {"/api/conversations",   FAMILY_EMAIL},
    {"/api/conversation",    FAMILY_MESSAGES},
    {"/api/upload",          FAMILY_MESSAGES},
    {"/api/messages",        FAMILY_MESSAGES},
};
/* clang-format on */

struct failure {
    int64_t status;
    const char *code, *message;
    const char *particular; /* of a problem document: what it is, for programs; or NULL */
    const char *state;      /* "error" */
    bool success;           /* false */
    const char *draft;      /* the current one, as JSON, when the caller's was an old one */
    struct list detail;     /* of struct detail; at most one */
    struct detail {
        const char *field, *message, *email_id, *email_status;
    } first;
};

static const struct field DETAIL_FIELDS[] = {
    FIELD(struct detail, field, .use = SHOWN | OMITTED),
    FIELD(struct detail, message, .use = SHOWN | OMITTED),
    FIELD(struct detail, email_id, .json = "outbound_email_uid", .use = SHOWN | OMITTED),
    FIELD(struct detail, email_status, .json = "status", .use = SHOWN | OMITTED),
    {0},
};
static const struct schema DETAIL_VIEW = VIEW(struct detail, DETAIL_FIELDS, "ErrorDetail");

static const struct field PROBLEM_FIELDS[] = {
    FIELD(struct failure, code, .json = "title", .use = SHOWN | NOT_NULL),
    FIELD(struct failure, status, .use = SHOWN, .about = "the same as the reply's"),
    FIELD(struct failure, message, .json = "detail", .use = SHOWN | NOT_NULL,
          .about = "a sentence for a person"),
    FIELD(struct failure, particular, .json = "code", .use = SHOWN | OMITTED,
          .about = "quota_exceeded, where it is that"),
    FIELD(struct failure, detail, .json = "errors", .use = SHOWN | OMITTED, .items = &DETAIL_VIEW),
    {0},
};

static const struct field OUTBOUND_DETAIL_FIELDS[] = {
    FIELD(struct detail, field, .use = SHOWN | OMITTED),
    FIELD(struct detail, email_id, .json = "id", .use = SHOWN | OMITTED,
          .spelling = &CORRESPONDENCE_ID),
    FIELD(struct detail, email_status, .json = "status", .use = SHOWN | OMITTED),
    {0},
};
static const struct schema OUTBOUND_DETAIL = VIEW(struct detail, OUTBOUND_DETAIL_FIELDS,
                                                  "OutboundErrorDetail");
static const struct field OUTBOUND_INNER_FIELDS[] = {
    FIELD(struct failure, code, .use = SHOWN | NOT_NULL, .about = "what went wrong, for programs"),
    FIELD(struct failure, message, .use = SHOWN | NOT_NULL, .about = "a sentence for a person"),
    OBJECT_FIELD("details", offsetof(struct failure, first), &OUTBOUND_DETAIL,
                 .use = SHOWN | OMITTED),
    {0},
};
static const struct schema OUTBOUND_INNER = VIEW(struct failure, OUTBOUND_INNER_FIELDS,
                                                 "OutboundErrorText");
static const struct field OUTBOUND_FIELDS[] = {
    OBJECT_FIELD("error", 0, &OUTBOUND_INNER, .use = SHOWN),
    FIELD(struct failure, draft, .use = SHOWN | OMITTED | JSON_TEXT),
    {0},
};

static const struct field EMAIL_INNER_FIELDS[] = {
    FIELD(struct failure, code, .use = SHOWN | NOT_NULL, .about = "what went wrong, for programs"),
    FIELD(struct failure, message, .use = SHOWN | NOT_NULL, .about = "a sentence for a person"),
    FIELD(struct failure, detail, .json = "details", .use = SHOWN, .items = &DETAIL_VIEW),
    {0},
};
static const struct schema EMAIL_INNER = VIEW(struct failure, EMAIL_INNER_FIELDS, "EmailErrorText");
static const struct field EMAIL_FAMILY_FIELDS[] = {
    FIELD(struct failure, state, .json = "status", .use = SHOWN | NOT_NULL, .example = "\"error\""),
    OBJECT_FIELD("error", 0, &EMAIL_INNER, .use = SHOWN),
    FIELD(struct failure, draft, .use = SHOWN | OMITTED | JSON_TEXT),
    {0},
};

static const struct field MESSAGES_FIELDS[] = {
    FIELD(struct failure, success, .use = SHOWN),
    FIELD(struct failure, message, .use = SHOWN | NOT_NULL, .about = "a sentence for a person"),
    FIELD(struct failure, code, .json = "error", .use = SHOWN | NOT_NULL,
          .about = "what went wrong, for programs"),
    FIELD(struct failure, first.email_id, .json = "messageId", .use = SHOWN | OMITTED),
    {0},
};

static const struct schema VIEWS[FAMILY_COUNT] = {
    [FAMILY_OUTTRAY] = VIEW(struct failure, PROBLEM_FIELDS, "Problem"),
    [FAMILY_OUTBOUND] = VIEW(struct failure, OUTBOUND_FIELDS, "OutboundError"),
    [FAMILY_EMAIL] = VIEW(struct failure, EMAIL_FAMILY_FIELDS, "EmailError"),
    [FAMILY_MESSAGES] = VIEW(struct failure, MESSAGES_FIELDS, "MessagesError"),
};

enum family family_of_path(const char *path)
{
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
        if (text_starts(path, PATHS[i].start))
            return PATHS[i].family;
    return FAMILY_OUTTRAY;
}

static const char *code_of(const struct error *error, enum family family)
{
    for (size_t i = 0; i < sizeof PARTICULAR / sizeof *PARTICULAR; i++)
        if (PARTICULAR[i].code == error->code && text_equal(PARTICULAR[i].field, error->field))
            return PARTICULAR[i].names[family];
    return CODES[error->code].names[family];
}

/* Whether a message begins with its verb: what it speaks of stands before it then. */
static bool failure_lacks_subject(const char *message)
{
    static const char *const VERBS[] = {"must ", "is ", "are ", "has "};
    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++)
        if (text_starts(message, VERBS[i]))
            return true;
    return false;
}

/* What broke inside is for the log; the caller learns that it was not his doing. */
static const char *message_of(const struct error *error, struct arena *arena)
{
    if (error->code == ERROR_INTERNAL)
        return "something went wrong in this server; its log says what";
    if (error->code == ERROR_INVALID && *error->field)
        return arena_format(arena, "%s %s", error->field, error->message);
    return failure_lacks_subject(error->message)
               ? arena_format(arena, "%s %s", *error->field ? error->field : "the body",
                              error->message)
               : error->message;
}

static bool failure_is_quota(const struct error *error)
{
    return error->code == ERROR_FULL && text_equal(error->field, QUOTA_FIELD);
}

static void add_headers(struct request *request, const struct error *error)
{
    if (error->code == ERROR_UNAUTHORIZED) {
        http_reply_header(request->exchange, "WWW-Authenticate", "Bearer");
        limiting_tell(request);
    }
    if (error->code == ERROR_METHOD && request->allow)
        http_reply_header(request->exchange, "Allow", request->allow);
    if (error->code == ERROR_UNAVAILABLE || (error->code == ERROR_FULL && !failure_is_quota(error)))
        http_reply_header(request->exchange, "Retry-After", "5");
    bool is_for_now = error->code == ERROR_CONFLICT && request->retry_after_s;
    if (error->code == ERROR_TOO_MANY || is_for_now)
        http_reply_header(request->exchange, "Retry-After",
                          arena_format(request->arena, "%lld", (long long)request->retry_after_s));
}

/* Of two who edit, the one who comes second can go on from what the first has made of it. */
static const char *current_draft(struct request *request)
{
    const struct email *draft = request->current_draft;
    const struct schema *view = request->family == FAMILY_OUTBOUND ? &OUTBOUND_DRAFT
                                                                   : &EMAIL_DRAFT_VIEW;
    if (!draft)
        return NULL;
    struct email shown = views_shown(request, draft);
    reply_version(request, draft->version);
    return json_write(view, &shown, request->arena).data;
}

/* For the log. Mail servers repeat addresses in their replies, and the log has none. */
static const char *failure_reason(const struct error *error, struct arena *arena)
{
    struct buf reason = BUF(arena, 2 * sizeof error->message);
    struct error never;
    const char *text = error->message;
    while (*text) {
        size_t space = strspn(text, " \t\r\n"), size = strcspn(text + space, " \t\r\n");
        const char *word = text + space;
        buf_add_bytes(&reason, text, space);
        if (memchr(word, '@', size))
            buf_add(&reason, "(address)");
        else
            buf_add_bytes(&reason, word, size);
        text = word + size;
    }
    const char *found = buf_text(&reason, &never);
    return text_is_empty(found) ? failure_title(error->code) : found;
}

void reply_failure(struct request *request, const struct error *error, const struct email *email)
{
    int status = CODES[error->code].status;
    struct failure failure = {
        .status = status,
        .state = "error",
        .code = code_of(error, request->family),
        .message = message_of(error, request->arena),
        .draft = error->code == ERROR_STALE ? current_draft(request) : NULL,
    };
    if (failure_is_quota(error))
        failure.particular = "quota_exceeded";
    bool names_field = error->code == ERROR_INVALID || error->code == ERROR_TOO_LARGE;
    if ((names_field && *error->field) || failure_is_quota(error)) {
        failure.first.field = error->field;
        failure.first.message = error->message;
    }
    if (email) {
        failure.first.email_id = email->id;
        failure.first.email_status = EMAIL_STATE_NAMES[email->state];
    }
    failure.detail = (struct list){&failure.first, failure.first.field || email ? 1 : 0};
    if (status >= 500)
        LOG(error->code == ERROR_PROVIDER || failure_is_quota(error) ? LOG_WARNING : LOG_ERROR,
            "request_failed", LOG_TEXT("method", http_method(request->exchange)),
            LOG_TEXT("route", request->route ? request->route->path : ""),
            LOG_NUMBER("status", status), LOG_TEXT("email", email ? email->id : ""),
            LOG_TEXT("reason", failure_reason(error, request->arena)),
            LOG_TEXT("request", request->request_id));
    refusals_note(request->api->refusals, request, error);
    add_headers(request, error);
    struct bytes body = json_write(&VIEWS[request->family], &failure, request->arena);
    reply_bytes(request, status, failure_media_type(request->family), body);
}

int failure_status(enum error_code code)
{
    return CODES[code].status;
}

const char *failure_title(enum error_code code)
{
    return CODES[code].names[FAMILY_OUTTRAY];
}

const char *failure_media_type(enum family family)
{
    return family == FAMILY_OUTTRAY ? "application/problem+json" : "application/json";
}

const struct schema *failure_view(enum family family)
{
    return &VIEWS[family];
}

static bool is_among(const char *name, const char *names)
{
    const char *found = strstr(names, name);
    return found && (found == names || found[-1] == ' ') && strchr(",", found[strlen(name)]);
}

const char *failure_names(enum error_code code, enum family family, struct arena *arena)
{
    const char *names = CODES[code].names[family];
    for (size_t i = 0; i < sizeof PARTICULAR / sizeof *PARTICULAR; i++)
        if (PARTICULAR[i].code == code && !is_among(PARTICULAR[i].names[family], names))
            names = arena_format(arena, "%s, %s", names, PARTICULAR[i].names[family]);
    return names;
}

const char *failure_example(enum error_code code, enum family family, const char *message,
                            struct arena *arena)
{
    struct failure failure = {
        .status = CODES[code].status,
        .state = "error",
        .code = CODES[code].names[family],
        .message = message,
    };
    if (code == ERROR_INVALID)
        failure.first = (struct detail){.field = "to[0]", .message = "must be an email address"};
    failure.detail = (struct list){&failure.first, failure.first.field ? 1 : 0};
    return json_write(&VIEWS[family], &failure, arena).data;
}
