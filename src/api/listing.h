/* listing.h - replies with lists of emails: each is read, written and forgotten before the next;
 * inside this room. */
#pragma once
#include "api/views.h"

/* An email as an item of the reply; what it needs is of request->arena. */
typedef bool listing_show(struct request *request, struct email *email, void *ret_item,
                          struct error *error);
/* The same email; the outbound family's as it shows it. */
bool listing_show_email(struct request *request, struct email *email, void *ret_item,
                        struct error *error);
bool listing_show_message(struct request *request, struct email *email, void *ret_item,
                          struct error *error);

/* Replies with object by the route's view. Its one list of items holds emails as the store lists
 * them (store/email_list.h). A summary has no bodies, and does not read them. */
bool listing_reply(struct request *request, const void *object, struct list emails,
                   const struct schema *items, listing_show *show, enum listing_shape shape,
                   struct error *error);
