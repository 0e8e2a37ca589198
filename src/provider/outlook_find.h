/* outlook_find.h - where in the mailbox a mail is that was to be sent; inside this room.
 *
 * Each is true when Graph has said so; else answer says why not. */
#pragma once
#include "provider/outlook_call.h"

bool outlook_get_item(struct outlook *outlook, const char *id, struct outlook_item *ret_item,
                      struct web_answer *ret_answer);

enum outlook_place {
    OUTLOOK_NOWHERE, /* not now: on its way from Drafts to Sent Items it shows in neither */
    OUTLOOK_DRAFT,
    OUTLOOK_SENT,
};

/* The mail of this draft: by its id, and where that is gone, or NULL, a sent one by its tag or its
 * Message-ID. Another draft of the same mail says nothing about this one. */
bool outlook_locate(struct outlook *outlook, const char *id, enum outlook_place *ret_place,
                    struct outlook_item *ret_item, struct web_answer *ret_answer);

struct outlook_finding {
    struct outlook_item sent; /* id NULL: none */
    struct list drafts;       /* of struct outlook_item; one may be in it twice */
};
/* All that is of the attempt's mail, by its tag and by its Message-ID. */
bool outlook_search(struct outlook *outlook, struct outlook_finding *ret_finding,
                    struct web_answer *ret_answer);

/* Whether the item lies in that folder: "drafts", "sentitems". */
bool outlook_is_in(struct outlook *outlook, const struct outlook_item *item, const char *folder,
                   bool *ret_is_in, struct web_answer *ret_answer);
