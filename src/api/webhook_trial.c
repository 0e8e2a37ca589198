#include <stdatomic.h>

#include "api/handlers.h"
#include "api/views.h"
#include "api/webhooks.h"
#include "base/clock.h"
#include "base/id.h"
#include "notice/notice_body.h"
#include "notice/notice_key.h"

/* A test event, told while its administrator waits. */

enum { TESTS_MOST = 8 }; /* at the same time, in the process: each holds a worker */

struct tested {
    bool is_taken;
    int64_t status, took_ms;
    const char *reason;
};

static const struct field TESTED_FIELDS[] = {
    FIELD(struct tested, is_taken, .use = SHOWN, .about = "the endpoint answered with 2xx"),
    FIELD(struct tested, status, .use = SHOWN, .about = "of its answer; 0: none came"),
    FIELD(struct tested, reason, .use = SHOWN, .about = "why it was not taken"),
    FIELD(struct tested, took_ms, .use = SHOWN),
    {0},
};
const struct schema WEBHOOK_TESTED = VIEW(struct tested, TESTED_FIELDS, "WebhookTest");

static void client_cleanup(struct http_client **client)
{
    http_client_destroy(*client);
}
#define AUTO_CLIENT __attribute__((cleanup(client_cleanup))) struct http_client *

static struct tested tell(const struct request *request, const struct webhook *webhook,
                          struct bytes *key)
{
    AUTO_CLIENT client = http_client_create();
    struct notice_result result;
    moment now = clock_now();
    int64_t began_ms = clock_steady_ms();
    const struct notice notice = {
        .url = webhook->url,
        .id = id_new(request->arena),
        .body = notice_test_body(webhook->id, now, request->arena),
        .keys = {key, 1},
    };
    notice_send(client, &request->api->settings.notice, &notice, now, NULL, request->arena,
                &result);
    return (struct tested){result.answer == NOTICE_TAKEN, result.status,
                           clock_steady_ms() - began_ms, result.reason};
}

bool webhook_test(struct request *request, struct error *error)
{
    struct api *api = request->api;
    struct webhook webhook;
    struct bytes key;
    char *secret;
    if (!webhooks_find(request, &webhook, error) ||
        !secret_open(&api->settings.key, webhook.sealed_secret, webhook.id, request->arena, &secret,
                     error) ||
        !notice_key_read(secret, request->arena, &key, error))
        return false;
    request_stop_reading(request);
    bool may = atomic_fetch_add(&api->tests, 1) < TESTS_MOST;
    struct tested tested = may ? tell(request, &webhook, &key) : (struct tested){0};
    atomic_fetch_sub(&api->tests, 1);
    if (!may)
        return fail(error, ERROR_UNAVAILABLE, "", "%d webhooks are being tested just now",
                    TESTS_MOST);
    reply(request, &tested);
    return true;
}
