#include "grant/grant.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "grant/renewal.h"

enum {
    BUCKETS = 256,
    ENTRIES_MOST = 4096, /* from here on an idle one goes for each that comes */
    REASON_BYTES = 640,
    FORGOTTEN_MOST = 3,
};

struct entry { /* one mailbox */
    struct entry *next;
    char account_id[ID_SIZE + 1];
    struct known known; /* its leader's alone while is_busy */
    bool is_busy;       /* a thread, its leader, renews it */
    bool is_forgotten;  /* since that began */
    unsigned users;     /* threads that look at it */
    uint64_t renewals;  /* how many have ended, and how the last one did: */
    enum grant_answer answer;
    char reason[REASON_BYTES];
};

struct grants {
    struct arena *arena; /* holds the struct itself, and every struct entry */
    struct provider_settings settings;
    struct secret_key key;
    struct db *db;
    pthread_mutex_t lock;
    pthread_cond_t renewed;
    struct entry *buckets[BUCKETS];
    struct entry *spare; /* to be used again */
    size_t count;
};

struct grants *grants_create(const struct provider_settings *settings, const struct secret_key *key,
                             struct db *db)
{
    struct arena *arena = arena_create();
    struct grants *grants = arena_new(arena, struct grants, 1);
    grants->arena = arena;
    grants->settings = *settings;
    grants->key = *key;
    grants->db = db;
    pthread_mutex_init(&grants->lock, NULL);
    pthread_cond_init(&grants->renewed, NULL);
    return grants;
}

void grants_destroy(struct grants *grants)
{
    if (!grants)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct entry *entry = grants->buckets[i]; entry; entry = entry->next)
            known_forget(&entry->known);
    pthread_cond_destroy(&grants->renewed);
    pthread_mutex_destroy(&grants->lock);
    arena_destroy(grants->arena);
}

static struct entry **bucket_of(struct grants *grants, const char *account_id)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (const char *at = account_id; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    return &grants->buckets[hash % BUCKETS];
}

/* Each newcomer sweeps where it is going to live. */
static void tidy(struct grants *grants, struct entry **at)
{
    bool is_full = grants->count >= ENTRIES_MOST;
    while (*at) {
        struct entry *entry = *at;
        bool is_idle = !entry->users && !known_is_needed(&entry->known);
        if (!is_idle || (!is_full && known_holds(&entry->known))) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        known_forget(&entry->known);
        entry->next = grants->spare;
        grants->spare = entry;
        grants->count--;
    }
}

static struct entry *find(struct grants *grants, const char *account_id)
{
    struct entry *entry = *bucket_of(grants, account_id);
    while (entry && !text_equal(entry->account_id, account_id))
        entry = entry->next;
    return entry;
}

static struct entry *add(struct grants *grants, const char *account_id)
{
    struct entry **bucket = bucket_of(grants, account_id);
    size_t size = strlen(account_id);
    assert(size <= ID_SIZE);
    tidy(grants, bucket);
    struct entry *entry = grants->spare;
    if (entry)
        grants->spare = entry->next;
    else
        entry = arena_new(grants->arena, struct entry, 1);
    *entry = (struct entry){.next = *bucket};
    memcpy(entry->account_id, account_id, size);
    *bucket = entry;
    grants->count++;
    return entry;
}

static void note(struct entry *entry, enum grant_answer answer, const char *reason)
{
    size_t size = reason ? strnlen(reason, REASON_BYTES - 1) : 0;
    if (size)
        memcpy(entry->reason, reason, size);
    entry->reason[size ? text_utf8_size(entry->reason, size) : 0] = '\0';
    entry->answer = answer;
    entry->renewals++;
    entry->is_busy = false;
}

/* One step, without the lock. refusal: why the access token that is known was refused; NULL: there
 * is to be another. */
