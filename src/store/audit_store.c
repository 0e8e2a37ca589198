#include "store/audit_store.h"

#include <stddef.h>

static const struct field CHAIN_FIELDS[] = {
    FIELD(struct audited_chain, organization_id, .use = STORED),
    FIELD(struct audited_chain, organization, .use = STORED),
    FIELD(struct audited_chain, end_number, .use = STORED),
    FIELD(struct audited_chain, end_hash, .use = STORED),
    {0},
};
static const struct schema CHAIN_SCHEMA = SCHEMA(struct audited_chain, CHAIN_FIELDS);

/* clang-format off */
#define STEP(column, member) \
    {.name = column, .kind = KIND_OF(struct audited_step, member), .use = STORED, \
     .offset = offsetof(struct audited_step, member)}
#define EVENT(name) STEP(#name, event.name)
static const struct field STEP_FIELDS[] = {
    EVENT(position), EVENT(number), EVENT(organization_id), EVENT(email_id), EVENT(at),
    EVENT(event), EVENT(from_state), EVENT(to_state), EVENT(actor), EVENT(token_id),
    EVENT(reason), EVENT(detail), EVENT(salt), EVENT(content_sha256), EVENT(mail_sha256),
    EVENT(hash),
    STEP("id", email.id),
    STEP("state", email.state),
    STEP("erased_at", email.erased_at),
    STEP("present_sha256", email.mail_sha256),
    {0},
};
/* clang-format on */
static const struct schema STEP_SCHEMA = SCHEMA(struct audited_step, STEP_FIELDS);

bool audit_store_list_chains(struct session *session, const char *wanted, struct arena *arena,
                             struct list *ret_chains, struct error *error)
{
    return db_load(session, QUERY_AUDIT_ORGANIZATIONS, PARAMS(TEXT("wanted", wanted)), SIZE_MAX,
                   &CHAIN_SCHEMA, arena, ret_chains, error);
}

bool audit_store_list_events(struct session *session, const char *organization_id, int64_t number,
                             size_t limit, struct arena *arena, struct list *ret_records,
                             struct error *error)
{
    return db_load(session, QUERY_EVENT_LIST_AFTER,
                   PARAMS(TEXT("organization_id", organization_id), NUMBER("number", number),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EVENT_RECORD_SCHEMA, arena, ret_records, error);
}

bool audit_store_list_steps(struct session *session, const char *organization_id,
                            const char *email_id, int64_t position, size_t limit,
                            struct arena *arena, struct list *ret_steps, struct error *error)
{
    return db_load(session, QUERY_AUDIT_TRAILS,
                   PARAMS(TEXT("organization_id", organization_id), TEXT("email_id", email_id),
                          NUMBER("position", position), NUMBER("limit", (int64_t)limit)),
                   limit, &STEP_SCHEMA, arena, ret_steps, error);
}

bool audit_store_list_untold(struct session *session, const char *organization_id, size_t limit,
                             struct arena *arena, struct list *ret_records, struct error *error)
{
    return db_load(
        session, QUERY_AUDIT_UNTOLD,
        PARAMS(TEXT("organization_id", organization_id), NUMBER("limit", (int64_t)limit)), limit,
        &EVENT_RECORD_SCHEMA, arena, ret_records, error);
}
