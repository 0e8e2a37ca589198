#include "provider/gmail_call.h"

#include <string.h>

#include "provider/url_form.h"

#define PAGE_SIZE "500" /* the most that Gmail gives */

const char *gmail_url(const struct web_mail *mail, const char *path, const struct url_pair *query)
{
    const char *url = arena_format(mail->arena, "%s/gmail/v1/users/me/%s",
                                   mail->settings->gmail_url, path);
    return query ? url_form_append(url, query, mail->arena) : url;
}

static bool get(struct web_mail *mail, const char *name, const char *url,
                const struct schema *schema, void *object, struct web_answer *ret_answer)
{
    const struct web_call call = {.name = name, .method = "GET", .url = url};
    return web_mail_ask(mail, &call, ret_answer) &&
           web_mail_read(mail, &call, schema, object, ret_answer);
}

/* The reply was of the right form, and yet lacks what it is for. */
static bool lacks(struct web_mail *mail, const char *what, struct web_answer *answer)
{
    answer->meaning = WEB_LATER;
    answer->sentence = arena_format(mail->arena, "Gmail's reply to %s has no %s", answer->call,
                                    what);
    return false;
}

bool gmail_get_profile(struct web_mail *mail, const char **ret_history_id,
                       struct web_answer *ret_answer)
{
    struct gmail_profile profile = {0};
    if (!get(mail, "profile", gmail_url(mail, "profile", NULL), &GMAIL_PROFILE, &profile,
             ret_answer))
        return false;
    if (!gmail_is_history_id(profile.history_id))
        return lacks(mail, "history id", ret_answer);
    *ret_history_id = profile.history_id;
    return true;
}

bool gmail_get_message(struct web_mail *mail, const char *id, struct gmail_message *ret_message,
                       struct web_answer *ret_answer)
{
    static const struct url_pair QUERY[] = {{"format", "metadata"},
                                            {"metadataHeaders", "Message-ID"},
                                            {"metadataHeaders", "From"},
                                            {"metadataHeaders", EMAIL_REFERENCE_HEADER},
                                            {0}};
    const char *path = arena_format(mail->arena, "messages/%s", id);
    *ret_message = (struct gmail_message){0};
    return get(mail, "messages.get", gmail_url(mail, path, QUERY), &GMAIL_MESSAGE, ret_message,
               ret_answer);
}

bool gmail_get_draft(struct web_mail *mail, const char *id, struct gmail_draft *ret_draft,
                     struct web_answer *ret_answer)
{
    static const struct url_pair QUERY[] = {{"format", "minimal"}, {0}};
    const char *path = arena_format(mail->arena, "drafts/%s", id);
    *ret_draft = (struct gmail_draft){0};
    if (!get(mail, "drafts.get", gmail_url(mail, path, QUERY), &GMAIL_DRAFT, ret_draft, ret_answer))
        return false;
    return gmail_is_id(ret_draft->message.id) || lacks(mail, "message", ret_answer);
}

static bool search(struct web_mail *mail, const char *name, const char *path, const char *search,
                   struct gmail_page *ret_page, struct web_answer *ret_answer)
{
    const struct url_pair query[] = {{"q", search}, {"maxResults", PAGE_SIZE}, {0}};
    *ret_page = (struct gmail_page){0};
    return get(mail, name, gmail_url(mail, path, query), &GMAIL_PAGE, ret_page, ret_answer);
}

bool gmail_list_drafts(struct web_mail *mail, const char *wanted, struct gmail_page *ret_page,
                       struct web_answer *ret_answer)
{
    return search(mail, "drafts.list", "drafts", wanted, ret_page, ret_answer);
}

bool gmail_list_messages(struct web_mail *mail, const char *wanted, struct gmail_page *ret_page,
                         struct web_answer *ret_answer)
{
    return search(mail, "messages.list", "messages", wanted, ret_page, ret_answer);
}

/* All kinds of changes: whether a sent draft is a new message or an old one with another label is
 * Gmail's affair. */
bool gmail_list_history(struct web_mail *mail, const char *history_id, const char *page,
                        struct gmail_page *ret_page, struct web_answer *ret_answer)
{
    const struct url_pair query[] = {{"startHistoryId", history_id},
                                     {"labelId", "SENT"},
                                     {"maxResults", PAGE_SIZE},
                                     {"pageToken", page},
                                     {0}};
    *ret_page = (struct gmail_page){0};
    return get(mail, "history.list", gmail_url(mail, "history", query), &GMAIL_PAGE, ret_page,
               ret_answer);
}

bool gmail_has_thread(struct web_mail *mail, const char *thread_id, struct web_answer *ret_answer)
{
    static const struct url_pair QUERY[] = {{"format", "minimal"}, {"fields", "id"}, {0}};
    const char *path = arena_format(mail->arena, "threads/%s", thread_id);
    const struct web_call call = {
        .name = "threads.get", .method = "GET", .url = gmail_url(mail, path, QUERY)};
    return web_mail_ask(mail, &call, ret_answer);
}

bool gmail_delete_draft(struct web_mail *mail, const char *draft_id, struct web_answer *ret_answer)
{
    const struct web_call call = {
        .name = "drafts.delete",
        .method = "DELETE",
        .url = gmail_url(mail, arena_format(mail->arena, "drafts/%s", draft_id), NULL),
    };
    if (web_mail_ask(mail, &call, ret_answer) || ret_answer->meaning == WEB_GONE)
        return true;
    if (ret_answer->meaning == WEB_REFUSED)
        ret_answer->meaning = WEB_LATER; /* that says nothing of the mail */
    return false;
}

bool gmail_send_draft(struct web_mail *mail, const char *draft_id, http_commit *commit,
                      void *context, struct gmail_message *ret_message,
                      struct web_answer *ret_answer)
{
    const char *body = arena_format(mail->arena, "{\"id\":\"%s\"}", draft_id);
    const struct web_call call = {
        .name = "drafts.send",
        .method = "POST",
        .url = gmail_url(mail, "drafts/send", NULL),
        .headers = {{"Content-Type", "application/json; charset=UTF-8"}},
        .body = {body, strlen(body)},
        .commit = commit,
        .commit_context = context,
    };
    *ret_message = (struct gmail_message){0};
    if (!web_mail_ask(mail, &call, ret_answer) ||
        !web_mail_read(mail, &call, &GMAIL_MESSAGE, ret_message, ret_answer))
        return false;
    if (gmail_is_id(ret_message->id))
        return true;
    lacks(mail, "id", ret_answer);
    ret_answer->meaning = WEB_UNCLEAR;
    return false;
}
