/* automatic.h - what a header says of mail that no person sent to a person: that a program wrote
 * it, and by which list it came. */
#pragma once
#include "mime/head.h"

/* Whether a program wrote it on its own (RFC 3834 5: Auto-Submitted that is not `no`; before that
 * standard X-Autoreply, X-Autorespond, X-Autoresponse, X-AutoReply-From, X-Mail-Autoreply, and
 * Precedence: auto_reply). X-Auto-Response-Suppress is a wish, and stands in people's mail, too;
 * Precedence: bulk and list say how it was spread and not who wrote it. */
bool automatic_is(const struct head *head);

/* The address in List-Post (RFC 2369 3.4); NULL for none, for a list that takes no posts, for one
 * that takes them elsewhere. */
const char *automatic_list_post(const char *value, struct arena *arena);
