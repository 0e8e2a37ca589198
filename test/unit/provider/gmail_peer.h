/* gmail_peer.h - a Gmail that says what it was told to (web_peer.h). */
#pragma once
#include "provider/web_mail.h"
#include "web_peer.h"

/* Lives until the next start. The mail: a few lines. */
struct web_peer *gmail_peer_start(const struct web_says *says, size_t count);
/* A mail of this size instead. */
void gmail_peer_write(struct web_peer *peer, size_t size);
struct web_mail gmail_peer_open(struct web_peer *peer);
void gmail_peer_close(struct web_peer *peer, struct web_mail *mail);

/* The mail as it is. */
struct bytes gmail_peer_mail(struct web_peer *peer);

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
#define GMAIL_READ_SAYS \
    { \
        200, GMAIL_MESSAGE("m2", "SENT", "<CA@mail.gmail.com>", "Ann <ann@example.com>", \
                           WEB_PEER_ID) \
    }
#define GMAIL_ERROR(status, reason, message) \
    "{\"error\":{\"code\":" #status ",\"message\":\"" message "\",\"status\":\"S\"," \
    "\"errors\":[{\"domain\":\"global\",\"reason\":\"" reason "\"}]}}"
#define GMAIL_GONE_SAYS \
    { \
        404, GMAIL_ERROR(404, "notFound", "Requested entity was not found.") \
    }
