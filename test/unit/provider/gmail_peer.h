/* gmail_peer.h - a Gmail that says what it was told to, call by call, and somebody who has a mail
 * to send through it and notes in which order things were made durable. */
#pragma once
#include "provider/web_mail.h"
#include "web_server.h"

struct gmail_says {
    int status;          /* 0: nothing at all, and then end */
    const char *body;    /* JSON; NULL: none */
    const char *headers; /* whole lines, or NULL */
    enum web_end end;
    size_t missing; /* bytes of the body that are promised and never come */
    bool is_hasty;  /* says so before it has read the request */
};

struct gmail_peer {
    struct arena *arena;
    struct web_server *server;
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
    const char *kept;       /* the handle */
    struct web_heard heard; /* after gmail_peer_finish */
};

/* Lives until the next start. The mail: a few lines. */
struct gmail_peer *gmail_peer_start(const struct gmail_says *says, size_t count);
/* Other words, as many as before; as long as nothing has been asked. */
void gmail_peer_say(struct gmail_peer *peer, const struct gmail_says *says, size_t count);
/* A mail of this size instead. */
void gmail_peer_write(struct gmail_peer *peer, size_t size);
struct web_mail gmail_peer_open(struct gmail_peer *peer);
void gmail_peer_close(struct gmail_peer *peer, struct web_mail *mail);
/* Closes all; what was heard can be looked at now. */
void gmail_peer_finish(struct gmail_peer *peer);
/* How many requests began so: "POST /x HTTP/1.1". */
size_t gmail_peer_count(const struct gmail_peer *peer, const char *start);

/* The mail as it is. */
struct bytes gmail_peer_mail(struct gmail_peer *peer);

#define GMAIL_ME "/gmail/v1/users/me/"
#define GMAIL_ASKED_TO_SEND "POST " GMAIL_ME "drafts/send "
#define GMAIL_HANDLE "r-1 m1 t1 70" /* as PROFILE and DRAFT give it */
#define GMAIL_PROFILE_SAYS \
    { \
        200, "{\"emailAddress\":\"ann@example.com\",\"historyId\":\"70\"}" \
    }
#define GMAIL_DRAFT_BODY \
    "{\"id\":\"r-1\",\"message\":{\"id\":\"m1\",\"threadId\":\"t1\",\"labelIds\":[\"DRAFT\"]}}"
#define GMAIL_DRAFT_SAYS \
    { \
        200, GMAIL_DRAFT_BODY \
    }
#define GMAIL_SENT_SAYS \
    { \
        200, "{\"id\":\"m2\",\"threadId\":\"t1\",\"labelIds\":[\"SENT\"]}" \
    }
/* reference: an email's id. */
#define GMAIL_MESSAGE(id, label, message_id, from, reference) \
    "{\"id\":\"" id "\",\"threadId\":\"t1\",\"labelIds\":[\"" label "\"],\"historyId\":\"75\"," \
    "\"payload\":{\"headers\":[{\"name\":\"Message-Id\",\"value\":\"" message_id "\"}," \
    "{\"name\":\"FROM\",\"value\":\"" from "\"}," \
    "{\"name\":\"x-outtray-ref\",\"value\":\"" reference "\"}]}}"
#define GMAIL_PEER_ID "01a1fcf6-6fcb-736a-944d-4178f9d5f247"
#define GMAIL_READ_SAYS \
    { \
        200, GMAIL_MESSAGE("m2", "SENT", "<CA@mail.gmail.com>", "Ann <ann@example.com>", \
                           GMAIL_PEER_ID) \
    }
#define GMAIL_ERROR(status, reason, message) \
    "{\"error\":{\"code\":" #status ",\"message\":\"" message "\",\"status\":\"S\"," \
    "\"errors\":[{\"domain\":\"global\",\"reason\":\"" reason "\"}]}}"
#define GMAIL_GONE_SAYS \
    { \
        404, GMAIL_ERROR(404, "notFound", "Requested entity was not found.") \
    }
