/* outlook_peer.h - an Outlook that says what it was told to (web_peer.h). */
#pragma once
#include "provider/outlook_call.h"
#include "web_peer.h"

/* Lives until the next start. The mail: a line of text. */
struct web_peer *outlook_peer_start(const struct web_says *says, size_t count);
/* Attaches zeros to the mail, a file of each size; sizes end with 0. */
void outlook_peer_attach(struct web_peer *peer, const size_t *sizes);
struct outcome outlook_peer_send(struct web_peer *peer);

#define OUTLOOK_ME "/v1.0/me"
#define OUTLOOK_MESSAGES OUTLOOK_ME "/messages"
#define OUTLOOK_ASKED_TO_SEND "POST " OUTLOOK_MESSAGES "/AAk%2F1%3D/send HTTP/1.1"
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
