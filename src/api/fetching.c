#include "api/fetching.h"

#include <string.h>

#include "api/fetch_places.h"
#include "base/clock.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/disposition.h"
#include "mime/domain.h"
#include "net/fetch.h"

enum { CONNECT_MS = 10 * 1000, STALL_MS = 15 * 1000, FILENAME_BYTES = 255 };

struct fetching {
    struct request *request;
    int64_t deadline_ms; /* clock_steady_ms */
    uint64_t limit, left;
};

static bool write(void *context, const void *data, size_t size, struct error *error)
{
    return blob_write(context, data, size, error);
}

static int64_t at_most(int64_t ms, int64_t most_ms)
{
    return ms < most_ms ? ms : most_ms;
}

static struct fetch_settings settings_of(const struct fetching *fetching, int64_t left_ms)
{
    const struct api_settings *settings = &fetching->request->api->settings;
    return (struct fetch_settings){
        .allow_private = settings->may_fetch_private,
        .ascii_host = domain_read,
        .ca_file = settings->ca_file,
        .size_limit = fetching->left,
        .connect_timeout_ms = at_most(left_ms, CONNECT_MS),
        .stall_timeout_ms = at_most(left_ms, STALL_MS),
        .total_timeout_ms = left_ms,
    };
}

/* The same words as where they come in the body. */
static bool is_too_large(const struct fetching *fetching, struct error *error)
{
    return fail(error, ERROR_TOO_LARGE, "attachments",
                "attachments of one mail may have %llu bytes together on this server",
                (unsigned long long)fetching->limit);
}

static bool explain(const struct fetching *fetching, const char *field, const struct error *why,
                    struct error *error)
{
    if (why->code == ERROR_TOO_LARGE)
        return is_too_large(fetching, error);
    if (why->code == ERROR_INVALID)
        return fail(error, ERROR_INVALID, field, "cannot be fetched: %s", why->message);
    return fail(error, why->code, field, "%s could not be fetched: %s", field, why->message);
}

/* What a stranger calls it, as far as it can be a name. */
static const char *name_of(const struct fetched *fetched, struct arena *arena)
{
    const char *name = mime_disposition_filename(fetched->disposition, arena);
    name = text_is_empty(name) ? fetched->name : name;
    if (text_is_empty(name) || text_has_control(name))
        return NULL;
    size_t size = strlen(name);
    size = size <= FILENAME_BYTES ? size : text_utf8_size(name, FILENAME_BYTES);
    return arena_copy_bytes(arena, name, size);
}

static bool fetch_one(struct fetching *fetching, const char *url, const char *field,
                      struct fetched_file *file, struct error *error)
{
    struct request *request = fetching->request;
    struct fetched fetched;
    struct error why;
    int64_t left_ms = fetching->deadline_ms - clock_steady_ms();
    if (left_ms <= 0)
        return fail(error, ERROR_UNAVAILABLE, field, "%s could not be fetched: it took too long",
                    field);
    file->writer = blob_begin(request->api->blobs, error);
    if (!file->writer)
        return false;
    const struct fetch_settings settings = settings_of(fetching, left_ms);
    const struct sink sink = {file->writer, write};
    if (!fetch_run(url, &settings, &sink, request->arena, &fetched, &why))
        return explain(fetching, field, &why, error);
    fetching->left -= blob_size(file->writer);
    file->filename = name_of(&fetched, request->arena);
    file->content_type = media_type_is_valid(text_or(fetched.media_type, "")) ? fetched.media_type
                                                                              : NULL;
    return true;
}

static bool fetch_all(struct fetching *fetching, const struct list *attachments,
                      struct fetched_file *files, struct error *error)
{
    const struct attachment *items = attachments->items;
    for (size_t i = 0; i < attachments->count; i++) {
        const char *field = arena_format(fetching->request->arena, "attachments[%zu].url", i);
        if (items[i].url && !fetch_one(fetching, items[i].url, field, &files[i], error))
            return false;
    }
    return true;
}

bool fetching_run(struct request *request, const struct list *attachments, uint64_t limit,
                  struct fetched_file *files, struct error *error)
{
    struct api *api = request->api;
    const char *organization_id = request->viewer.organization_id;
    struct fetching fetching = {
        .request = request,
        .limit = (uint64_t)api->settings.limits.attachment_bytes,
        .left = limit,
    };
    request_stop_reading(request);
    if (!fetch_places_take(api->fetch_places, organization_id,
                           clock_steady_ms() + api->settings.fetch_wait_ms, error))
        return false;
    fetching.deadline_ms = clock_steady_ms() + api->settings.fetch_timeout_ms;
    bool fetched = fetch_all(&fetching, attachments, files, error);
    fetch_places_give_back(api->fetch_places, organization_id);
    return fetched;
}
