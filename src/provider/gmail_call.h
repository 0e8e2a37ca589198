/* gmail_call.h - the calls of Gmail's API that a mail needs, apart from those that hand it in
 * (gmail_draft.h); inside this room.
 *
 * Each is true when it was answered to the point; else answer says why not. */
#pragma once
#include "provider/gmail_reply.h"

struct url_pair;
/* The URL of what is at this path of the mailbox; query ends with {0}, or is NULL. */
const char *gmail_url(const struct web_mail *mail, const char *path, const struct url_pair *query);

/* Where the history of the mailbox is now. */
bool gmail_get_profile(struct web_mail *mail, const char **ret_history_id,
                       struct web_answer *ret_answer);
/* Its labels, and Message-ID, From and our reference of its header. */
bool gmail_get_message(struct web_mail *mail, const char *id, struct gmail_message *ret_message,
                       struct web_answer *ret_answer);
bool gmail_get_draft(struct web_mail *mail, const char *id, struct gmail_draft *ret_draft,
                     struct web_answer *ret_answer);
/* The first page of what is found. */
bool gmail_list_drafts(struct web_mail *mail, const char *search, struct gmail_page *ret_page,
                       struct web_answer *ret_answer);
bool gmail_list_messages(struct web_mail *mail, const char *search, struct gmail_page *ret_page,
                         struct web_answer *ret_answer);
/* What has changed of sent mail since then. page: NULL, or the next_page of the one before. */
bool gmail_list_history(struct web_mail *mail, const char *history_id, const char *page,
                        struct gmail_page *ret_page, struct web_answer *ret_answer);
/* Whether that thread is there: false with WEB_GONE when it is not. */
bool gmail_has_thread(struct web_mail *mail, const char *thread_id, struct web_answer *ret_answer);

/* Deletes it for good. True, too, when there is none: it was sent, or deleted by somebody. */
bool gmail_delete_draft(struct web_mail *mail, const char *draft_id, struct web_answer *ret_answer);

/* Sends it. commit is called right before; see struct attempt. */
bool gmail_send_draft(struct web_mail *mail, const char *draft_id, http_commit *commit,
                      void *context, struct gmail_message *ret_message,
                      struct web_answer *ret_answer);
