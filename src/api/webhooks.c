#include "api/webhooks.h"

#include "api/handlers.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "model/event_type.h"
#include "notice/notice_key.h"
#include "notice/notice_url.h"
#include "store/trail.h"
#include "store/webhook_store.h"

/* Who is told of events: an administrator names URLs, for all of his organization's mail. What
 * signs is shown once. */

enum { WEBHOOKS_MOST = 100, DESCRIPTION_BYTES = 500, TYPES_MOST = 32, TYPE_BYTES = 40 };

enum going_on { FROM_STOP, FROM_NOW };
static const char *const GOING_ON_NAMES[] = {"stop", "now", NULL};

struct webhook_view {
    struct webhook webhook;
    enum webhook_state state;
    int64_t delivered;
    const char *secret;
    enum going_on from;
};
struct webhook_page {
    struct list webhooks; /* of struct webhook_view */
};

/* clang-format off */
#define MEMBER(member, ...) FIELD(struct webhook_view, webhook.member, .json = #member, __VA_ARGS__)
static const struct field VIEW_FIELDS[] = {
    MEMBER(id, .use = SHOWN | NOT_NULL, .spelling = &UUID),
    MEMBER(url, .use = CREATE | UPDATE | SHOWN | REQUIRED, .max = WEBHOOK_URL_BYTES, .spelling = &PLAIN,
           .about = "https, on the public internet", .example = "\"https://hooks.example.com/outtray\""),
    MEMBER(description, .use = CREATE | UPDATE | SHOWN, .max = DESCRIPTION_BYTES, .spelling = &PLAIN,
           .about = "what it is for, to tell it from others", .example = "\"crm\""),
    MEMBER(events, .use = CREATE | UPDATE | SHOWN, .max = TYPES_MOST, .item_max = TYPE_BYTES,
           .items = &TEXT_ITEM, .about = "the types it is told of; none: all",
           .example = "[\"email.sent\", \"email.failed\"]"),
    MEMBER(is_active, .use = UPDATE | SHOWN,
           .about = "true switches it on again, and tries at once what was not taken"),
    NAME_FIELD(struct webhook_view, from, GOING_ON_NAMES, .use = UPDATE,
          .about = "now: what it has not been told of yet is passed over", .example = "\"stop\""),
    FIELD(struct webhook_view, secret, .use = SHOWN | OMITTED,
          .about = "what signs; shown this once"),
    NAME_FIELD(struct webhook_view, state, WEBHOOK_STATE_NAMES, .use = SHOWN),
    MEMBER(failing_since, .use = SHOWN, .spelling = &TO_THE_SECOND),
    MEMBER(reason, .use = SHOWN, .about = "why it fails, or was switched off"),
    FIELD(struct webhook_view, delivered, .use = SHOWN,
          .about = "all events up to this number were taken, or are none of its"),
    MEMBER(created_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    MEMBER(updated_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
#undef MEMBER
const struct schema WEBHOOK_VIEW = VIEW(struct webhook_view, VIEW_FIELDS, "Webhook");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct webhook_page, webhooks, .use = SHOWN, .items = &WEBHOOK_VIEW),
    {0},
};
const struct schema WEBHOOK_PAGE = VIEW(struct webhook_page, PAGE_FIELDS, "WebhookPage");
/* clang-format on */

bool webhooks_find(struct request *request, struct webhook *ret_webhook, struct error *error)
{
    return webhook_store_find(request_reading(request), request->viewer.organization_id,
                              request->id, request->arena, ret_webhook, error);
}

static bool shown(struct request *request, const struct webhook *webhook,
                  struct webhook_view *ret_view, struct error *error)
{
    *ret_view = (struct webhook_view){.webhook = *webhook, .state = webhook_state(webhook)};
    return webhook_store_least(request_reading(request), webhook->id, &ret_view->delivered, error);
}

bool webhook_list(struct request *request, struct error *error)
{
    struct list found;
    if (!webhook_store_list(request_reading(request), request->viewer.organization_id,
                            WEBHOOKS_MOST, request->arena, &found, error))
        return false;
    const struct webhook *webhooks = found.items;
    struct webhook_view *views = arena_new(request->arena, struct webhook_view, found.count);
    for (size_t i = 0; i < found.count; i++)
        if (!shown(request, &webhooks[i], &views[i], error))
            return false;
    reply(request, &(struct webhook_page){{views, found.count}});
    return true;
}

bool webhook_show(struct request *request, struct error *error)
{
    struct webhook webhook;
    struct webhook_view view;
    if (!webhooks_find(request, &webhook, error) || !shown(request, &webhook, &view, error))
        return false;
    reply(request, &view);
    return true;
}

static bool check_types(const struct request *request, struct list types, struct error *error)
{
    const char *const *items = types.items;
    for (size_t i = 0; i < types.count; i++)
        if (!event_type_exists(items[i]))
            return fail(error, ERROR_INVALID, arena_format(request->arena, "events[%zu]", i),
                        "is no type of event, such as email.sent");
    return true;
}

/* What is given, as it will be kept. */
static bool check(const struct request *request, struct webhook *webhook, bool has_url,
                  struct error *error)
{
    return check_types(request, webhook->events, error) &&
           (!has_url || notice_url_check(webhook->url, &request->api->settings.notice,
                                         request->arena, &webhook->url, error));
}

/* The database has it; whoever tells of events hears of it. */
static void ring(const struct request *request)
{
    bell_ring(request->api->bell, "webhooks");
    bell_ring(request->api->bell, "commit");
}

static bool reply_with(struct request *request, const struct webhook *webhook, const char *secret,
                       struct error *error)
{
    struct webhook_view view;
    ring(request);
    if (!shown(request, webhook, &view, error))
        return false;
    view.secret = secret;
    reply(request, &view);
    return true;
}

struct inserting {
    const struct request *request;
    const struct webhook *webhook;
};

static bool insert_work(struct session *session, void *context, struct error *error)
{
    const struct inserting *inserting = context;
    const struct webhook *webhook = inserting->webhook;
    int64_t count = 0;
    if (!webhook_store_count(session, webhook->organization_id, &count, error))
        return false;
    if (count >= WEBHOOKS_MOST)
        return fail(error, ERROR_CONFLICT, "", "an organization has %d webhooks at most",
                    WEBHOOKS_MOST);
    struct administration act = request_act(inserting->request, ACT_WEBHOOK_CREATED, webhook->id);
    act.detail = trail_told(&WEBHOOK_TOLD, webhook, inserting->request->arena);
    return trail_note(session, &act, error) && webhook_store_insert(session, webhook, error);
}

static const char *seal(const struct request *request, const char *secret, const char *id)
{
    return secret_seal(&request->api->settings.key, secret, id, request->arena);
}

bool webhook_create(struct request *request, struct error *error)
{
    struct webhook_view given = {0};
    struct webhook *webhook = &given.webhook;
    if (!request_read(request, &given, NULL, error) || !check(request, webhook, true, error))
        return false;
    const char *secret = notice_key_new(request->arena);
    webhook->id = id_new(request->arena);
    webhook->organization_id = request->viewer.organization_id;
    webhook->user_id = request->viewer.user_id;
    webhook->sealed_secret = seal(request, secret, webhook->id);
    webhook->is_active = true;
    webhook->version = 1;
    webhook->created_at = webhook->updated_at = clock_now();
    return request_write(request, insert_work, &(struct inserting){request, webhook}, error) &&
           reply_with(request, webhook, secret, error);
}

struct changing { /* of a webhook, on its way to the database */
    struct request *request;
    struct webhook webhook;
    struct webhook_view changes;
    uint64_t present;
};

/* Read and written in one transaction. Another URL, and being switched on or off, begin anew. */
static bool change_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    struct request *request = changing->request;
    struct webhook *webhook = &changing->webhook;
    uint64_t present = changing->present;
    struct webhook_view view;
    if (!webhook_store_find(session, request->viewer.organization_id, request->id, request->arena,
                            &view.webhook, error))
        return false;
    const struct webhook before = view.webhook;
    schema_apply(&WEBHOOK_VIEW, present, &changing->changes, &view);
    *webhook = view.webhook;
    bool is_from_now = changing->changes.from == FROM_NOW;
    bool begins_anew = is_from_now || schema_has(&WEBHOOK_VIEW, present, "webhook.url") ||
                       schema_has(&WEBHOOK_VIEW, present, "webhook.is_active");
    if (begins_anew) {
        webhook->failing_since = (moment){0};
        webhook->reason = NULL;
    }
    webhook->updated_at = clock_now();
    const struct administration act = request_act(request, ACT_WEBHOOK_CHANGED, webhook->id);
    return webhook_store_change(session, webhook, error) &&
           trail_note_change(session, &act, &WEBHOOK_TOLD, &before, webhook, error) &&
           (!begins_anew || webhook_store_restart(session, webhook, is_from_now, error));
}

