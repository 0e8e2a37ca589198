/* outlook_peer.h - an Outlook that says what it was told to, call by call, and somebody who has a
 * mail to send through it and notes in which order things were made durable. */
#pragma once
#include "provider/outlook_call.h"
#include "web_server.h"

struct outlook_says {
    int status;          /* 0: nothing at all, and then end */
    const char *body;    /* JSON; NULL: none */
    const char *headers; /* whole lines, or NULL */
    enum web_end end;
    size_t missing; /* bytes of the body that are promised and never come */
    bool is_hasty;  /* says so before it has read the request */
};

struct outlook_peer {
    struct arena *arena;
    struct web_server *server;
    const char *url; /* of the server */
    struct web_turn *turns;
    struct provider_settings settings;
    struct provider_pool *pool;
    struct account account;
    struct address to[1];
    struct email email, parent;
    struct spool *message;
    struct attempt attempt; /* of all that */
    bool refuses_handle, refuses_commit;
    char steps[32];         /* K: a handle was kept; C: committed */
    const char *kept;       /* the newest handle */
    struct web_heard heard; /* after outlook_peer_finish */
};

/* Lives until the next start. The mail: a line of text. */
struct outlook_peer *outlook_peer_start(const struct outlook_says *says, size_t count);
/* Other words, as many as before; as long as nothing has been asked. */
void outlook_peer_say(struct outlook_peer *peer, const struct outlook_says *says, size_t count);
/* Attaches zeros to the mail, a file of each size; sizes end with 0. */
void outlook_peer_attach(struct outlook_peer *peer, const size_t *sizes);
struct outcome outlook_peer_send(struct outlook_peer *peer);
/* Closes all; what was heard can be looked at now. */
void outlook_peer_finish(struct outlook_peer *peer);
/* How many requests began so: "POST /x HTTP/1.1". */
size_t outlook_peer_count(const struct outlook_peer *peer, const char *start);

#define OUTLOOK_ME "/v1.0/me"
#define OUTLOOK_MESSAGES OUTLOOK_ME "/messages"
#define OUTLOOK_ASKED_TO_SEND "POST " OUTLOOK_MESSAGES "/AAk%2F1%3D/send HTTP/1.1"
#define OUTLOOK_PEER_ID "01a1fcf6-6fcb-736a-944d-4178f9d5f247"
#define OUTLOOK_ID "AAk/1="
#define OUTLOOK_ITEM_BODY(id, is_draft, message_id) \
    "{\"id\":\"" id "\",\"conversationId\":\"c1\",\"internetMessageId\":\"" message_id "\"," \
    "\"parentFolderId\":\"f1\",\"isDraft\":" #is_draft ",\"subject\":null,\"to\":[{}]}"
#define OUTLOOK_CREATED \
    { \
        201, OUTLOOK_ITEM_BODY(OUTLOOK_ID, true, "<ours@example.com>") \
    }
#define OUTLOOK_CHANGED \
    { \
        200, OUTLOOK_ITEM_BODY(OUTLOOK_ID, true, "<ours@example.com>") \
    }
#define OUTLOOK_STILL_DRAFT OUTLOOK_CHANGED
#define OUTLOOK_ACCEPTED \
    { \
        202, NULL \
    }
#define OUTLOOK_SENT_BODY OUTLOOK_ITEM_BODY(OUTLOOK_ID, false, "<theirs@example.com>")
#define OUTLOOK_IS_SENT \
    { \
        200, OUTLOOK_SENT_BODY \
    }
#define OUTLOOK_LISTED(item) \
    { \
        200, "{\"value\":[" item "]}" \
    }
#define OUTLOOK_NOTHING_LISTED OUTLOOK_LISTED("")
#define OUTLOOK_ERROR(code) \
    "{\"error\":{\"code\":\"" code \
    "\",\"message\":\"It says no.\",\"innerError\":{\"date\":\"d\"}}}"
#define OUTLOOK_GONE \
    { \
        404, OUTLOOK_ERROR("ErrorItemNotFound") \
    }
