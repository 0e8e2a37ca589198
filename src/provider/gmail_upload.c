#include "provider/gmail_upload.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "provider/web_body.h"

enum {
    RESUME_INCOMPLETE = 308,
    FUTILE_MOST = 3,  /* times in a row that nothing more had arrived */
    TRIES_MOST = 100, /* at all */
};

/* The place is on Gmail's own server: our token and the mail go nowhere else. */
static const char *place_of(const struct web_mail *mail, const struct web_answer *answer)
{
    const char *place = http_client_header(&answer->result, "Location");
    const char *server = mail->settings->gmail_url;
    bool is_ours = place && text_starts(place, server) && place[strlen(server)] == '/';
    return is_ours ? place : NULL;
}

static bool begin(struct web_mail *mail, const struct gmail_upload *upload,
                  struct web_answer *ret_answer)
{
    const struct web_call call = {
        .name = upload->name,
        .method = "POST",
        .url = upload->url,
        .headers = {{"Content-Type", "application/json; charset=UTF-8"},
                    {"X-Upload-Content-Type", upload->content_type},
                    {"X-Upload-Content-Length",
                     arena_format(mail->arena, "%" PRIu64, spool_size(upload->content))}},
        .body = {upload->metadata, strlen(upload->metadata)},
    };
    return web_mail_ask(mail, &call, ret_answer);
}

static void put(struct web_mail *mail, const struct gmail_upload *upload, const char *place,
                uint64_t from, struct web_answer *ret_answer)
{
    uint64_t size = spool_size(upload->content);
    struct web_body body = {.mail = upload->content, .skip = from};
    const struct web_call call = {
        .name = upload->name,
        .method = "PUT",
        .url = place,
        .headers = {{"Content-Type", upload->content_type},
                    {"Content-Range",
                     arena_format(mail->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, from,
                                  size - 1, size)}},
        .stream = web_body_stream(&body),
    };
    web_mail_ask(mail, &call, ret_answer);
}

static void ask_how_far(struct web_mail *mail, const struct gmail_upload *upload, const char *place,
                        struct web_answer *ret_answer)
{
    const struct web_call call = {
        .name = upload->name,
        .method = "PUT",
        .url = place,
        .headers = {{"Content-Range",
                     arena_format(mail->arena, "bytes */%" PRIu64, spool_size(upload->content))}},
    };
    web_mail_ask(mail, &call, ret_answer);
}

static bool is_incomplete(const struct web_answer *answer)
{
    return answer->result.phase == HTTP_REPLIED && answer->result.status == RESUME_INCOMPLETE;
}

/* It broke off somewhere, and Google may have got more than we know of, or all. */
static bool may_go_on(const struct web_answer *answer)
{
    const struct http_result *result = &answer->result;
    bool broke_off = result->phase == HTTP_SENDING || result->phase == HTTP_WAITING ||
                     result->phase == HTTP_REPLYING;
    return broke_off || (result->phase == HTTP_REPLIED && result->status >= 500);
}

/* "bytes=0-524287": what has arrived. Without it nothing has. */
static bool read_progress(const struct web_answer *answer, uint64_t size, uint64_t *ret_next)
{
    const char *range = http_client_header(&answer->result, "Range");
    char *end = NULL;
    if (!range) {
        *ret_next = 0;
        return true;
    }
    range += text_starts(range, "bytes=") ? strlen("bytes=") : 0;
    if (!text_starts(range, "0-") || strspn(range + 2, "0123456789") == 0)
        return false;
    uint64_t last = strtoull(range + 2, &end, 10);
    if (*end || last >= size)
        return false;
    *ret_next = last + 1;
    return true;
}

/* Until Google has all, or says no, or gets no further. */
static void put_all(struct web_mail *mail, const struct gmail_upload *upload, const char *place,
                    struct web_answer *ret_answer)
{
    uint64_t size = spool_size(upload->content), from = 0, next;
    int futile = 0;
    for (int tries = 0; tries < TRIES_MOST && futile < FUTILE_MOST; tries++) {
        if (from < size)
            put(mail, upload, place, from, ret_answer);
        if (from == size || may_go_on(ret_answer))
            ask_how_far(mail, upload, place, ret_answer);
        if (!is_incomplete(ret_answer))
            return;
        ret_answer->meaning = WEB_LATER;
        if (!read_progress(ret_answer, size, &next))
            return;
        futile = next > from ? 0 : futile + 1;
        from = next;
    }
    ret_answer->sentence = "Gmail did not take all of the mail";
}

enum gmail_upload_end gmail_upload_run(struct web_mail *mail, const struct gmail_upload *upload,
                                       struct web_answer *ret_answer)
{
    if (!begin(mail, upload, ret_answer))
        return GMAIL_UPLOAD_ENDED;
    const char *place = place_of(mail, ret_answer);
    if (!place)
        return GMAIL_UPLOAD_IMPOSSIBLE;
    put_all(mail, upload, place, ret_answer);
    return GMAIL_UPLOAD_ENDED;
}
