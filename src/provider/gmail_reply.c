#include "provider/gmail_reply.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "json/json.h"

enum {
    MINUTES_5_MS = 5 * 60 * 1000,
    HOUR_MS = 60 * 60 * 1000,
    ID_BYTES = 128,
    HISTORY_ID_DIGITS = 40, /* of 64 bits as Google says; as long as they need not be counted */
    MOMENT_BYTES = 40,
    MESSAGE_ID_BYTES = 998,
};

static const char SERVICE_OFF[] =
    "an administrator of the Google Workspace must switch Gmail on for "
    "this user";
static const char API_OFF[] =
    "the operator must enable the Gmail API for this server's client id in "
    "the Google Cloud console";
static const char POLICY[] =
    "an administrator of the Google Workspace must allow this app (Security, "
    "API controls)";
static const char DELEGATION[] = "its user must sign in as the one whose mailbox it is";

/* Quotas come as 403 as well as 429, and say nothing against the mail. */
static const struct web_rule RULES[] = {
    {400, "failedPrecondition", WEB_ACCOUNT, 0, SERVICE_OFF},
    {400, "FAILED_PRECONDITION", WEB_ACCOUNT, 0, SERVICE_OFF},
    {401, NULL, WEB_SIGN_IN, 0},
    {403, "userRateLimitExceeded", WEB_HOLD, 0},
    {403, "rateLimitExceeded", WEB_HOLD, 0},
    {403, "quotaExceeded", WEB_HOLD, 0},
    {403, "RATE_LIMIT_EXCEEDED", WEB_HOLD, 0},
    {403, "RESOURCE_EXHAUSTED", WEB_HOLD, 0},
    {403, "dailyLimitExceeded", WEB_HOLD, HOUR_MS},
    {403, "accessNotConfigured", WEB_ACCOUNT, MINUTES_5_MS, API_OFF},
    {403, "SERVICE_DISABLED", WEB_ACCOUNT, MINUTES_5_MS, API_OFF},
    {403, "insufficientPermissions", WEB_SIGN_IN, 0},
    {403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", WEB_SIGN_IN, 0},
    {403, "authError", WEB_SIGN_IN, 0},
    {403, "domainPolicy", WEB_ACCOUNT, 0, POLICY},
    {403, "forbidden", WEB_ACCOUNT, 0, DELEGATION},
    {403, NULL, WEB_ACCOUNT, 0, POLICY}, /* never for the sake of what a mail says */
    {404, NULL, WEB_GONE, 0},
    {408, NULL, WEB_LATER, 0},
    {409, NULL, WEB_LATER, 0},
    {410, NULL, WEB_GONE, 0},
    {429, NULL, WEB_HOLD, 0},
    {499, NULL, WEB_LATER, 0}, /* Google's "cancelled" */
    {0},
};

static const struct field HEADER_FIELDS[] = {
    FIELD(struct gmail_header, name, .use = STORED),
    FIELD(struct gmail_header, value, .use = STORED),
    {0},
};
static const struct schema HEADER = SCHEMA(struct gmail_header, HEADER_FIELDS);

static const struct field PAYLOAD_FIELDS[] = {
    WEB_FIELD(struct gmail_message, "headers", headers, .items = &HEADER),
    {0},
};
static const struct schema PAYLOAD = SCHEMA(struct gmail_message, PAYLOAD_FIELDS);

static const struct field MESSAGE_FIELDS[] = {
    WEB_FIELD(struct gmail_message, "id", id),
    WEB_FIELD(struct gmail_message, "threadId", thread_id),
    WEB_FIELD(struct gmail_message, "historyId", history_id),
    WEB_FIELD(struct gmail_message, "labelIds", labels, .items = &TEXT_ITEM),
    OBJECT_FIELD("payload", 0, &PAYLOAD, .use = STORED),
    {0},
};
const struct schema GMAIL_MESSAGE = SCHEMA(struct gmail_message, MESSAGE_FIELDS);

static const struct field DRAFT_FIELDS[] = {
    WEB_FIELD(struct gmail_draft, "id", id),
    OBJECT_FIELD("message", offsetof(struct gmail_draft, message), &GMAIL_MESSAGE, .use = STORED),
    {0},
};
const struct schema GMAIL_DRAFT = SCHEMA(struct gmail_draft, DRAFT_FIELDS);

static const struct field CHANGE_FIELDS[] = {
    WEB_FIELD(struct gmail_change, "messages", messages, .items = &GMAIL_MESSAGE),
    {0},
};
static const struct schema CHANGE = SCHEMA(struct gmail_change, CHANGE_FIELDS);

static const struct field PAGE_FIELDS[] = {
    WEB_FIELD(struct gmail_page, "messages", messages, .items = &GMAIL_MESSAGE),
    WEB_FIELD(struct gmail_page, "drafts", drafts, .items = &GMAIL_DRAFT),
    WEB_FIELD(struct gmail_page, "history", history, .items = &CHANGE),
    WEB_FIELD(struct gmail_page, "nextPageToken", next_page),
    {0},
};
const struct schema GMAIL_PAGE = SCHEMA(struct gmail_page, PAGE_FIELDS);

static const struct field PROFILE_FIELDS[] = {
    WEB_FIELD(struct gmail_profile, "historyId", history_id),
    {0},
};
const struct schema GMAIL_PROFILE = SCHEMA(struct gmail_profile, PROFILE_FIELDS);

struct fault {
    const char *reason;
};
static const struct field FAULT_FIELDS[] = {FIELD(struct fault, reason, .use = STORED), {0}};
static const struct schema FAULT = SCHEMA(struct fault, FAULT_FIELDS);

struct refused {
    const char *message, *status;
    struct list errors;  /* of struct fault */
    struct list details; /* likewise: how Google's newer services say it */
};
static const struct field REFUSED_FIELDS[] = {
    FIELD(struct refused, message, .use = STORED),
    FIELD(struct refused, status, .use = STORED),
    FIELD(struct refused, errors, .use = STORED, .items = &FAULT),
    FIELD(struct refused, details, .use = STORED, .items = &FAULT),
    {0},
};
static const struct schema REFUSED = SCHEMA(struct refused, REFUSED_FIELDS);
static const struct field ENVELOPE_FIELDS[] = {
    OBJECT_FIELD("error", 0, &REFUSED, .use = STORED),
    {0},
};
static const struct schema ENVELOPE = SCHEMA(struct refused, ENVELOPE_FIELDS);

/* "User-rate limit exceeded.  Retry after 2026-05-20T14:10:00.123Z": where Gmail says how long. */
static int64_t pause_in(const char *message)
{
    static const char BEFORE[] = "Retry after ";
    const char *at = message ? strcasestr(message, BEFORE) : NULL;
    char text[MOMENT_BYTES] = "";
    moment until;
    struct error error;
    if (!at)
        return 0;
    at += sizeof BEFORE - 1;
    size_t size = strspn(at, "0123456789-:.+TZtz");
    while (size && at[size - 1] == '.') /* the sentence's */
        size--;
    if (size >= sizeof text)
        return 0;
    memcpy(text, at, size);
    int64_t left_ms = moment_read(text, &until, &error) ? until.ms - clock_now().ms : 0;
    return left_ms > 0 ? left_ms : 0;
}

/* The first; NULL: none. */
static const char *gmail_reason_in(const struct list *faults)
{
    const struct fault *fault = faults->items;
    for (size_t i = 0; i < faults->count; i++)
        if (fault[i].reason)
            return fault[i].reason;
    return NULL;
}

static void read_refusal(struct bytes body, struct arena *arena, struct web_refusal *ret_refusal)
{
    struct refused refused = {0};
    struct error error;
    if (!json_read(body, &ENVELOPE, STORED, arena, &refused, NULL, &error))
        return;
    const char *reason = gmail_reason_in(&refused.errors);
    const char *detail = gmail_reason_in(&refused.details);
    bool is_vague = !reason || text_equal(reason, "forbidden");
    *ret_refusal = (struct web_refusal){
        .reason = detail && is_vague ? detail : text_or(reason, refused.status),
        .message = refused.message,
        .pause_ms = pause_in(refused.message),
    };
}

const struct web_service GMAIL_SERVICE = {"Gmail", RULES, read_refusal};

bool gmail_is_id(const char *text)
{
    static const char LETTERS[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t size = text ? strspn(text, LETTERS) : 0;
    return size && size <= ID_BYTES && !text[size];
}

bool gmail_is_history_id(const char *text)
{
    size_t size = text ? strspn(text, "0123456789") : 0;
    return size && size <= HISTORY_ID_DIGITS && !text[size] && text[strspn(text, "0")];
}

const char *gmail_header(const struct gmail_message *message, const char *name)
{
    const struct gmail_header *headers = message->headers.items;
    for (size_t i = 0; i < message->headers.count; i++)
        if (text_equal_nocase(headers[i].name, name))
            return headers[i].value;
    return NULL;
}

const char *gmail_message_id(const struct gmail_message *message)
{
    const char *id = gmail_header(message, "Message-ID");
    size_t size = id ? strlen(id) : 0;
    bool is_one = size > 2 && size <= MESSAGE_ID_BYTES && id[0] == '<' && id[size - 1] == '>' &&
                  text_is_ascii(id) && !text_has_control(id) && !strchr(id, ' ');
    return is_one ? id : NULL;
}

bool gmail_has_label(const struct gmail_message *message, const char *label)
{
    const char *const *labels = message->labels.items;
    for (size_t i = 0; i < message->labels.count; i++)
        if (text_equal(labels[i], label))
            return true;
    return false;
}
