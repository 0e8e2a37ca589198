#include "provider/sign_in_turn.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"

enum { REMEMBERED_MS = 60 * 1000, REASON_BYTES = 512 };

struct sign_in_entry { /* a mailbox that signs in, or has just been refused */
    struct sign_in_entry *next;
    char account_id[ID_SIZE + 1];
    size_t users;      /* threads that are in here with it */
    size_t busy;       /* sign-ins under way */
    uint64_t failures; /* sign-ins that ended without a yes or no: nobody waits for the next one */
    char refused[SHA256_HEX_SIZE + 1]; /* the sealed password's hash; "": none */
    int64_t refused_until_ms;
    enum smtp_phase phase;
    char reason[REASON_BYTES];
};

struct sign_in_turns {
    struct arena *arena; /* holds the struct itself, and every entry */
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct sign_in_entry *entries, *spare;
};

struct sign_in_turns *sign_in_turns_create(void)
{
    struct arena *arena = arena_create();
    struct sign_in_turns *turns = arena_new(arena, struct sign_in_turns, 1);
    turns->arena = arena;
    pthread_mutex_init(&turns->lock, NULL);
    pthread_cond_init(&turns->done, NULL);
    return turns;
}

void sign_in_turns_destroy(struct sign_in_turns *turns)
{
    if (!turns)
        return;
    pthread_cond_destroy(&turns->done);
    pthread_mutex_destroy(&turns->lock);
    arena_destroy(turns->arena);
}

/* Each newcomer sweeps: few sign in at a time, and few are refused within a minute. */
static struct sign_in_entry *sign_in_turn_find(struct sign_in_turns *turns, const char *account_id)
{
    int64_t now_ms = clock_steady_ms();
    struct sign_in_entry *found = NULL;
    for (struct sign_in_entry **at = &turns->entries; *at;) {
        struct sign_in_entry *entry = *at;
        if (text_equal(entry->account_id, account_id))
            found = entry;
        if (found == entry || entry->users || entry->refused_until_ms > now_ms) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        entry->next = turns->spare;
        turns->spare = entry;
    }
    return found;
}

static struct sign_in_entry *sign_in_turn_enter(struct sign_in_turns *turns, const char *account_id)
{
    struct sign_in_entry *entry = sign_in_turn_find(turns, account_id);
    if (entry)
        return entry;
    entry = turns->spare;
    if (entry)
        turns->spare = entry->next;
    else
        entry = arena_new(turns->arena, struct sign_in_entry, 1);
    *entry = (struct sign_in_entry){.next = turns->entries};
    memcpy(entry->account_id, account_id, strnlen(account_id, ID_SIZE));
    turns->entries = entry;
    return entry;
}

static const char *sign_in_turn_hash(const struct account *account, struct arena *arena)
{
    const char *sealed = text_or(account->sealed_password, "");
    return secret_sha256(sealed, strlen(sealed), arena);
}

static bool sign_in_turn_is_refused(const struct sign_in_entry *entry, const char *hash)
{
    return entry->refused_until_ms > clock_steady_ms() && text_equal(entry->refused, hash);
}

static bool sign_in_turn_begin(void *context, struct arena *arena, struct smtp_result *ret_result)
{
    const struct sign_in_turn *turn = context;
    struct sign_in_turns *turns = turn->turns;
    const char *hash = sign_in_turn_hash(turn->account, arena);
    pthread_mutex_lock(&turns->lock);
    struct sign_in_entry *entry = sign_in_turn_enter(turns, turn->account->id);
    uint64_t failures = entry->failures;
    entry->users++;
    while (entry->busy && entry->failures == failures && !sign_in_turn_is_refused(entry, hash))
        pthread_cond_wait(&turns->done, &turns->lock);
    /* The one mail that tries whether the password holds by now comes after the refusal. */
    bool is_refused = !turn->account->needs_sign_in && sign_in_turn_is_refused(entry, hash);
    if (is_refused) {
        *ret_result = (struct smtp_result){.outcome = SMTP_SIGN_IN,
                                           .phase = entry->phase,
                                           .message = arena_copy(arena, entry->reason)};
        entry->users--;
    } else {
        entry->busy++;
    }
    pthread_mutex_unlock(&turns->lock);
    return !is_refused;
}

static void sign_in_turn_remember(struct sign_in_entry *entry, const struct account *account,
                                  const struct smtp_result *result)
{
    AUTO_ARENA arena = arena_create();
    size_t size = strnlen(text_or(result->message, ""), REASON_BYTES - 1);
    memcpy(entry->refused, sign_in_turn_hash(account, arena), SHA256_HEX_SIZE);
    entry->refused_until_ms = clock_steady_ms() + REMEMBERED_MS;
    entry->phase = result->phase;
    memcpy(entry->reason, text_or(result->message, ""), size);
    entry->reason[text_utf8_size(entry->reason, size)] = '\0';
}

static void sign_in_turn_end(void *context, bool is_signed_in, const struct smtp_result *result)
{
    const struct sign_in_turn *turn = context;
    struct sign_in_turns *turns = turn->turns;
    pthread_mutex_lock(&turns->lock);
    struct sign_in_entry *entry = sign_in_turn_enter(turns, turn->account->id);
    entry->busy--;
    entry->users--;
    if (is_signed_in)
        entry->refused_until_ms = 0;
    else if (result->outcome == SMTP_SIGN_IN)
        sign_in_turn_remember(entry, turn->account, result);
    else
        entry->failures++;
    pthread_cond_broadcast(&turns->done);
    pthread_mutex_unlock(&turns->lock);
}

struct smtp_turn sign_in_turn_of(struct sign_in_turn *turn)
{
    return (struct smtp_turn){sign_in_turn_begin, sign_in_turn_end, turn};
}
