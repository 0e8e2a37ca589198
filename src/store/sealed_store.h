/* sealed_store.h - everything that is sealed under the key file, wherever it lies, and seals it
 * anew. A new column with something sealed in it needs two rows in sql/sealed.sql, and one here. */
#pragma once
#include "base/secret.h"
#include "db/db.h"

enum { SEALED_AT_ONCE = 100 };

/* Where a walk over all of it is; {0} at the beginning. */
struct sealed_walk {
    char place[32], id[128];
    bool is_over;
    int64_t current;  /* sealed under the current key */
    int64_t former;   /* under a former one, which still opens it */
    int64_t unopened; /* under none that is known */
};

/* Looks at the next SEALED_AT_ONCE. */
bool sealed_store_count(struct session *session, const struct secret_key *key,
                        struct sealed_walk *walk, struct error *error);

/* The same, and seals with the current key what is not. Work for db_write: a walk's step is a
 * transaction, and what it has counted holds once that is durable. What was changed by another
 * process meanwhile is left alone. */
struct sealed_step {
    const struct secret_key *key;
    struct sealed_walk walk;
};
bool sealed_store_renew(struct session *session, void *context, struct error *error);
