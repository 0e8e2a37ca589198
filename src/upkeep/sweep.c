#include "upkeep/sweep.h"

#include <stdio.h>

#include "base/id.h"
#include "store/document_store.h"

enum { DOCUMENTS_A_STEP = 200, LAST_SIZE = ID_SIZE + 1 };

struct deleting { /* of a step's documents, in one transaction */
    const struct sweep *sweep;
    struct list ids;
    int64_t deleted;
};

static bool delete_work(struct session *session, void *context, struct error *error)
{
    struct deleting *deleting = context;
    const char *const *ids = deleting->ids.items;
    deleting->deleted = 0;
    for (size_t i = 0; i < deleting->ids.count; i++) {
        bool is_deleted;
        if (!document_store_delete_unused(session, ids[i], deleting->sweep->before, &is_deleted,
                                          error))
            return false;
        deleting->deleted += is_deleted;
    }
    return true;
}

static bool list_step(const struct sweep *sweep, const char *after_id, struct arena *arena,
                      struct list *ret_ids, const char **ret_last, struct error *error)
{
    AUTO_READING session = db_read(sweep->db);
    return document_store_list_unused(session, after_id, sweep->before, DOCUMENTS_A_STEP, arena,
                                      ret_ids, ret_last, error);
}

/* last: the id behind which to go on; "" at first. */
static bool sweep_step(const struct sweep *sweep, char last[static LAST_SIZE], bool *ret_is_done,
                       struct swept *swept, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct deleting deleting = {.sweep = sweep};
    const char *next;
    if (!list_step(sweep, last, arena, &deleting.ids, &next, error) ||
        (deleting.ids.count && !db_write(sweep->db, delete_work, &deleting, error)))
        return false;
    swept->documents += deleting.deleted;
    *ret_is_done = !next;
    snprintf(last, LAST_SIZE, "%s", next ? next : "");
    return true;
}

static bool sweep_documents(const struct sweep *sweep, struct swept *swept, struct error *error)
{
    char last[LAST_SIZE] = "";
    bool is_done = false;
    while (!is_done && !*sweep->is_stopping)
        if (!sweep_step(sweep, last, &is_done, swept, error))
            return false;
    return true;
}

struct sweeping { /* of a branch of the blobs */
    const struct sweep *sweep;
    struct swept *swept;
    bool has_failed;
    struct error *error;
};

static bool is_needed(const struct sweep *sweep, const char *sha256, bool *ret_is_needed,
                      struct error *error)
{
    AUTO_READING session = db_read(sweep->db);
    return document_store_has_content(session, sha256, ret_is_needed, error);
}

/* A row that is written after the look at them is of a blob that was finished again before that,
 * and so is no longer old when it would be removed. */
static bool sweep_blob(void *context, const char *sha256)
{
    struct sweeping *sweeping = context;
    const struct sweep *sweep = sweeping->sweep;
    bool needed, is_removed = false;
    sweeping->has_failed = !is_needed(sweep, sha256, &needed, sweeping->error) ||
                           (!needed && !blob_remove_old(sweep->blobs, sha256, sweep->before,
                                                        &is_removed, sweeping->error));
    sweeping->swept->blobs += is_removed;
    return !sweeping->has_failed && !*sweep->is_stopping;
}

static bool sweep_blobs(const struct sweep *sweep, struct swept *swept, struct error *error)
{
    struct sweeping sweeping = {.sweep = sweep, .swept = swept, .error = error};
    for (unsigned branch = 0; branch < BLOB_BRANCHES && !*sweep->is_stopping; branch++)
        if (!blobs_visit_old(sweep->blobs, branch, sweep->before, sweep_blob, &sweeping, error) ||
            sweeping.has_failed)
            return false;
    return true;
}

bool sweep_run(const struct sweep *sweep, struct swept *ret_swept, struct error *error)
{
    *ret_swept = (struct swept){0};
    return sweep_documents(sweep, ret_swept, error) && sweep_blobs(sweep, ret_swept, error);
}
