#include "api/context_values.h"

#include <stdlib.h>
#include <string.h>

#include "api/template_views.h"
#include "base/text.h"
#include "store/context_store.h"
#include "template/field_value.h"
#include "template/template_token.h"
#include "json/flat.h"

enum { LOOKED_AT = 100, LOOKED_AT_TOGETHER = 10 };

static bool check_member(const struct flat_member *member, const char *object, struct arena *arena,
                         struct error *error)
{
    if (!template_token_is_name(member->key))
        return flat_refuse(object, member->key, arena, error,
                           "is no name of a token: at most %d letters, digits, _, . and -, a "
                           "letter or _ first",
                           TEMPLATE_TOKEN_BYTES);
    if (text_equal(member->key, "data_base64")) /* json/lift.h has taken its value away */
        return flat_refuse(object, member->key, arena, error, "is kept for attachments");
    return strlen(member->text) <= CONTEXT_VALUE_BYTES ||
           flat_refuse(object, member->key, arena, error, "must be text of at most %d bytes",
                       CONTEXT_VALUE_BYTES);
}

bool context_values_read(struct bytes json, const char *object, struct arena *arena,
                         struct list *ret_members, struct error *error)
{
    struct list members;
    size_t bytes = 0;
    if (!flat_read(json, arena, &members, error))
        return false;
    if (members.count > CONTEXT_VALUES_MOST)
        return fail(error, ERROR_INVALID, object, "must be at most %d values", CONTEXT_VALUES_MOST);
    const struct flat_member *member = members.items;
    for (size_t i = 0; i < members.count; i++) {
        if (!check_member(&member[i], object, arena, error))
            return false;
        bytes += strlen(member[i].key) + strlen(member[i].text);
    }
    if (bytes > CONTEXT_VALUES_BYTES)
        return fail(error, ERROR_TOO_LARGE, object,
                    "the values are %zu bytes together; %d are possible", bytes,
                    CONTEXT_VALUES_BYTES);
    *ret_members = members;
    return true;
}

static enum field_type type_of(const struct flat_member *member)
{
    if (member->kind == FLAT_BOOL)
        return FIELD_TYPE_BOOLEAN;
    if (member->kind == FLAT_NUMBER)
        return FIELD_TYPE_NUMBER;
    enum field_type type = field_value_guess(member->text);
    return type == FIELD_TYPE_NUMBER ? FIELD_TYPE_TEXT : type;
}

static size_t add_typed(const struct list *members, struct field_value *values, size_t count)
{
    const struct flat_member *member = members->items;
    for (size_t i = 0; i < members->count; i++)
        values[count++] = (struct field_value){
            .token = member[i].key, .type = type_of(&member[i]), .text = member[i].text};
    return count;
}

struct list context_values_typed(const struct list *first, const struct list *second,
                                 struct arena *arena)
{
    struct field_value *values = arena_new(arena, struct field_value, first->count + second->count);
    size_t count = add_typed(first, values, 0);
    return (struct list){values, add_typed(second, values, count)};
}

static bool read_kept(const struct context *context, struct arena *arena, struct list *ret_members,
                      struct error *error)
{
    struct error why;
    const struct bytes json = {context->fields, strlen(context->fields)};
    return flat_read(json, arena, ret_members, &why) ||
           fail(error, ERROR_INTERNAL, "", "the values of a context cannot be read: %s",
                why.message);
}

bool context_values_find(struct request *request, const char *context_type, const char *context_id,
                         struct list *ret_members, struct error *error)
{
    struct context context;
    struct error missing = {0};
    *ret_members = (struct list){0};
    if (!context_type || !context_id)
        return true;
    if (context_store_find(request_reading(request), &request->viewer, context_type, context_id,
                           request->arena, &context, &missing))
        return read_kept(&context, request->arena, ret_members, error);
    if (missing.code != ERROR_NOT_FOUND)
        *error = missing;
    return missing.code == ERROR_NOT_FOUND;
}

/* A token as one of the contexts has it; the latest context is number 0. */
struct sighting {
    const char *token;
    enum field_type type;
    size_t number;
};

struct sightings {
    struct arena *arena; /* the request's */
    struct sighting *items;
    size_t count, room;
};

static int compare(const void *a, const void *b)
{
    const struct sighting *one = a, *other = b;
    int order = strcmp(one->token, other->token);
    return order ? order : (one->number > other->number) - (one->number < other->number);
}

/* Of each token, the latest. */
static void keep_latest(struct sightings *sightings)
{
    struct sighting *items = sightings->items;
    size_t kept = 0;
    if (!sightings->count)
        return;
    qsort(items, sightings->count, sizeof *items, compare);
    for (size_t i = 0; i < sightings->count; i++)
        if (!kept || !text_equal(items[kept - 1].token, items[i].token))
            items[kept++] = items[i];
    sightings->count = kept;
}

static void add_sightings(struct sightings *sightings, const struct list *members, size_t number)
{
    const struct flat_member *member = members->items;
    size_t needed = sightings->count + members->count;
    if (needed > sightings->room) {
        struct sighting *items = arena_new(sightings->arena, struct sighting, 2 * needed);
        if (sightings->count)
            memcpy(items, sightings->items, sightings->count * sizeof *items);
        sightings->items = items;
        sightings->room = 2 * needed;
    }
    for (size_t i = 0; i < members->count; i++)
        sightings->items[sightings->count++] = (struct sighting){
            arena_copy(sightings->arena, member[i].key), type_of(&member[i]), number};
}

/* A few contexts at a time: their values are not wanted, and may be large. */
static bool look_at(struct request *request, const char *context_type, size_t offset,
                    struct sightings *sightings, bool *ret_is_last, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list contexts, members;
    if (!context_store_list_of_type(request_reading(request), &request->viewer, context_type,
                                    offset, LOOKED_AT_TOGETHER, arena, &contexts, error))
        return false;
    const struct context *context = contexts.items;
    for (size_t i = 0; i < contexts.count; i++) {
        if (!read_kept(&context[i], arena, &members, error))
            return false;
        add_sightings(sightings, &members, offset + i);
    }
    keep_latest(sightings);
    *ret_is_last = contexts.count < LOOKED_AT_TOGETHER;
    return true;
}

static struct list known_of(const struct sightings *sightings, struct arena *arena)
{
    struct field_value *known = arena_new(arena, struct field_value, sightings->count);
    for (size_t i = 0; i < sightings->count; i++) {
        const struct sighting *sighting = &sightings->items[i];
        known[i] = (struct field_value){.token = sighting->token,
                                        .label = field_value_label(sighting->token, arena),
                                        .type = sighting->type};
    }
    return (struct list){known, sightings->count};
}

bool context_values_known(struct request *request, const char *context_type, struct list *ret_known,
                          struct error *error)
{
    struct sightings sightings = {.arena = request->arena};
    bool is_last = false;
    for (size_t offset = 0; offset < LOOKED_AT && !is_last; offset += LOOKED_AT_TOGETHER)
        if (!look_at(request, context_type, offset, &sightings, &is_last, error))
            return false;
    *ret_known = known_of(&sightings, request->arena);
    return true;
}
