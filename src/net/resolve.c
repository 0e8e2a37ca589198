#include "net/resolve.h"

#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/worker.h"

enum { MOST_LOOKUPS = 64 }; /* threads, those that nobody waits for any more included */

/* Belongs to both threads; who leaves last frees it. */
struct lookup {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    unsigned holders;
    bool has_ended;
    int code; /* of getaddrinfo */
    struct addrinfo *found;
    char host[NI_MAXHOST];
};

static atomic_uint lookups;

static void leave(struct lookup *lookup)
{
    pthread_mutex_lock(&lookup->lock);
    unsigned others = --lookup->holders;
    pthread_mutex_unlock(&lookup->lock);
    if (others)
        return;
    if (lookup->found)
        freeaddrinfo(lookup->found);
    pthread_cond_destroy(&lookup->ended);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
}

static void *look_up(void *argument)
{
    struct lookup *lookup = argument;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(lookup->host, NULL, &hints, &found);
    pthread_mutex_lock(&lookup->lock);
    lookup->code = code;
    lookup->found = code == 0 ? found : NULL;
    lookup->has_ended = true;
    pthread_cond_signal(&lookup->ended);
    pthread_mutex_unlock(&lookup->lock);
    leave(lookup);
    atomic_fetch_sub(&lookups, 1);
    return NULL;
}

/* NULL: too many are under way, or there is no thread to be had. */
static struct lookup *begin(const char *host)
{
    if (atomic_fetch_add(&lookups, 1) >= MOST_LOOKUPS) {
        atomic_fetch_sub(&lookups, 1);
        return NULL;
    }
    struct lookup *lookup = calloc(1, sizeof *lookup);
    if (!lookup)
        abort();
    memcpy(lookup->host, host, strlen(host) + 1);
    lookup->holders = 2;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lookup->ended, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&lookup->lock, NULL);
    pthread_t thread;
    if (!thread_try_start("resolve", look_up, lookup, &thread)) {
        lookup->holders = 1;
        leave(lookup);
        atomic_fetch_sub(&lookups, 1);
        return NULL;
    }
    pthread_detach(thread);
    return lookup;
}

static struct timespec time_after(int64_t ms)
{
    struct timespec when;
    clock_gettime(CLOCK_MONOTONIC, &when);
    when.tv_sec += (time_t)(ms / 1000);
    when.tv_nsec += (long)(ms % 1000) * 1000000;
    if (when.tv_nsec >= 1000000000) {
        when.tv_sec++;
        when.tv_nsec -= 1000000000;
    }
    return when;
}

static bool wait_for(struct lookup *lookup, int64_t timeout_ms)
{
    struct timespec deadline = time_after(timeout_ms > 0 ? timeout_ms : 0);
    pthread_mutex_lock(&lookup->lock);
    while (!lookup->has_ended &&
           pthread_cond_timedwait(&lookup->ended, &lookup->lock, &deadline) == 0)
        ;
    bool has_ended = lookup->has_ended;
    pthread_mutex_unlock(&lookup->lock);
    return has_ended;
}

static struct list addresses_of(const struct addrinfo *found, struct arena *arena)
{
    size_t count = 0;
    for (const struct addrinfo *at = found; at; at = at->ai_next)
        count++;
    struct sockaddr_storage *items = arena_new(arena, struct sockaddr_storage, count);
    for (size_t i = 0; i < count; i++, found = found->ai_next)
        memcpy(&items[i], found->ai_addr, found->ai_addrlen);
    return (struct list){items, count};
}

static bool explain(int code, struct error *error)
{
    if (code == EAI_NONAME || code == EAI_NODATA || code == EAI_ADDRFAMILY)
        return fail(error, ERROR_INVALID, "", "the host was not found");
    if (code == EAI_FAIL)
        return fail(error, ERROR_UNAVAILABLE, "",
                    "the host cannot be looked up: its name servers "
                    "do not work");
    return fail(error, ERROR_UNAVAILABLE, "", "the host cannot be looked up at the moment");
}

bool resolve_host(const char *host, int64_t timeout_ms, struct arena *arena,
                  struct list *ret_addresses, struct error *error)
{
    if (strlen(host) >= sizeof((struct lookup *)0)->host)
        return explain(EAI_NONAME, error);
    struct lookup *lookup = begin(host);
    if (!lookup)
        return fail(error, ERROR_UNAVAILABLE, "", "too many hosts are being looked up");
    if (!wait_for(lookup, timeout_ms)) {
        leave(lookup);
        return fail(error, ERROR_UNAVAILABLE, "", "the host could not be looked up in time");
    }
    int code = lookup->code;
    if (code == 0)
        *ret_addresses = addresses_of(lookup->found, arena);
    leave(lookup);
    return code == 0 || explain(code, error);
}
