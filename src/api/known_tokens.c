#include "api/known_tokens.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"

/* Each hash has one place; two tokens that share one take turns in it. */
enum { PLACES = 512 };

struct place {
    char hash[SHA256_HEX_SIZE + 1]; /* "" = free */
    char id[ID_SIZE + 1], organization_id[ID_SIZE + 1], user_id[ID_SIZE + 1];
    int64_t scopes, requests_per_minute;
    moment expires_at, last_used_at;
    int64_t learned_ms; /* clock_steady_ms */
};

struct known_tokens {
    struct arena *arena; /* holds the struct itself */
    pthread_mutex_t lock;
    struct place places[PLACES];
};

struct known_tokens *known_tokens_create(void)
{
    struct arena *arena = arena_create();
    struct known_tokens *known = arena_new(arena, struct known_tokens, 1);
    known->arena = arena;
    pthread_mutex_init(&known->lock, NULL);
    return known;
}

void known_tokens_destroy(struct known_tokens *known)
{
    if (!known)
        return;
    pthread_mutex_destroy(&known->lock);
    arena_destroy(known->arena);
}

static struct place *place_of(struct known_tokens *known, const char *hash)
{
    size_t number = 0;
    for (size_t i = 0; i < 4; i++) /* of SHA-256: any part of it will do */
        number = number * 31 + (unsigned char)hash[i];
    return &known->places[number % PLACES];
}

bool known_tokens_find(struct known_tokens *known, const char *hash, struct arena *arena,
                       struct token *ret_token)
{
    pthread_mutex_lock(&known->lock);
    const struct place *place = place_of(known, hash);
    bool found = text_equal(place->hash, hash) &&
                 clock_steady_ms() - place->learned_ms < IDENTITY_REVOKED_AFTER_MS;
    struct place copy = found ? *place : (struct place){0};
    pthread_mutex_unlock(&known->lock);
    if (!found)
        return false;
    *ret_token = (struct token){
        .id = arena_copy(arena, copy.id),
        .organization_id = arena_copy(arena, copy.organization_id),
        .user_id = arena_copy(arena, copy.user_id),
        .hash = hash,
        .scopes = copy.scopes,
        .requests_per_minute = copy.requests_per_minute,
        .expires_at = copy.expires_at,
        .last_used_at = copy.last_used_at,
    };
    return true;
}

static void set(char *place, size_t room, const char *text)
{
    size_t size = strnlen(text, room - 1);
    memcpy(place, text, size);
    place[size] = '\0';
}

void known_tokens_put(struct known_tokens *known, const struct token *token)
{
    pthread_mutex_lock(&known->lock);
    struct place *place = place_of(known, token->hash);
    set(place->hash, sizeof place->hash, token->hash);
    set(place->id, sizeof place->id, token->id);
    set(place->organization_id, sizeof place->organization_id, token->organization_id);
    set(place->user_id, sizeof place->user_id, token->user_id);
    place->scopes = token->scopes;
    place->requests_per_minute = token->requests_per_minute;
    place->expires_at = token->expires_at;
    place->last_used_at = token->last_used_at;
    place->learned_ms = clock_steady_ms();
    pthread_mutex_unlock(&known->lock);
}

void known_tokens_forget(struct known_tokens *known, const char *id)
{
    pthread_mutex_lock(&known->lock);
    for (size_t i = 0; i < PLACES; i++)
        if (text_equal(known->places[i].id, id))
            known->places[i].hash[0] = '\0';
    pthread_mutex_unlock(&known->lock);
}
