#include "notice/notice.h"

#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "net/public_address.h"

enum {
    CONNECT_MS = 10 * 1000,
    TOTAL_MS = 20 * 1000,
    REPLY_BYTES = 16 * 1024,
    SIGNATURE_BYTES = 1024,
    MS = 1000,
    GONE = 410,
};

const char *notice_signature(const struct notice *notice, int64_t timestamp, struct arena *arena)
{
    const struct bytes *keys = notice->keys.items;
    const char *text = arena_format(arena, "%s.%lld.%s", notice->id, (long long)timestamp,
                                    notice->body);
    struct buf buf = BUF(arena, SIGNATURE_BYTES);
    for (size_t i = 0; i < notice->keys.count; i++) {
        unsigned char hmac[SECRET_HMAC_SIZE];
        secret_hmac(keys[i], (struct bytes){text, strlen(text)}, hmac);
        buf_addf(&buf, "%sv1,%s", i ? " " : "", text_base64(hmac, sizeof hmac, arena));
    }
    return text_or(buf_text(&buf, &(struct error){0}), "");
}

static struct list headers_of(const struct notice *notice, moment now, struct arena *arena)
{
    int64_t timestamp = now.ms / MS;
    const struct http_header headers[] = {
        {"Content-Type", "application/json"},
        {"webhook-id", notice->id},
        {"webhook-timestamp", arena_format(arena, "%lld", (long long)timestamp)},
        {"webhook-signature", notice_signature(notice, timestamp, arena)},
    };
    enum { COUNT = sizeof headers / sizeof *headers };
    struct http_header *copies = arena_new(arena, struct http_header, COUNT);
    memcpy(copies, headers, sizeof headers);
    return (struct list){copies, COUNT};
}

static const char *reason_of(const struct http_result *result, struct arena *arena)
{
    if (result->phase != HTTP_REPLIED)
        return result->message;
    if (result->status / 100 == 3)
        return arena_format(arena, "the endpoint redirects (status %lld), which is not followed",
                            (long long)result->status);
    return arena_format(arena, "the endpoint answered with status %lld", (long long)result->status);
}

void notice_send(struct http_client *client, const struct notice_settings *settings,
                 const struct notice *notice, moment now, const atomic_bool *is_called_off,
                 struct arena *arena, struct notice_result *ret_result)
{
    struct http_result result;
    const struct http_request request = {
        .method = "POST",
        .url = notice->url,
        .headers = headers_of(notice, now, arena),
        .body = {notice->body, strlen(notice->body)},
        .may_repeat = true, /* whoever is told twice knows it by the id */
        .may_connect = settings->allow_private ? NULL : public_address_is_web,
        .is_called_off = is_called_off,
        .body_limit = REPLY_BYTES,
        .ca_file = settings->ca_file,
        .connect_timeout_ms = CONNECT_MS,
        .stall_timeout_ms = TOTAL_MS,
        .total_timeout_ms = TOTAL_MS,
    };
    http_client_send(client, &request, arena, &result);
    bool is_whole = result.phase == HTTP_REPLIED;
    *ret_result = (struct notice_result){
        .answer = NOTICE_NOT_TAKEN,
        .status = result.status,
        .retry_after_ms = result.retry_after_seconds * MS,
    };
    if (is_whole && result.status / 100 == 2)
        ret_result->answer = NOTICE_TAKEN;
    else
        ret_result->reason = reason_of(&result, arena);
    if (is_whole && result.status == GONE)
        ret_result->answer = NOTICE_UNWANTED;
}
