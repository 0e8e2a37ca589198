/* Fingerprints of calls, by what was understood, and as they once were. */
#include "api/fingerprint.h"

#include <string.h>

#include "api/lifting.h"
#include "api/uploading.h"
#include "base/text.h"

static void fingerprint_add_fields(struct sha256 *sha, const struct schema *schema, unsigned use,
                                   const void *object, const char *left_out);

/* What is spelled as one text stands for an item that has no accepted fields: an address. */
static unsigned fingerprint_use(const struct schema *items, unsigned use)
{
    for (const struct field *field = items->fields; field->name; field++)
        if (field->use & use)
            return use;
    return 0;
}

static void fingerprint_add_list(struct sha256 *sha, const struct field *field, unsigned use,
                                 const struct list *list)
{
    const char *item = list->items;
    sha256_add_number(sha, (int64_t)list->count);
    for (size_t i = 0; i < list->count; i++, item += field->items->size) {
        if (field->items == &TEXT_ITEM)
            sha256_add_netstring(sha, *(const char *const *)(const void *)item);
        else
            fingerprint_add_fields(sha, field->items, fingerprint_use(field->items, use), item,
                                   NULL);
        sha256_add_netstring(sha, ""); /* ends the item */
    }
}

static void fingerprint_add_member(struct sha256 *sha, const struct field *field, unsigned use,
                                   const void *member)
{
    switch (field->kind) {
    case KIND_TEXT: sha256_add_netstring(sha, *(const char *const *)member); break;
    case KIND_INT: sha256_add_number(sha, *(const int64_t *)member); break;
    case KIND_BOOL: sha256_add_number(sha, *(const bool *)member); break;
    case KIND_TIME: sha256_add_number(sha, ((const moment *)member)->ms); break;
    case KIND_NAME: sha256_add_number(sha, *(const unsigned *)member); break;
    case KIND_LIST: fingerprint_add_list(sha, field, use, member); break;
    case KIND_OBJECT:
        fingerprint_add_fields(sha, field->items, use, member, NULL);
        sha256_add_netstring(sha, "");
        break;
    }
}

static void fingerprint_add_fields(struct sha256 *sha, const struct schema *schema, unsigned use,
                                   const void *object, const char *left_out)
{
    for (const struct field *field = schema->fields; field->name; field++) {
        const void *member = (const char *)object + field->offset;
        if ((use && !(field->use & use)) || text_equal(field->name, left_out) ||
            !field_is_set(field, member))
            continue;
        sha256_add_netstring(sha, field_key(field));
        fingerprint_add_member(sha, field, use, member);
    }
}

void fingerprint_add(struct sha256 *sha, const struct schema *view, unsigned use,
                     const void *object, const char *left_out)
{
    fingerprint_add_fields(sha, view, use, object, left_out);
}

static void fingerprint_add_query_text(struct sha256 *sha, const struct request *request)
{
    const struct schema *query = request->route->query;
    for (const struct field *field = query ? query->fields : NULL; field && field->name; field++) {
        const char *text = text_or(http_query(request->exchange, field_key(field)), "");
        sha256_add(sha, text, strlen(text) + 1);
    }
}

/* Attachments count by their content, which is no longer in the body. */
static bool fingerprint_add_files(struct sha256 *sha, struct request *request, struct error *error)
{
    if (request->route->takes == TAKES_MESSAGE &&
        !spool_each(http_body(request->exchange), sha256_take, sha, error))
        return false;
    if (!lifting_fingerprint(request, sha, error))
        return false;
    uploading_fingerprint(request, sha);
    return true;
}

/* The path by its route and what it names, for an id has several spellings. */
static void fingerprint_add_path(struct sha256 *sha, const struct request *request)
{
    sha256_add_netstring(sha, request->route->path);
    for (size_t i = 0; i < ROUTE_PARTS_MOST && request->parts[i]; i++) {
        bool is_id = i == 0 && !text_is_empty(request->id);
        sha256_add_netstring(sha, is_id ? request->id : request->parts[i]);
    }
}

/* Of a body that changes a thing it names, null clears a field and a field that is absent stays:
 * there it matters which ones are present. */
static bool fingerprint_add_body(struct sha256 *sha, struct request *request, struct error *error)
{
    const struct schema *view = request->route->reads;
    if (request->route->takes != TAKES_JSON || !view || view->is_flat) {
        sha256_add(sha, request->body.data, request->body.size);
        return true;
    }
    const struct field *id = schema_find(view, "id");
    char *object = arena_alloc(request->arena, view->size + 1);
    uint64_t present = 0;
    if (!request_read(request, object, &present, error))
        return false;
    fingerprint_add(sha, view, CREATE, object, "idempotency_key");
    if (id && id->use & CREATE && field_is_set(id, object + id->offset))
        sha256_add_number(sha, (int64_t)present);
    return true;
}

static bool fingerprint_add_query(struct sha256 *sha, struct request *request, struct error *error)
{
    const struct schema *query = request->route->query;
    if (!query)
        return true;
    char *object = arena_alloc(request->arena, query->size);
    if (!request_query(request, object, error))
        return false;
    fingerprint_add(sha, query, 0, object, NULL);
    return true;
}

bool fingerprint_of_call(struct request *request, const char **ret_fingerprint, struct error *error)
{
    struct sha256 sha;
    sha256_start(&sha);
    /* Two users of an organization who hit upon one key must not get each other's replies. */
    sha256_add_netstring(&sha, request->viewer.user_id);
    sha256_add_netstring(&sha, http_method(request->exchange));
    fingerprint_add_path(&sha, request);
    if (!fingerprint_add_query(&sha, request, error) ||
        !fingerprint_add_body(&sha, request, error) || !fingerprint_add_files(&sha, request, error))
        return false;
    *ret_fingerprint = sha256_finish(&sha, request->lasting);
    return true;
}

bool fingerprint_of_bytes(struct request *request, const char **ret_fingerprint,
                          struct error *error)
{
    struct sha256 sha;
    sha256_start(&sha);
    const char *method = http_method(request->exchange), *path = http_path(request->exchange);
    sha256_add(&sha, request->viewer.user_id, strlen(request->viewer.user_id) + 1);
    sha256_add(&sha, method, strlen(method) + 1);
    sha256_add(&sha, path, strlen(path) + 1);
    fingerprint_add_query_text(&sha, request);
    sha256_add(&sha, request->body.data, request->body.size);
    if (!fingerprint_add_files(&sha, request, error))
        return false;
    *ret_fingerprint = sha256_finish(&sha, request->lasting);
    return true;
}
