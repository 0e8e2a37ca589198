#include "base/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECE_SIZE = 16 * 1024 };

struct spool {
    const char *folder;
    uint64_t limit, size;
    int file; /* -1 while in memory */
    char *memory;
    size_t room;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct spool *spool_create(const char *folder, uint64_t limit)
{
    struct spool *spool = must(malloc(sizeof *spool));
    *spool = (struct spool){.folder = folder, .limit = limit, .file = -1};
    return spool;
}

struct spool *spool_adopt(int file, uint64_t size)
{
    struct spool *spool = must(malloc(sizeof *spool));
    *spool = (struct spool){.limit = size, .size = size, .file = file};
    return spool;
}

void spool_destroy(struct spool *spool)
{
    if (!spool)
        return;
    if (spool->file >= 0)
        close(spool->file);
    free(spool->memory);
    free(spool);
}

void spool_cleanup(struct spool **spool)
{
    spool_destroy(*spool);
}

static bool write_all(int file, const char *data, size_t size)
{
    while (size) {
        ssize_t wrote = write(file, data, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        data += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static int open_unlinked(const char *folder)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return file;
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/spool.XXXXXX", folder) >= sizeof path)
        return -1;
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        unlink(path);
    return file;
}

static bool move_to_file(struct spool *spool, struct error *error)
{
    spool->file = open_unlinked(spool->folder);
    if (spool->file < 0 || !write_all(spool->file, spool->memory, (size_t)spool->size))
        return fail_errno(error, "a temporary file");
    free(spool->memory);
    spool->memory = NULL;
    spool->room = 0;
    return true;
}

bool spool_leave_memory(struct spool *spool, struct error *error)
{
    return spool->file >= 0 || move_to_file(spool, error);
}

static void add_to_memory(struct spool *spool, const void *data, size_t size)
{
    size_t need = (size_t)spool->size + size + 1;
    if (need > spool->room) {
        size_t room = spool->room ? spool->room : 1024;
        while (room < need)
            room *= 2;
        spool->memory = must(realloc(spool->memory, room));
        spool->room = room;
    }
    memcpy(spool->memory + spool->size, data, size);
    spool->memory[spool->size + size] = '\0';
}

bool spool_write(struct spool *spool, const void *data, size_t size, struct error *error)
{
    if (size > spool->limit - spool->size)
        return fail(error, ERROR_TOO_LARGE, "", "is larger than %llu bytes",
                    (unsigned long long)spool->limit);
    if (!size)
        return true;
    if (spool->file < 0 && spool->size + size > SPOOL_MEMORY_SIZE && !move_to_file(spool, error))
        return false;
    if (spool->file < 0)
        add_to_memory(spool, data, size);
    else if (!write_all(spool->file, data, size))
        return fail_errno(error, "a temporary file");
    spool->size += size;
    return true;
}

uint64_t spool_size(const struct spool *spool)
{
    return spool->size;
}

int64_t spool_read(const struct spool *spool, uint64_t offset, void *data, size_t size)
{
    if (offset >= spool->size)
        return 0;
    if (size > spool->size - offset)
        size = (size_t)(spool->size - offset);
    if (spool->file >= 0)
        return pread(spool->file, data, size, (off_t)offset);
    memcpy(data, spool->memory + offset, size);
    return (int64_t)size;
}

bool spool_each(const struct spool *spool, spool_take *take, void *context, struct error *error)
{
    char piece[PIECE_SIZE];
    int64_t size;
    if (spool->file < 0)
        return !spool->size || take(context, spool->memory, (size_t)spool->size, error);
    for (uint64_t at = 0; (size = spool_read(spool, at, piece, sizeof piece)) > 0;
         at += (uint64_t)size)
        if (!take(context, piece, (size_t)size, error))
            return false;
    return size == 0 || fail_errno(error, "a file that holds what passes through");
}

bool spool_bytes(struct spool *spool, size_t limit, struct arena *arena, struct bytes *ret_bytes,
                 struct error *error)
{
    if (spool->size > limit)
        return fail(error, ERROR_TOO_LARGE, "", "is larger than %zu bytes", limit);
    size_t size = (size_t)spool->size;
    if (spool->file < 0) {
        *ret_bytes = (struct bytes){size ? spool->memory : "", size};
        return true;
    }
    char *copy = arena_alloc(arena, size + 1);
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(spool->file, copy + done, size - done, (off_t)done);
        if (got <= 0)
            return fail_errno(error, "a temporary file");
        done += (size_t)got;
    }
    *ret_bytes = (struct bytes){copy, size};
    return true;
}

struct bytes spool_memory(const struct spool *spool)
{
    assert(spool->file < 0);
    return (struct bytes){spool->size ? spool->memory : "", (size_t)spool->size};
}

/* Not dup: its copies share one position, and would take each other's bytes away. */
static int open_again(int file)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int spool_open(const struct spool *spool, struct error *error)
{
    int file = spool->file >= 0 ? open_again(spool->file) : memfd_create("spool", MFD_CLOEXEC);
    if (file < 0 || (spool->file < 0 &&
                     !write_all(file, spool->size ? spool->memory : "", (size_t)spool->size))) {
        fail_errno(error, "a temporary file");
        if (file >= 0)
            close(file);
        return -1;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}
