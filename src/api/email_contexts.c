#include <string.h>

#include "api/context_values.h"
#include "api/handlers.h"
#include "api/template_views.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/context_store.h"
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
    reply_bytes(request, request->route->status, "application/json", body);
}

static bool check_name(const char *name, const char *text, struct error *error)
{
    if (strlen(text) > CONTEXT_BYTES)
        return fail(error, ERROR_INVALID, name, "must be text of at most %d bytes", CONTEXT_BYTES);
    return !text_has_control(text) ||
           fail(error, ERROR_INVALID, name, "must not hold control characters");
}

static bool save_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    return context_store_save(session, &writing->context, writing->request->arena, &writing->saved,
                              error);
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
                    flat_write(&members, request->arena), now, now},
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
    return context_store_remove(session, &request->viewer, request->parts[0], request->parts[1],
                                error);
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
