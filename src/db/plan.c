#include "db/plan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

void plan_init(struct plan *plan, const struct query_text *query)
{
    *plan = (struct plan){.query = query};
    while (query->parameters[plan->parameters])
        plan->parameters++;
    plan->sources = calloc(plan->parameters + 1, sizeof *plan->sources);
    if (!plan->sources)
        abort();
}

void plan_finish(struct plan *plan)
{
    free(plan->sources);
}

static void mistake(const struct plan *plan, const char *name, const char *what)
{
    fprintf(stderr, "query %s: %s %s\n", plan->query->name, name, what);
    abort();
}

static size_t count_of(const struct param *params)
{
    size_t count = 0;
    while (params && params[count].name)
        count++;
    return count;
}

/* A parameter has one name, so when each of the params is where it was, none is left over. */
static bool still_fits(const struct plan *plan, const struct schema *schema,
                       const struct param *params, size_t count)
{
    if (!plan->is_made || plan->schema != schema || plan->params != count)
        return false;
    for (size_t i = 0; count && i < plan->parameters; i++) {
        const struct source *source = &plan->sources[i];
        if (!source->field && !text_equal(params[source->param].name, plan->query->parameters[i]))
            return false;
    }
    return true;
}

static struct source find_source(const struct plan *plan, const char *name,
                                 const struct schema *schema, const struct param *params)
{
    for (size_t i = 0; params && params[i].name; i++)
        if (text_equal(params[i].name, name))
            return (struct source){.param = i};
    const struct field *field = schema ? schema_find(schema, name) : NULL;
    if (!field)
        mistake(plan, name, "is supplied by nobody");
    return (struct source){.field = field};
}

static void check_all_are_used(const struct plan *plan, const struct param *params, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_used = false;
        for (size_t at = 0; at < plan->parameters; at++)
            is_used |= !plan->sources[at].field && plan->sources[at].param == i;
        if (!is_used)
            mistake(plan, params[i].name, "is given, but not asked for");
    }
}

const struct source *plan_sources(struct plan *plan, const struct schema *schema,
                                  const struct param *params)
{
    size_t count = count_of(params);
    if (still_fits(plan, schema, params, count))
        return plan->sources;
    for (size_t i = 0; i < plan->parameters; i++)
        plan->sources[i] = find_source(plan, plan->query->parameters[i], schema, params);
    check_all_are_used(plan, params, count);
    plan->is_made = true;
    plan->schema = schema;
    plan->params = count;
    return plan->sources;
}
