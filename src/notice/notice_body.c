#include "notice/notice_body.h"

#include <string.h>

#include "base/text.h"
#include "model/event_type.h"
#include "json/builder.h"

enum {
    BODY_BYTES = 20 * 1000,
    DETAIL_BYTES = 12 * 1000,
    REASON_BYTES = 1000, /* six times as many when each is escaped */
    ID_HASH_DIGITS = 16,
};

static struct builder begin(const char *type, moment at, struct arena *arena)
{
    struct builder builder = BUILDER(arena, BODY_BYTES);
    builder_object(&builder, NULL);
    builder_text(&builder, "type", type);
    builder_text(&builder, "timestamp", moment_text(at, 3, arena));
    builder_object(&builder, "data");
    return builder;
}

static const char *end(struct builder *builder)
{
    struct error error;
    builder_end(builder);
    builder_end(builder);
    return text_or(builder_finish(builder, &error), "{}"); /* its parts have limits: it fits */
}

static const char *cut(const char *text, struct arena *arena)
{
    size_t size = text ? strlen(text) : 0;
    return size <= REASON_BYTES ? text
                                : arena_copy_bytes(arena, text, text_utf8_size(text, REASON_BYTES));
}

const char *notice_body(const struct event *event, struct arena *arena)
{
    struct builder builder = begin(event_type(event), event->at, arena);
    bool is_short = !event->detail || strlen(event->detail) <= DETAIL_BYTES;
    builder_integer(&builder, "number", event->number);
    builder_text(&builder, "email_id", event->email_id);
    builder_text(&builder, "event", EVENT_NAMES[event->event]);
    if (event->email_id) {
        builder_text(&builder, "from", EMAIL_STATE_NAMES[event->from_state]);
        builder_text(&builder, "to", EMAIL_STATE_NAMES[event->to_state]);
    } else {
        builder_text(&builder, "subject_id", event->subject_id);
        builder_text(&builder, "token_id", event->token_id);
        builder_text(&builder, "address", event->address);
        builder_text(&builder, "request_id", event->request_id);
    }
    builder_text(&builder, "actor", event->actor);
    builder_text(&builder, "reason", cut(event->reason, arena));
    builder_json(&builder, "detail", is_short ? event->detail : NULL);
    if (!is_short)
        builder_bool(&builder, "detail_is_left_out", true);
    builder_text(&builder, "mail_sha256", event->mail_sha256);
    builder_text(&builder, "hash", event->hash);
    return end(&builder);
}

const char *notice_test_body(const char *webhook_id, moment now, struct arena *arena)
{
    struct builder builder = begin("webhook.test", now, arena);
    builder_text(&builder, "webhook_id", webhook_id);
    return end(&builder);
}

const char *notice_id(const char *webhook_id, const struct event *event, struct arena *arena)
{
    long long number = event->number;
    if (!event->hash) /* it is older than the chain, and so than any restore */
        return arena_format(arena, "%s_%lld", webhook_id, number);
    return arena_format(arena, "%s_%lld_%.*s", webhook_id, number, ID_HASH_DIGITS, event->hash);
}