static enum grant_answer step(struct grants *grants, struct entry *entry, const char *refusal,
                              struct arena *arena, const char **ret_reason)
{
    const struct renewal renewal = {&grants->settings, &grants->key, grants->db, entry->account_id,
                                    arena};
    struct known known = entry->known;
    entry->known = (struct known){0};
    entry->is_forgotten = false;
    pthread_mutex_unlock(&grants->lock);
    enum grant_answer answer = refusal ? renewal_bury(&renewal, &known, refusal, ret_reason)
                                       : renewal_run(&renewal, &known, ret_reason);
    pthread_mutex_lock(&grants->lock);
    if (entry->is_forgotten)
        known_forget(&known);
    entry->known = known;
    return answer;
}

/* Held: the lock, except while the provider and the database are asked. */
static void lead(struct grants *grants, struct entry *entry, const char *refusal,
                 struct arena *arena)
{
    enum grant_answer answer;
    const char *reason = NULL;
    int forgotten = 0;
    entry->is_busy = true;
    do
        answer = step(grants, entry, refusal, arena, &reason);
    while (entry->is_forgotten && !refusal && ++forgotten < FORGOTTEN_MOST);
    if (entry->is_forgotten) {
        answer = GRANT_LATER;
        reason = "somebody has just signed in to the mailbox";
    }
    note(entry, answer, reason);
    pthread_cond_broadcast(&grants->renewed);
}

/* Whether another thread's renewal came to its end meanwhile. */
static void wait_or_lead(struct grants *grants, struct entry *entry, struct arena *arena)
{
    uint64_t renewals = entry->renewals;
    if (!entry->is_busy)
        lead(grants, entry, NULL, arena);
    while (entry->renewals == renewals)
        pthread_cond_wait(&grants->renewed, &grants->lock);
}

/* Held, from before this until leave: the lock. */
static struct entry *enter(struct grants *grants, const struct account *account)
{
    struct entry *entry = find(grants, account->id);
    if (!entry)
        entry = add(grants, account->id);
    entry->users++;
    return entry;
}

enum grant_answer grants_token(struct grants *grants, const struct account *account,
                               const char *refused, struct arena *arena, const char **ret_token,
                               const char **ret_reason)
{
    enum grant_answer answer = GRANT_GIVEN;
    pthread_mutex_lock(&grants->lock);
    struct entry *entry = enter(grants, account);
    if (!entry->is_busy && text_equal(entry->known.access_token, refused))
        entry->known.access_token = NULL;
    bool is_usable = !entry->is_busy && known_holds(&entry->known);
    while (!is_usable && answer == GRANT_GIVEN) {
        wait_or_lead(grants, entry, arena);
        answer = entry->answer;
        /* what has just come is as good as can be had; unless it is forgotten by now, or a next
         * renewal has begun */
        is_usable = !entry->is_busy && entry->known.access_token && !entry->known.sealed;
    }
    if (answer == GRANT_GIVEN)
        *ret_token = arena_copy(arena, entry->known.access_token);
    else
        *ret_reason = arena_copy(arena, entry->reason);
    entry->users--;
    pthread_mutex_unlock(&grants->lock);
    return answer;
}

enum grant_answer grants_refuse(struct grants *grants, const struct account *account,
                                const char *refused, const char *refusal, struct arena *arena,
                                const char **ret_reason)
{
    const char *another;
    pthread_mutex_lock(&grants->lock);
    struct entry *entry = enter(grants, account);
    while (entry->is_busy)
        pthread_cond_wait(&grants->renewed, &grants->lock);
    bool is_known = text_equal(entry->known.access_token, refused);
    if (is_known)
        lead(grants, entry, refusal, arena);
    enum grant_answer answer = entry->answer;
    *ret_reason = arena_copy(arena, entry->reason);
    entry->users--;
    pthread_mutex_unlock(&grants->lock);
    if (is_known)
        return answer;
    if (grants_token(grants, account, refused, arena, &another, ret_reason) == GRANT_DEAD)
        return GRANT_DEAD;
    *ret_reason = refusal;
    return GRANT_LATER;
}

void grants_forget(struct grants *grants, const char *account_id)
{
    pthread_mutex_lock(&grants->lock);
    struct entry *entry = find(grants, account_id);
    if (entry && entry->is_busy)
        entry->is_forgotten = true;
    else if (entry)
        known_forget(&entry->known);
    pthread_mutex_unlock(&grants->lock);
}
