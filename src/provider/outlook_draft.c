#include "provider/outlook_draft.h"

#include <string.h>

#include "base/text.h"
#include "mime/parse.h"
#include "provider/outlook_attachment.h"
#include "provider/outlook_find.h"
#include "provider/outlook_message.h"
#include "provider/web_body.h"

enum { TOO_LARGE = 413 };

/* It was made, and the reply does not say as what: it is looked for. */
static bool find_made(struct outlook *outlook, struct outlook_item *ret_draft,
                      struct web_answer *ret_answer)
{
    struct outlook_finding finding;
    const char *call = ret_answer->call;
    if (!outlook_search(outlook, &finding, ret_answer))
        return false;
    if (!finding.drafts.count)
        return outlook_fail(outlook, ret_answer, WEB_LATER,
                            "Outlook's reply to %s does not name the draft, and it is not there",
                            call);
    *ret_draft = *(const struct outlook_item *)finding.drafts.items;
    return true;
}

static bool create(struct outlook *outlook, const struct web_call *call,
                   struct outlook_item *ret_draft, struct web_answer *ret_answer)
{
    struct outlook_item draft = {0};
    bool is_read = outlook_ask(outlook, call, ret_answer) &&
                   web_mail_read(&outlook->web, call, &OUTLOOK_ITEM, &draft, ret_answer);
    if (is_read && outlook_is_id(draft.id)) {
        *ret_draft = draft;
        return true;
    }
    return outlook_has_acted(ret_answer) && find_made(outlook, ret_draft, ret_answer);
}

static bool create_by_json(struct outlook *outlook, const char *name, const char *path,
                           const char *json, struct outlook_item *ret_draft,
                           struct web_answer *ret_answer)
{
    struct web_call call = outlook_call(outlook, name, "POST", path, NULL, "application/json");
    call.body = (struct bytes){json, strlen(json)};
    return create(outlook, &call, ret_draft, ret_answer);
}

static struct web_body mime_body(const struct outlook *outlook)
{
    return (struct web_body){.mail = outlook->attempt->message, .spelling = WEB_BASE64};
}

static bool fits_as_mime(const struct outlook *outlook)
{
    struct web_body body = mime_body(outlook);
    return web_body_stream(&body).size < OUTLOOK_REQUEST_BYTES_MAX;
}

static bool create_by_mime(struct outlook *outlook, struct outlook_item *ret_draft,
                           struct web_answer *ret_answer)
{
    struct web_call call = outlook_call(outlook, "messages.create", "POST", "/messages", NULL,
                                        "text/plain");
    struct web_body body = mime_body(outlook);
    call.stream = web_body_stream(&body);
    return create(outlook, &call, ret_draft, ret_answer);
}

static bool change(struct outlook *outlook, const struct outlook_item *draft, const char *json,
                   struct web_answer *ret_answer)
{
    return outlook_put_json(outlook, "messages.update", "PATCH",
                            outlook_message_path(outlook, draft->id, ""), json, ret_answer);
}

/* Its marks only help to find it. Where Exchange does not want them it goes without. */
static bool mark(struct outlook *outlook, const struct outlook_item *draft,
                 struct web_answer *ret_answer)
{
    struct error never;
    const char *json = outlook_message_lacks(outlook, draft->message_id, &never);
    return change(outlook, draft, text_or(json, "{}"), ret_answer) ||
           ret_answer->meaning == WEB_REFUSED;
}

static bool read_mime(const struct outlook *outlook, struct mime_mail *ret_mime,
                      struct web_answer *ret_answer)
{
    struct error error;
    return mime_parse(outlook->attempt->message, NULL, outlook->web.arena, ret_mime, &error) ||
           outlook_fail(outlook, ret_answer, WEB_LATER,
                        "this server could not read the mail that it had composed: %s",
                        error.message);
}

