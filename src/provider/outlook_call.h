/* outlook_call.h - how Microsoft Graph is asked about a mailbox, what its refusals mean for a mail,
 * and what matters of a message; inside this room.
 *
 * Ids are immutable ones everywhere: the same before a draft is sent and after. */
#pragma once
#include "provider/url_form.h"
#include "provider/web_mail.h"

/* By each of the two the mail is found again, though its id is not known: a named property (the
 * GUID is our own), whose value is the email's id, and its Message-ID. */
#define OUTLOOK_TAG "String {7a0c1b52-6f0d-4c7e-8b1e-2f3c9d54e6a1} Name SendRef"

/* One request is smaller than that, or it is refused. Graph says 4 MB, and counts its own way. */
enum { OUTLOOK_REQUEST_BYTES_MAX = 3500000 };

struct outlook { /* one attempt, or one question after a mail */
    struct web_mail web;
    const struct attempt *attempt;
    const char *correlation_id; /* every call carries it, for whoever asks Microsoft about it */
};

struct outlook outlook_open(struct provider_pool *pool, const struct attempt *attempt);
void outlook_close(struct provider_pool *pool, struct outlook *outlook);

struct outlook_item { /* a message of the mailbox */
    const char *id, *conversation_id, *message_id, *folder_id;
    bool is_draft;
};
extern const struct schema OUTLOOK_ITEM;
#define OUTLOOK_ITEM_SELECT \
    "id,conversationId,internetMessageId,isDraft,parentFolderId,sentDateTime"

/* Of Graph's: fit for a URL's path once it is encoded, and for a handle as it is. NULL is none. */
bool outlook_is_id(const char *text);
/* With <>, fit for a header; NULL is none. */
bool outlook_is_message_id(const char *text);

/* "/messages/{id}" and what follows. */
const char *outlook_message_path(const struct outlook *outlook, const char *id, const char *more);

/* A call of what is at this path of the mailbox; query ends with {0}, or is NULL. content_type: of
 * the body that the caller adds, or NULL. */
struct web_call outlook_call(const struct outlook *outlook, const char *name, const char *method,
                             const char *path, const struct url_pair *query,
                             const char *content_type);

/* As web_mail_ask. Of a call that may send the mail, 5xx leaves it unclear, whatever it says. */
bool outlook_ask(struct outlook *outlook, const struct web_call *call,
                 struct web_answer *ret_answer);
/* It was answered with 2xx, though perhaps with more than is read. */
bool outlook_has_acted(const struct web_answer *answer);

bool outlook_get(struct outlook *outlook, const char *name, const char *path,
                 const struct url_pair *query, const struct schema *schema, void *object,
                 struct web_answer *ret_answer);
/* Sends this JSON; true when it has acted. */
bool outlook_put_json(struct outlook *outlook, const char *name, const char *method,
                      const char *path, const char *json, struct web_answer *ret_answer);
/* Takes away a draft of ours that will not be sent. True, too, when there is none. */
bool outlook_discard(struct outlook *outlook, const char *id, struct web_answer *ret_answer);

/* Says that an answer is not done after all; false. */
bool outlook_fail(const struct outlook *outlook, struct web_answer *answer,
                  enum web_meaning meaning, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Graph's word and sentence in the body of an error. */
void outlook_read_refusal(struct bytes body, struct arena *arena, struct web_refusal *ret_refusal);
