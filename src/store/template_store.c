#include "store/template_store.h"

#include <string.h>

#include "store/quota_store.h"

static bool is_missing(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "template", "no template has this id");
}

static int64_t template_store_size(const char *text)
{
    return text ? (int64_t)strlen(text) : 0;
}

static int64_t template_store_bytes(const struct template *template)
{
    return QUOTA_RECORD_BYTES + template_store_size(template->name) +
           template_store_size(template->subject) + template_store_size(template->body_text) +
           template_store_size(template->body_html);
}

/* Of the one that is stored; 0 when there is none. */
static bool template_store_former_bytes(struct session *session, const char *organization_id,
                                        const char *id, int64_t *ret_bytes, struct error *error)
{
    return db_number(session, QUERY_TEMPLATE_BYTES,
                     PARAMS(TEXT("id", id), TEXT("organization_id", organization_id)), ret_bytes,
                     error);
}

bool template_store_insert(struct session *session, const struct template *template,
                           struct error *error)
{
    const struct quota_amounts amounts = {{
        [QUOTA_STORED_BYTES] = template_store_bytes(template),
        [QUOTA_TEMPLATES] = 1,
    }};
    return quota_store_add(session, template->organization_id, &amounts, error) &&
           db_save(session, QUERY_TEMPLATE_INSERT, &TEMPLATE_SCHEMA, template, NULL, NULL, error);
}

bool template_store_find(struct session *session, const struct viewer *viewer, const char *id,
                         struct arena *arena, struct template *ret_template, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_TEMPLATE_BY_ID,
                 PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id)), 1,
                 &TEMPLATE_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return is_missing(error);
    *ret_template = *(struct template *)found.items;
    return true;
}

bool template_store_page(struct session *session, const struct viewer *viewer,
                         const char *context_type, size_t offset, size_t limit, struct arena *arena,
                         struct template_page *ret_page, struct error *error)
{
    return db_load(session, QUERY_TEMPLATE_PAGE,
                   PARAMS(TEXT("organization_id", viewer->organization_id),
                          TEXT("context_type", context_type), NUMBER("limit", (int64_t)limit),
                          NUMBER("offset", (int64_t)offset)),
                   limit, &TEMPLATE_SCHEMA, arena, &ret_page->items, error) &&
           db_number(session, QUERY_TEMPLATE_COUNT,
                     PARAMS(TEXT("organization_id", viewer->organization_id),
                            TEXT("context_type", context_type)),
                     &ret_page->count, error);
}

bool template_store_change(struct session *session, const struct template *template,
                           struct error *error)
{
    int64_t changed = 0, former = 0;
    return template_store_former_bytes(session, template->organization_id, template->id, &former,
                                       error) &&
           (!former || quota_store_add_one(session, template->organization_id, QUOTA_STORED_BYTES,
                                           template_store_bytes(template) - former, error)) &&
           db_save(session, QUERY_TEMPLATE_CHANGE, &TEMPLATE_SCHEMA, template, NULL, &changed,
                   error) &&
           (changed || is_missing(error));
}

bool template_store_remove(struct session *session, const struct viewer *viewer, const char *id,
                           struct error *error)
{
    int64_t removed = 0;
    struct quota_amounts amounts = {{[QUOTA_TEMPLATES] = -1}};
    if (!template_store_former_bytes(session, viewer->organization_id, id,
                                     &amounts.of[QUOTA_STORED_BYTES], error))
        return false;
    amounts.of[QUOTA_STORED_BYTES] *= -1;
    return db_change(session, QUERY_TEMPLATE_REMOVE,
                     PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id)),
                     &removed, error) &&
           (removed || is_missing(error)) &&
           quota_store_add(session, viewer->organization_id, &amounts, error);
}
