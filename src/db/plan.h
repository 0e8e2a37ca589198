/* plan.h - where each parameter of a query gets its value from, found out once and kept.
 *
 * A query is nearly always run with the same schema and the same params, so that comparing
 * names each time would be most of the work of binding. */
#pragma once
#include "db/db.h"

struct source {
    const struct field *field; /* of the object; NULL = from params */
    size_t param;
};

struct plan {
    const struct query_text *query;
    size_t parameters;
    struct source *sources; /* one per parameter */
    bool is_made;
    const struct schema *schema; /* what it was made for */
    size_t params;
};

void plan_init(struct plan *plan, const struct query_text *query);
void plan_finish(struct plan *plan);

/* Each parameter's source: params first, then the schema's fields; both may be NULL. A
 * parameter that nobody supplies, and a param that the query does not have, are our own
 * bugs: the process says which and aborts. */
const struct source *plan_sources(struct plan *plan, const struct schema *schema,
                                  const struct param *params);
