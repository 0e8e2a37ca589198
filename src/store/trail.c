#include "store/trail.h"

#include <string.h>

#include "base/text.h"
#include "store/event_store.h"
#include "json/builder.h"

enum { DETAIL_BYTES = 256 * 1024 }; /* each member was limited when it came in */

bool trail_note(struct session *session, const struct administration *act, struct error *error)
{
    struct event_record record = {
        .organization_id = text_or(act->organization_id, TRAIL_OF_SERVER),
        .at = act->at.ms,
        .event = EVENT_NAMES[act->event],
        .actor = act->actor,
        .token_id = act->token_id,
        .detail = act->detail,
        .subject_id = act->subject_id,
        .address = act->address,
        .request_id = act->request_id,
    };
    return event_store_append_record(session, &record, error);
}

const char *trail_told(const struct schema *told, const void *thing, struct arena *arena)
{
    return json_write(told, thing, arena).data;
}

/* The value of a member as JSON: what stands behind its key in an object of it alone. */
static const char *trail_value(const struct field *field, const void *thing, struct arena *arena)
{
    struct field alone[] = {*field, {0}};
    alone[0].json = "";
    alone[0].use = SHOWN;
    const struct schema schema = {.name = "", .fields = alone};
    const char *member = (const char *)thing + field->offset;
    if (field->kind == KIND_LIST)
        return json_write_list(field, *(const struct list *)member, arena);
    const char *object = json_write(&schema, thing, arena).data;
    size_t key = strlen("{\"\":");
    return arena_copy_bytes(arena, object + key, strlen(object) - key - strlen("}"));
}

static void trail_add(struct builder *builder, const struct field *field, const char *before,
                      const char *after)
{
    if (field->use & SECRET) {
        builder_text(builder, field_key(field), "changed");
        return;
    }
    builder_object(builder, field_key(field));
    builder_json(builder, "from", before);
    builder_json(builder, "to", after);
    builder_end(builder);
}

const char *trail_difference(const struct schema *told, const void *before, const void *after,
                             struct arena *arena)
{
    struct builder builder = BUILDER(arena, DETAIL_BYTES);
    struct error never;
    bool is_other = false;
    builder_object(&builder, NULL);
    for (const struct field *field = told->fields; field->name; field++) {
        const char *from = trail_value(field, before, arena);
        const char *to = trail_value(field, after, arena);
        if (text_equal(from, to))
            continue;
        trail_add(&builder, field, from, to);
        is_other = true;
    }
    builder_end(&builder);
    return is_other ? builder_finish(&builder, &never) : NULL;
}

bool trail_note_change(struct session *session, const struct administration *act,
                       const struct schema *told, const void *before, const void *after,
                       struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct administration noted = *act;
    noted.detail = trail_difference(told, before, after, arena);
    return !noted.detail || trail_note(session, &noted, error);
}

bool trail_note_mailbox(struct session *session, const struct administration *by,
                        const struct account *before, const struct account *account,
                        struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct administration act = *by;
    act.event = before ? ACT_MAILBOX_CHANGED : ACT_MAILBOX_CONNECTED;
    act.organization_id = account->organization_id;
    act.subject_id = account->id;
    act.at = account->updated_at;
    act.detail = before ? trail_difference(&ACCOUNT_TOLD, before, account, arena)
                        : trail_told(&ACCOUNT_TOLD, account, arena);
    return !act.detail || trail_note(session, &act, error);
}
