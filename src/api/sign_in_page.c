/* The page that a sign-in ends at where there is no console: says what is left to do, or what went
 * wrong. It changes nothing and has no script. */
#include <string.h>

#include "api/handlers.h"
#include "api/views.h"
#include "base/text.h"
#include "grant/consent.h"
#include "html/escape.h"
#include "provider/oauth.h"
#include "store/identity_store.h"

enum { PAGE_BYTES = 64 * 1024, WORD_MOST = 64, COMPLETION_MOST = 128 };

static const char HEAD[] = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n"
                           "<title>Outtray</title>\n</head>\n<body>\n";
static const char FOOT[] = "</body>\n</html>\n";

static void page_add_bold(struct buf *buf, const char *text)
{
    buf_add(buf, "<strong>");
    escape_add(buf, text);
    buf_add(buf, "</strong>");
}

/* What a person reads who was sent here by another, too: so this stands first. */
static void page_add_warning(struct buf *buf)
{
    buf_add(buf, "<p><strong>If you did not begin this yourself, close this page: nothing has been "
                 "connected.</strong> Give the code below to nobody.</p>\n");
}

static void page_add_completion(struct buf *buf, const struct sign_in *sign_in,
                                const struct user *user, const char *completion)
{
    buf_add(buf, "<h1>One step is left</h1>\n");
    page_add_warning(buf);
    buf_addf(buf, "<p>%s has given its consent. The mailbox ", oauth_name(sign_in->provider));
    if (sign_in->hint) {
        page_add_bold(buf, sign_in->hint);
        buf_add(buf, " ");
    }
    buf_add(buf, "is connected to Outtray for ");
    page_add_bold(buf, user->email);
    buf_add(buf, ", who began this, when that user completes it within ten minutes, with this "
                 "code:</p>\n<pre>");
    escape_add(buf, completion);
    buf_add(buf, "</pre>\n<p>On the machine of the server:</p>\n<pre>outtray account complete ");
    escape_add(buf, completion);
    buf_add(buf, " --user ");
    escape_add(buf, user->email);
    buf_add(buf, "</pre>\n<p>Or by <code>POST /api/email/oauth/complete</code>, with a token of "
                 "that user.</p>\n");
}

static void page_add_error(struct buf *buf, const char *reason)
{
    buf_add(buf, "<h1>Nothing has been connected</h1>\n<p>The sign-in failed");
    if (!text_is_empty(reason)) {
        buf_add(buf, ": <code>");
        escape_add(buf, reason);
        buf_add(buf, "</code>");
    }
    buf_add(buf, ". Begin anew.</p>\n");
}

static bool page_find(struct request *request, const char *completion, struct sign_in *ret_sign_in,
                      struct user *ret_user)
{
    const struct api *api = request->api;
    const struct consent_place place = {
        .settings = &api->settings.provider, .key = &api->settings.key, .db = api->db};
    struct error ignored;
    if (!consent_find_parked(&place, completion, request->arena, ret_sign_in, &ignored))
        return false;
    const struct viewer viewer = {.organization_id = ret_sign_in->organization_id,
                                  .user_id = ret_sign_in->user_id};
    return identity_store_find_user(request_reading(request), &viewer, request->arena, ret_user,
                                    &ignored);
}

static void page_fill(struct request *request, const struct sign_in_query *query, struct buf *buf)
{
    struct sign_in sign_in;
    struct user user;
    if (!text_equal(query->status, "success"))
        page_add_error(buf, query->reason);
    else if (!query->completion)
        buf_add(buf, "<h1>The mailbox is connected</h1>\n<p>This page can be closed.</p>\n");
    else if (page_find(request, query->completion, &sign_in, &user))
        page_add_completion(buf, &sign_in, &user, query->completion);
    else
        buf_add(buf, "<h1>This sign-in is over</h1>\n<p>It was completed before, or came back more "
                     "than ten minutes ago. To connect the mailbox, begin anew.</p>\n");
}

bool sign_in_page(struct request *request, struct error *error)
{
    struct sign_in_query query = {0};
    struct buf buf = BUF(request->arena, PAGE_BYTES);
    if (!request_query(request, &query, error))
        return false;
    buf_add(&buf, HEAD);
    page_fill(request, &query, &buf);
    buf_add(&buf, FOOT);
    const char *page = buf_text(&buf, error);
    if (!page)
        return false;
    http_reply_header(request->exchange, "Content-Security-Policy",
                      "default-src 'none'; base-uri 'none'; form-action 'none'; "
                      "frame-ancestors 'none'");
    http_reply_header(request->exchange, "X-Content-Type-Options", "nosniff");
    http_reply_header(request->exchange, "X-Frame-Options", "DENY");
    http_reply_header(request->exchange, "Referrer-Policy", "no-referrer"); /* the URL has a code */
    reply_bytes(request, request->route->status, request->route->media_type,
                (struct bytes){page, strlen(page)});
    return true;
}

static const struct field QUERY_FIELDS[] = {
    FIELD(struct sign_in_query, provider, .use = CREATE, .max = WORD_MOST,
          .about = "gmail or outlook"),
    FIELD(struct sign_in_query, status, .use = CREATE, .max = WORD_MOST,
          .about = "success or error"),
    FIELD(struct sign_in_query, reason, .use = CREATE, .max = WORD_MOST,
          .about = "a word for what went wrong"),
    FIELD(struct sign_in_query, completion, .use = CREATE, .max = COMPLETION_MOST,
          .about = "what completes the sign-in"),
    {0},
};
const struct schema SIGN_IN_QUERY = SCHEMA(struct sign_in_query, QUERY_FIELDS);
