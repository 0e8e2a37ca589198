/* email.h - what an email is: a draft, a mail on its way, a sent one and a received one are one
 * record in different states. Knows no HTTP, no SQL, no provider. */
#pragma once
#include "base/address.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/schema.h"
#include "model/email_kind.h"
#include "model/email_state.h"

struct attachment {
    const char *document_id;
    const char *sha256; /* of the content, its name in the blob store */
    const char *filename;
    const char *content_type;
    int64_t size_bytes;
    const char *content_id; /* without <>, or NULL */
    bool is_inline;
    /* Of a request, not stored: which base64 of its body this is; where to get it; the other name
     * of document_id. */
    const char *lifted, *url, *storage_key;
    const char *email_id; /* likewise: the mail that it is, as it came in or was sent */
};
extern const struct schema ATTACHMENT_SCHEMA;

/* Every mail carries it, with the email's id, so that it can be found again at its provider. */
#define EMAIL_REFERENCE_HEADER "X-Outtray-Ref"

/* What provider_handle begins with while what it names is not to be sent: it is not complete, or
 * says what the mail said before it was edited. It is thrown away, and another is made. */
#define EMAIL_HANDLE_UNFINISHED "unfinished "

enum {
    EXPIRE_AFTER_SECONDS = 3600, /* when nobody says otherwise */
    EXPIRE_SECONDS_MAX = 30 * 24 * 3600,
};

/* A plan is missed when nobody was there to see its time come: the server did not run. */
enum if_missed { IF_MISSED_SEND, IF_MISSED_HOLD, IF_MISSED_EXPIRE };
extern const char *const IF_MISSED_NAMES[]; /* "send", "hold", "expire" */

struct email {
    const char *id;
    const char *organization_id;
    const char *user_id;    /* who made it */
    const char *account_id; /* the mailbox it leaves from, or came into */
    const char *conversation_id;
    enum email_state state;
    int64_t version;       /* counts edits; for ETag and If-Match */
    const char *client_id; /* the caller's own, one of a user's emails has it; or NULL */

    const char *from_email, *from_name;
    struct list to_recipients, cc_recipients, bcc_recipients; /* of struct address */
    struct list reply_to_recipients; /* of received mail: who wants the answer instead of from */
    enum email_kind kind;            /* likewise */
    const char *list_post;           /* likewise: the address that a mailing list takes posts at */
    const char *subject, *body_text, *body_html;
    const char *signature_html, *signature_text; /* behind the bodies; fixed when it is queued */
    struct list attachments;                     /* of struct attachment */
    const char *context_type, *context_id;       /* the caller's entity it belongs to */
    const char *calendar; /* of a received mail: its invitation as JSON (CALENDAR_VIEW); or NULL */

    const char *message_id;         /* with <>; fixed when it is queued, kept in every attempt */
    const char *written_message_id; /* that one, where its provider has put another in its place */
    moment message_date;            /* its Date, likewise */
    const char *parent_id;          /* the email it answers */
    const char *in_reply_to, *reference_ids;

    moment planned_send_at;
    enum if_missed if_missed;     /* what becomes of it when that time went by unseen */
    int64_t expire_after_seconds; /* with IF_MISSED_EXPIRE: how late it may still leave */

    bool requires_approval;     /* on behalf of the token that wrote it last */
    const char *content_sha256; /* email_content_sha256, as of its submission or last edit since */
    const char *asked_by, *asked_token_id; /* who submitted it, or has edited it since */
    const char
        *asked_message_id;     /* what message_id and message_date become when what was asked for */
    moment asked_message_date; /* is approved: the approver sees the very mail that leaves */
    const char *agent_token_id; /* of the agent that made it: a token that drafts and cannot send */
    const char *approved_sha256, *approved_by; /* what was approved, and by whom; or NULL */
    moment approved_at;
    const char *decided_by;  /* who has approved or rejected it last, */
    int64_t decided_version; /* and at which version */

    moment next_attempt_at; /* when queued: not before, and not set while it is held for a person;
                               when unknown: when to ask, if ever */
    int64_t attempts;
    /* When the first attempt since somebody queued it has failed, and later by all the time in
     * which it was due and nobody tried it; not set: none has, or its mailbox was held since. */
    moment trying_since;
    int64_t probes;      /* how often its provider was asked whether it was sent */
    int64_t claim;       /* fencing number of the newest claim */
    moment lease_until;  /* when sending: whose claim holds till then */
    moment committed_at; /* the last byte was about to be written: it may be out */
    moment sent_at;
    const char *provider;        /* name of the provider that took it */
    const char *provider_handle; /* what it keeps of the mail before it is sent: a draft's id */
    const char *provider_message_id, *provider_thread_id;
    const char *reason;      /* why it waits, failed or is unknown: one sentence */
    const char *mail_sha256; /* of the exact mail handed to the provider, or that came in */
    moment erased_at;        /* what it said is gone */
    bool is_restored;        /* unknown since a backup: only a person lets it leave */
    moment created_at, updated_at;
    int64_t body_bytes; /* of body_text and body_html, as they are stored */
    /* What it is counted for in its organization's quotas (model/quota.h): its bytes, those of its
     * signature among them, and whether it waits. */
    bool is_waiting;
    int64_t stored_bytes, signature_bytes;
    struct list recipients; /* of struct recipient (model/recipient.h): what is known of each, where
                               that was asked for; kept apart */
    bool is_truncated;      /* of a list: its bodies were left out; not stored */
    /* Of mail on its way in, where it is to be kept as it came: the bytes, or, where they are many,
     * the document that they are. Not read back; see store/raw_store.h. */
    struct bytes raw;
    const char *raw_document_id;
    struct calendar invitation; /* of a mail that comes in, where it has one; not stored as such */
};
extern const struct schema EMAIL_SCHEMA; /* its columns */

struct email_limits {
    int64_t recipients;       /* to, cc and bcc together */
    int64_t attachment_bytes; /* of one mail, decoded */
};

/* Rules for anything that is kept: nothing that becomes a header has a line break, sizes. */
bool email_check(const struct email *email, const struct email_limits *limits, struct error *error);
/* And for what is to be sent: a recipient, a subject (may be "" when it answers something). */
bool email_check_sendable(const struct email *email, struct error *error);

/* One line without control characters, tabs excepted: text that may become a header. NULL too. */
bool email_is_header_text(const char *text);
/* What stands between the <> of a Content-ID. */
bool email_is_content_id(const char *text);

/* What is counted of it: about what it takes, attachments apart, and whether it is on its way. */
int64_t email_stored_bytes(const struct email *email);
bool email_is_waiting(const struct email *email);

/* Every recipient once, in the order to, cc, bcc. */
struct list email_recipients(const struct email *email, struct arena *arena);

/* Whether its provider may be asked to send it by what it keeps of it, and may have been. */
bool email_handle_is_finished(const struct email *email);
/* What its provider keeps of it, finished or not; NULL: nothing. */
const char *email_handle(const struct email *email);
/* What its provider keeps of it, if anything, is not to be sent any more. */
void email_unfinish_handle(struct email *email, struct arena *arena);

/* Its provider has stamped another Message-ID on it; what was written into it is remembered. */
void email_stamp(struct email *email, const char *message_id);

/* The first body there is, for previews: text, else HTML, else "". */
const char *email_body(const struct email *email);
