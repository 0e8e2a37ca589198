#include "api/quotas.h"

#include "api/handlers.h"
#include "api/views.h"
#include "store/quota_store.h"

struct quota_view {
    const char *name, *about;
    int64_t used, limit; /* 0: none */
};
struct quota_page {
    struct list quotas; /* of struct quota_view */
};

/* clang-format off */
static const struct field QUOTA_FIELDS[] = {
    FIELD(struct quota_view, name, .use = SHOWN | NOT_NULL, .example = "\"stored_bytes\""),
    FIELD(struct quota_view, used, .use = SHOWN),
    FIELD(struct quota_view, limit, .use = SHOWN | OMITTED,
          .about = "absent: any number", .example = "10737418240"),
    FIELD(struct quota_view, about, .use = SHOWN | NOT_NULL, .about = "what counts"),
    {0},
};
/* clang-format on */
static const struct schema QUOTA_VIEW = VIEW(struct quota_view, QUOTA_FIELDS, "Quota");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct quota_page, quotas, .use = SHOWN, .items = &QUOTA_VIEW),
    {0},
};
const struct schema QUOTA_PAGE = VIEW(struct quota_page, PAGE_FIELDS, "QuotaPage");

bool quota_show(struct request *request, struct error *error)
{
    struct arena *arena = request->arena;
    struct quotas quotas;
    if (!quota_store_find(request_reading(request), request->viewer.organization_id, arena, &quotas,
                          error))
        return false;
    struct quota_view *views = arena_new(arena, struct quota_view, QUOTA_COUNT);
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++) {
        int64_t limit = quota_limit(&quotas, quota_store_settings(), quota);
        views[quota] = (struct quota_view){
            .name = QUOTAS[quota].name,
            .about = QUOTAS[quota].about,
            .used = quotas.used.of[quota],
            .limit = limit == QUOTA_UNLIMITED ? 0 : limit,
        };
    }
    reply(request, &(struct quota_page){{views, QUOTA_COUNT}});
    return true;
}

bool quotas_check(struct request *request, int64_t bytes, struct error *error)
{
    return quota_store_check(request_reading(request), request->viewer.organization_id,
                             QUOTA_STORED_BYTES, bytes, error);
}

bool quotas_refuse(struct request *request, int64_t bytes, struct error *error)
{
    AUTO_READING session = db_read(request->api->db);
    if (quota_store_check(session, request->viewer.organization_id, QUOTA_STORED_BYTES, bytes,
                          error))
        fail(error, ERROR_UNAVAILABLE, "", "the organization had no room left; try again");
    return false;
}

bool quotas_open(struct request *request, struct error *error)
{
    int64_t length = http_content_length(request->exchange);
    enum takes takes = request->route->takes;
    bool is_stored_whole = takes == TAKES_FORM || takes == TAKES_MESSAGE;
    return (!is_stored_whole || quotas_check(request, length > 0 ? length : 1, error)) &&
           quota_store_left(request_reading(request), request->viewer.organization_id,
                            QUOTA_STORED_BYTES, &request->room_left, error);
}