bool webhook_change(struct request *request, struct error *error)
{
    struct changing changing = {.request = request};
    struct webhook *changes = &changing.changes.webhook;
    if (!request_read(request, &changing.changes, &changing.present, error))
        return false;
    bool has_url = schema_has(&WEBHOOK_VIEW, changing.present, "webhook.url");
    if (has_url && !changes->url)
        return fail(error, ERROR_INVALID, "url", "is required");
    return check(request, changes, has_url, error) &&
           request_write(request, change_work, &changing, error) &&
           reply_with(request, &changing.webhook, NULL, error);
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    const struct request *request = context;
    const char *organization_id = request->viewer.organization_id;
    struct administration act = request_act(request, ACT_WEBHOOK_DELETED, request->id);
    struct webhook webhook;
    if (!webhook_store_find(session, organization_id, request->id, request->arena, &webhook, error))
        return false;
    act.detail = trail_told(&WEBHOOK_TOLD, &webhook, request->arena);
    return webhook_store_remove(session, organization_id, request->id, error) &&
           trail_note(session, &act, error);
}

bool webhook_remove(struct request *request, struct error *error)
{
    if (!request_write(request, remove_work, request, error))
        return false;
    ring(request);
    reply_nothing(request);
    return true;
}

struct rotation {
    struct request *request;
    struct webhook webhook;
    const char *secret;
};

static bool rotate_work(struct session *session, void *context, struct error *error)
{
    struct rotation *rotation = context;
    const struct request *request = rotation->request;
    struct webhook *webhook = &rotation->webhook;
    moment now = clock_now();
    if (!webhook_store_find(session, request->viewer.organization_id, request->id, request->arena,
                            webhook, error))
        return false;
    const struct webhook before = *webhook;
    const struct administration act = request_act(request, ACT_WEBHOOK_CHANGED, webhook->id);
    webhook->sealed_former_secret = webhook->sealed_secret;
    webhook->former_until = (moment){now.ms + WEBHOOK_FORMER_MS};
    webhook->sealed_secret = seal(request, rotation->secret, webhook->id);
    webhook->updated_at = now;
    return webhook_store_change(session, webhook, error) &&
           trail_note_change(session, &act, &WEBHOOK_TOLD, &before, webhook, error);
}

bool webhook_rotate(struct request *request, struct error *error)
{
    struct rotation rotation = {.request = request, .secret = notice_key_new(request->arena)};
    return request_write(request, rotate_work, &rotation, error) &&
           reply_with(request, &rotation.webhook, rotation.secret, error);
}
