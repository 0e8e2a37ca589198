#include <string.h>

#include "api/context_values.h"
#include "api/handlers.h"
#include "api/precondition.h"
#include "api/template_views.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/context_store.h"
#include "store/trail.h"
#include "json/builder.h"
#include "json/flat.h"

/* The values of tokens, by the entity that they belong to. Its type and id are the path's two
 * parts; the body is the values themselves. */

struct writing { /* on its way to the database */
    struct request *request;
    struct context context, saved;
};

static void reply_values(struct request *request, const struct context *context)
{
    struct bytes body = {context->fields, strlen(context->fields)};
    reply_version(request, context->version);
    if (precondition_is_known(request, context->version))
        reply_unchanged(request);
    else
        reply_bytes(request, request->route->status, "application/json", body);
}

static bool check_name(const char *name, const char *text, struct error *error)
{
    if (strlen(text) > CONTEXT_BYTES)
        return fail(error, ERROR_INVALID, name, "must be text of at most %d bytes", CONTEXT_BYTES);
    return !text_has_control(text) ||
           fail(error, ERROR_INVALID, name, "must not hold control characters");
}

static bool read_members(const char *fields, struct arena *arena, struct list *ret_members,
                         struct error *error)
{
    *ret_members = (struct list){0};
    return !fields || flat_read((struct bytes){fields, strlen(fields)}, arena, ret_members, error);
}

static bool holds(struct list members, const struct flat_member *wanted, bool with_its_value)
{
    const struct flat_member *items = members.items;
    for (size_t i = 0; i < members.count; i++)
        if (text_equal(items[i].key, wanted->key))
            return !with_its_value ||
                   (items[i].kind == wanted->kind && text_equal(items[i].text, wanted->text));
    return false;
}

/* The names of those that the others do not hold. */
static void add_names(struct builder *builder, const char *key, struct list members,
                      struct list others, bool with_their_values)
{
    const struct flat_member *items = members.items;
    builder_array(builder, key);
    for (size_t i = 0; i < members.count; i++)
        if (!holds(others, &items[i], with_their_values))
            builder_text(builder, NULL, items[i].key);
    builder_end(builder);
}

/* Which values were set, and which are gone; never what they are. Without a change, nothing. */
static bool note(struct session *session, const struct request *request,
                 enum administration_event event, const char *before, const char *after,
                 struct error *error)
{
    struct builder builder = BUILDER(request->arena, 2 * request->api->settings.body_bytes);
    struct administration act = request_act(request, event, NULL);
    struct list former, present;
    if (text_equal(before, after))
        return true;
    if (!read_members(before, request->arena, &former, error) ||
        !read_members(after, request->arena, &present, error))
        return false;
    builder_object(&builder, NULL);
    builder_text(&builder, "context_type", request->parts[0]);
    builder_text(&builder, "context_id", request->parts[1]);
    add_names(&builder, "set", present, former, true);
    add_names(&builder, "removed", former, present, false);
    builder_end(&builder);
    act.detail = builder_finish(&builder, error);
    return act.detail && trail_note(session, &act, error);
}

/* All NULL and 0 when there is none yet. */
static bool find_context(struct session *session, const struct request *request,
                         struct context *ret_context, struct error *error)
{
    *ret_context = (struct context){0};
    return context_store_find(session, &request->viewer, request->parts[0], request->parts[1],
                              request->arena, ret_context, error) ||
           error->code == ERROR_NOT_FOUND;
}

static bool save_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    const struct request *request = writing->request;
    struct context before;
    if (!find_context(session, request, &before, error) ||
        !precondition_check(request, before.version, error))
        return false;
    writing->context.version = before.version + 1;
    return context_store_save(session, &writing->context, request->arena, &writing->saved, error) &&
           note(session, request, ACT_CONTEXT_CHANGED, before.fields, writing->saved.fields, error);
}

bool context_save(struct request *request, struct error *error)
{
    struct list members;
    struct bytes body = request->body.size ? request->body : (struct bytes){"{}", 2};
    moment now = clock_now();
    if (!check_name("context_type", request->parts[0], error) ||
        !check_name("context_id", request->parts[1], error) ||
        !context_values_read(body, "", request->arena, &members, error))
        return false;
    struct writing writing = {
        .request = request,
        .context = {request->viewer.organization_id, request->parts[0], request->parts[1],
                    flat_write(&members, request->arena), 1, now, now},
    };
    if (!request_write(request, save_work, &writing, error))
        return false;
    reply_values(request, &writing.saved);
    return true;
}

bool context_show(struct request *request, struct error *error)
{
    struct context context;
    if (!context_store_find(request_reading(request), &request->viewer, request->parts[0],
                            request->parts[1], request->arena, &context, error))
        return false;
    reply_values(request, &context);
    return true;
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    const struct request *request = context;
    struct context before;
    return find_context(session, request, &before, error) &&
           precondition_check(request, before.version, error) &&
           context_store_remove(session, &request->viewer, request->parts[0], request->parts[1],
                                error) &&
           note(session, request, ACT_CONTEXT_DELETED, before.fields, NULL, error);
}

bool context_remove(struct request *request, struct error *error)
{
    if (!request_write(request, remove_work, request, error))
        return false;
    reply_nothing(request);
    return true;
}

bool dynamic_fields_list(struct request *request, struct error *error)
{
    struct dynamic_fields_query query = {0};
    struct dynamic_fields known;
    if (!request_query(request, &query, error) ||
        !context_values_known(request, query.context_type, &known.fields, error))
        return false;
    reply(request, &known);
    return true;
}