static bool refuse_large(const struct outlook *outlook, struct web_answer *ret_answer)
{
    return outlook_fail(outlook, ret_answer, WEB_REFUSED,
                        "the mail's text and recipients take more than %d bytes as Outlook wants "
                        "them, and that is its limit for them; attachments may be larger",
                        OUTLOOK_REQUEST_BYTES_MAX);
}

static bool make_by_pieces(struct outlook *outlook, struct outlook_item *ret_draft,
                           struct web_answer *ret_answer)
{
    struct mime_mail mime;
    struct error error;
    *ret_answer = (struct web_answer){.call = "messages.create"};
    if (!read_mime(outlook, &mime, ret_answer))
        return false;
    const char *json = outlook_message_new(outlook, &mime, &error);
    if (!json)
        return refuse_large(outlook, ret_answer);
    return create_by_json(outlook, "messages.create", "/messages", json, ret_draft, ret_answer) &&
           outlook_attach_all(outlook, ret_draft->id, ret_answer);
}

static bool make_new(struct outlook *outlook, struct outlook_item *ret_draft,
                     struct web_answer *ret_answer)
{
    if (fits_as_mime(outlook)) {
        if (create_by_mime(outlook, ret_draft, ret_answer))
            return mark(outlook, ret_draft, ret_answer);
        if (ret_answer->result.status != TOO_LARGE)
            return false;
    }
    return make_by_pieces(outlook, ret_draft, ret_answer);
}

/* The mail that is answered, as Exchange knows it; NULL: it is not in this mailbox. */
static const char *parent_id(const struct outlook *outlook)
{
    const struct attempt *attempt = outlook->attempt;
    const struct email *parent = attempt->parent;
    bool is_here = parent && text_equal(parent->account_id, attempt->account->id) &&
                   text_equal(parent->provider, "outlook") &&
                   outlook_is_id(parent->provider_message_id);
    return is_here ? parent->provider_message_id : NULL;
}

static bool start_answer(struct outlook *outlook, const char *parent, const char *json,
                         struct outlook_item *ret_draft, struct web_answer *ret_answer)
{
    return create_by_json(outlook, "messages.createReply",
                          outlook_message_path(outlook, parent, "/createReply"), json, ret_draft,
                          ret_answer);
}

static bool finish_answer(struct outlook *outlook, const struct outlook_item *draft,
                          const char *json, struct web_answer *ret_answer)
{
    return outlook_detach_all(outlook, draft->id, ret_answer) &&
           change(outlook, draft, json, ret_answer) &&
           outlook_attach_all(outlook, draft->id, ret_answer);
}

/* Exchange itself puts it into the conversation. Where it does not know the mail that is answered,
 * or not in this way, the header still says what that is. */
static bool make_answer(struct outlook *outlook, const char *parent, struct outlook_item *ret_draft,
                        struct web_answer *ret_answer)
{
    struct mime_mail mime;
    struct error error;
    *ret_answer = (struct web_answer){.call = "messages.createReply"};
    if (!read_mime(outlook, &mime, ret_answer))
        return false;
    const char *marks = outlook_message_marks(outlook, &error);
    const char *json = outlook_message_answer(outlook, &mime, &error);
    if (!marks || !json)
        return refuse_large(outlook, ret_answer);
    if (start_answer(outlook, parent, marks, ret_draft, ret_answer))
        return finish_answer(outlook, ret_draft, json, ret_answer);
    bool is_unwanted = ret_answer->meaning == WEB_REFUSED || ret_answer->meaning == WEB_GONE;
    return is_unwanted && make_new(outlook, ret_draft, ret_answer);
}

bool outlook_make_draft(struct outlook *outlook, struct outlook_item *ret_draft,
                        struct web_answer *ret_answer)
{
    const char *parent = parent_id(outlook);
    *ret_draft = (struct outlook_item){0};
    return parent ? make_answer(outlook, parent, ret_draft, ret_answer)
                  : make_new(outlook, ret_draft, ret_answer);
}
