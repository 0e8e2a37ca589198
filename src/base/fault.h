/* fault.h - points at which a test has this process killed, as a power cut would end it.
 *
 * Only builds with tests have any: OUTTRAY_FAULT=smtp_dot_sent:2 in the environment of such a
 * program ends it by SIGKILL at the second passing of that point. In all others FAULT is nothing.
 */
#pragma once

#ifdef OUTTRAY_FAULTS
enum fault {
    FAULT_COMMIT_BEFORE, /* a group of transactions has worked */
    FAULT_COMMIT_AFTER,  /* and is durable, and nobody has heard of it yet */
    FAULT_BLOB_NAMED,    /* an attachment has its name, and no row names it */
    FAULT_PLANNED_DUE,   /* planned mail becomes queued, in a transaction that goes on */
    FAULT_CLAIMED,       /* durably, and no sender has it yet */
    FAULT_LOADED,
    FAULT_COMPOSED,
    FAULT_NOTE_BEFORE,       /* all but the mail's last byte may be out */
    FAULT_NOTE_AFTER,        /* that it may leave is noted, and it has not left */
    FAULT_RECIPIENTS_BEFORE, /* what is known of some recipients is about to be kept */
    FAULT_RECIPIENTS_AFTER,
    FAULT_HANDLE_BEFORE,
    FAULT_HANDLE_AFTER,
    FAULT_OUTCOME_BEFORE,
    FAULT_OUTCOME_AFTER,
    FAULT_RECEIVED, /* in a transaction that goes on */
    FAULT_SMTP_CONNECTED,
    FAULT_SMTP_ENVELOPE, /* MAIL and each RCPT have been answered */
    FAULT_SMTP_DATA,     /* and DATA with 354 */
    FAULT_SMTP_DOT_SENT,
    FAULT_SMTP_REPLIED,
    FAULT_SANDBOX_WRITTEN,
    FAULT_SANDBOX_RENAMED,
    FAULT_HTTP_BEGIN, /* of any request to a provider: token, draft, pieces, send, search */
    FAULT_HTTP_WHOLE, /* its last piece is about to leave */
    FAULT_HTTP_REPLIED,
    FAULT_TOKEN_GIVEN, /* a new refresh token, and the former may be dead; not durable yet */
    FAULT_TOKEN_KEPT,
    FAULT_KEY_LINKED,   /* the former key has its second name */
    FAULT_KEY_REPLACED, /* the new key is in its place, and has sealed nothing yet */
    FAULT_SEALED_ANEW,  /* some secrets, durably */
    FAULT_PROBE_BEFORE,
    FAULT_PROBE_AFTER, /* the provider has said whether it was sent */
    FAULT_PROBE_NOTED,
    FAULT_PARSER_BORN,  /* a reader is about to say that it is ready */
    FAULT_PARSER_ASKED, /* it has all that it was asked */
    FAULT_PARSER_PART,  /* of a mail, is about to be read */
    FAULT_PARSER_ITEM,  /* an attachment is about to go to the server */
    FAULT_PARSER_DATA,  /* and some of its content */
    FAULT_PARSER_HTML,  /* a tree of it is there */
    FAULT_PARSER_DONE,  /* the answer is made */
    FAULT_PARSER_HALF,  /* and half of it sent */
    FAULT_PARSER_ANSWERED,
    FAULT_COUNT
};
extern const char *const FAULT_NAMES[FAULT_COUNT];

void fault_pass(enum fault point);
#define FAULT(point) fault_pass(FAULT_##point)
#else
#define FAULT(point) ((void)0)
#endif
