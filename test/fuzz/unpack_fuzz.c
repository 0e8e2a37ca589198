/* Reads any bytes as a packed file: whatever comes out has a good name, comes in order, and has the
 * size and the sum that it was said to have. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/entry.h"
#include "archive/unpack.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1024 * 1024 };

struct taking {
    char last[ENTRY_NAME_SIZE];
    bool is_in_entry;
    uint64_t left;
    struct sha256 sha;
};

static bool begin(void *context, const char *name, uint64_t size, struct error *error)
{
    struct taking *taking = context;
    struct error wrong;
    assert(!taking->is_in_entry && entry_check(name, taking->last, &wrong));
    if (size > MOST_BYTES)
        return fail(error, ERROR_TOO_LARGE, "", "too large");
    snprintf(taking->last, sizeof taking->last, "%s", name);
    taking->is_in_entry = true;
    taking->left = size;
    sha256_start(&taking->sha);
    return true;
}

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct taking *taking = context;
    (void)error;
    assert(taking->is_in_entry && size && size <= taking->left);
    taking->left -= size;
    sha256_add(&taking->sha, data, size);
    return true;
}

static bool end(void *context, const char *sha256, struct error *error)
{
    struct taking *taking = context;
    AUTO_ARENA arena = arena_create();
    (void)error;
    assert(taking->is_in_entry && !taking->left);
    assert(text_equal(sha256, sha256_finish(&taking->sha, arena)));
    taking->is_in_entry = false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct taking taking = {0};
    struct error error = {0};
    const struct unpack_sink sink = {&taking, begin, take, end};
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0)
        abort();
    bool is_read = unpack_run(file, &sink, &error);
    assert(is_read ? !taking.is_in_entry
                   : error.code == ERROR_INVALID || error.code == ERROR_TOO_LARGE);
    close(file);
    return 0;
}
