#include "api/listing.h"

#include "api/replies.h"

const char *const LISTING_SHAPES[] = {
    [LISTING_SUMMARY] = "summary",
    [LISTING_FULL] = "full",
    NULL,
};

struct listing {
    struct request *request;
    listing_show *show;
    bool is_full;
};

/* The item's arena is the request's meanwhile: what is looked up for it goes with it. */
static bool listing_make(void *context, const void *listed, struct arena *arena, void *ret_item,
                         bool *ret_is_there, struct error *error)
{
    const struct listing *listing = context;
    struct request *request = listing->request;
    struct arena *outer = request->arena;
    struct email email;
    if (!email_list_load(request_reading(request), listed, listing->is_full, arena, &email,
                         ret_is_there, error))
        return false;
    request->arena = arena;
    bool is_made = !*ret_is_there || listing->show(request, &email, ret_item, error);
    request->arena = outer;
    return is_made;
}

static uint64_t listing_bytes(struct list emails)
{
    const struct email *items = emails.items;
    uint64_t bytes = 0;
    for (size_t i = 0; i < emails.count; i++)
        bytes += items[i].is_truncated ? 0 : (uint64_t)items[i].body_bytes;
    return bytes;
}

bool listing_show_email(struct request *request, struct email *email, void *ret_item,
                        struct error *error)
{
    (void)error;
    *(struct email *)ret_item = views_shown(request, email);
    return true;
}

bool listing_show_message(struct request *request, struct email *email, void *ret_item,
                          struct error *error)
{
    (void)error;
    *(struct message *)ret_item = message_shown(request, email);
    return true;
}

bool listing_reply(struct request *request, const void *object, struct list emails,
                   const struct schema *items, listing_show *show, enum listing_shape shape,
                   struct error *error)
{
    struct listing listing = {request, show, shape == LISTING_FULL};
    const struct json_maker maker = {items, sizeof(struct email), listing_make, &listing};
    request->is_summary = !listing.is_full;
    return replies_begin(request, listing.is_full ? listing_bytes(emails) : 0, error) &&
           reply_made(request, object, &maker, error);
}
