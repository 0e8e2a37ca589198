#include "store/conversation_list.h"

#include <string.h>

#include "base/buf.h"
#include "store/email_list.h"
#include "store/tally.h"

static void reverse(struct list list, size_t size, struct arena *arena)
{
    char *items = list.items, *other = arena_alloc(arena, size);
    for (size_t i = 0, j = list.count; i + 1 < j; i++) {
        j--;
        memcpy(other, items + i * size, size);
        memcpy(items + i * size, items + j * size, size);
        memcpy(items + j * size, other, size);
    }
}

/* Behind the middle it is nearer from the end. */
static bool load_page(struct session *session, const char *user_id, size_t offset, size_t limit,
                      size_t count, struct arena *arena, struct list *ret_items,
                      struct error *error)
{
    bool from_end = offset > count / 2;
    size_t end = limit < count - offset ? offset + limit : count;
    size_t skipped = from_end ? count - end : offset;
    if (!db_load(session, from_end ? QUERY_CONVERSATION_PAGE_FROM_END : QUERY_CONVERSATION_PAGE,
                 PARAMS(TEXT("user_id", user_id), NUMBER("limit", (int64_t)(end - offset)),
                        NUMBER("offset", (int64_t)skipped)),
                 end - offset, &CONVERSATION_SCHEMA, arena, ret_items, error))
        return false;
    if (from_end)
        reverse(*ret_items, sizeof(struct conversation), arena);
    return true;
}

static bool load_all(struct session *session, const char *user_id, size_t offset, size_t limit,
                     struct arena *arena, struct conversation_page *ret_page, struct error *error)
{
    ret_page->items = (struct list){0};
    return tally_of_user(session, user_id, TALLY_CONVERSATIONS, &ret_page->count, error) &&
           (offset >= (size_t)ret_page->count ||
            load_page(session, user_id, offset, limit, (size_t)ret_page->count, arena,
                      &ret_page->items, error));
}

/* % and _ stand for others only where we put them. */
static const char *like_pattern(const char *text, struct arena *arena)
{
    if (!text)
        return NULL;
    struct error never;
    struct buf pattern = BUF(arena, 2 * strlen(text) + 2);
    buf_add_char(&pattern, '%');
    for (; *text; text++) {
        if (strchr("%_\\", *text))
            buf_add_char(&pattern, '\\');
        buf_add_char(&pattern, *text);
    }
    buf_add_char(&pattern, '%');
    return buf_text(&pattern, &never);
}

static bool load_some(struct session *session, const char *user_id,
                      const struct conversation_filter *filter, size_t offset, size_t limit,
                      struct arena *arena, struct conversation_page *ret_page, struct error *error)
{
    static const int64_t IS_RESOLVED[] = {
        [RESOLVED_ANY] = -1, [RESOLVED_NO] = 0, [RESOLVED_YES] = 1};
    const char *pattern = like_pattern(filter->search, arena);
#define FILTER \
    TEXT("user_id", user_id), NUMBER("is_resolved", IS_RESOLVED[filter->is_resolved]), \
        TEXT("pattern", pattern)
    return db_load(
               session, QUERY_CONVERSATION_PAGE_OF_SOME,
               PARAMS(FILTER, NUMBER("limit", (int64_t)limit), NUMBER("offset", (int64_t)offset)),
               limit, &CONVERSATION_SCHEMA, arena, &ret_page->items, error) &&
           db_number(session, QUERY_CONVERSATION_COUNT_OF_SOME, PARAMS(FILTER), &ret_page->count,
                     error);
#undef FILTER
}

bool conversation_list_page(struct session *session, const char *user_id,
                            const struct conversation_filter *filter, size_t offset, size_t limit,
                            struct arena *arena, struct conversation_page *ret_page,
                            struct error *error)
{
    if (filter->is_resolved == RESOLVED_ANY && !filter->search)
        return load_all(session, user_id, offset, limit, arena, ret_page, error);
    return load_some(session, user_id, filter, offset, limit, arena, ret_page, error);
}

bool conversation_list_emails(struct session *session, const struct conversation *conversation,
                              size_t offset, size_t limit, struct arena *arena,
                              struct list *ret_emails, struct error *error)
{
    if (!db_load(session, QUERY_CONVERSATION_EMAILS,
                 PARAMS(TEXT("id", conversation->id),
                        TEXT("organization_id", conversation->organization_id),
                        NUMBER("limit", (int64_t)limit), NUMBER("offset", (int64_t)offset)),
                 limit, &EMAIL_SCHEMA, arena, ret_emails, error))
        return false;
    email_list_truncate(*ret_emails);
    reverse(*ret_emails, sizeof(struct email), arena);
    return true;
}
