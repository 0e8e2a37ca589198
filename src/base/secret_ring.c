/* secret_ring.c - keys in locked memory, as their files have them. */
#include "base/secret_ring.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RING_BYTES = SECRET_RING_MOST * SECRET_KEY_SIZE };
static_assert(RING_BYTES <= 4096, "one page holds a ring");

struct secret_ring {
    struct secret_ring *next;
    pthread_rwlock_t lock;
    unsigned char (*keys)[SECRET_KEY_SIZE]; /* a page of its own */
    size_t count;
    bool is_locked;
    pid_t owner; /* a child finds zeros */
    struct stat read_from;
    char path[];
};

static struct secret_ring *rings;
static pthread_mutex_t rings_lock = PTHREAD_MUTEX_INITIALIZER;

void secret_ring_id(const unsigned char key[SECRET_KEY_SIZE], char ret_id[SECRET_ID_SIZE + 1])
{
    unsigned char id[SECRET_ID_SIZE];
    crypto_kdf_derive_from_key(id, sizeof id, 1, "key name", key);
    sodium_bin2hex(ret_id, SECRET_ID_SIZE + 1, id, SECRET_ID_SIZE / 2);
}

static bool secret_ring_read_file(const char *path, unsigned char *ret_key, struct stat *ret_status,
                                  struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return fail_errno(error, path);
    struct stat status;
    ssize_t size = fstat(file, &status) == 0 ? read(file, ret_key, SECRET_KEY_SIZE) : -1;
    close(file);
    if (size != SECRET_KEY_SIZE || status.st_size != SECRET_KEY_SIZE)
        return fail(error, ERROR_INTERNAL, "", "%s is not a key file of %d bytes", path,
                    SECRET_KEY_SIZE);
    if (status.st_mode & 077)
        return fail(error, ERROR_INTERNAL, "", "%s may be read by others; chmod 600 it", path);
    *ret_status = status;
    return true;
}

/* The files PATH.ID; what is none, or is named by another key's id, is passed over. */
static void secret_ring_read_former(struct secret_ring *ring)
{
    char folder[4096], path[4096], id[SECRET_ID_SIZE + 1];
    const char *slash = strrchr(ring->path, '/'), *name = slash ? slash + 1 : ring->path;
    size_t size = strlen(name);
    struct stat status;
    struct error ignored;
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - ring->path) + 1 : 1,
             slash ? ring->path : ".");
    DIR *files = opendir(folder);
    struct dirent *entry;
    while (files && (entry = readdir(files)) && ring->count < SECRET_RING_MOST) {
        if (strncmp(entry->d_name, name, size) != 0 || entry->d_name[size] != '.' ||
            strlen(entry->d_name) != size + 1 + SECRET_ID_SIZE ||
            (size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= sizeof path ||
            !secret_ring_read_file(path, ring->keys[ring->count], &status, &ignored))
            continue;
        secret_ring_id(ring->keys[ring->count], id);
        ring->count += strcmp(id, entry->d_name + size + 1) == 0;
    }
    if (files)
        closedir(files);
}

/* False leaves the ring as it is. */
static bool secret_ring_read(struct secret_ring *ring, struct error *error)
{
    unsigned char key[SECRET_KEY_SIZE];
    struct stat status;
    bool is_read = secret_ring_read_file(ring->path, key, &status, error);
    if (is_read) {
        memcpy(ring->keys[0], key, sizeof key);
        ring->count = 1;
        ring->read_from = status;
        secret_ring_read_former(ring);
    }
    sodium_memzero(key, sizeof key);
    return is_read;
}

static struct secret_ring *secret_ring_create(const char *path, struct error *error)
{
    size_t size = strlen(path) + 1;
    struct secret_ring *ring = calloc(1, sizeof *ring + size);
    void *page = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!ring || page == MAP_FAILED)
        abort();
    memcpy(ring->path, path, size);
    ring->keys = page;
    ring->owner = getpid();
    ring->is_locked = sodium_mlock(page, RING_BYTES) == 0; /* and MADV_DONTDUMP */
    madvise(page, RING_BYTES, MADV_DONTDUMP);
    madvise(page, RING_BYTES, MADV_WIPEONFORK);
    pthread_rwlock_init(&ring->lock, NULL);
    if (secret_ring_read(ring, error))
        return ring;
    munmap(page, RING_BYTES);
    free(ring);
    return NULL;
}

struct secret_ring *secret_ring_of(const char *path, struct error *error)
{
    pthread_mutex_lock(&rings_lock);
    struct secret_ring *ring = rings;
    while (ring && (strcmp(ring->path, path) != 0 || ring->owner != getpid()))
        ring = ring->next;
    if (ring) {
        pthread_rwlock_wrlock(&ring->lock);
        bool is_read = secret_ring_read(ring, error);
        pthread_rwlock_unlock(&ring->lock);
        if (!is_read)
            ring = NULL;
    } else if ((ring = secret_ring_create(path, error))) {
        ring->next = rings;
        rings = ring;
    }
    pthread_mutex_unlock(&rings_lock);
    return ring;
}

static bool secret_ring_is_as_read(const struct secret_ring *ring)
{
    struct stat now;
    return stat(ring->path, &now) != 0 ||
           (now.st_ino == ring->read_from.st_ino && now.st_dev == ring->read_from.st_dev &&
            now.st_mtim.tv_sec == ring->read_from.st_mtim.tv_sec &&
            now.st_mtim.tv_nsec == ring->read_from.st_mtim.tv_nsec);
}

bool secret_ring_refresh(struct secret_ring *ring)
{
    struct error ignored;
    pthread_rwlock_rdlock(&ring->lock);
    bool is_as_read = secret_ring_is_as_read(ring);
    pthread_rwlock_unlock(&ring->lock);
    if (is_as_read)
        return false;
    pthread_rwlock_wrlock(&ring->lock);
    bool is_read = secret_ring_read(ring, &ignored);
    pthread_rwlock_unlock(&ring->lock);
    return is_read;
}

const unsigned char (*secret_ring_take(struct secret_ring *ring,
                                       size_t *ret_count))[SECRET_KEY_SIZE]
{
    pthread_rwlock_rdlock(&ring->lock);
    assert(ring->owner == getpid() && ring->count); /* zeros would seal, and for everybody */
    *ret_count = ring->count;
    return (const unsigned char(*)[SECRET_KEY_SIZE])ring->keys;
}

void secret_ring_give(struct secret_ring *ring)
{
    pthread_rwlock_unlock(&ring->lock);
}

bool secret_ring_is_locked(const struct secret_ring *ring)
{
    return ring->is_locked;
}

void secret_ring_wipe(void)
{
    pthread_mutex_lock(&rings_lock);
    for (struct secret_ring *ring = rings; ring; ring = ring->next) {
        pthread_rwlock_wrlock(&ring->lock);
        sodium_memzero(ring->keys, RING_BYTES);
        ring->count = 0;
        pthread_rwlock_unlock(&ring->lock);
    }
    pthread_mutex_unlock(&rings_lock);
}
