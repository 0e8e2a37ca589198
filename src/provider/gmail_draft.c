#include "provider/gmail_draft.h"

#include <string.h>

#include "base/secret.h"
#include "provider/gmail_call.h"
#include "provider/gmail_upload.h"
#include "provider/url_form.h"
#include "provider/web_body.h"

enum { BOUNDARY_BYTES = 18 };

static const char NAME[] = "drafts.create", MAIL_TYPE[] = "message/rfc822";

struct creation {
    struct web_mail *mail;
    const struct spool *message;
    const char *thread_id;
};

static const char *metadata_of(const struct creation *creation)
{
    return creation->thread_id
               ? arena_format(creation->mail->arena, "{\"message\":{\"threadId\":\"%s\"}}",
                              creation->thread_id)
               : "{}";
}

static const char *upload_url(const struct creation *creation, const char *type)
{
    const struct url_pair query[] = {{"uploadType", type}, {0}};
    const char *url = arena_format(creation->mail->arena, "%s/upload/gmail/v1/users/me/drafts",
                                   creation->mail->settings->gmail_url);
    return url_form_append(url, query, creation->mail->arena);
}

static bool read_draft(const struct creation *creation, struct gmail_draft *ret_draft,
                       struct web_answer *answer)
{
    const struct web_call call = {.name = NAME};
    *ret_draft = (struct gmail_draft){0};
    if (answer->meaning != WEB_DONE ||
        !web_mail_read(creation->mail, &call, &GMAIL_DRAFT, ret_draft, answer))
        return false;
    if (gmail_is_id(ret_draft->id) && gmail_is_id(ret_draft->message.id))
        return true;
    answer->meaning = WEB_LATER;
    answer->sentence = "Gmail's reply to drafts.create does not name the draft";
    return false;
}

static void ask(const struct creation *creation, const char *url, const char *content_type,
                struct web_body *body, struct web_answer *ret_answer)
{
    const struct web_call call = {
        .name = NAME,
        .method = "POST",
        .url = url,
        .headers = {{"Content-Type", content_type}},
        .stream = web_body_stream(body),
    };
    web_mail_ask(creation->mail, &call, ret_answer);
}

static void hand_in_json(const struct creation *creation, struct web_answer *ret_answer)
{
    struct arena *arena = creation->mail->arena;
    struct web_body body = {
        .before = creation->thread_id
                      ? arena_format(arena, "{\"message\":{\"threadId\":\"%s\",\"raw\":\"",
                                     creation->thread_id)
                      : "{\"message\":{\"raw\":\"",
        .mail = creation->message,
        .spelling = WEB_BASE64URL,
        .after = "\"}}",
    };
    ask(creation, gmail_url(creation->mail, "drafts", NULL), "application/json; charset=UTF-8",
        &body, ret_answer);
}

static void hand_in_multipart(const struct creation *creation, struct web_answer *ret_answer)
{
    struct arena *arena = creation->mail->arena;
    const char *boundary = secret_random("outtray_", BOUNDARY_BYTES, arena);
    struct web_body body = {
        .before = arena_format(arena,
                               "--%s\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
                               "%s\r\n--%s\r\nContent-Type: %s\r\n\r\n",
                               boundary, metadata_of(creation), boundary, MAIL_TYPE),
        .mail = creation->message,
        .after = arena_format(arena, "\r\n--%s--\r\n", boundary),
    };
    ask(creation, upload_url(creation, "multipart"),
        arena_format(arena, "multipart/related; boundary=%s", boundary), &body, ret_answer);
}

static void hand_in_large(const struct creation *creation, struct web_answer *ret_answer)
{
    const struct gmail_upload upload = {
        .name = NAME,
        .url = upload_url(creation, "resumable"),
        .metadata = metadata_of(creation),
        .content_type = MAIL_TYPE,
        .content = creation->message,
    };
    if (gmail_upload_run(creation->mail, &upload, ret_answer) == GMAIL_UPLOAD_IMPOSSIBLE)
        hand_in_multipart(creation, ret_answer);
}

static bool create(const struct creation *creation, struct gmail_draft *ret_draft,
                   struct web_answer *ret_answer)
{
    uint64_t size = spool_size(creation->message);
    if (size <= GMAIL_JSON_BYTES)
        hand_in_json(creation, ret_answer);
    else if (size <= GMAIL_MULTIPART_BYTES)
        hand_in_multipart(creation, ret_answer);
    else
        hand_in_large(creation, ret_answer);
    return read_draft(creation, ret_draft, ret_answer);
}

bool gmail_create_draft(struct web_mail *mail, const struct spool *message, const char *thread_id,
                        struct gmail_draft *ret_draft, struct web_answer *ret_answer)
{
    struct creation creation = {mail, message, gmail_is_id(thread_id) ? thread_id : NULL};
    struct web_answer about_thread;
    if (create(&creation, ret_draft, ret_answer))
        return true;
    if (ret_answer->meaning != WEB_GONE || !creation.thread_id ||
        gmail_has_thread(mail, creation.thread_id, &about_thread) ||
        about_thread.meaning != WEB_GONE)
        return false;
    /* Who gets the mail still sees what it answers, by its header. */
    creation.thread_id = NULL;
    return create(&creation, ret_draft, ret_answer);
}
